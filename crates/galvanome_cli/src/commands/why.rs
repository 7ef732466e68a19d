//! `galvanome why`

use std::io::Write;

use galvanome::why::{self, Asked, Behind};
use galvanome_exchange::numbers::Shown;
use galvanome_model::answer::word_of;
use galvanome_model::catalogue::Scale;
use galvanome_model::ids::GroupId;
use galvanome_model::verdict::Verdict;
use galvanome_model::visibility::Viewer;
use galvanome_server::wire::{HistoryEntry, PixelDetail, Sublayer};

use crate::args::Why;
use crate::{data, style};

/// Explains a pixel or a column.
pub(crate) async fn run(args: &Why, out: &mut dyn Write) -> anyhow::Result<()> {
    let asked = Asked::parse(&args.of)?;
    let galvanome = data::open(&args.data).await?;
    let id = data::campaign(&args.id)?;
    let viewer = Viewer::All;
    match asked {
        Asked::Pixel(of) => {
            let of = of.each_ref().map(String::as_str);
            let why = why::pixel(&galvanome, &id, of, &viewer).await?;
            if args.json {
                let document = PixelDetail::of(&why.known, &why.behind);
                writeln!(out, "{}", serde_json::to_string(&document)?)?;
            } else {
                print(&why.behind, out)?;
            }
        }
        Asked::Column(of) => {
            let of = of.each_ref().map(String::as_str);
            let column = why::column(&galvanome, &id, of, &viewer).await?;
            if args.json {
                let document = Sublayer::of(&column);
                writeln!(out, "{}", serde_json::to_string(&document)?)?;
            } else {
                for behind in column.pixels.iter().filter(|one| one.pixel.answer.is_some()) {
                    print(behind, out)?;
                    writeln!(out)?;
                }
                let open = column.pixels.iter().filter(|one| one.pixel.answer.is_none());
                let open: Vec<&str> = open.map(|one| one.key.technique.as_str()).collect();
                if !open.is_empty() {
                    writeln!(out, "pending: {}", open.join(", "))?;
                }
            }
        }
    }
    galvanome.close().await;
    Ok(())
}

fn print(behind: &Behind, out: &mut dyn Write) -> std::io::Result<()> {
    let colours = style::colours();
    let (key, pixel) = (&behind.key, &behind.pixel);
    let word = if pixel.withheld { "withheld" } else { word_of(pixel.answer) };
    let word = style::of_answer(pixel.answer, word, colours);
    let place = format!("{}/{}/{}/{}", key.component, key.question, key.technique, key.observable);
    let by = pixel.by.word().map_or_else(String::new, |by| format!(", {by}"));
    writeln!(out, "{}: {word}{by}", style::bold(&place, colours))?;
    let marks = [
        (pixel.contested, "contested: yes stands against no"),
        (pixel.voided, "a closed gate voids the data"),
        (pixel.surrogate, "model samples only; never alone a row's yes"),
        (
            !pixel.expected,
            "the catalogue does not expect this technique to speak for this observable",
        ),
    ];
    for (_, text) in marks.iter().filter(|(holds, _)| *holds) {
        writeln!(out, "  {text}")?;
    }
    if !pixel.reason.is_empty() {
        writeln!(out, "  {}", pixel.reason)?;
    }
    if let Some(progress) = pixel.progress.filter(|_| pixel.answer.is_none()) {
        writeln!(out, "  so far: {}", progress.word().replace('_', " "))?;
    }
    for held in &behind.quantities {
        let quantity = &held.quantity;
        let groups: Vec<&str> = quantity.groups.iter().map(GroupId::as_str).collect();
        let sign = if quantity.qualifier.is_equal() { "" } else { quantity.qualifier.sign() };
        let of = quantity.sample.as_ref().map_or_else(
            || groups.join(" and "),
            |sample| format!("{sample} ({})", groups.join(" and ")),
        );
        writeln!(
            out,
            "  {}: {sign}{}, {of}",
            quantity.descriptor,
            Shown::of(quantity.value, quantity.uncertainty, &quantity.unit).text(),
        )?;
    }
    if let Some(computed) = &behind.computed {
        let standing = if computed.provisional { "provisional" } else { "confirmed margin" };
        let reason = if computed.reason.is_empty() {
            String::new()
        } else {
            format!(" ({})", computed.reason)
        };
        writeln!(out, "  computed: {}{reason}, {standing}", computed.answer.word())?;
        for verdict in &computed.verdicts {
            writeln!(out, "    {}", told(verdict))?;
        }
    }
    for revision in &behind.history {
        let entry = HistoryEntry::from(revision);
        let when = if entry.answered_on.is_empty() {
            String::new()
        } else {
            format!(" on {}", entry.answered_on)
        };
        writeln!(out, "  {}. {} by {}{when}", entry.seq, entry.answer, entry.author)?;
    }
    Ok(())
}

/// A comparison in one line, in per cent for ratios.
fn told(verdict: &Verdict) -> String {
    let show = |value: f64| match verdict.scale {
        Scale::Ratio => format!("{:+.1} %", value.exp_m1() * 100.0),
        Scale::Difference => format!("{value:+.4}"),
    };
    let u = verdict.u.map_or_else(|| "no spread known".to_owned(), |u| format!("u {u:.4}"));
    let flip = verdict.break_even_s0.map_or_else(String::new, |s0| match verdict.scale {
        Scale::Ratio => format!(", flips at a spread of {:.1} %", s0 * 100.0),
        Scale::Difference => format!(", flips at a spread of {s0:.4}"),
    });
    format!(
        "{}: {} against δ {}, {u}, n = {} and {}{flip}: {}",
        verdict.descriptor,
        show(verdict.d),
        show(verdict.delta),
        verdict.reference_n,
        verdict.test_n,
        verdict.answer.word(),
    )
}
