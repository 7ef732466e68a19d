//! `campaign.toml`: what is asked, of what, by whom.

use std::collections::BTreeMap;
use std::collections::HashSet;

use galvanome_model::campaign::{Component, Definition, Fact, Group, Partner, Question};
use galvanome_model::catalogue::{
    Catalogue, DescriptorOverride, Margin, ObservableOverride, Table, TechniqueOverride,
};
use galvanome_model::ids::CampaignId;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entries::{self, Entries, FILE, check_known, line_at};
use super::ids::Ids;
use super::problem::Problems;
use super::{FORMAT, cell, questions, table};

/// What could be read of a definition.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) definition: Definition,
    /// The catalogue as it holds in the campaign; the shipped one when what the campaign changes about it is wrong.
    pub(super) catalogue: Catalogue,
    /// The tables of which everything could be read.
    pub(super) complete: Complete,
}

/// Which tables could be read in full; of the others an unknown id is no finding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complete {
    pub(super) partners: bool,
    pub(super) components: bool,
    pub(super) groups: bool,
    pub(super) questions: bool,
    pub(super) catalogue: bool,
}

/// Reads the definition. None when there is none, or one of a format that is not known: then nothing else can be
/// judged.
pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    shipped: &Catalogue,
    problems: &mut Problems,
) -> Option<Read> {
    let Some(bytes) = files.get(FILE) else {
        let hint = "a campaign folder has it at its top".to_owned();
        problems.of_file(FILE, "is missing", Some(hint));
        return None;
    };
    let text = table::text_of(FILE, bytes, problems)?;
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            let line = error.span().and_then(|span| line_at(text, span.start));
            problems.of_line(FILE, line, None, error.message().replace('\n', "; "), None);
        }
        return Some(Read::nothing(shipped));
    }
    let span = document.span();
    let mut document = document.into_inner();
    check_format(&document, text, problems)?;
    Some(Reader { document: &mut document, text, problems }.read(span, shipped))
}

fn check_format(document: &DeTable<'_>, text: &str, problems: &mut Problems) -> Option<()> {
    let Some(value) = document.get("format") else { return Some(()) };
    let number = value.get_ref().as_integer();
    let number =
        number.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
    let (message, hint) = match number {
        Some(number) if number > i64::from(FORMAT) => (
            format!("format {number} is newer than {FORMAT}, the newest that this program reads"),
            "use a newer Galvanome",
        ),
        Some(number) if number < 1 => (format!("there is no format {number}"), "write format = 1"),
        _ => return Some(()),
    };
    problems.of_line(
        FILE,
        line_at(text, value.span().start),
        Some("format"),
        message,
        Some(hint.to_owned()),
    );
    None
}

impl Read {
    fn nothing(shipped: &Catalogue) -> Self {
        let complete = Complete {
            partners: false,
            components: false,
            groups: false,
            questions: false,
            catalogue: false,
        };
        Self { definition: blank(), catalogue: shipped.clone(), complete }
    }
}

/// Stands for a definition that could not be read; never imported.
fn blank() -> Definition {
    Definition {
        format: FORMAT,
        id: CampaignId::new("unreadable").expect("letters are an id"),
        title: String::new(),
        description: String::new(),
        invented: false,
        partners: Vec::new(),
        components: Vec::new(),
        groups: Vec::new(),
        questions: Vec::new(),
        observables: Vec::new(),
        techniques: Vec::new(),
        descriptors: Vec::new(),
        margins: Vec::new(),
        facts: Vec::new(),
    }
}

struct Reader<'r, 't> {
    document: &'r mut DeTable<'t>,
    text: &'t str,
    problems: &'r mut Problems,
}

impl<'t> Reader<'_, 't> {
    fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Entries<'t, T> {
        entries::take(self.document, name, self.text, self.problems)
    }

    fn read(mut self, span: std::ops::Range<usize>, shipped: &Catalogue) -> Read {
        let partners: Entries<'_, Partner> = self.take("partner");
        let components: Entries<'_, Component> = self.take("component");
        let groups: Entries<'_, Group> = self.take("group");
        let questions: Entries<'_, Question> = self.take("question");
        let observables: Entries<'_, ObservableOverride> = self.take("observable");
        let techniques: Entries<'_, TechniqueOverride> = self.take("technique");
        let descriptors: Entries<'_, DescriptorOverride> = self.take("descriptor");
        let margins: Entries<'_, Margin> = self.take("margin");
        let facts: Entries<'_, Fact> = self.take("fact");
        let rest = std::mem::take(self.document);
        // A misspelt [[table]] took its ids with it.
        let whole =
            !rest.values().any(|value| value.get_ref().is_array() || value.get_ref().is_table());
        let rest = Spanned::new(span, DeValue::Table(rest));
        let definition: Option<Definition> = entries::read(rest, "", self.text, self.problems);
        let mut definition = definition.unwrap_or_else(blank);

        let problems = self.problems;
        check_labels(&partners, |one| one.id.as_str(), "partner", problems);
        check_labels(&components, |one| one.id.as_str(), "component", problems);
        check_labels(&groups, |one| one.id.as_str(), "group", problems);
        check_labels(&questions, |one| one.id.as_str(), "question", problems);
        check_labels(&facts, |one| one.id.as_str(), "fact", problems);
        check_components(&components, problems);
        check_facts(&facts, problems);
        check_partners(&techniques, &partners, problems);
        check_margin_dates(&margins, problems);
        let complete = whole && observables.complete && techniques.complete && descriptors.complete;
        let catalogue = shipped.for_campaign(
            &observables.items,
            &techniques.items,
            &descriptors.items,
            &margins.items,
        );
        let (catalogue, fits) = match catalogue {
            Ok(catalogue) => (catalogue, true),
            Err(found) => {
                for problem in found {
                    let index = problem.index.unwrap_or(usize::MAX);
                    let line = match problem.table {
                        Table::Observable => observables.line(index, problem.field),
                        Table::Technique => techniques.line(index, problem.field),
                        Table::Descriptor => descriptors.line(index, problem.field),
                        Table::Margin if !complete => continue,
                        Table::Margin => margins.line(index, problem.field),
                    };
                    let message =
                        format!("{} ([[{}]] `{}`)", problem.what, problem.table.word(), problem.id);
                    let hint = match (problem.table, problem.field) {
                        (Table::Technique, "name") => {
                            let ids = shipped.techniques.iter().map(|one| one.id.as_str());
                            problems.suggest(&problem.id, ids)
                        }
                        (Table::Observable, "name") => {
                            let ids = shipped.observables.iter().map(|one| one.id.as_str());
                            problems.suggest(&problem.id, ids)
                        }
                        _ => None,
                    };
                    problems.of_line(FILE, line, Some(problem.field), message, hint);
                }
                (shipped.clone(), false)
            }
        };
        let catalogue_complete = complete && fits;
        questions::check(&questions, &groups, &catalogue, catalogue_complete, problems);
        let complete = Complete {
            partners: whole && partners.complete,
            components: whole && components.complete,
            groups: whole && groups.complete,
            questions: whole && questions.complete,
            catalogue: catalogue_complete,
        };
        definition.partners = partners.items;
        definition.components = components.items;
        definition.groups = groups.items;
        definition.questions = questions.items;
        definition.observables = observables.items;
        definition.techniques = techniques.items;
        definition.descriptors = descriptors.items;
        definition.margins = margins.items;
        definition.facts = facts.items;
        Read { definition, catalogue, complete }
    }
}

fn check_labels<T>(
    entries: &Entries<'_, T>,
    id: impl Fn(&T) -> &str,
    noun: &str,
    problems: &mut Problems,
) {
    let mut seen = HashSet::new();
    for (index, item) in entries.items.iter().enumerate() {
        let id = id(item);
        if !seen.insert(id) {
            let message = format!("`{id}` is the id of a [[{noun}]] above");
            entries.wrong(index, "id", message, Some("give each its own".to_owned()), problems);
        }
    }
}

fn check_components(components: &Entries<'_, Component>, problems: &mut Problems) {
    for (index, component) in components.items.iter().enumerate() {
        if component
            .thickness_m
            .is_some_and(|thickness| !(thickness.is_finite() && thickness > 0.0))
        {
            let hint = Some("write a number of metres above zero".to_owned());
            components.wrong(index, "thickness_m", "is not a thickness", hint, problems);
        }
    }
}

fn check_facts(facts: &Entries<'_, Fact>, problems: &mut Problems) {
    for (index, fact) in facts.items.iter().enumerate() {
        if !fact.value.is_finite() {
            facts.wrong(index, "value", "is not a finite number", None, problems);
        }
    }
}

fn check_partners(
    techniques: &Entries<'_, TechniqueOverride>,
    partners: &Entries<'_, Partner>,
    problems: &mut Problems,
) {
    let mut known = Ids::new("a partner of this campaign", "campaign.toml as [[partner]]");
    for partner in &partners.items {
        known.add(&partner.id, ());
    }
    if !partners.complete {
        known.mark_incomplete();
    }
    for (index, technique) in techniques.items.iter().enumerate() {
        check_known(techniques, index, "partners", &technique.partners, &known, problems);
    }
}

fn check_margin_dates(margins: &Entries<'_, Margin>, problems: &mut Problems) {
    for (index, margin) in margins.items.iter().enumerate() {
        if let Some(day) = margin.set_on.as_deref().filter(|day| !cell::is_date(day)) {
            let hint = Some("write \"2024-05-31\"".to_owned());
            margins.wrong(
                index,
                "set_on",
                format!("`{day}` is not an ISO 8601 date"),
                hint,
                problems,
            );
        }
    }
}
