//! The program from the outside: what it does, what it says, how it exits.

mod daemon;
mod database;
mod disk;
mod ordinary;
mod sending;
mod sign_in;
mod signals;
mod spoiled;
mod wrong;

const NONE: Vec<String> = Vec::new();
