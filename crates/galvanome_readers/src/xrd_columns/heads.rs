//! What the names above the columns of a pattern mean.

use galvanome_model::note::Note;

use crate::pattern::is_about_two_theta;
use crate::text::remarks::unmarked;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// What the detector gave.
    Intensity,
    /// Standard uncertainties of the column before.
    Uncertainty,
    /// Anything else: a calculated pattern, a background.
    Other,
}

/// A column behind the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) means: Means,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) vendor_name: String,
}

/// What the columns of a pattern are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// One for each column, the first of them for 2θ.
    pub(super) heads: Vec<Head>,
    /// What the file calls the angle.
    pub(super) axis_name: String,
    /// Degrees that one unit of the first column is.
    pub(super) to_degrees: f64,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// A line names 2θ.
    Named,
    /// A line names an angle θ.
    NamedTheta,
    /// Comments speak of 2θ, and the columns have no names.
    ByCustom,
}

impl Plan {
    /// Two or three columns below comments that speak of 2θ.
    pub(super) fn by_custom(width: usize) -> Self {
        let head = |means, name: &str| Head {
            means,
            name: name.to_owned(),
            unit: String::new(),
            vendor_name: String::new(),
        };
        let all = [
            head(Means::Other, "two_theta"),
            head(Means::Intensity, "intensity"),
            head(Means::Uncertainty, "uncertainty"),
        ];
        let heads = all.into_iter().take(width).collect();
        Self { heads, axis_name: String::new(), to_degrees: 1.0, how: How::ByCustom }
    }

    /// What is to be said of how the columns were understood.
    pub(super) fn note(&self) -> Option<Note> {
        let (code, message) = match self.how {
            How::Named => return None,
            How::NamedTheta => (
                "axis-assumed",
                format!(
                    "the first column is called {}; it is taken as the scattering angle 2θ in degrees, for which programs shorten the name so. If it is θ, double it",
                    self.axis_name
                ),
            ),
            How::ByCustom => (
                "columns-by-custom",
                "the columns have no names; since the comments speak of angles 2θ, the first is taken as 2θ in degrees, the second as the intensity and a third as its standard uncertainty".to_owned(),
            ),
        };
        Some(Note::new(code, message, ""))
    }
}

/// What a line says of so many columns below it; none unless it names 2θ first, and an intensity.
pub(super) fn plan_of(line: &str, width: usize) -> Option<Plan> {
    let cells = cells_of(unmarked(line), width)?;
    let mut cells = cells.iter().map(|cell| (cell, split(cell)));
    let (first, (angle, unit)) = cells.next()?;
    let how = match angle.as_str() {
        "2theta" | "2th" | "twotheta" | "tth" | "2θ" | "2thetaangle" | "angle2theta"
        | "scatteringangle" | "pos2th" | "°2th" | "°2theta" | "°2θ" => How::Named,
        // `Pos. [°2Th.]`
        "pos" | "position" | "angle" if is_about_two_theta(&unit.to_lowercase()) => How::Named,
        "theta" | "θ" => How::NamedTheta,
        _ => return None,
    };
    let to_degrees = match unit.to_lowercase().as_str() {
        "" | "deg" | "degree" | "degrees" | "°" | "°2th" | "°2th." | "°2θ" | "°2theta"
        | "deg2theta" | "deg." => 1.0,
        "rad" | "radian" | "radians" => 1f64.to_degrees(),
        _ => return None,
    };
    let angle_head = Head {
        means: Means::Other,
        name: "two_theta".to_owned(),
        unit: String::new(),
        vendor_name: first.clone(),
    };
    let mut heads = vec![angle_head];
    heads.extend(cells.map(|(cell, (name, unit))| head_of(cell, &name, &unit)));
    let measured = heads.iter().skip(1).filter(|head| head.means == Means::Intensity).count();
    (measured > 0).then(|| Plan { axis_name: first.clone(), heads, to_degrees, how })
}

fn head_of(cell: &str, name: &str, unit: &str) -> Head {
    let own_unit = match name {
        "counts" | "cts" => "counts",
        "cps" | "countspersecond" | "countrate" => "counts/s",
        _ => "",
    };
    let means = match name {
        "intensity" | "intensities" | "int" | "i" | "iobs" | "yobs" | "y" | "counts" | "cts"
        | "cps" | "countspersecond" | "countrate" | "intensityobs" | "observed" => Means::Intensity,
        "esd" | "error" | "err" | "sigma" | "σ" | "uncertainty" | "std" | "e" | "sig"
        | "intensityerror" | "errorbar" | "sd" | "esds" | "dintensity" | "intensitysigma" => {
            Means::Uncertainty
        }
        _ => Means::Other,
    };
    let unit = match unit.to_lowercase().as_str() {
        "" => own_unit.to_owned(),
        "counts" | "count" | "cts" => "counts".to_owned(),
        "cps" | "counts/s" | "cts/s" | "counts/sec" | "c/s" => "counts/s".to_owned(),
        _ => unit.to_owned(),
    };
    let name = if means == Means::Intensity { "intensity" } else { cell };
    let name = if name.is_empty() { "unnamed" } else { name };
    Head { means, name: name.to_owned(), unit, vendor_name: cell.to_owned() }
}

/// The cells of a line of names, as many as there are columns. Blanks stand within names too, so that they separate only
/// when nothing else does, and what stands in brackets belongs to the word before.
fn cells_of(line: &str, width: usize) -> Option<Vec<String>> {
    let clean = |cell: &str| unmarked(cell.trim().trim_matches('"')).to_owned();
    for separator in ['\t', ';', ','] {
        let cells: Vec<String> = line.trim().split(separator).map(clean).collect();
        if cells.len() == width {
            return Some(cells);
        }
    }
    let wide: Vec<String> = line.split("  ").map(clean).filter(|cell| !cell.is_empty()).collect();
    if wide.len() == width {
        return Some(wide);
    }
    let mut cells: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        let joins = word.starts_with(['(', '[', '/']) || {
            let before = cells.last().map(String::as_str);
            matches!(before, Some("2" | "two" | "Two")) || before.is_some_and(is_open)
        };
        match cells.last_mut() {
            Some(last) if joins => {
                last.push(' ');
                last.push_str(word);
            }
            _ => cells.push(word.to_owned()),
        }
    }
    (cells.len() == width).then_some(cells)
}

/// Whether a bracket is open at the end.
fn is_open(cell: &str) -> bool {
    let count = |bracket: char| cell.matches(bracket).count();
    count('(') > count(')') || count('[') > count(']')
}

/// A name in small letters without blanks, strokes and points, and the unit in brackets or behind a stroke.
fn split(cell: &str) -> (String, String) {
    let (name, unit) = match cell.find(['(', '[', '/']) {
        Some(place) if place > 0 => cell.split_at(place),
        _ => (cell, ""),
    };
    let is_sign = |c: &char| c.is_whitespace() || matches!(c, '_' | '-' | '.' | '*');
    let mut name: String = name.to_lowercase().chars().filter(|c| !is_sign(c)).collect();
    let mut unit = unit.trim().trim_matches(['(', ')', '[', ']', '/']).replace(' ', "");
    for suffix in ["degrees", "degree", "deg", "rad"] {
        if let Some(short) = name.strip_suffix(suffix).filter(|short| !short.is_empty()) {
            (unit, name) = (suffix.to_owned(), short.to_owned());
        }
    }
    (name, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns() {
        let check = |line: &str, width: usize, expected: Option<&[(&str, &str)]>| {
            let plan = plan_of(line, width);
            let found = plan.as_ref().map(|plan| {
                let heads = plan.heads.iter().skip(1);
                heads.map(|head| (head.name.as_str(), head.unit.as_str())).collect::<Vec<_>>()
            });
            assert_eq!(found.as_deref(), expected, "{line}");
        };
        check("2Theta,Intensity", 2, Some(&[("intensity", "")]));
        check("theta,intensity", 2, Some(&[("intensity", "")]));
        check("# 2-Theta (deg)  Intensity (counts)", 2, Some(&[("intensity", "counts")]));
        check("# 2th_deg I", 2, Some(&[("intensity", "")]));
        check("2 Theta [deg] Intensity [a. u.]", 2, Some(&[("intensity", "a.u.")]));
        check("Pos. [°2Th.]\tIobs [cts]", 2, Some(&[("intensity", "counts")]));
        check("Pos. [mm]\tIobs [cts]", 2, None);
        check("2θ [°];I [cps];esd", 3, Some(&[("intensity", "counts/s"), ("esd", "")]));
        check("2theta yobs ycalc", 3, Some(&[("intensity", ""), ("ycalc", "")]));
        check("2theta,ycalc", 2, None);
        check("2Theta,Intensity", 3, None);
        check("2theta (mm),Intensity", 2, None);
        check("Time,Voltage", 2, None);
        check("Q,I", 2, None);
    }

    #[test]
    fn what_is_assumed_is_told() {
        let codes =
            |line: &str| plan_of(line, 2).and_then(|plan| plan.note()).map(|note| note.code);
        assert_eq!(codes("2theta I"), None);
        assert_eq!(codes("theta I").as_deref(), Some("axis-assumed"));
        assert_eq!(
            plan_of("2theta(rad) I", 2).map(|plan| plan.to_degrees),
            Some(1f64.to_degrees())
        );
    }
}
