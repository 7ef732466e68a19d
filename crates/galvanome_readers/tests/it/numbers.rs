//! Numbers in text: each is the float nearest to what is written, as the standard library finds it.

use galvanome_readers::{Collect, Files, Limits, read};

/// Reads texts as the voltages of a table, with points or commas.
fn voltages(texts: &[String], comma: bool) -> Vec<f64> {
    let mut bytes = b"test_time_second;voltage_volt;current_ampere\n".to_vec();
    for text in texts {
        let text = if comma { text.replace('.', ",") } else { text.clone() };
        // The other columns say which sign is meant.
        let half = if comma { "0,5" } else { "0.5" };
        bytes.extend(format!("{half};{text};{half}\n").bytes());
    }
    let mut collect = Collect::new();
    read(&Files::one("cell.csv", bytes), &Limits::default(), &mut collect).expect("a table");
    collect.into_measurement().tables[0].numbers("voltage_volt").expect("voltages").to_vec()
}

fn check(texts: &[String]) {
    for comma in [false, true] {
        for (text, ours) in texts.iter().zip(voltages(texts, comma)) {
            let theirs: f64 = text.parse().expect("a number");
            assert_eq!(ours.to_bits(), theirs.to_bits(), "{text}: {ours:?}, not {theirs:?}");
        }
    }
}

#[test]
fn edges() {
    let texts = [
        "0",
        "-0",
        "+1",
        ".5",
        "5.",
        "-.5",
        "00012",
        "1e0",
        "1E+000",
        "1e-0005",
        "1e22",
        "1e23",
        "-1e-22",
        "1e-23",
        "9007199254740992",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740991e22",
        "12345678",
        "123456789",
        "1234567.8",
        "12345678.12345678",
        "0.000840994167925692",
        "3.31121478737747",
        "0.30000000000000004",
        "18446744073709551616",
        "99999999999999999999",
        "0.000000000000000000000000000001",
        "1.7976931348623157e308",
        "4.9e-324",
        "1e-400",
        "123456789012345678901234567890.5",
        // Just between two floats, and one digit beside it.
        "4503599627370496.5",
        "4503599627370497.5",
        "4503599627370497.51",
        "2251799813685248.25",
        "2251799813685248.75",
        "9007199254740995.000",
        "9007199254740994.999",
        "18446744073709550592.5",
        "9999999999999999999",
        "0.9999999999999999999",
        "0.1000000000000000055",
        "4.1465597E+000",
        "-5.0253500E-002",
    ];
    check(&texts.map(str::to_owned));
}

#[test]
fn many() {
    // A fixed sequence, so that a failure can be repeated.
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut draw = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut texts = Vec::new();
    for _ in 0..20_000 {
        let mut text = String::from(["", "-", "+"][draw(3) as usize]);
        let digits = |text: &mut String, count: u64, draw: &mut dyn FnMut(u64) -> u64| {
            text.extend((0..count).map(|_| char::from(b'0' + draw(10) as u8)));
        };
        let (before, behind) = (draw(12), draw(20));
        digits(&mut text, before.max(u64::from(behind == 0)), &mut draw);
        if behind > 0 {
            text.push('.');
            digits(&mut text, behind, &mut draw);
        }
        if draw(3) == 0 {
            text.push_str(["e", "E", "E+", "e-"][draw(4) as usize]);
            let count = 1 + draw(2);
            digits(&mut text, count, &mut draw);
        }
        texts.push(text);
    }
    check(&texts);
}

#[test]
fn what_is_no_number_is_none() {
    let texts =
        ["1.2.3", "1e", "e5", ".", "-", "+", "1-2", "1e+", "12a", "0x10", "1,5", "1_0", "１"];
    let read = voltages(&texts.map(str::to_owned), false);
    assert!(read.iter().all(|number| number.is_nan()), "{read:?}");
}
