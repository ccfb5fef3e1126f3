//! The program from the outside: what it does, what it says, how it exits.

mod alerts;
mod channels;
mod contact;
mod daemon;
mod database;
mod demo;
mod disk;
mod doctor;
mod ending;
mod endless;
mod health;
mod lanes;
mod login;
mod looking;
mod monday;
mod ordinary;
mod overview;
mod paging;
mod reload;
mod remedies;
mod replaced;
mod reporting;
mod roles;
mod sending;
mod sign_in;
mod signals;
mod spoiled;
mod status;
mod unread;
mod wrong;

const NONE: Vec<String> = Vec::new();
