//! What if (もしも): who would be placed, and who not, if criteria or seats were different.
pub mod withhold;
