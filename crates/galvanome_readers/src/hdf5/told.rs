//! What a file says beside its numbers: metadata by path, the instrument, the start.

use galvanome_model::measurement::{StartTime, Zone};

use super::hand_over::{HandOver, shortened};
use super::tree::{Object, What};

/// Values that stand alone: so few that no table or signal is made of them.
pub(super) const FEW: u64 = 3;

/// The longest text that metadata hold; JSON of electron microscopes is taken apart instead.
const LONGEST: usize = 1 << 16;

/// Gives attributes (`path@name`), single values and texts (`path`), and further names of objects (`path`: `-> other`).
pub(super) fn metadata(over: &mut HandOver) {
    let mut left = over.limits.max_metadata;
    let tree = over.tree;
    for (place, object) in tree.objects.iter().enumerate() {
        for (name, value) in &object.attributes {
            tell(over, &mut left, &format!("{}@{name}", object.path), value.told());
        }
        if let What::Dataset(dataset) = &object.what {
            if is_json(object) {
                json(over, &mut left, place);
            } else if dataset.space.len <= FEW
                || matches!(dataset.of.kind, super::datatype::Kind::Other(_))
            {
                over.given.insert(place);
                single(over, &mut left, place);
            }
        }
    }
    for alias in &tree.aliases {
        tell(over, &mut left, &alias.path, format!("-> {}", alias.stands_for));
    }
    if left == 0 {
        let message = format!(
            "the file has more than {} entries of metadata; the others were left out",
            over.limits.max_metadata
        );
        over.note("limit-reached", message, "");
    }
}

fn tell(over: &mut HandOver, left: &mut usize, key: &str, value: String) {
    if let Some(less) = left.checked_sub(1) {
        *left = less;
        over.sink.metadata(key, &shortened(value, LONGEST));
    }
}

fn single(over: &mut HandOver, left: &mut usize, place: usize) {
    let Some((object, dataset)) = over.dataset(place) else { return };
    if let super::datatype::Kind::Other(what) = dataset.of.kind {
        return tell(over, left, &object.path, format!("({what}, not read)"));
    }
    match over.small(dataset) {
        Ok(value) if dataset.space.len > 0 => tell(over, left, &object.path, value.told()),
        Ok(_) => tell(over, left, &object.path, String::new()),
        Err(trouble) => over.note(trouble.code(), trouble.to_string(), &object.path),
    }
}

/// Whether a dataset holds the JSON that microscopes of Thermo Fisher (Velox) write as bytes.
fn is_json(object: &Object) -> bool {
    object.path.starts_with("/Data/") && object.name() == "Metadata"
}

/// The parts of a JSON text, each by its path; of several texts side by side the first.
fn json(over: &mut HandOver, left: &mut usize, place: usize) {
    let Some((object, dataset)) = over.dataset(place) else { return };
    let columns = dataset.space.dims.get(1).copied().unwrap_or(1).max(1) as usize;
    if !over.may_hold(place, dataset.space.len) {
        return;
    }
    over.given.insert(place);
    let Some(part) = super::gather::Part::of(&dataset.of, 0) else { return };
    let all = super::gather::numbers(dataset, part, 0..dataset.space.len).values;
    let bytes: Vec<u8> =
        all.iter().step_by(columns).map(|&byte| byte as u8).take_while(|&byte| byte != 0).collect();
    match serde_json::from_slice::<serde_json::Value>(&bytes) {
        Ok(value) => {
            let result = &value["BinaryResult"];
            let edge = |axis: &str| {
                let told = &result["PixelSize"][axis];
                told.as_f64().or_else(|| told.as_str()?.parse().ok())
            };
            let in_metres = result["PixelUnitX"] == "m" && result["PixelUnitY"] == "m";
            if let (true, Some(width), Some(height)) = (in_metres, edge("width"), edge("height"))
                && width == height
                && width.is_finite()
                && width > 0.0
            {
                over.pixels_m.insert(object.parent, width);
            }
            parts(over, left, &object.path, &value);
        }
        Err(_) => tell(over, left, &object.path, super::value::text_of(&bytes)),
    }
}

fn parts(over: &mut HandOver, left: &mut usize, path: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(all) => {
            all.iter()
                .for_each(|(name, value)| parts(over, left, &format!("{path}/{name}"), value));
        }
        serde_json::Value::String(text) => tell(over, left, path, text.clone()),
        other => tell(over, left, path, other.to_string()),
    }
}

/// Gives the instrument's name, and when the measurement started.
pub(super) fn circumstances(over: &mut HandOver) {
    let tree = over.tree;
    let of_class = |class: &str, name: &str| {
        let group = |object: &&Object| object.text("NX_class").is_some_and(|found| found == class);
        tree.objects
            .iter()
            .filter(group)
            .find_map(|group| tree.find(0, &format!("{}/{name}", group.path)))
    };
    let mut text = |place: Option<usize>| {
        let (_, dataset) = over.dataset(place?)?;
        if dataset.space.len != 1 || !dataset.of.is_text() {
            return None;
        }
        let text = over.small(dataset).ok()?.text()?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let name = text(of_class("NXinstrument", "name"));
    let start = text(of_class("NXentry", "start_time")).and_then(|text| start(&text));
    if let Some(name) = name {
        over.sink.instrument(&name);
    }
    if let Some(start) = start {
        over.sink.started_at(start);
    }
}

/// A start in ISO 8601, as NeXus asks for it.
fn start(text: &str) -> Option<StartTime> {
    let digits = |from: usize, len: usize| {
        let part = text.get(from..from + len)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    let dashed = text.get(4..5)? == "-" && text.get(7..8)? == "-";
    let sane = digits(0, 4)? >= 1900
        && (1..=12).contains(&digits(5, 2)?)
        && (1..=31).contains(&digits(8, 2)?);
    if !dashed || !sane {
        return None;
    }
    let Some(clock) = text.get(10..).filter(|clock| !clock.is_empty()) else {
        return Some(StartTime { iso: text.to_owned(), zone: Zone::Local });
    };
    let time = clock.strip_prefix(['T', ' '])?;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at(end);
    let is_time =
        time.len() >= 5 && time.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    let is_zone = zone.is_empty()
        || zone == "Z"
        || (zone.len() >= 3
            && zone.bytes().skip(1).all(|byte| byte.is_ascii_digit() || byte == b':'));
    if !is_time || !is_zone {
        return None;
    }
    let stated = if zone.is_empty() { Zone::Local } else { Zone::Stated };
    Some(StartTime { iso: format!("{}T{time}{zone}", text.get(..10)?), zone: stated })
}
