//! The sink that writes one table as Parquet, as its rows come.

use std::io::Write;
use std::sync::Arc;

use galvanome_model::measurement::{ColumnHead, Values};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};

use super::one_table::{OneTable, TableFile, unwritten};
use super::{Kind, NewColumn};
use crate::carried::KEY;
use crate::error::ReadError;

/// Rows that stand together, as the format advises: large enough to pack well, small enough to hold.
const GROUP_ROWS: usize = 1 << 17;

/// Cells that are held at most before they are written, over all columns.
const GROUP_CELLS: usize = 1 << 21;

/// Bytes of text that are held at most before they are written.
const GROUP_TEXT: usize = 1 << 25;

/// Values that are looked at to see whether a column repeats itself.
const SAMPLE: usize = 4096;

/// Writes one table as Parquet, packed by Zstandard: floats and texts under the machine names of the Battery Data
/// Format, missing values as nulls. Units, vendor's names, origins, the instrument, the start, the vendor's metadata
/// and the notes stand in one entry of the file's metadata, `galvanome`, as JSON, so that reading the file back
/// loses nothing.
pub type ParquetFile<W> = TableFile<Parquet<W>>;

/// Rows on their way into a file.
pub struct Parquet<W: Write + Send> {
    /// Taken when the first rows come.
    into: Option<W>,
    writer: Option<SerializedFileWriter<W>>,
    kinds: Vec<Kind>,
    held: Vec<Values>,
    held_rows: usize,
    held_text: usize,
    /// Room that is used again: one for each value that is there, 0 for each that is missing.
    levels: Vec<i16>,
}

impl<W: Write + Send> std::fmt::Debug for Parquet<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parquet").field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

impl<W: Write + Send> ParquetFile<W> {
    /// Writes the table of a name, or the main one, into `into`.
    pub fn new(into: W, table: Option<&str>) -> Self {
        let file = Parquet {
            into: Some(into),
            writer: None,
            kinds: Vec::new(),
            held: Vec::new(),
            held_rows: 0,
            held_text: 0,
            levels: Vec::new(),
        };
        Self::of(file, table)
    }
}

impl<W: Write + Send> Parquet<W> {
    /// The writer, begun when the first group shows which columns repeat themselves.
    fn begin_file(&mut self, heads: &[ColumnHead]) -> Result<(), ParquetError> {
        let Some(into) = self.into.take() else { return Ok(()) };
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("galvanome version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_write_batch_size(1 << 13);
        let mut fields = Vec::with_capacity(heads.len());
        for ((head, kind), values) in heads.iter().zip(&self.kinds).zip(&self.held) {
            let field = match kind {
                Kind::Number => Type::primitive_type_builder(&head.name, Physical::DOUBLE),
                Kind::Text => Type::primitive_type_builder(&head.name, Physical::BYTE_ARRAY)
                    .with_logical_type(Some(LogicalType::String)),
            };
            fields.push(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?));
            if !repeats(values) {
                let path = ColumnPath::new(vec![head.name.clone()]);
                properties = properties.set_column_dictionary_enabled(path, false);
            }
        }
        let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
        let writer =
            SerializedFileWriter::new(into, Arc::new(schema), Arc::new(properties.build()))?;
        self.writer = Some(writer);
        Ok(())
    }

    fn write_group(&mut self, heads: &[ColumnHead]) -> Result<(), ReadError> {
        self.begin_file(heads)
            .and_then(|()| self.try_write_group())
            .map_err(|error| unwritten(&error))
    }

    fn try_write_group(&mut self) -> Result<(), ParquetError> {
        let Some(writer) = self.writer.as_mut().filter(|_| self.held_rows > 0) else {
            return Ok(());
        };
        let mut group = writer.next_row_group()?;
        for values in &mut self.held {
            let Some(mut column) = group.next_column()? else { break };
            write_column(&mut column, values, &mut self.levels)?;
            column.close()?;
            match values {
                Values::Number(numbers) => numbers.clear(),
                Values::Text(texts) => texts.clear(),
            }
        }
        group.close()?;
        self.held_rows = 0;
        self.held_text = 0;
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.held_rows >= GROUP_ROWS
            || self.held_rows * self.held.len() >= GROUP_CELLS
            || self.held_text >= GROUP_TEXT
    }
}

/// Whether a dictionary of the values of a column is likely to be shorter than they are.
fn repeats(values: &Values) -> bool {
    match values {
        Values::Text(_) => true,
        Values::Number(numbers) => {
            let sample = numbers.get(..SAMPLE).unwrap_or(numbers);
            let mut bits: Vec<u64> = sample.iter().map(|number| number.to_bits()).collect();
            bits.sort_unstable();
            bits.dedup();
            bits.len() * 8 <= sample.len()
        }
    }
}

fn write_column(
    column: &mut SerializedColumnWriter<'_>,
    values: &Values,
    levels: &mut Vec<i16>,
) -> Result<(), ParquetError> {
    levels.clear();
    match (column.untyped(), values) {
        (ColumnWriter::DoubleColumnWriter(column), Values::Number(numbers)) => {
            levels.extend(numbers.iter().map(|number| i16::from(!number.is_nan())));
            if levels.contains(&0) {
                let there: Vec<f64> =
                    numbers.iter().copied().filter(|number| !number.is_nan()).collect();
                column.write_batch(&there, Some(levels), None)?;
            } else {
                column.write_batch(numbers, Some(levels), None)?;
            }
        }
        (ColumnWriter::ByteArrayColumnWriter(column), Values::Text(texts)) => {
            levels.extend(texts.iter().map(|text| i16::from(!text.is_empty())));
            let there: Vec<ByteArray> = texts
                .iter()
                .filter(|text| !text.is_empty())
                .map(|text| ByteArray::from(text.as_str()))
                .collect();
            column.write_batch(&there, Some(levels), None)?;
        }
        _ => {
            return Err(ParquetError::General(
                "a reader gave values of another kind than its column has".to_owned(),
            ));
        }
    }
    Ok(())
}

impl<W: Write + Send> OneTable for Parquet<W> {
    fn begin(&mut self, columns: &[NewColumn]) {
        self.kinds = columns.iter().map(|column| column.kind).collect();
        self.held = self.kinds.iter().map(|kind| kind.values()).collect();
    }

    fn rows(
        &mut self,
        heads: &[ColumnHead],
        columns: &[Values],
        more: &[Values],
    ) -> Result<(), ReadError> {
        let rows = columns.first().map_or(0, Values::len);
        let mut done = 0;
        while done < rows {
            // A batch may be as large as a reader likes: it is taken in pieces that fill a group.
            let width = self.held.len().max(1);
            let room = GROUP_ROWS.min(GROUP_CELLS / width).max(1).saturating_sub(self.held_rows);
            let some = (rows - done).min(room.max(1));
            let piece = done..done + some;
            for (held, values) in self.held.iter_mut().zip(columns.iter().chain(more)) {
                match (held, values) {
                    (Values::Number(held), Values::Number(values)) => {
                        held.extend_from_slice(values.get(piece.clone()).unwrap_or_default());
                    }
                    (Values::Text(held), Values::Text(values)) => {
                        let values = values.get(piece.clone()).unwrap_or_default();
                        self.held_text += values.iter().map(String::len).sum::<usize>();
                        held.extend_from_slice(values);
                    }
                    _ => {
                        return Err(unwritten(
                            &"a reader gave values of another kind than its column has",
                        ));
                    }
                }
            }
            self.held_rows += some;
            done += some;
            if self.is_full() {
                self.write_group(heads)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, heads: &[ColumnHead], carried: &dyn Fn() -> String) -> Result<(), ReadError> {
        self.write_group(heads)?;
        if let Some(mut writer) = self.writer.take() {
            writer.append_key_value_metadata(KeyValue::new(KEY.to_owned(), carried()));
            writer.close().map_err(|error| unwritten(&error))?;
        }
        Ok(())
    }
}
