//! The pages: this week's work, to be seen and done in a browser.
//!
//! Everything is rendered here, as whole pages: nothing needs a script, nothing comes from elsewhere, and what a filter
//! or an order is stands in the address. A page reads the latest picture of the network ([`crate::app::showing`]) and
//! the memory of contact, and waits for nothing else, so that it answers while Meetup does not.
//!
//! The same pages are written into a folder ([`written`]): what a page has depends on where it stands ([`links`]), and is
//! rendered by the same functions.
//!
//! Who sees what is decided once, before any page: a request is let in by [`guard`], which asks whether it comes to a
//! name of ours, and by [`entry`], which asks whose it is; a page gets a [`Session`] and shows what that one may see.
//! What is sent here is a form of a page of ours, or a link that was made for one act: a form carries a word that no
//! other site can know ([`crate::app::keys`]), and asking for a page never changes anything.

mod acting;
mod assets;
mod badge;
mod entry;
mod figure;
mod files;
mod forms;
mod frame;
mod guard;
mod links;
mod login;
mod machine;
mod marks;
mod message;
mod pages;
mod prometheus;
mod refused;
mod routes;
mod serving;
mod session;
mod site;
mod tab;
mod written;

pub(crate) use serving::{bind, serve};
use session::Session;
pub(crate) use site::Site;
pub(crate) use written::{Step, write};
