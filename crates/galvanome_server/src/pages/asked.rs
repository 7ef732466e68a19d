//! What a `value` or `link` question asks for.

use galvanome_model::campaign::{Question, QuestionKind};
use galvanome_model::ids::DescriptorId;
use galvanome_model::metaview::Frame;

/// What a question asks for beside a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What kind of thing is asked for.
    pub kind: &'static str,
    /// The question in full.
    pub text: String,
    /// The descriptor asked for, by its name.
    pub descriptor: String,
    /// What is wanted of it, or the second descriptor.
    pub target: String,
}

/// What a question asks for; none for a difference.
pub fn asked(frame: &Frame, question: &Question) -> Option<Asked> {
    let kind = match question.kind {
        QuestionKind::Difference => return None,
        QuestionKind::Value => "A number is asked for",
        QuestionKind::Link => "A link between two descriptors is asked for",
    };
    let name = |id: &DescriptorId| {
        frame
            .catalogue
            .descriptor(id)
            .map_or_else(|| id.to_string(), |descriptor| descriptor.name.clone())
    };
    let target = match question.kind {
        QuestionKind::Link => DescriptorId::new(&question.target)
            .map_or_else(|_| question.target.clone(), |id| name(&id)),
        _ => question.target.clone(),
    };
    Some(Asked {
        kind,
        text: question.text.clone(),
        descriptor: question.descriptor.as_ref().map(name).unwrap_or_default(),
        target,
    })
}

/// How a question is called: its id and its word.
pub fn question_name(question: Option<&Question>, id: &str) -> String {
    match question {
        Some(question)
            if question.name.to_lowercase() == id.to_lowercase().replace(['-', '_'], " ") =>
        {
            question.name.clone()
        }
        Some(question) if !question.name.is_empty() => format!("{id} {}", question.name),
        _ => id.to_owned(),
    }
}
