//! One command per file: composition only.

pub mod bench;
pub mod demo;
pub mod explain;
pub mod match_;
pub mod synth;
pub mod verify;
