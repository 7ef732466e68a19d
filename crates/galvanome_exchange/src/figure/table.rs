//! A figure as a table.

use galvanome_model::answer::{Answer, Combined, word_of};
use galvanome_model::metaview::Metaview;
use galvanome_model::pixel::Pixel;

use super::FigureInput;

/// The columns of [`csv`].
const HEAD: [&str; 27] = [
    "row",
    "component",
    "question",
    "technique",
    "observable",
    "answer",
    "so_far",
    "stated",
    "yes",
    "unsure",
    "no",
    "pending",
    "withheld",
    "by",
    "certainty",
    "author",
    "reason",
    "computed",
    "computed_reason",
    "clears_by_delta",
    "progress",
    "expected",
    "flags",
    "parts",
    "exported_on",
    "data_version",
    "address",
];

/// The figure's pixels and combined answers as CSV, for a spreadsheet or pandas: a row for each pixel
/// (`row` is `pixel`), for each combined answer of a technique (`technique`), of an observable (`observable`) and
/// of a whole metaview (`all`).
///
/// `answer` is `yes`, `no`, `unsure`, `not_done`, `not_applicable`, `pending` or `withheld`; of a withheld pixel
/// nothing else is said. `so_far`, `stated` and the counts belong to combined answers. `flags` holds `contested`,
/// `voided`, `surrogate`, `stale` and `provisional`, separated by `;`, and `parts` what each experiment answered.
/// `clears_by_delta` is how far the computed interval clears its margin, in δ. Every row ends with the date of the
/// export, the version of the data and the address of the living page.
pub fn csv(input: &FigureInput<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A vector takes every byte, and every record has the same length: these writes cannot fail.
    let _ = writer.write_record(HEAD);
    for view in input.blocks().into_iter().flat_map(|block| block.views) {
        for record in records(view, input) {
            let _ = writer.write_record(&record);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

type Record = [String; HEAD.len()];

fn records(view: &Metaview, input: &FigureInput<'_>) -> Vec<Record> {
    let mut records = Vec::new();
    let mut push = |kind: &str, technique: &str, observable: &str, rest: [String; 19]| {
        let first = [kind, view.component.as_str(), view.question.as_str(), technique, observable];
        let last = [input.exported_on, input.data_version, input.address.unwrap_or_default()];
        let mut fields =
            first.map(str::to_owned).into_iter().chain(rest).chain(last.map(str::to_owned));
        records.push(std::array::from_fn(|_| fields.next().unwrap_or_default()));
    };
    for (row, technique) in view.techniques.iter().enumerate() {
        for (column, observable) in view.observables.iter().enumerate() {
            if let Some(pixel) = view.pixel(row, column) {
                push("pixel", technique.as_str(), observable.as_str(), of_pixel(pixel));
            }
        }
    }
    for (technique, margin) in view.techniques.iter().zip(&view.by_technique) {
        let stated = margin.stated.as_ref().map(|stated| stated.answer);
        push("technique", technique.as_str(), "", of_combined(&margin.combined, stated));
    }
    for (observable, combined) in view.observables.iter().zip(&view.by_observable) {
        push("observable", "", observable.as_str(), of_combined(combined, None));
    }
    push("all", "", "", of_combined(&view.overall, None));
    records
}

/// The fields from `answer` to `parts`.
fn of_pixel(pixel: &Pixel) -> [String; 19] {
    let mut fields: [String; 19] = Default::default();
    if pixel.withheld {
        "withheld".clone_into(&mut fields[0]);
        return fields;
    }
    word_of(pixel.answer).clone_into(&mut fields[0]);
    let computed = pixel.computed.as_ref();
    let of = |text: Option<&str>| text.unwrap_or_default().to_owned();
    fields[8] = of(pixel.by.word());
    fields[9] = of(pixel.certainty.map(galvanome_model::record::Certainty::word));
    fields[10].clone_from(&pixel.author);
    fields[11].clone_from(&pixel.reason);
    fields[12] = of(computed.map(|computed| computed.answer.word()));
    fields[13] = of(computed.map(|computed| computed.reason.as_str()));
    fields[14] = computed
        .and_then(|computed| computed.strength)
        .map_or_else(String::new, |strength| format!("{strength:.3}"));
    fields[15] = of(pixel.progress.map(galvanome_model::pixel::Progress::word));
    if pixel.expected { "yes" } else { "no" }.clone_into(&mut fields[16]);
    fields[17] = flags(pixel);
    fields[18] = pixel
        .parts
        .iter()
        .map(|part| {
            let mut text = String::new();
            if let Some(experiment) = &part.experiment {
                text += experiment.as_str();
            }
            if let Some(partner) = &part.partner {
                text += " by ";
                text += partner.as_str();
            }
            if !text.is_empty() {
                text += ": ";
            }
            text + part.answer.word()
        })
        .collect::<Vec<_>>()
        .join(";");
    fields
}

fn flags(pixel: &Pixel) -> String {
    let computed = pixel.computed.as_ref();
    [
        (pixel.contested, "contested"),
        (pixel.voided, "voided"),
        (pixel.surrogate, "surrogate"),
        (computed.is_some_and(|computed| computed.stale), "stale"),
        (computed.is_some_and(|computed| computed.provisional), "provisional"),
    ]
    .into_iter()
    .filter_map(|(set, word)| set.then_some(word))
    .collect::<Vec<_>>()
    .join(";")
}

/// The fields from `answer` to `parts`.
fn of_combined(combined: &Combined, stated: Option<Answer>) -> [String; 19] {
    let mut fields: [String; 19] = Default::default();
    let counts = [combined.yes, combined.unsure, combined.no, combined.pending, combined.withheld];
    let first = [
        word_of(combined.answer).to_owned(),
        combined.so_far.map_or_else(String::new, |answer| answer.word().to_owned()),
        stated.map_or_else(String::new, |answer| answer.word().to_owned()),
    ];
    for (field, value) in
        fields.iter_mut().zip(first.into_iter().chain(counts.map(|count| count.to_string())))
    {
        *field = value;
    }
    fields
}
