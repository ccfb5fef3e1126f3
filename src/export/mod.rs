//! The data in tables, for programs that ask questions of their own: every view of the schema, and what is measured of
//! groups, as CSV, JSON lines or Parquet, with a description of each column beside them.
//!
//! It is all read in one transaction, so it is one state whoever writes meanwhile, and nothing of it depends on the clock: the same
//! state as of the same instant is the same export, byte for byte. Rows are written as they are read, events month by
//! month, so that memory does not grow with the answers.

mod cell;
mod column;
mod csv;
mod described;
mod error;
mod jsonl;
mod metric_columns;
mod package;
mod parquet;
mod plan;
mod pseudonym;
mod sheet;
mod write;

pub use cell::Kind;
pub use column::Column;
pub use error::ExportError;
pub use package::{About, PACKAGE, files_of};
pub use plan::{Table, tables};
pub use sheet::Format;
pub use write::{Exported, Step, Wanted, write};
