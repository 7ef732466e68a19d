//! Why numbers cannot be judged.

use std::fmt;

/// A comparison or a rule that makes no sense, with the field to correct. What the rule merely cannot decide is
/// not an error but an answer, unsure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    descriptor: Option<String>,
    field: &'static str,
    index: Option<usize>,
    problem: String,
}

impl RuleError {
    pub(crate) fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { descriptor: None, field, index: None, problem: problem.into() }
    }

    pub(crate) fn at(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    pub(crate) fn of(mut self, descriptor: &str) -> Self {
        self.descriptor = Some(descriptor.to_owned());
        self
    }

    /// The descriptor it happened in, unless it is about all of them.
    pub fn descriptor(&self) -> Option<&str> {
        self.descriptor.as_deref()
    }

    /// The field to correct, named as in the input of `galvanome judge`.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// The position in the field's list, counted from 0, where it is a list.
    pub const fn index(&self) -> Option<usize> {
        self.index
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(descriptor) = &self.descriptor {
            write!(f, "descriptor `{descriptor}`, ")?;
        }
        write!(f, "`{}`", self.field)?;
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for RuleError {}
