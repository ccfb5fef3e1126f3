//! The operations of `graphql/` as typed by graphql_client (see `build.rs`): per operation a module
//! with its text, its variables and its answer. These types stay in this room.

#![allow(missing_docs, dead_code, unused_imports, clippy::all)]

use super::scalars::{DateTime, Duration};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
