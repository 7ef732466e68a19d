//! What a caller may set in an analysis: declared by the technique, parsed once.

use std::collections::BTreeMap;

/// Something that a caller may set, as `KEY=VALUE`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The key, in kebab case.
    pub key: &'static str,
    /// What values it takes.
    pub kind: SettingKind,
    /// What it means, for people.
    pub meaning: &'static str,
    /// What happens when it is not set, for people.
    pub otherwise: &'static str,
}

/// What values a setting takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SettingKind {
    /// A number from `min` to `max`, both included, in `unit`.
    Number {
        /// The smallest allowed.
        min: f64,
        /// The largest allowed.
        max: f64,
        /// Its unit; `1` for a pure number.
        unit: &'static str,
    },
    /// A whole number from `min` to `max`, both included.
    Whole {
        /// The smallest allowed.
        min: i64,
        /// The largest allowed.
        max: i64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
}

impl SettingKind {
    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self {
            Self::Number { min, max, unit: "1" } => format!("a number from {min} to {max}"),
            Self::Number { min, max, unit } => format!("a number from {min} to {max} (in {unit})"),
            Self::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
        }
    }

    fn parse(&self, text: &str) -> Option<Value> {
        match *self {
            Self::Number { min, max, .. } => {
                let number: f64 = text.parse().ok()?;
                (min..=max).contains(&number).then_some(Value::Number(number))
            }
            Self::Whole { min, max } => {
                let whole: i64 = text.parse().ok()?;
                (min..=max).contains(&whole).then_some(Value::Whole(whole))
            }
            Self::Word(words) => {
                words.iter().find(|&&word| word == text).map(|word| Value::Word(word))
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Number(f64),
    Whole(i64),
    Word(&'static str),
}

/// A setting that cannot be taken, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    /// The text as it was given.
    pub given: String,
    /// What is wrong with it and what would be right.
    pub message: String,
}

impl std::fmt::Display for BadSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", self.given, self.message)
    }
}

impl std::error::Error for BadSetting {}

/// The settings that a caller gave, each checked against its declaration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(BTreeMap<&'static str, Value>);

impl Settings {
    /// Takes texts of the form `KEY=VALUE`. Errors name everything that is wrong at once: a missing `=`, an
    /// unknown key, a key given twice, a value that is not allowed.
    pub fn parse<T: AsRef<str>>(
        declared: &'static [Setting],
        given: &[T],
    ) -> Result<Self, Vec<BadSetting>> {
        let mut values = BTreeMap::new();
        let mut bad = Vec::new();
        for text in given {
            match one(declared, text.as_ref()) {
                Ok((setting, value)) => {
                    if values.insert(setting.key, value).is_some() {
                        let message = format!("{} is set twice; set it once", setting.key);
                        bad.push(BadSetting { given: text.as_ref().to_owned(), message });
                    }
                }
                Err(message) => bad.push(BadSetting { given: text.as_ref().to_owned(), message }),
            }
        }
        if bad.is_empty() { Ok(Self(values)) } else { Err(bad) }
    }

    /// A number, if it was set.
    pub fn number(&self, setting: &Setting) -> Option<f64> {
        match self.0.get(setting.key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A whole number, if it was set.
    pub fn whole(&self, setting: &Setting) -> Option<i64> {
        match self.0.get(setting.key) {
            Some(Value::Whole(whole)) => Some(*whole),
            _ => None,
        }
    }

    /// A word, if it was set.
    pub fn word(&self, setting: &Setting) -> Option<&'static str> {
        match self.0.get(setting.key) {
            Some(Value::Word(word)) => Some(word),
            _ => None,
        }
    }
}

fn one(declared: &'static [Setting], text: &str) -> Result<(&'static Setting, Value), String> {
    let (key, value) = text
        .split_once('=')
        .map(|(key, value)| (key.trim(), value.trim()))
        .ok_or("a setting is written KEY=VALUE")?;
    let setting = declared.iter().find(|setting| setting.key == key).ok_or_else(|| {
        let keys: Vec<_> = declared.iter().map(|setting| setting.key).collect();
        match keys.as_slice() {
            [] => "this technique has no settings".to_owned(),
            keys => format!("there is no setting {key}; there are {}", keys.join(", ")),
        }
    })?;
    match setting.kind.parse(value) {
        Some(value) => Ok((setting, value)),
        None => Err(format!("{key} takes {}", setting.kind.allowed())),
    }
}
