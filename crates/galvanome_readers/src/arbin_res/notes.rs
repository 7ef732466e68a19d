//! What a look at the rows of a table found, in words.

use galvanome_model::note::Note;

use super::catalog::RECORDS;
use super::definition::Definition;
use super::order::Survey;
use crate::sink::Sink;

/// Notes where the records lie otherwise than they were measured.
pub(super) fn note_order(survey: &Survey, sink: &mut dyn Sink) {
    let place = format!("table {RECORDS}");
    if survey.tests.len() > 1 {
        let tests: Vec<_> = survey
            .tests
            .iter()
            .take(20)
            .map(|(test, rows)| format!("{test} with {rows} rows"))
            .collect();
        let message = format!(
            "the file holds {} tests (Test_ID {}): they follow each other, the time of each begins anew, and the column Test_ID tells them apart. The start is that of the first",
            survey.tests.len(),
            tests.join(", ")
        );
        sink.note(Note::new("several-tests", message, &place));
    }
    if !survey.in_order {
        let message =
            "rows lie in another order in the file; they were sorted by test and data point";
        sink.note(Note::new("rows-out-of-order", message, &place));
    }
    if survey.repeated > 0 {
        let message = format!(
            "{} rows have the test and data point of the row before; they were kept",
            survey.repeated
        );
        sink.note(Note::new("repeated-rows", message, place));
    }
}

/// Notes where a table has other rows than it should.
pub(super) fn note_rows(name: &str, definition: &Definition, survey: &Survey, sink: &mut dyn Sink) {
    let place = format!("table {name}");
    let (told, found) = (u64::from(definition.rows), survey.rows);
    if survey.beyond > 0 && found < told {
        let message = format!(
            "the file is cut off: {} pages of {name} lie behind its end. {found} of {told} rows were read",
            survey.beyond
        );
        sink.note(Note::new("truncated-file", message, &place));
    } else if found != told {
        let message = format!("{name} counts {told} rows; {found} were found and read");
        sink.note(Note::new("row-count", message, &place));
    }
    if !survey.mapped && (found > 0 || told > 0) {
        let message = format!(
            "the map of pages of {name} is damaged or cut off; pages that name the table were read, among them maybe some that were given up"
        );
        sink.note(Note::new("page-map-lost", message, &place));
    }
    if survey.foreign > 0 {
        let message = format!(
            "{} pages that the map of {name} lists hold no rows of it; they were left out",
            survey.foreign
        );
        sink.note(Note::new("damaged-pages", message, &place));
    }
    if survey.broken > 0 {
        let message = format!("{} rows of {name} are damaged and were left out", survey.broken);
        sink.note(Note::new("damaged-rows", message, format!("page {}", survey.first_broken)));
    }
}
