//! The XML beside the data: everything is kept as metadata, and little of it is needed to read the rest.

use std::io;

use encoding_rs::GB18030;
use galvanome_model::note::Note;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use crate::archive::{Archive, End, note_differs};
use crate::limits::Limits;
use crate::sink::Sink;

/// The longest XML that is read; real ones are some kilobytes.
const XML_MAX: usize = 8 << 20;
/// Elements inside elements; real files have six.
const DEPTH_MAX: usize = 64;

/// What is needed to read the data.
#[derive(Debug, Default)]
pub(super) struct Info {
    /// Auxiliary channels, in order.
    pub(super) aux: Vec<AuxInfo>,
    /// How cycles are to be counted, where somebody chose it.
    pub(super) cycle_mode: Option<String>,
    /// The software that stored the test.
    pub(super) server: Option<String>,
}

/// An auxiliary channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AuxInfo {
    /// Its number in the test.
    pub(super) id: u32,
    /// The number of the instrument's channel.
    pub(super) real: u32,
    /// What it measures.
    pub(super) kind: u32,
}

/// Tells the sink everything that the XML members say. Errors when the source cannot be read.
pub(super) fn tell(archive: &Archive, limits: &Limits, sink: &mut dyn Sink) -> io::Result<Info> {
    let mut info = Info::default();
    let mut told = 0;
    let xml = archive.entries.iter().filter(|entry| !entry.climbs() && entry.has_ending("xml"));
    for entry in xml {
        let (bytes, end, differs) = archive.bytes(entry, XML_MAX)?;
        let text = decode(&bytes);
        let file = entry.file_name();
        let mut teller =
            Teller { file, info: &mut info, sink, told: &mut told, max: limits.max_metadata };
        let whole = teller.read(&text);
        if !whole || end != End::Whole {
            let message = format!(
                "{file} is not whole, or not written as XML is; what could be read of it was kept"
            );
            sink.note(Note::new("unreadable-metadata", message, file));
        }
        if differs {
            note_differs(file, file, sink);
        }
    }
    if told > limits.max_metadata {
        let message = "the limit of metadata is reached; the rest was left out";
        sink.note(Note::new("limit-reached", message, ""));
    }
    Ok(info)
}

/// Text in UTF-8, as newer programs write it, or else in GB 18030, of which GB 2312 is a part. What the
/// declaration says is not trusted: some files say GB 2312 and are UTF-8.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

struct Teller<'a> {
    file: &'a str,
    info: &'a mut Info,
    sink: &'a mut dyn Sink,
    told: &'a mut usize,
    max: usize,
}

impl Teller<'_> {
    /// Reads a text to its end; false when it is not written as XML is.
    fn read(&mut self, text: &str) -> bool {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        let mut path: Vec<String> = Vec::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => {
                    if path.len() >= DEPTH_MAX {
                        return false;
                    }
                    path.push(element.name().0.to_owned());
                    self.element(&path, &element);
                }
                Ok(Event::Empty(element)) => {
                    path.push(element.name().0.to_owned());
                    self.element(&path, &element);
                    path.pop();
                }
                Ok(Event::End(_)) => {
                    path.pop();
                }
                Ok(Event::Text(text)) => {
                    let text = text.xml10_content();
                    if !text.trim().is_empty() {
                        self.tell(&path, None, text.trim());
                    }
                }
                Ok(Event::Eof) => return path.is_empty(),
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    fn element(&mut self, path: &[String], element: &BytesStart<'_>) {
        let mut aux = (0, None, None);
        for attribute in element.attributes().with_checks(false).flatten() {
            let key = attribute.key.0;
            let value = unescape(&attribute.value);
            let value = value.as_deref().unwrap_or(&attribute.value);
            self.tell(path, Some(key), value);
            match key {
                "AuxID" => aux.0 = value.parse().unwrap_or(0),
                "RealChlID" => aux.1 = value.parse().ok(),
                "ChlType" => aux.2 = value.parse().ok(),
                "CycleMode" => self.info.cycle_mode = Some(value.to_owned()),
                "SvrVer" => self.info.server = Some(value.to_owned()),
                _ => {}
            }
        }
        let is_aux = path.last().is_some_and(|name| name.to_ascii_lowercase().starts_with("aux"));
        if let (id, Some(real), Some(kind)) = aux
            && is_aux
            && self.file == "TestInfo.xml"
        {
            self.info.aux.push(AuxInfo { id, real, kind });
        }
    }

    /// Tells one attribute or text under its place, such as `TestInfo.xml/config/TestInfo/StartTime`.
    fn tell(&mut self, path: &[String], attribute: Option<&str>, value: &str) {
        *self.told += 1;
        if *self.told > self.max {
            return;
        }
        let inner = path.iter().map(String::as_str).skip_while(|name| *name == "root");
        let places: Vec<&str> = std::iter::once(self.file).chain(inner).chain(attribute).collect();
        self.sink.metadata(&places.join("/"), value);
    }
}
