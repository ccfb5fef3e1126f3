//! One integration binary.

mod demo;
