//! What is known of a file as a file.

use galvanome::dataset::Opened;
use galvanome_model::measurement::Zone;

use crate::pages::words;

/// A term and what it says.
pub(super) struct Fact {
    pub(super) term: &'static str,
    pub(super) text: String,
    /// A second, quieter line.
    pub(super) detail: String,
    pub(super) href: Option<String>,
    /// It is a long word without meaning, set in letters of one width.
    pub(super) is_code: bool,
}

fn fact(term: &'static str, text: impl Into<String>) -> Fact {
    Fact { term, text: text.into(), detail: String::new(), href: None, is_code: false }
}

/// A web address or DOI as a link.
fn link(text: &str) -> Option<String> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(text.to_owned());
    }
    text.starts_with("10.").then(|| format!("https://doi.org/{text}"))
}

/// When a measurement started, for people, with what is known of its time zone.
fn start(iso: &str, zone: Zone) -> (String, &'static str) {
    let date = words::day(iso);
    let time = iso.get(11..).unwrap_or_default();
    let time = time.get(..8).unwrap_or(time).trim_end_matches('Z');
    let said = if time.is_empty() { date } else { format!("{date}, {time}") };
    match zone {
        Zone::Stated => {
            let offset = iso.get(19..).unwrap_or_default();
            let offset = offset.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
            let offset = if offset == "Z" || offset.is_empty() { "UTC" } else { offset };
            (format!("{said} {offset}"), "the file states its time zone")
        }
        Zone::Local => (
            said,
            "by the clock of the instrument's computer; the file does not say in which time zone",
        ),
    }
}

pub(super) fn of(opened: &Opened) -> Vec<Fact> {
    let dataset = &opened.dataset;
    let mut facts = Vec::new();
    if !dataset.path.is_empty() {
        let name = dataset.extra.get("x_file_name").map_or_else(
            || dataset.path.rsplit('/').next().unwrap_or_default().to_owned(),
            Clone::clone,
        );
        facts.push(Fact { detail: dataset.path.clone(), ..fact("File", name) });
    }
    if let Some(columns) = &opened.columns {
        let contents = columns.contents();
        facts.push(fact("Format", galvanome::inspect::format_name(&contents.format)));
        if !contents.instrument.is_empty() {
            facts.push(fact("Instrument", contents.instrument.clone()));
        }
        match &contents.started_at {
            Some(started) => {
                let (text, zone) = start(&started.iso, started.zone);
                facts.push(Fact { detail: zone.to_owned(), ..fact("Started", text) });
            }
            None => facts.push(fact("Started", "the file does not say")),
        }
    }
    facts.extend(dataset.bytes.map(|bytes| {
        let exact = usize::try_from(bytes).unwrap_or(usize::MAX);
        let detail =
            if bytes >= 1000 { words::counted(exact, "byte", "bytes") } else { String::new() };
        Fact { detail, ..fact("Size", words::bytes(bytes)) }
    }));
    if !dataset.sha256.is_empty() {
        facts.push(Fact { is_code: true, ..fact("SHA-256", dataset.sha256.clone()) });
    }
    for (term, text) in [("Address", &dataset.url), ("DOI", &dataset.doi)] {
        if !text.is_empty() {
            facts.push(Fact { href: link(text), ..fact(term, text.clone()) });
        }
    }
    if !dataset.role.is_empty() {
        facts.push(fact("Role", dataset.role.clone()));
    }
    if !dataset.license.is_empty() {
        facts.push(fact("Licence", dataset.license.clone()));
    }
    if let Some(offset) = dataset.clock_offset_s {
        facts.push(fact(
            "Clock",
            format!("{} s are added to the instrument's clock", words::digits(offset, 6)),
        ));
    }
    let seen_by: String = dataset.visibility.clone().into();
    facts.push(fact(
        "Seen by",
        match seen_by.as_str() {
            "campaign" => "everybody in the campaign".to_owned(),
            "partner" => "the partner that made it".to_owned(),
            groups => groups.replace(';', ", "),
        },
    ));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_say_what_is_known_of_their_zone() {
        for (iso, zone, expected) in [
            ("2024-03-01T08:15:00Z", Zone::Stated, "1 March 2024, 08:15:00 UTC"),
            ("2024-03-01T08:15:00.250+01:00", Zone::Stated, "1 March 2024, 08:15:00 +01:00"),
            ("2024-03-01T08:15:00", Zone::Local, "1 March 2024, 08:15:00"),
            ("2024-03-01", Zone::Local, "1 March 2024"),
        ] {
            assert_eq!(start(iso, zone).0, expected);
        }
    }
}
