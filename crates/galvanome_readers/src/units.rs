//! Units as instruments write them, and how their numbers become ours.

/// What a column measures, with the unit that we keep it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    /// Seconds.
    Time,
    /// Volts.
    Voltage,
    /// Amperes.
    Current,
    /// Ampere hours.
    Charge,
    /// Watt hours.
    Energy,
    /// Watts.
    Power,
    /// Ohms.
    Resistance,
    /// Degrees Celsius.
    Temperature,
    /// Pascals.
    Pressure,
    /// Hertz.
    Frequency,
    /// Degrees.
    Angle,
    /// A pure number or an index.
    One,
}

impl Dimension {
    /// Every dimension.
    pub(crate) const ALL: [Self; 12] = [
        Self::Time,
        Self::Voltage,
        Self::Current,
        Self::Charge,
        Self::Energy,
        Self::Power,
        Self::Resistance,
        Self::Temperature,
        Self::Pressure,
        Self::Frequency,
        Self::Angle,
        Self::One,
    ];

    /// The unit that we keep it in, as it is written in column heads.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::Time => "s",
            Self::Voltage => "V",
            Self::Current => "A",
            Self::Charge => "Ah",
            Self::Energy => "Wh",
            Self::Power => "W",
            Self::Resistance => "ohm",
            Self::Temperature => "degC",
            Self::Pressure => "Pa",
            Self::Frequency => "Hz",
            Self::Angle => "deg",
            Self::One => "1",
        }
    }
}

/// How a number in one unit becomes a number in another. Division keeps the last digit where multiplying by
/// an inexact 0.001 would not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Convert {
    /// It stays.
    Same,
    /// It is multiplied.
    Times(f64),
    /// It is divided.
    Over(f64),
    /// Something is added.
    Plus(f64),
    /// Its sign is turned.
    Minus,
    /// From degrees Fahrenheit to degrees Celsius.
    Fahrenheit,
}

impl Convert {
    /// The number in the other unit.
    pub(crate) fn apply(self, value: f64) -> f64 {
        match self {
            Self::Same => value,
            Self::Times(factor) => value * factor,
            Self::Over(divisor) => value / divisor,
            Self::Plus(offset) => value + offset,
            // Not `-value`, which makes a negative zero of zero.
            Self::Minus => 0.0 - value,
            Self::Fahrenheit => (value - 32.0) / 1.8,
        }
    }
}

/// How numbers in a unit, as written in a file, become numbers of a dimension in the unit that we keep. None
/// when it is not a unit of that dimension. `C` is a temperature or a charge as the dimension asks.
pub(crate) fn conversion(unit: &str, dimension: Dimension) -> Option<Convert> {
    conversion_of(&normal(unit), dimension)
}

/// The same for a unit whose signs are written in one way.
fn conversion_of(unit: &str, dimension: Dimension) -> Option<Convert> {
    use Convert::{Fahrenheit, Over, Plus, Same, Times};
    Some(match dimension {
        Dimension::Time => match unit {
            "s" | "S" | "sec" | "secs" | "Sec" | "second" | "seconds" | "Seconds" => Same,
            "ms" | "msec" | "millisecond" | "milliseconds" => Over(1e3),
            "us" | "microsecond" | "microseconds" => Over(1e6),
            "min" | "Min" | "mins" | "minute" | "minutes" | "Minutes" => Times(60.0),
            "h" | "H" | "hr" | "hrs" | "Hr" | "hour" | "hours" | "Hours" => Times(3600.0),
            "d" | "day" | "days" => Times(86400.0),
            _ => return None,
        },
        Dimension::Voltage => match unit {
            "V" | "v" | "volt" | "Volt" | "volts" | "Volts" => Same,
            "mV" | "mv" | "millivolt" | "mVolts" => Over(1e3),
            "uV" | "microvolt" => Over(1e6),
            "kV" => Times(1e3),
            _ => return None,
        },
        Dimension::Current => match unit {
            "A" | "a" | "amp" | "Amp" | "amps" | "Amps" | "ampere" | "amperes" => Same,
            "mA" | "ma" | "mAmps" | "mAmp" | "milliamps" | "milliampere" => Over(1e3),
            "uA" | "microampere" => Over(1e6),
            "nA" => Over(1e9),
            _ => return None,
        },
        Dimension::Charge => match unit {
            "Ah" | "ah" | "AH" | "Amp-hr" | "ampere_hour" => Same,
            "mAh" | "mah" | "mAmp-hr" | "milliampere_hour" => Over(1e3),
            "uAh" => Over(1e6),
            "As" | "C" | "coulomb" => Over(3600.0),
            "mAs" | "mC" => Over(3.6e6),
            _ => return None,
        },
        Dimension::Energy => match unit {
            "Wh" | "wh" | "WH" | "Watt-hr" | "watt_hour" => Same,
            "mWh" | "milliwatt_hour" => Over(1e3),
            "uWh" => Over(1e6),
            "kWh" => Times(1e3),
            "J" | "Ws" | "joule" => Over(3600.0),
            "mWs" | "mJ" => Over(3.6e6),
            _ => return None,
        },
        Dimension::Power => match unit {
            "W" | "w" | "watt" | "Watt" | "Watts" => Same,
            "mW" | "milliwatt" => Over(1e3),
            "uW" => Over(1e6),
            "kW" => Times(1e3),
            _ => return None,
        },
        Dimension::Resistance => match unit {
            "ohm" | "Ohm" | "Ohms" | "ohms" | "OHM" => Same,
            "mohm" | "mOhm" | "milliohm" => Over(1e3),
            "kohm" | "kOhm" => Times(1e3),
            _ => return None,
        },
        Dimension::Temperature => match unit {
            "degC" | "°C" | "C" | "c" | "Cel" | "celsius" | "Celsius" | "deg C"
            | "degree_celsius" => Same,
            "K" | "kelvin" => Plus(-273.15),
            "F" | "°F" | "degF" => Fahrenheit,
            _ => return None,
        },
        Dimension::Pressure => match unit {
            "Pa" | "pa" | "pascal" => Same,
            "kPa" => Times(1e3),
            "MPa" => Times(1e6),
            "bar" => Times(1e5),
            "mbar" => Times(1e2),
            _ => return None,
        },
        Dimension::Frequency => match unit {
            "Hz" | "hz" | "hertz" => Same,
            "mHz" => Over(1e3),
            "kHz" => Times(1e3),
            "MHz" => Times(1e6),
            _ => return None,
        },
        Dimension::Angle => match unit {
            "deg" | "°" | "degree" | "degrees" => Same,
            "rad" | "radian" => Times(180.0 / std::f64::consts::PI),
            _ => return None,
        },
        Dimension::One => match unit {
            "1" | "" | "-" | "#" | "dimensionless" => Same,
            _ => return None,
        },
    })
}

/// Whether a text is a unit of any dimension, and not merely empty.
pub(crate) fn is_unit(text: &str) -> bool {
    // No unit is as long as most names are.
    if text.trim().is_empty() || text.trim().len() > 40 {
        return false;
    }
    let unit = normal(text);
    Dimension::ALL.iter().any(|&dimension| conversion_of(&unit, dimension).is_some())
        || matches!(unit.as_str(), "%" | "eV" | "mAh/g" | "Ah/V" | "mAh/V" | "V/Ah" | "V/s")
}

/// Signs and products written in one way: `µ` as `u`, `Ω` as `ohm`, `mA.h` as `mAh`.
fn normal(unit: &str) -> String {
    let mut normal = String::with_capacity(unit.len());
    for c in unit.trim().chars() {
        match c {
            '\u{b5}' | '\u{3bc}' => normal.push('u'),
            // The letter and the sign of the same look.
            '\u{3a9}' | '\u{2126}' => normal.push_str("ohm"),
            '℃' => normal.push_str("°C"),
            '.' | '·' | '*' => {}
            other => normal.push(other),
        }
    }
    normal
}
