//! The geometry of marks, on a square of 36 units, and their colours.

use std::fmt::Write as _;

use galvanome_model::pixel::Progress;

use super::{Glyph, Line, Mark};

/// Side of the square on which marks are drawn.
pub const CELL: f64 = 36.0;

/// How colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// As classes of [`css`], which read custom properties: pages follow their theme.
    Classes,
    /// As the light theme's colours: a figure stands alone.
    Literal,
}

/// A colour by its meaning; the custom property has the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    YesField,
    YesMark,
    NoField,
    NoMark,
    UnsureField,
    UnsureMark,
    NaField,
    NdField,
    NdEdge,
    NdMark,
    PendEdge,
    PendArc,
    PendTrack,
    HeldField,
    HeldMark,
    Ink,
    Paper,
}

/// Name, light, dark. Marks stand out from their field by at least 3:1 in both themes.
const TOKENS: [(Token, &str, &str, &str); 17] = [
    (Token::YesField, "yes-field", "#8FCBAA", "#17402C"),
    (Token::YesMark, "yes-mark", "#07572F", "#6FD6A0"),
    (Token::NoField, "no-field", "#FBD3B2", "#4F2A12"),
    (Token::NoMark, "no-mark", "#A8460C", "#FF9F5E"),
    (Token::UnsureField, "unsure-field", "#F8E08A", "#4A3E0E"),
    (Token::UnsureMark, "unsure-mark", "#6B5200", "#F2CF5B"),
    (Token::NaField, "na-field", "#D9DDE1", "#2B3138"),
    (Token::NdField, "nd-field", "#FFFFFF", "#101317"),
    (Token::NdEdge, "nd-edge", "#C3C9CF", "#4A535C"),
    (Token::NdMark, "nd-mark", "#6A737C", "#929BA5"),
    (Token::PendEdge, "pend-edge", "#868F98", "#6B747E"),
    (Token::PendArc, "pend-arc", "#414951", "#C9CFD6"),
    (Token::PendTrack, "pend-track", "#C3C9CF", "#3A424A"),
    (Token::HeldField, "held-field", "#F3F4F3", "#1B2026"),
    (Token::HeldMark, "held-mark", "#5A636C", "#929BA5"),
    (Token::Ink, "ink", "#14181D", "#E9ECEF"),
    (Token::Paper, "paper", "#FBFBF9", "#101317"),
];

/// The custom properties that [`css`] reads, for a page that has no tokens of its own: light, dark by the
/// system's setting, and either by `data-theme` on the root.
pub fn tokens_css() -> String {
    let all = |pick: fn(&(Token, &str, &'static str, &'static str)) -> &'static str| {
        TOKENS.iter().fold(String::new(), |mut text, token| {
            let _ = write!(text, "--{}:{};", token.1, pick(token));
            text
        })
    };
    let (light, dark) = (all(|token| token.2), all(|token| token.3));
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
    )
}

/// The rules behind the classes of [`symbol_defs`] and of [`literal`] with [`Paint::Classes`].
pub fn css() -> String {
    TOKENS.iter().fold(String::new(), |mut text, (_, name, ..)| {
        let _ = write!(text, ".mf-{name}{{fill:var(--{name})}}.ms-{name}{{stroke:var(--{name})}}");
        text
    })
}

impl Paint {
    fn colours(self, fill: Option<Token>, stroke: Option<Token>) -> String {
        let of = |token: Token| {
            let entry = TOKENS.iter().find(|entry| entry.0 == token);
            // A figure is printed on white.
            let light = |light| if token == Token::Paper { "#FFFFFF" } else { light };
            entry.map_or(("", ""), |entry| (entry.1, light(entry.2)))
        };
        match (self, fill, stroke) {
            (Self::Classes, Some(fill), Some(stroke)) => {
                format!(r#"class="mf-{} ms-{}""#, of(fill).0, of(stroke).0)
            }
            (Self::Classes, Some(fill), None) => format!(r#"class="mf-{}""#, of(fill).0),
            (Self::Classes, None, Some(stroke)) => {
                format!(r#"fill="none" class="ms-{}""#, of(stroke).0)
            }
            (Self::Literal, Some(fill), Some(stroke)) => {
                format!(r#"fill="{}" stroke="{}""#, of(fill).1, of(stroke).1)
            }
            (Self::Literal, Some(fill), None) => format!(r#"fill="{}""#, of(fill).1),
            (Self::Literal, None, Some(stroke)) => {
                format!(r#"fill="none" stroke="{}""#, of(stroke).1)
            }
            (_, None, None) => String::new(),
        }
    }

    fn fill(self, token: Token) -> String {
        self.colours(Some(token), None)
    }

    fn stroke(self, token: Token) -> String {
        self.colours(None, Some(token))
    }

    fn field(self, token: Token) -> String {
        format!(r#"<rect {} width="36" height="36" rx="3"/>"#, self.fill(token))
    }

    /// A dotted square: dots sit in the corners and evenly between, `per_side` steps to a side.
    fn dots(self, token: Token, inset: f64, width: f64, per_side: f64) -> String {
        let (side, far) = (CELL - 2.0 * inset, CELL - inset);
        format!(
            r#"<path {} d="M{inset} {inset}H{far}V{far}H{inset}Z" stroke-width="{width}" stroke-linecap="round" stroke-dasharray="0 {}"/>"#,
            self.stroke(token),
            side / per_side
        )
    }
}

/// The four arcs of the progress ring, clockwise from the top.
const ARCS: [&str; 4] = [
    "M19.02 11.58A6.5 6.5 0 0 1 24.42 16.98",
    "M24.42 19.02A6.5 6.5 0 0 1 19.02 24.42",
    "M16.98 24.42A6.5 6.5 0 0 1 11.58 19.02",
    "M11.58 16.98A6.5 6.5 0 0 1 16.98 11.58",
];

const YES_IDS: [&str; 3] = ["m-yes-1", "m-yes-2", "m-yes-3"];
const NO_IDS: [&str; 3] = ["m-no-1", "m-no-2", "m-no-3"];
const PROGRESS_IDS: [&str; 4] = ["m-pending-1", "m-pending-2", "m-pending-3", "m-pending-4"];

impl Mark {
    /// The stable id of its symbol.
    pub fn id(self) -> &'static str {
        match self {
            Self::Yes(strength) => YES_IDS[strength.step()],
            Self::No(strength) => NO_IDS[strength.step()],
            Self::Unsure => "m-unsure",
            Self::UnsureVoided => "m-void",
            Self::NotApplicable => "m-na",
            Self::NotDone => "m-not-done",
            Self::Pending(None) => "m-pending",
            Self::Pending(Some(progress)) => PROGRESS_IDS[progress_step(progress)],
            Self::Contested => "m-contested",
            Self::Withheld => "m-withheld",
        }
    }
}

const fn progress_step(progress: Progress) -> usize {
    match progress {
        Progress::Planned => 0,
        Progress::InTransit => 1,
        Progress::Measured => 2,
        Progress::Analysed => 3,
    }
}

/// Every symbol's id with its drawing.
pub(super) fn symbols(paint: Paint) -> Vec<(&'static str, String)> {
    use Token::{
        HeldField, HeldMark, Ink, NaField, NdEdge, NdField, NdMark, NoField, NoMark, Paper,
        PendArc, PendEdge, PendTrack, UnsureField, UnsureMark, YesField, YesMark,
    };
    let mut all = Vec::new();
    for (id, radius) in YES_IDS.into_iter().zip([6.5, 9.5, 12.5]) {
        let disc = format!(r#"<circle {} cx="18" cy="18" r="{radius}"/>"#, paint.fill(YesMark));
        all.push((id, paint.field(YesField) + &disc));
    }
    for (id, (radius, width)) in NO_IDS.into_iter().zip([(10.1, 2.2), (9.3, 3.8), (8.4, 5.6)]) {
        let ring = format!(
            r#"<circle {} cx="18" cy="18" r="{radius}" stroke-width="{width}"/>"#,
            paint.stroke(NoMark)
        );
        all.push((id, paint.field(NoField) + &ring));
    }
    let half = format!(
        r#"{}<circle {} cx="18" cy="18" r="9.2" stroke-width="1.7"/><path {} d="M18 8.8a9.2 9.2 0 0 0 0 18.4z"/>"#,
        paint.field(UnsureField),
        paint.stroke(UnsureMark),
        paint.fill(UnsureMark)
    );
    let slash = format!(
        r#"<path {} d="M8.5 27.5L27.5 8.5" stroke-width="2.2" stroke-linecap="round"/>"#,
        paint.stroke(UnsureMark)
    );
    all.push(("m-void", half.clone() + &slash));
    all.push(("m-unsure", half));
    all.push(("m-na", paint.field(NaField)));
    all.push((
        "m-not-done",
        format!(
            r#"<rect {} x=".5" y=".5" width="35" height="35" rx="3"/><path {} d="M12.5 18h11" stroke-width="1.8" stroke-linecap="round"/>"#,
            paint.colours(Some(NdField), Some(NdEdge)),
            paint.stroke(NdMark)
        ),
    ));
    let frame = paint.dots(PendEdge, 2.0, 1.7, 8.0);
    for (done, id) in PROGRESS_IDS.into_iter().enumerate() {
        // One path for all arcs of a kind: every pixel on a page repeats the elements of its symbol.
        let (full, open) = ARCS.split_at(done + 1);
        let mut drawing = frame.clone();
        for (arcs, token, width) in [(full, PendArc, 3.0), (open, PendTrack, 1.5)] {
            if !arcs.is_empty() {
                let (stroke, path) = (paint.stroke(token), arcs.concat());
                let _ = write!(drawing, r#"<path {stroke} d="{path}" stroke-width="{width}"/>"#);
            }
        }
        all.push((id, drawing));
    }
    all.push(("m-pending", frame));
    all.push((
        "m-unexpected",
        format!(
            r#"<path {} d="M2 6V2H6M30 2H34V6M34 30V34H30M6 34H2V30" stroke-width="1.7" stroke-linecap="round" stroke-dasharray="0 4"/>"#,
            paint.stroke(PendEdge)
        ),
    ));
    all.push((
        "m-contested",
        format!(
            r#"<path {} d="M17 0H3a3 3 0 0 0-3 3v30a3 3 0 0 0 3 3h14z"/><path {} d="M19 0h14a3 3 0 0 1 3 3v30a3 3 0 0 1-3 3H19z"/><path {} d="M17 8.5a9.5 9.5 0 0 0 0 19z"/><path {} d="M19 10.3a7.7 7.7 0 0 1 0 15.4" stroke-width="3.8"/>"#,
            paint.fill(YesField),
            paint.fill(NoField),
            paint.fill(YesMark),
            paint.stroke(NoMark)
        ),
    ));
    all.push((
        "m-withheld",
        format!(
            r#"<rect {} x=".5" y=".5" width="35" height="35" rx="3"/><path {} d="M13.7 17.5v-3.6a4.3 4.3 0 0 1 8.6 0v3.6" stroke-width="2.2"/><rect {} x="10.5" y="16.6" width="15" height="11" rx="1.8"/>"#,
            paint.colours(Some(HeldField), Some(NdEdge)),
            paint.stroke(HeldMark),
            paint.fill(HeldMark)
        ),
    ));
    let line = |path: &str, width: f64| {
        format!(r#"<path {} d="{path}" stroke-width="{width}"/>"#, paint.stroke(Ink))
    };
    all.push(("m-expert", line("M14.5 32h7", 1.2)));
    all.push(("m-over", line("M9 31.8h18", 2.4)));
    all.push((
        "m-stale",
        format!(
            r#"<path {} d="M36 0v11h-1a10 10 0 0 1-10-10v-1z"/><circle {} cx="31" cy="5" r="3.8" stroke-width="1.2"/>"#,
            paint.fill(Paper),
            paint.stroke(Ink)
        ) + &line("M31 2.8V5h1.8", 1.1),
    ));
    all.push((
        "m-surrogate",
        format!(r#"<path {} d="M0 0H11L0 11Z"/>"#, paint.fill(Paper))
            + &line("M10.5 1L1 10.5", 1.3),
    ));
    all.push(("m-rim", paint.dots(Ink, 1.0, 2.0, 8.0)));
    all
}

/// One hidden `<svg>` with every symbol, for the top of a page; then a pixel is
/// `<svg viewBox="0 0 36 36"><use href="#m-yes-2"/><use href="#m-expert"/></svg>` ([`Glyph::uses`]).
/// The page needs the rules of [`css`].
pub fn symbol_defs() -> String {
    let mut text = String::from(
        r#"<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>"#,
    );
    for (id, drawing) in symbols(Paint::Classes) {
        let _ = write!(text, r#"<symbol id="{id}" viewBox="0 0 36 36">{drawing}</symbol>"#);
    }
    text + "</defs></svg>"
}

/// The ids of the symbols that make a glyph, lowest first.
pub fn overlay_ids(glyph: &Glyph) -> Vec<&'static str> {
    let mark = if glyph.unexpected { "m-unexpected" } else { glyph.mark.id() };
    let line = glyph.line.map(|line| match line {
        Line::Expert => "m-expert",
        Line::ExpertOverComputed => "m-over",
    });
    let mut ids = vec![mark];
    ids.extend(line);
    for (drawn, id) in
        [(glyph.surrogate, "m-surrogate"), (glyph.stale, "m-stale"), (glyph.rim, "m-rim")]
    {
        if drawn {
            ids.push(id);
        }
    }
    ids
}

/// The drawings of the given symbols on a square of 36 units, written out in full.
pub fn literal(ids: &[&str], paint: Paint) -> String {
    let all = symbols(paint);
    ids.iter()
        .filter_map(|id| all.iter().find(|(known, _)| known == id))
        .map(|(_, drawing)| drawing.as_str())
        .collect()
}

impl Glyph {
    /// The `<use>` elements of a glyph, for the inside of an `<svg viewBox="0 0 36 36">` on a page that has
    /// [`symbol_defs`].
    pub fn uses(&self) -> String {
        overlay_ids(self).into_iter().fold(String::new(), |mut text, id| {
            let _ = write!(text, r##"<use href="#{id}"/>"##);
            text
        })
    }

    /// A whole `<svg>` of a glyph with its class, for a page that has [`symbol_defs`]. It is hidden from
    /// assistive technology: the element around it carries [`Glyph::words`].
    pub fn svg(&self, class: &str) -> String {
        format!(
            r#"<svg class="{class}" viewBox="0 0 36 36" width="36" height="36" aria-hidden="true">{}</svg>"#,
            self.uses()
        )
    }
}
