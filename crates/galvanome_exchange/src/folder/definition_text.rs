//! `campaign.toml` as it is written.

use galvanome_model::campaign::Definition;
use toml_edit::{DocumentMut, Item, Value};

use super::cell;

/// Writes the definition: texts, numbers and lists on one line, numbers as a person writes them.
pub(super) fn write(definition: &Definition) -> Vec<u8> {
    let text = toml::to_string(definition).expect("a definition has no shape that TOML lacks");
    let mut document: DocumentMut = text.parse().expect("what is written is TOML");
    for (_, item) in document.iter_mut() {
        shorten(item);
    }
    document.to_string().into_bytes()
}

/// Writes `1e-7` where the serialiser writes `0.0000001`, and `3` where it writes `3.0`.
fn shorten(item: &mut Item) {
    match item {
        Item::Value(value) => shorten_value(value),
        Item::Table(table) => table.iter_mut().for_each(|(_, item)| shorten(item)),
        Item::ArrayOfTables(tables) => {
            for table in tables.iter_mut() {
                table.iter_mut().for_each(|(_, item)| shorten(item));
            }
        }
        Item::None => {}
    }
}

fn shorten_value(value: &mut Value) {
    match value {
        Value::Float(float) => {
            let text = cell::number_text(*float.value());
            // A minus zero would be read as a whole zero, and lose its sign.
            if text != "-0"
                && let Ok(mut shorter) = text.parse::<Value>()
            {
                *shorter.decor_mut() = float.decor().clone();
                *value = shorter;
            }
        }
        Value::Array(array) => array.iter_mut().for_each(shorten_value),
        Value::InlineTable(table) => table.iter_mut().for_each(|(_, value)| shorten_value(value)),
        _ => {}
    }
}
