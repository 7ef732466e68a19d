//! Nouns as JSON bodies: what goes in comes out, or it does not go in.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// The JSON of a noun. Refuses one that would not come back equal: JSON has no number for NaN and infinity,
/// and would lose them without a word.
pub(crate) fn write<T>(what: &str, value: &T) -> Result<String, StoreError>
where
    T: Serialize + DeserializeOwned + PartialEq,
{
    let refused = |why: String| StoreError::Refused { what: what.to_owned(), why };
    let text = serde_json::to_string(value).map_err(|error| refused(error.to_string()))?;
    match serde_json::from_str::<T>(&text) {
        Ok(back) if back == *value => Ok(text),
        _ => Err(refused("it holds a number that is not finite (NaN or infinite)".to_owned())),
    }
}

/// The noun of a JSON body.
pub(crate) fn read<T: DeserializeOwned>(what: impl Display, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::unreadable(what.to_string(), error))
}
