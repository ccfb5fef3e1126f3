//! Parquet, in groups of so many rows: what is not written yet is at most one of these.

use std::fs::File;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::cell::{Cell, Written};
use super::column::Column;

type Result<T> = std::result::Result<T, ParquetError>;

/// Rows of a group.
const GROUP: usize = 1 << 16;
/// Who wrote it: no version, so that a new gatherd writes the same of the same.
const WRITER: &str = "gatherd";

/// A table being written.
pub(super) struct Parquet {
    out: SerializedFileWriter<File>,
    held: Vec<Held>,
    rows: usize,
}

/// The values of a column that are not written yet, and which rows have one.
struct Held {
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Double(Vec<f64>),
    Boolean(Vec<bool>),
    Days(Vec<i32>),
}

impl Parquet {
    pub(super) fn begin(file: File, columns: &[Column]) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_created_by(WRITER.to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let out = SerializedFileWriter::new(file, schema(columns)?, Arc::new(properties))?;
        let held = columns.iter().map(|it| Held::of(it.kind.written()));
        Ok(Self {
            out,
            held: held.collect(),
            rows: 0,
        })
    }

    pub(super) fn put(&mut self, row: &[Cell]) -> Result<()> {
        for (held, cell) in self.held.iter_mut().zip(row) {
            held.take(cell);
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.put_group()?;
        }
        Ok(())
    }

    fn put_group(&mut self) -> Result<()> {
        let mut group = self.out.next_row_group()?;
        for held in &mut self.held {
            let Some(mut column) = group.next_column()? else {
                break;
            };
            held.put(&mut column)?;
            column.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    pub(super) fn end(mut self) -> Result<()> {
        if self.rows > 0 {
            self.put_group()?;
        }
        // Flushed by itself, so that a full disk is told as what it is.
        self.out.finish()?;
        Ok(self.out.inner().sync_all()?)
    }
}

fn schema(columns: &[Column]) -> Result<TypePtr> {
    let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    let schema = Type::group_type_builder("gatherd").with_fields(fields);
    Ok(Arc::new(schema.build()?))
}

fn field(column: &Column) -> Result<TypePtr> {
    let timestamp = |is_utc| Some(LogicalType::timestamp(is_utc, TimeUnit::MICROS));
    let (physical, logical) = match column.kind.written() {
        Written::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Written::Integer => (Physical::INT64, None),
        Written::Double => (Physical::DOUBLE, None),
        Written::Boolean => (Physical::BOOLEAN, None),
        Written::Instant => (Physical::INT64, timestamp(true)),
        Written::Wall => (Physical::INT64, timestamp(false)),
        Written::Date => (Physical::INT32, Some(LogicalType::Date)),
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(field.build()?))
}

const MICROSECONDS: i64 = 1_000_000;

impl Held {
    fn of(written: Written) -> Self {
        let values = match written {
            Written::Text => Values::Text(Vec::new()),
            Written::Integer | Written::Instant | Written::Wall => Values::Integer(Vec::new()),
            Written::Double => Values::Double(Vec::new()),
            Written::Boolean => Values::Boolean(Vec::new()),
            Written::Date => Values::Days(Vec::new()),
        };
        Self {
            values,
            levels: Vec::new(),
        }
    }

    /// A cell of another kind cannot come here: its table was made of the same columns. It would be null.
    fn take(&mut self, cell: &Cell) {
        let is_there = match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => {
                values.push(ByteArray::from(text.as_bytes().to_vec()));
                true
            }
            (Values::Integer(values), Cell::Integer(number)) => {
                values.push(*number);
                true
            }
            (Values::Integer(values), Cell::Instant(seconds) | Cell::Wall(seconds)) => {
                values.push(seconds.saturating_mul(MICROSECONDS));
                true
            }
            (Values::Double(values), Cell::Double(number)) => {
                values.push(*number);
                true
            }
            (Values::Boolean(values), Cell::Boolean(is)) => {
                values.push(*is);
                true
            }
            (Values::Days(values), Cell::Date(date)) => {
                values.push(days(*date));
                true
            }
            _ => false,
        };
        self.levels.push(i16::from(is_there));
    }

    fn put(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = std::mem::take(&mut self.levels);
        match &mut self.values {
            Values::Text(values) => put::<ByteArrayType>(column, values, &levels),
            Values::Integer(values) => put::<Int64Type>(column, values, &levels),
            Values::Double(values) => put::<DoubleType>(column, values, &levels),
            Values::Boolean(values) => put::<BoolType>(column, values, &levels),
            Values::Days(values) => put::<Int32Type>(column, values, &levels),
        }
    }
}

fn put<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    column
        .typed::<T>()
        .write_batch(values, Some(levels), None)?;
    values.clear();
    Ok(())
}

fn days(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}
