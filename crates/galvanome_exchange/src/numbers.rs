//! Numbers as people write them: a value with as many digits as its uncertainty carries, and always its unit.

/// A proper minus.
const MINUS: char = '\u{2212}';

/// A value ready to be shown, its parts apart so that a table can align them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The value.
    pub value: String,
    /// Its standard uncertainty, with as many decimals; none when it is not known.
    pub uncertainty: Option<String>,
    /// A power of ten that both are multiplied by, as ` × 10⁻⁵`; usually empty.
    pub power: String,
    /// The unit; empty for a pure number.
    pub unit: String,
}

/// Decimals that an uncertainty carries: two digits when it begins with 100 to 354, otherwise one (the rounding of
/// the Particle Data Group, Rev. Part. Phys., introduction 5.3). May be negative. `None` when it is no positive number.
pub fn decimals_of(uncertainty: f64) -> Option<i32> {
    if !(uncertainty.is_finite() && uncertainty > 0.0) {
        return None;
    }
    let exponent = uncertainty.log10().floor() as i32;
    let lead = (uncertainty / 10_f64.powi(exponent) * 100.0).round();
    Some(if lead < 355.0 { 1 - exponent } else { -exponent })
}

/// A number with so many decimals, rounded to tens and hundreds when they are negative.
pub fn fixed(value: f64, decimals: i32) -> String {
    let rounded = if decimals < 0 {
        let step = 10_f64.powi(-decimals);
        format!("{:.0}", (value.abs() / step).round() * step)
    } else {
        format!("{:.*}", usize::try_from(decimals).unwrap_or(0).min(12), value.abs())
    };
    let is_zero = rounded.bytes().all(|c| matches!(c, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("{MINUS}{rounded}") } else { rounded }
}

/// The same with its sign, for differences.
pub fn signed(value: f64, decimals: i32) -> String {
    let text = fixed(value, decimals);
    let is_zero = text.bytes().all(|c| matches!(c, b'0' | b'.'));
    if value > 0.0 && !is_zero { format!("+{text}") } else { text }
}

impl Shown {
    /// A value with its uncertainty in a unit as quantities write it.
    pub fn of(value: f64, uncertainty: Option<f64>, unit_text: &str) -> Self {
        let unit = unit(unit_text);
        if !value.is_finite() {
            return Self {
                value: "not a number".to_owned(),
                uncertainty: None,
                power: String::new(),
                unit,
            };
        }
        let known = uncertainty.filter(|u| decimals_of(*u).is_some());
        let size = value.abs().max(known.unwrap_or(0.0));
        let exponent = if size == 0.0 { 0 } else { size.log10().floor() as i32 };
        let (factor, power) = if (-3..6).contains(&exponent) {
            (1.0, String::new())
        } else {
            (10_f64.powi(-exponent), format!(" × 10{}", superscript(&exponent.to_string())))
        };
        match known.and_then(|u| Some((u * factor, decimals_of(u * factor)?))) {
            Some((u, decimals)) => Self {
                value: fixed(value * factor, decimals),
                uncertainty: Some(fixed(u, decimals)),
                power,
                unit,
            },
            None => Self { value: digits(value * factor, 6), uncertainty: None, power, unit },
        }
    }

    /// The value alone, with its unit: `127 grey (arb.)`, `1.2 × 10⁻⁵ mol/m²`.
    pub fn value_text(&self) -> String {
        self.with_unit(format!("{}{}", self.value, self.power))
    }

    /// The uncertainty with its unit: `± 0.02`, `± 3 nm`.
    pub fn uncertainty_text(&self) -> Option<String> {
        let u = self.uncertainty.as_ref()?;
        Some(self.with_unit(format!("± {u}{}", self.power)))
    }

    /// Everything: `0.46 ± 0.02`, `(1.23 ± 0.04) × 10⁻⁵ mol/m²`.
    pub fn text(&self) -> String {
        match &self.uncertainty {
            None => self.value_text(),
            Some(u) if self.power.is_empty() => self.with_unit(format!("{} ± {u}", self.value)),
            Some(u) => self.with_unit(format!("({} ± {u}){}", self.value, self.power)),
        }
    }

    /// The same unit with another number before it.
    pub fn relabelled(&self, value: &str) -> String {
        Self {
            value: value.to_owned(),
            uncertainty: None,
            power: String::new(),
            unit: self.unit.clone(),
        }
        .value_text()
    }

    fn with_unit(&self, text: String) -> String {
        if self.unit.is_empty() { text } else { format!("{text} {}", self.unit) }
    }
}

/// A number with up to so many digits, without trailing zeros and with a proper minus.
pub fn digits(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { "–".to_owned() };
    }
    let before = value.abs().log10().floor() as i32 + 1;
    let decimals = usize::try_from(digits - before).unwrap_or(0).min(12);
    let mut text = format!("{:.decimals$}", value.abs());
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if value < 0.0 { format!("\u{2212}{text}") } else { text }
}

/// A log-ratio as the change in per cent that it stands for.
pub fn change(log_ratio: f64) -> f64 {
    100.0 * log_ratio.exp_m1()
}

/// A change in per cent with its sign: `−36 %`. Beyond +900 % it is written as a factor.
pub fn percent(log_ratio: f64, decimals: i32) -> String {
    let change = change(log_ratio);
    if change > 900.0 {
        format!("×{}", digits(1.0 + change / 100.0, 3))
    } else {
        format!("{} %", signed(change, decimals))
    }
}

/// A fraction as a percentage without a sign and with up to three digits: `0.1` is `10 %`.
pub fn share(fraction: f64) -> String {
    format!("{} %", digits(100.0 * fraction, 3))
}

fn superscript(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '-' => '⁻',
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            c => c,
        })
        .collect()
}

/// A unit as people write it: `um` is `µm`, `mol/m2` is `mol/m²`, `1/cm` is `cm⁻¹`, `arb:grey` is `grey (arb.)`,
/// `1` is empty. What is not known stays as it is.
pub fn unit(text: &str) -> String {
    if let Some(scale) = text.strip_prefix("arb:") {
        return format!("{} (arb.)", scale.replace(['-', '_'], " "));
    }
    match text {
        "1" | "" => String::new(),
        "count" => "counted".to_owned(),
        _ => match text.strip_prefix("1/") {
            Some(below) if !below.contains('/') => {
                let (name, power) = split_power(below);
                format!(
                    "{}⁻{}",
                    unit_name(name),
                    superscript(if power.is_empty() { "1" } else { power })
                )
            }
            _ => text
                .split('/')
                .map(|part| {
                    let (name, power) = split_power(part);
                    format!("{}{}", unit_name(name), superscript(power))
                })
                .collect::<Vec<_>>()
                .join("/"),
        },
    }
}

fn split_power(part: &str) -> (&str, &str) {
    let name = part.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.is_empty() { (part, "") } else { (name, part.get(name.len()..).unwrap_or_default()) }
}

fn unit_name(name: &str) -> String {
    match name {
        "angstrom" => "Å".to_owned(),
        "ohm" => "Ω".to_owned(),
        "degC" => "°C".to_owned(),
        "deg" => "°".to_owned(),
        "cycle" => "cycle".to_owned(),
        _ => match name.strip_prefix('u') {
            Some("m" | "mol" | "g" | "A" | "V" | "s" | "L" | "l" | "W" | "Ah") => {
                format!("µ{}", name.get(1..).unwrap_or_default())
            }
            _ => name.to_owned(),
        },
    }
}

/// What a unit is called where its numbers stand bare.
pub fn unit_said(text: &str) -> String {
    if matches!(text, "1" | "") { "pure number".to_owned() } else { format!("in {}", unit(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_digits_of_its_uncertainty() {
        for (value, uncertainty, unit, expected) in [
            (0.4612, Some(0.0213), "1", "0.461 ± 0.021"),
            (0.4612, Some(0.04), "1", "0.46 ± 0.04"),
            (0.46, None, "1", "0.46"),
            (14.19, Some(0.000_96), "angstrom", "14.1900 ± 0.0010 Å"),
            (12345.0, Some(678.0), "ppm", "12300 ± 700 ppm"),
            (127.0, None, "arb:grey", "127 grey (arb.)"),
            (-75.0, Some(0.5), "ppm", "−75.0 ± 0.5 ppm"),
            (0.000_012_34, Some(0.000_000_4), "mol/m2", "(1.23 ± 0.04) × 10⁻⁵ mol/m²"),
            (0.000_012_34, None, "mol/m2", "1.234 × 10⁻⁵ mol/m²"),
            (0.0, Some(0.02), "V", "0.000 ± 0.020 V"),
            (-0.001, Some(0.1), "V", "0.00 ± 0.10 V"),
            (1e-15, Some(0.18), "%/cycle", "0.00 ± 0.18 %/cycle"),
            (3.5, Some(0.0), "nm", "3.5 nm"),
            (0.0, None, "um", "0 µm"),
            (f64::NAN, None, "um", "not a number µm"),
            (1.5, None, "1/cm", "1.5 cm⁻¹"),
            (2.0, None, "umol/cm2", "2 µmol/cm²"),
            (1.0, None, "%/cycle", "1 %/cycle"),
        ] {
            assert_eq!(Shown::of(value, uncertainty, unit).text(), expected);
        }
    }

    #[test]
    fn differences_carry_a_sign_and_a_unit() {
        for (log_ratio, decimals, expected) in [
            (0.638_889_f64.ln(), 0, "−36 %"),
            (0.003_f64.ln_1p(), 1, "+0.3 %"),
            (0.0, 0, "0 %"),
            (-0.000_01, 0, "0 %"),
            (20.0_f64.ln(), 0, "×20"),
        ] {
            assert_eq!(percent(log_ratio, decimals), expected);
        }
        assert_eq!(share(0.025), "2.5 %");
    }
}
