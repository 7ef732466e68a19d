//! How often true values lie within two standard uncertainties: a thousand patterns in the long test, a fiftieth here.

use std::fmt::Write as _;

use galvanome_model::measurement::Table;
use galvanome_numerics::random::Random;
use galvanome_techniques::Analysis;

use super::simulated::{K_ALPHA, Made, Shape};

/// Hits and trials of each quantity, how far off they were together, and how often there was no number.
#[derive(Default)]
struct Tally(Vec<(String, usize, usize, f64, usize)>);

impl Tally {
    fn add(&mut self, name: &str, truth: f64, found: Option<(f64, f64)>) {
        let place = self.0.iter().position(|one| one.0 == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), 0, 0, 0.0, 0));
            self.0.len() - 1
        });
        let one = &mut self.0[place];
        let Some((value, u)) = found else {
            one.4 += 1;
            return;
        };
        one.1 += usize::from((value - truth).abs() <= 2.0 * u);
        one.2 += 1;
        one.3 += (value - truth) / u;
    }

    fn lines(&self, title: &str) -> String {
        let mut text = format!("{title}\n");
        for (name, hits, of, off, none) in &self.0 {
            let part = 100.0 * *hits as f64 / *of as f64;
            let off = off / *of as f64;
            let _ = writeln!(
                text,
                "  {name}: {hits} of {of}, {part:.1} %, mean off {off:+.2} u, none {none}"
            );
        }
        text
    }

    /// Between 93.4 and 97.5 % of a thousand; of few, no farther from 95.45 % than four standard errors.
    fn judge(&self) {
        for (name, hits, of, _, none) in &self.0 {
            assert!(none * 20 <= *of, "{name}: {none} have none");
            let part = *hits as f64 / *of as f64;
            let (low, high) = if *of >= 900 {
                (0.934, 0.975)
            } else {
                let error = (0.9545_f64 * 0.0455 / *of as f64).sqrt();
                (0.9545 - 4.0 * error, 1.0)
            };
            assert!(part >= low && part <= high, "{name}: {hits} of {of}");
        }
    }
}

fn quantity(analysis: &Analysis, name: &str) -> Option<(f64, f64)> {
    let found = analysis.quantity(name)?;
    Some((found.value, found.uncertainty?)).filter(|_| found.qualifier.is_equal())
}

/// A pattern with truth of its own for each seed.
fn drawn(seed: u64, base: &Made) -> Made {
    let mut random = Random::seeded(seed ^ 0xC0FFEE);
    Made {
        a: base.a + 0.01 * (random.uniform() - 0.5),
        c: base.c + 0.1 * (random.uniform() - 0.5),
        displacement_mm: 0.3 * (random.uniform() - 0.5),
        size_nm: 60.0 + 40.0 * random.uniform(),
        strain: 0.0008 + 0.0006 * random.uniform(),
        ..base.clone()
    }
}

fn cell_column(table: &Table, name: &str) -> Option<(f64, f64)> {
    let value = *table.numbers(name)?.first()?;
    let u = *table.numbers(&format!("{name}_uncertainty"))?.first()?;
    Some((value, u)).filter(|pair| pair.0.is_finite() && pair.1.is_finite())
}

/// Cell, displacement, positions.
fn cells(patterns: u64, base: &Made, settings: &[&str]) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..patterns {
        let made = drawn(seed, base);
        let analysis = made.analyzed(seed, settings);
        tally.add("lattice a", made.a, quantity(&analysis, "xrd.lattice-a"));
        tally.add("lattice c", made.c, quantity(&analysis, "xrd.lattice-c"));
        let place = made.place(0, 0, 3, K_ALPHA.0, made.c);
        tally.add("position of 003", place, quantity(&analysis, "xrd.003-position"));
        let series = analysis.tables.iter().find(|table| table.name == "series").unwrap();
        let displacement = cell_column(series, "displacement_over_radius");
        tally.add("displacement", made.displacement_mm / 240.0, displacement);
    }
    tally
}

/// Size and strain, of Lorentzian peaks: breadths of those add.
fn breadths(patterns: u64, base: &Made) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..patterns {
        let made = drawn(seed, base);
        let analysis = made.analyzed(seed, &["instrument-width=0.06"]);
        tally.add("size", made.size_nm, quantity(&analysis, "xrd.crystallite-size"));
        tally.add("strain", made.strain, quantity(&analysis, "xrd.microstrain"));
    }
    tally
}

/// The fraction of the second phase.
fn fractions(patterns: u64, base: &Made) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..patterns {
        let mut random = Random::seeded(seed ^ 0xFACADE);
        let share = 0.15 + 0.6 * random.uniform();
        let made = Made {
            second: (share, 0.010 + 0.006 * random.uniform()),
            size_nm: 90.0,
            ..base.clone()
        };
        let analysis = made.analyzed(seed, &["correction=none", "to=50"]);
        tally.add("fraction", share, quantity(&analysis, "xrd.monoclinic-fraction"));
    }
    tally
}

fn lorentzian() -> Made {
    Made { shape: Shape::PseudoVoigt(1.0), ..Made::default() }
}

#[test]
fn a_fiftieth_of_the_simulation() {
    for tally in [
        cells(20, &Made::default(), &[]),
        breadths(20, &lorentzian()),
        fractions(20, &Made::default()),
    ] {
        tally.judge();
    }
}

/// `cargo test -p galvanome_techniques --test it -- --ignored xrd::coverage --nocapture` prints the table of
/// docs/validation.md.
#[test]
#[ignore = "minutes: a thousand patterns an analysis"]
fn the_whole_simulation() {
    const MANY: u64 = 1000;
    let wrong_shape = Made { shape: Shape::Wrong, ..Made::default() };
    let wrong_baseline = Made { humps: true, ..Made::default() };
    let kinds: [(&str, Made, Made); 3] = [
        ("as the analysis assumes", Made::default(), lorentzian()),
        ("a wrong line shape", wrong_shape.clone(), wrong_shape),
        ("a wrong baseline", wrong_baseline.clone(), Made { humps: true, ..lorentzian() }),
    ];
    let mut right = Vec::new();
    for (place, (title, base, broad)) in kinds.iter().enumerate() {
        let tallies = std::thread::scope(|scope| {
            let cells = scope.spawn(|| cells(MANY, base, &[]));
            let others = scope.spawn(|| (breadths(MANY, broad), fractions(MANY, base)));
            let (breadths, fractions) = others.join().expect("a simulation");
            [cells.join().expect("a simulation"), breadths, fractions]
        });
        for tally in tallies {
            eprintln!("{}", tally.lines(title));
            if place == 0 {
                right.push(tally);
            }
        }
    }
    for tally in right {
        tally.judge();
    }
}
