//! The program from the outside: what it does, what it says, how it exits.

mod alerts;
mod channels;
mod contact;
mod daemon;
mod database;
mod disk;
mod doctor;
mod health;
mod login;
mod looking;

mod ordinary;
mod replaced;
mod reporting;
mod sending;
mod sign_in;
mod signals;
mod spoiled;
mod status;
mod wrong;

const NONE: Vec<String> = Vec::new();
