//! A file of a table, in one of the formats.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::cell::Cell;
use super::column::Column;
use super::csv::Csv;
use super::error::ExportError;
use super::jsonl::Jsonl;
use super::parquet::Parquet;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV.
    Csv,
    /// A JSON object a line.
    Jsonl,
    /// Parquet.
    Parquet,
}

impl Format {
    /// How its files end, which is what it is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// Whether a table that is large has a folder for each month.
    pub(super) fn has_folders(self) -> bool {
        self == Self::Parquet
    }

    /// Its media type.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Jsonl => "application/jsonl",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// A file being written.
pub(super) struct Sheet {
    path: PathBuf,
    of: Of,
}

enum Of {
    Csv(Csv),
    Jsonl(Jsonl),
    Parquet(Box<Parquet>),
}

impl Sheet {
    pub(super) fn begin(
        format: Format,
        path: &Path,
        columns: &[Column],
    ) -> Result<Self, ExportError> {
        let failed = |error: io::Error| ExportError::at(path, &error);
        let file = create(path).map_err(failed)?;
        let of = match format {
            Format::Csv => Of::Csv(Csv::begin(file, columns).map_err(failed)?),
            Format::Jsonl => Of::Jsonl(Jsonl::begin(file, columns)),
            Format::Parquet => {
                let begun = Parquet::begin(file, columns);
                let begun = begun.map_err(|error| ExportError::of_parquet(path, &error))?;
                Of::Parquet(Box::new(begun))
            }
        };
        Ok(Self {
            path: path.to_owned(),
            of,
        })
    }

    pub(super) fn put(&mut self, row: &[Cell]) -> Result<(), ExportError> {
        let path = &self.path;
        match &mut self.of {
            Of::Csv(csv) => csv.put(row).map_err(|error| ExportError::at(path, &error)),
            Of::Jsonl(jsonl) => jsonl
                .put(row)
                .map_err(|error| ExportError::at(path, &error)),
            Of::Parquet(parquet) => parquet
                .put(row)
                .map_err(|error| ExportError::of_parquet(path, &error)),
        }
    }

    /// Brings it to the disk.
    pub(super) fn end(self) -> Result<(), ExportError> {
        let path = self.path;
        match self.of {
            Of::Csv(csv) => csv.end().map_err(|error| ExportError::at(&path, &error)),
            Of::Jsonl(jsonl) => jsonl.end().map_err(|error| ExportError::at(&path, &error)),
            Of::Parquet(parquet) => parquet
                .end()
                .map_err(|error| ExportError::of_parquet(&path, &error)),
        }
    }
}

/// A file, with the folders it is in, for this account's eyes alone.
pub(super) fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent().filter(|it| !it.exists()) {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
