//! Drawings that stretch with the page: places along the width are shares of it, from 0 to 1, everything else is in
//! pixels, so that lines and letters keep their size on every screen.

use std::fmt::Write as _;

/// The inside of an `<svg>` element. Every text is escaped here; the rest are numbers and names of classes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing(String);

/// How a text lies about its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

impl Anchor {
    const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A text for the inside of an element or of a quoted attribute.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        out
    })
}

/// A number of pixels, or of hundredths of a share, with two digits at most.
pub fn px(value: f64) -> String {
    let text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn share(x: f64) -> String {
    format!("{}%", px(100.0 * x))
}

impl Drawing {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line across, from one share of the width to another.
    pub fn across(&mut self, (x1, x2): (f64, f64), y: f64, class: &str) {
        let (x1, x2, y) = (share(x1), share(x2), px(y));
        let _ = write!(self.0, r#"<line class="{class}" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}"/>"#);
    }

    /// A line down.
    pub fn down(&mut self, x: f64, (y1, y2): (f64, f64), class: &str) {
        let (x, y1, y2) = (share(x), px(y1), px(y2));
        let _ = write!(self.0, r#"<line class="{class}" x1="{x}" x2="{x}" y1="{y1}" y2="{y2}"/>"#);
    }

    /// A rectangle between two shares of the width. Nothing when it has no extent.
    pub fn rect(&mut self, (x1, x2): (f64, f64), (y1, y2): (f64, f64), class: &str) {
        if x2 > x1 && y2 > y1 {
            let (x, width, y, height) = (share(x1), share(x2 - x1), px(y1), px(y2 - y1));
            let _ = write!(
                self.0,
                r#"<rect class="{class}" x="{x}" width="{width}" y="{y}" height="{height}"/>"#
            );
        }
    }

    /// A text, shifted from its place by some pixels.
    pub fn text(&mut self, (x, dx): (f64, f64), y: f64, anchor: Anchor, class: &str, text: &str) {
        let (x, y, anchor, text) = (share(x), px(y), anchor.word(), escape(text));
        let shift = if dx == 0.0 { String::new() } else { format!(r#" dx="{}""#, px(dx)) };
        let class = if class.is_empty() { String::new() } else { format!(r#" class="{class}""#) };
        let _ = write!(
            self.0,
            r#"<text{class} x="{x}" y="{y}"{shift} text-anchor="{anchor}">{text}</text>"#
        );
    }

    /// A drawing in pixels, with its origin at a place: markers, ends of whiskers.
    pub fn at(&mut self, x: f64, y: f64, inner: &str) {
        let (x, y) = (share(x), px(y));
        let _ = write!(self.0, r#"<svg x="{x}" y="{y}" overflow="visible">{inner}</svg>"#);
    }

    /// A band over the whole height of a drawing whose height is not known.
    pub fn band(&mut self, (x1, x2): (f64, f64), class: &str) {
        if x2 > x1 {
            let (x, width) = (share(x1), share(x2 - x1));
            let _ =
                write!(self.0, r#"<rect class="{class}" x="{x}" width="{width}" height="100%"/>"#);
        }
    }

    /// A line down the whole of such a drawing.
    pub fn post(&mut self, x: f64, class: &str) {
        let x = share(x);
        let _ = write!(self.0, r#"<line class="{class}" x1="{x}" x2="{x}" y1="0" y2="100%"/>"#);
    }

    /// A line across its middle.
    pub fn across_middle(&mut self, (x1, x2): (f64, f64), class: &str) {
        let (x1, x2) = (share(x1), share(x2));
        let _ = write!(self.0, r#"<line class="{class}" x1="{x1}" x2="{x2}" y1="50%" y2="50%"/>"#);
    }

    /// A drawing in pixels, with its origin in its middle.
    pub fn at_middle(&mut self, x: f64, inner: &str) {
        let x = share(x);
        let _ = write!(self.0, r#"<svg x="{x}" y="50%" overflow="visible">{inner}</svg>"#);
    }

    /// A drawing on a square of 100 that is stretched over a place.
    pub fn stretched(&mut self, (x1, x2): (f64, f64), (y1, y2): (f64, f64), inner: &str) {
        let (x, width, y, height) = (share(x1), share(x2 - x1), px(y1), px(y2 - y1));
        let _ = write!(
            self.0,
            r#"<svg x="{x}" width="{width}" y="{y}" height="{height}" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">{inner}</svg>"#
        );
    }

    /// What was drawn.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_element() {
        let mut drawing = Drawing::new();
        drawing.text((0.5, 0.0), 1.0, Anchor::Middle, "", r#"</text><script>"'&"#);
        assert_eq!(
            drawing.finish(),
            r#"<text x="50%" y="1" text-anchor="middle">&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;</text>"#
        );
    }

    #[test]
    fn numbers_are_always_numbers() {
        for (value, expected) in [
            (1.0, "1"),
            (0.126, "0.13"),
            (-0.0, "0"),
            (f64::NAN, "0"),
            (f64::INFINITY, "0"),
            (10.0, "10"),
        ] {
            assert_eq!(px(value), expected);
        }
    }
}
