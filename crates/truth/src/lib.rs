//! Simulated truth: past rounds whose every cause of difference is known, because it was planted.
//!
//! A made-up round is decided by shipped criteria; then something known is changed in what the staff are
//! said to have had, and the round is decided again. What a comparison finds is held against what was planted.
