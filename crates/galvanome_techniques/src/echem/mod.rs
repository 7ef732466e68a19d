//! Galvanostatic cycling of whole cells: what a cell takes up and gives, cycle by cycle, and how it ages.
//!
//! # What it measures
//! Of the reference cycle:
//!
//! - `echem.discharge-capacity`: the charge Q that the discharge gives.
//! - `echem.mean-discharge-voltage`, `echem.mean-charge-voltage`: energy over charge of the half cycle, V̄ = E/Q.
//! - `echem.voltage-hysteresis`: V̄ of the charge less V̄ of the discharge.
//!
//! Of the cycles at the common rate:
//!
//! - `echem.capacity-loss-rate`: by how many percent of the reference's capacity the discharge capacity falls per cycle;
//!   positive when capacity is lost.
//! - `echem.capacity-retention`: the last discharge capacity in percent of the reference's.
//! - `echem.cycles-to-80`, `echem.time-to-80`: cycles and days from the reference until 80 % of its capacity is left.
//! - `echem.coulombic-efficiency`, `echem.energy-efficiency`: charge and energy given, over those taken up in the same
//!   cycle.
//! - `echem.hysteresis-growth`: the hysteresis of the last cycle less that of the reference.
//!
//! Of the check-ups:
//!
//! - `echem.checkup-capacity`: the discharge capacity of the reference check-up; `echem.discharge-capacity-c20`: the same
//!   per gram of active material (`active-mass`), at C/20.
//! - `echem.state-of-health`: the last check-up's discharge capacity in percent of the reference check-up's.
//! - `echem.checkup-loss-rate`: its fall per cycle.
//!
//! Of slow cycles, from the reference on:
//!
//! - `echem.dqdv-peak-position`, `echem.dqdv-peak-height`, `echem.dqdv-peak-area`: of one peak of dQ/dV in the first.
//! - `echem.dqdv-peak-shift`, `echem.dqdv-peak-area-retention`: how far it has moved and how much of its area is left in
//!   the last.
//!
//! Of steps of the current from rest:
//!
//! - `echem.internal-resistance`: the change of voltage over that of current, ΔV/ΔI, a stated time after the step.
//! - `echem.resistance-growth`: by how many percent it has grown.
//!
//! # How the numbers are made
//! ## Files and cycles
//! 1. The files of a cell are joined in the order of their start times. A file whose rows are all in another one is
//!    left out, rows that the end of one and the beginning of the next share are taken once, and files that overlap by
//!    the clock with other rows are noted. Where the instrument's cycle counter starts again, it is continued.
//!    `current-sign=turned` is for files whose positive current discharges.
//! 2. A cycle is what the instrument counts as one. Where it does not count (no `cycle_count`, or one that never
//!    changes while charge and discharge alternate), one charge and one discharge make a cycle, in the order in which
//!    they flowed first, over all files together: the rule of the readers' column `cycle_count_derived`. Currents below a
//!    thousandth of the largest so far are rest, and a turn of the current counts when what flows until the next one is at
//!    least a hundredth of the most between turns before it, so that pulses make no cycles.
//! 3. A cycle is complete when its discharge has ended and gives more than a twentieth of the median. The common rate
//!    is the median of the mean discharge currents, and cycles within 20 % of it are ageing cycles.
//! 4. Check-ups are discharged at less than half of it; where there are several such rates, they are those whose first
//!    and last lie farthest apart, since check-ups return and formation does not. `checkup-rate` says instead which rate,
//!    in terms of the nominal capacity, is that of check-ups or slower.
//! 5. The first cycle at a rate is passed over as partial when no charge precedes its discharge and it gives less than
//!    80 % of the median of the next five: the cell was not full. Cycles left out are named in notes.
//! 6. The reference is the cycle that `reference-cycle` names, else the first at the common rate; the reference
//!    check-up is the one that `checkup-reference-cycle` names, else the reference when it is a check-up, else the first
//!    check-up. Rates are mean currents over `nominal-capacity`, which is the reference's when it is not set. The
//!    table `cycles` has every cycle with all of this.
//!
//! ## Charge and energy of a half cycle
//! 1. They are the time integrals of current and of power over the cycle's rows by the trapezoidal rule, within one file
//!    and never across a step back of its clock.
//! 2. Where the current jumps by more than a tenth between two rows (of the larger one; where it flows on in the same
//!    direction, of its largest value), it is switched there: at the moment at which the step began, where the file
//!    tells the time since then (`step_time_second`), else anywhere between the rows.
//! 3. Where the current falls between two rows without changing its direction, as it does while the voltage is held, it
//!    is taken to fall exponentially.
//! 4. Where the instrument counted charge and energy itself (counters of charge and discharge over the schedule, the
//!    test, a cycle or a step, or of their difference), its counters are taken in place of the integrals when their
//!    uncertainty is smaller and they agree: within three standard uncertainties, 0.5 %, and 0.1 % of what flowed the
//!    other way, since counters go on at rest. They see pulses and tapers
//!    between rows. Where counter and integral are farther apart, one of them is wrong: the integral stands, and a note
//!    names the cycles. The detail of a capacity says which of the two it is.
//!
//! Their standard uncertainty by the record is, added in quadrature:
//!
//! - what is not known of the moment of switching, `|ΔI| Δt / (2 √3)` (for energy times the voltage there), with Δt the
//!   time between the rows, or the last digit of the times where the moment is known. What the beginnings of the current
//!   give adds up, and what its ends give, since instruments are late in one way; the two add in quadrature;
//! - 1/√3 of what the exponential fall takes off the trapezoidal rule;
//! - the last digit of the current as a bound, for energy that of the voltage, too; a ratio of two discharges at one rate is
//!   free of it;
//! - of a counter, its last digit and what flowed unseen before it began anew, in place of all these.
//!
//! The uncertainty of a mean voltage V̄ takes each such charge times the distance of its voltage from V̄, over the whole
//! charge, and the last digit of the voltage as a bound. Not in any of them: currents that flow between rows unseen.
//!
//! ## The accuracy of the instrument
//! To all uncertainties comes what the maker states, as bounds ±a in percent of the full scale F of the range that was used:
//! `current-accuracy` with `current-range` (the largest current in the files when not set), and `voltage-accuracy` with
//! `voltage-range` (5 V). When they are not set, ±0.1 % counts, what makers of common cyclers state: an unverified
//! default, said in a note. A bound is shared by a gain and an offset in a way that is not stated, so each is taken to
//! fill it, independently and evenly: u = a/√3 of the value by the gain, and a F/√3 by the offset.
//!
//! - Charge at a mean current I: u²/Q² = a²/3 · (1 + F²/I²).
//! - Mean voltage and position of a dQ/dV peak: the same with the voltage's a and F, and V in place of I.
//! - Energy: both. Area of a peak: as a charge. Height of a peak: as a charge, and the gain of the voltage.
//! - Resistance: the gains of both and the offset of the current, which is not there at rest; the voltage's cancels.
//!
//! All rows of a cell count as of one channel, and what they share cancels:
//!
//! - the gain in every ratio: retention, state of health, efficiencies, growth of resistance;
//! - the offset of the current where it acts alike: a F/√3 · |1/I₁ − 1/I₂| is left of two discharges, which is nothing at
//!   one rate. In an efficiency it makes the one half larger and the other smaller: a F/√3 · (1/I₁ + 1/I₂) is left;
//! - the offset of the voltage in hysteresis, its growth and the shift of a peak; the gain is left, a/√3 of the value.
//!
//! Between cycles a tenth of the accuracy (`accuracy-drift`, an unverified default) is another one and does not
//! cancel: of retention, state of health, loss rates, growth of resistance and hysteresis, shift and area of a peak. Currents
//! more than tenfold apart count as of two ranges, of which nothing cancels. An instrument that measures charge and
//! discharge by two circuits, or a cell that moved to another channel, is worse than this.
//!
//! ## Loss and end of life
//! 1. A loss rate is the median of the slopes of all pairs of cycles (Theil-Sen) of discharge capacity in percent of
//!    the reference, against the cycle number. Its standard uncertainty is the larger of the one that the scatter
//!    gives (Sen's interval at 95 %, divided by 2 · 1.96) and the one that the integration gives, with the reference's
//!    relative uncertainty and the drift of the instrument from the first to the last cycle added in quadrature.
//!    `rates=all` takes all complete cycles.
//! 2. Retention and state of health are ratios of two discharges, with their relative uncertainties in quadrature. The
//!    table `rates` has the retention at each rate.
//! 3. The end at 80 % is interpolated between two cycles, in capacities each of which is replaced by the median of
//!    itself and its neighbours, so that one cycle that went wrong is no end. Its uncertainty is the scatter
//!    of the capacities around it (from their second differences) over the slope there, and the distance of the two
//!    cycles as an interval in which nothing was seen, over 2 √3. `end-of-life-by` chooses the common rate or the
//!    check-ups; the detail says which.
//! 4. A cell that did not get to 80 % gives a bound, marked `>`: never a value. The decision rule compares values and does
//!    not answer by bounds; where all cells of one side outlast all of the other, a note of `galvanome compare` says so.
//!
//! ## Efficiencies
//! An efficiency is the median over the ageing cycles that have both halves from end to end. Its uncertainty is the
//! scatter (√(π/2n) times the deviation from the median) and, undiminished, that of one cycle.
//!
//! ## dQ/dV
//! 1. A half cycle (`dqdv-branch`) no faster than `dqdv-rate` (C/10) is taken where its current is within 10 % of
//!    its median, which leaves the part at constant voltage out.
//! 2. Its charge is resampled in steps of `dqdv-step` (2 mV), each interval's charge spread evenly over the voltages it
//!    spans, and smoothed by Savitzky-Golay polynomials of degree 2 over `dqdv-window` (20 mV, an odd number of steps).
//! 3. A peak is where the smoothed slope falls through zero, stands out by a twentieth of the highest and by three times
//!    what noise moves the curve by, and lies half a window from the ends; its height is the smoothed curve's, its area
//!    the charge between the lowest points on either side, without a baseline. The highest is taken, or the one nearest
//!    to `dqdv-near`; in a later cycle the one nearest to it, within 0.1 V.
//! 4. Uncertainties are the larger of a jackknife over every tenth row and of what happens when the noise of the voltage
//!    (deviation of rows from the cubic through their neighbours, and the last digit) is added once more, twenty times. Not
//!    in them: polarisation, which shifts a peak with the current, and the smoothing, which lowers narrow ones.
//!
//! ## Resistance
//! 1. A resistance is taken where the current steps from a rest of at least `resistance-time` (10 s) to a value that stays
//!    within 5 % until that time after the step, at which voltage and current are interpolated between rows no
//!    farther apart than half of it.
//! 2. Of a cycle's steps in `resistance-direction` the one nearest to `resistance-soc` (50 %) counts; the state of charge
//!    is the charge held (by the instrument's counters where they agree with the current), between the least and the
//!    most in that cycle. The detail states time, direction, state of charge and temperature.
//! 3. Its uncertainty is the noise and last digit of voltage and current and the unknown moment of the step. Growth
//!    compares steps within 5 % of charge and 20 % of current.
//!
//! ## Selection of cells
//! Cells may be selected before they are compared (`galvanome compare --select`): on each side the largest set whose
//! capacities before ageing obey (max − min)/median ≤ 8 %, or what was set. The capacity is that of the reference
//! check-up where all cells have one, else that of the reference cycle. Who claims something about all cells
//! takes the spread of all of them: selection makes it smaller.
//!
//! # When it is unsure
//! Below 3 cycles there is no loss rate; below 5 it has no uncertainty. A capacity that first rises, or falls
//! off a knee, has no one rate: the plot shows it, and `first-cycle` and `last-cycle` choose the stretch. The rate
//! at a high current holds polarisation beside loss; check-ups hold little of it.
//!
//! A cell that was stopped or selected by its capacity says nothing by that capacity: the catalogue marks the capacities,
//! the retention and the state of health so, and they answer no question.
//!
//! Coulombic efficiency is discharge over charge: of a half cell whose working electrode takes up lithium on
//! discharge first (graphite against lithium) it is the inverse of what is usually meant.
//!
//! Peaks of cells at different temperatures, currents or smoothing are not the same peaks, and resistances at
//! different times, states of charge or temperatures not the same resistances: the settings and the details are to
//! be compared with the numbers. Rows too far apart give neither.
//!
//! # References
//! P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379 (robust slope and its interval). JCGM 100:2008, 4.3.7 (a bound as
//! a standard uncertainty). A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627 (smoothing). M. Dubarry, D. Anseán,
//! Front. Energy Res. 10 (2022) 1023555 (dQ/dV and its pitfalls). B. Efron, C. Stein, Ann. Stat. 9 (1981) 586 (the
//! jackknife). Battery Data Format ontology 1.3.0 (names, units and the sign of the current). DLMF 3.5(i)
//! (trapezoidal rule).

mod accuracy;
mod capacity;
mod counted;
mod counters;
mod cycles;
mod dqdv;
mod efficiency;
mod fade;
mod halves;
pub(crate) mod incremental;
mod join;
mod peaks;
mod plots;
mod rates;
mod records;
mod reference;
mod resistance;
mod retention;
pub mod selection;
mod settings;
mod tables;
mod words;

use galvanome_model::note::Note;

use self::cycles::{Cycle, Kind, find_cycles};
use self::join::join;
use self::records::{Precision, Records};
use self::settings::{CURRENT_SIGN, DQDV_BRANCH, END_OF_LIFE_BY, NOMINAL_CAPACITY};
use crate::analysis::found::found;
use crate::analysis::{Analysis, Found, Inputs, Settings, Technique};

/// The entry of the list of techniques.
pub(crate) const TECHNIQUE: Technique = Technique {
    id: "echem",
    version: 8,
    settings: settings::SETTINGS,
    roles: &[],
    descriptors: &[
        DISCHARGE_CAPACITY,
        CHECKUP_CAPACITY,
        DISCHARGE_CAPACITY_C20,
        CAPACITY_LOSS_RATE,
        CHECKUP_LOSS_RATE,
        CAPACITY_RETENTION,
        STATE_OF_HEALTH,
        CYCLES_TO_80,
        TIME_TO_80,
        COULOMBIC_EFFICIENCY,
        ENERGY_EFFICIENCY,
        MEAN_DISCHARGE_VOLTAGE,
        MEAN_CHARGE_VOLTAGE,
        VOLTAGE_HYSTERESIS,
        HYSTERESIS_GROWTH,
        DQDV_PEAK_POSITION,
        DQDV_PEAK_HEIGHT,
        DQDV_PEAK_AREA,
        DQDV_PEAK_SHIFT,
        DQDV_PEAK_AREA_RETENTION,
        INTERNAL_RESISTANCE,
        RESISTANCE_GROWTH,
    ],
    select_by: &[CHECKUP_CAPACITY, DISCHARGE_CAPACITY],
    pattern: None,
    analyze,
};

const DISCHARGE_CAPACITY: &str = "echem.discharge-capacity";
const CHECKUP_CAPACITY: &str = "echem.checkup-capacity";
const DISCHARGE_CAPACITY_C20: &str = "echem.discharge-capacity-c20";
const CAPACITY_LOSS_RATE: &str = "echem.capacity-loss-rate";
const CHECKUP_LOSS_RATE: &str = "echem.checkup-loss-rate";
const CAPACITY_RETENTION: &str = "echem.capacity-retention";
const STATE_OF_HEALTH: &str = "echem.state-of-health";
const CYCLES_TO_80: &str = "echem.cycles-to-80";
const TIME_TO_80: &str = "echem.time-to-80";
const COULOMBIC_EFFICIENCY: &str = "echem.coulombic-efficiency";
const ENERGY_EFFICIENCY: &str = "echem.energy-efficiency";
const MEAN_DISCHARGE_VOLTAGE: &str = "echem.mean-discharge-voltage";
const MEAN_CHARGE_VOLTAGE: &str = "echem.mean-charge-voltage";
const VOLTAGE_HYSTERESIS: &str = "echem.voltage-hysteresis";
const HYSTERESIS_GROWTH: &str = "echem.hysteresis-growth";
const DQDV_PEAK_POSITION: &str = "echem.dqdv-peak-position";
const DQDV_PEAK_HEIGHT: &str = "echem.dqdv-peak-height";
const DQDV_PEAK_AREA: &str = "echem.dqdv-peak-area";
const DQDV_PEAK_SHIFT: &str = "echem.dqdv-peak-shift";
const DQDV_PEAK_AREA_RETENTION: &str = "echem.dqdv-peak-area-retention";
const INTERNAL_RESISTANCE: &str = "echem.internal-resistance";
const RESISTANCE_GROWTH: &str = "echem.resistance-growth";

fn analyze(inputs: &Inputs, settings: &Settings) -> Analysis {
    let mut analysis = Analysis::default();
    let notes = &mut analysis.notes;
    let Some(mut records) = join(inputs, notes) else { return analysis };
    if settings.word(&CURRENT_SIGN) == Some("turned") {
        records.current_a.iter_mut().for_each(|current| *current = -*current);
        let message =
            "the sign of the current was turned round, as it was set: negative current charged";
        notes.push(Note::new("current-sign-turned", message, "column current_ampere"));
    }
    let largest = records.largest_current_a();
    let precision = [&records.voltage_v, &records.current_a]
        .map(|column| Precision::of(&records, column, largest));
    let precision = accuracy::stated(precision, largest, settings, notes);
    let mut cycles = find_cycles(&records, precision, notes);
    words::say(
        notes,
        "counter-differs",
        "the instrument's own counter of charge and the integral of the current are farther apart than both can be uncertain by, so that one of them is wrong; the integral was taken: cycle",
        &words::numbers(&cycles, |cycle| cycle.charge.differs || cycle.discharge.differs),
    );
    rates::find_common(&mut cycles, settings, notes);
    let reference = reference::reference_of(&cycles, settings, notes).map(|cycle| cycle.number);
    let nominal_ah = settings.number(&NOMINAL_CAPACITY).or_else(|| {
        let charge_ah = numbered(&cycles, reference)?.discharge.charge_ah;
        Some(charge_ah).filter(|charge_ah| *charge_ah > 0.0 && charge_ah.is_finite())
    });
    rates::find_checkups(&mut cycles, nominal_ah, settings, notes);
    let reference = numbered(&cycles, reference);
    let has_voltage = records.has_voltage();
    if !has_voltage {
        notes.push(Note::new(
            "no-voltage",
            "no file holds a voltage, so there are no energies, mean voltages, dQ/dV and resistances",
            "column voltage_volt",
        ));
    }
    let (steps, slow) = if has_voltage {
        (
            resistance::find_steps(&records, &cycles, precision, settings),
            peaks::find_peaks(&records, &cycles, nominal_ah, precision, settings),
        )
    } else {
        (Vec::new(), Vec::new())
    };
    let mut found: Vec<Found> = Vec::new();
    if let Some(reference) = reference {
        found.extend(capacity::discharge_capacity(reference));
        found.extend(fade::loss_rate(&cycles, reference, settings, notes));
        found.extend(retention::capacity_retention(&cycles, reference));
        found.extend(efficiency::quantities(&cycles, reference, settings, notes));
    }
    let checkup = reference::checkup_reference_of(&cycles, reference, settings, notes);
    if let Some(checkup) = checkup {
        found.extend(capacity::checkup_capacity(checkup));
        found.extend(
            nominal_ah.and_then(|nominal| capacity::specific_capacity(checkup, nominal, settings)),
        );
        found.extend(retention::state_of_health(&cycles, checkup));
        found.extend(fade::checkup_loss_rate(&cycles, checkup, settings));
    }
    let (end_reference, kind) = if settings.word(&END_OF_LIFE_BY) == Some("check-up") {
        (checkup, Kind::CheckUp)
    } else {
        (reference, Kind::Ageing)
    };
    if let Some(reference) = end_reference {
        found.extend(retention::end_of_life(&cycles, reference, kind, &records, notes));
    }
    if has_voltage {
        found.extend(peaks::quantities(&slow, reference, settings, has_voltage, notes));
        found.extend(resistance::quantities(&steps, &cycles, reference, &records, settings, notes));
    }
    analysis.quantities = found;
    draw(&mut analysis, &records, &cycles, reference, &slow, settings);
    analysis.tables.push(tables::cycle_table(&cycles, reference, nominal_ah, &records));
    analysis.tables.push(tables::rate_table(&cycles, reference, nominal_ah));
    analysis.tables.push(resistance::step_table(&steps));
    analysis.tables.push(peaks::peak_table(&slow));
    analysis
}

fn draw(
    analysis: &mut Analysis,
    records: &Records,
    cycles: &[Cycle],
    reference: Option<&Cycle>,
    slow: &[peaks::Slow],
    settings: &Settings,
) {
    let stretch = fade::stretch(cycles, settings);
    let capacity = plots::capacity(cycles, &stretch, analysis);
    analysis.plots.extend(capacity);
    analysis.plots.extend(plots::voltage(cycles, reference, records));
    let branch = settings.word(&DQDV_BRANCH).unwrap_or("discharge");
    analysis.plots.extend(plots::dqdv(slow, branch));
}

fn numbered(cycles: &[Cycle], number: Option<f64>) -> Option<&Cycle> {
    let number = number?;
    cycles.iter().find(|cycle| cycle.number == number)
}
