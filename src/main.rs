//! The `gatherd` binary.

fn main() {}
