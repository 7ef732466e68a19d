//! The wall clock that many instruments write into each row: in which order it gives day and month, when the test
//! began by it, and what it tells of a test time without a unit.

use galvanome_model::measurement::{Origin, StartTime, Zone};
use galvanome_model::note::Note;

use super::cells::decode;
use super::clock::{Civil, DateOrder, date_and_time, order_matters, order_shown, split_zone};
use super::guess::Looks;
use super::number::{Cell, parse};
use super::rows::{Plan, Take, Watch, number_of};
use super::table::Table;
use crate::sink::Sink;
use crate::units::Convert;

/// A test time below this in the first row: the file begins where the test began.
const BEGINS_S: f64 = 60.0;

/// A column with the time of day and the date of each row.
#[derive(Debug, Clone)]
pub(crate) struct Wall {
    /// The index of its cell.
    pub(crate) cell: usize,
    /// The order of day and month.
    pub(crate) order: DateOrder,
    /// Whether its times say how far they are from UTC.
    pub(crate) zoned: bool,
    name: String,
}

impl Wall {
    /// The wall clock among the columns of a table, by the bases of its names. Where no date shows the order of day and
    /// month, it is the one by which the rows lie next to `near`, a date that is known otherwise, or else `habit`, which
    /// is noted.
    pub(crate) fn find(
        table: &Table<'_>,
        bases: &[&str],
        habit: DateOrder,
        near: Option<Civil>,
        sink: &mut dyn Sink,
    ) -> Option<Self> {
        let cell = table.place(bases)?;
        let name = table.names.get(cell)?.clone();
        let cells = table.cells([cell, cell]);
        let texts = || cells.clone().map(|[cell, _]| decode(cell)).filter(|cell| !cell.is_empty());
        let first = texts().next()?;
        let order = if order_matters(&first) {
            let shown = texts().find_map(|text| order_shown(&text));
            let order = shown.or_else(|| order_of_days(texts()));
            order.or_else(|| order_near(&first, near?)).unwrap_or_else(|| {
                sink.note(order_assumed(&first, habit, &format!("column {name}")));
                habit
            })
        } else {
            habit
        };
        let zoned = split_zone(&first)
            .is_some_and(|(time, _)| Civil::parse(time.trim_end(), order).is_some());
        if !zoned && !matches!(table.looks(cell), Looks::Clock(_)) {
            return None;
        }
        Some(Self { cell, order, zoned, name })
    }

    /// When the test began: the clock of the first row, less the test time in it, if that is short.
    pub(crate) fn start(&self, table: &Table<'_>, plans: &[Plan]) -> Option<StartTime> {
        let time = plans.iter().find(|plan| plan.column.head.name == "test_time_second")?;
        let mut take = time.take;
        // Rows of outer tables stand among those of records.
        let (clock, test) = table
            .cells([self.cell, time.cell])
            .find_map(|[clock, test]| self.civil(&decode(clock)).map(|_| (decode(clock), test)))?;
        let Cell::Number(test_s) = number_of(test, &[], &mut take, table.decimal) else {
            return None;
        };
        if !(0.0..=BEGINS_S).contains(&test_s) {
            return None;
        }
        // A clock that shows whole seconds does not tell more.
        let test_s = if clock.contains('.') { test_s } else { test_s.floor() };
        let (civil, ahead_s) = self.civil(&clock)?;
        let iso = civil.minus(test_s)?.iso();
        let Some(ahead_s) = ahead_s else { return Some(StartTime { iso, zone: Zone::Local }) };
        let (sign, ahead) = (if ahead_s < 0.0 { '-' } else { '+' }, ahead_s.abs() as u32 / 60);
        let iso = format!("{iso}{sign}{:02}:{:02}", ahead / 60, ahead % 60);
        Some(StartTime { iso, zone: Zone::Stated })
    }

    /// What a cell of the clock shows, and how far it is ahead of UTC where it says so.
    fn civil(&self, text: &str) -> Option<(Civil, Option<f64>)> {
        if !self.zoned {
            return Some((Civil::parse(text, self.order)?, None));
        }
        let (time, ahead_s) = split_zone(text)?;
        Some((Civil::parse(time, self.order)?, Some(ahead_s)))
    }

    /// How the numbers of a column of times become seconds, if the clock ran as long beside them.
    pub(crate) fn unit_of(&self, table: &Table<'_>, cell: usize) -> Option<Convert> {
        let mut both = table.cells([self.cell, cell]).filter_map(|[clock, time]| {
            let Cell::Number(time) = parse(time, table.decimal) else { return None };
            Some((self.civil(&decode(clock))?.0, time))
        });
        let ((first, first_time), (last, last_time)) = (both.next()?, both.next_back()?);
        let (wall_s, time) = (last.seconds_since(&first), last_time - first_time);
        if wall_s < 10.0 || time <= 0.0 {
            return None;
        }
        let is = |unit_s: f64| (wall_s / time / unit_s - 1.0).abs() < 0.1;
        [
            (1.0, Convert::Same),
            (60.0, Convert::Times(60.0)),
            (3600.0, Convert::Times(3600.0)),
            (86400.0, Convert::Times(86400.0)),
            (1e-3, Convert::Over(1e3)),
        ]
        .into_iter()
        .find_map(|(unit_s, convert)| is(unit_s).then_some(convert))
    }

    /// Adds a test time counted from the clock of the first row, where the file has none.
    pub(crate) fn add_test_time(&self, plans: &mut Vec<Plan>, sink: &mut dyn Sink) {
        if self.zoned || plans.iter().any(|plan| plan.column.head.name == "test_time_second") {
            return;
        }
        let Some(time) = crate::columns::by_name("test_time_second") else { return };
        plans.insert(
            0,
            Plan {
                column: time.column(&self.name, Origin::Reconstructed),
                cell: self.cell,
                take: Take::Since(None, self.order),
            },
        );
        let message = "the file gives the time of day of each row and no time since the beginning; the test time was counted from the first row";
        sink.note(Note::new("time-from-clock", message, format!("column {}", self.name)));
    }

    /// Watches the clock while rows are read, beside the test time among the plans.
    pub(crate) fn watch(&self, plans: &[Plan]) -> Option<Watch> {
        let time = plans.iter().position(|plan| {
            plan.column.head.name == "test_time_second" && plan.cell != self.cell
        })?;
        (!self.zoned).then(|| Watch::new(self.cell, &self.name, self.order, time))
    }

    /// Makes the column a Unix time, where its times say how far they are from UTC.
    pub(crate) fn as_unix(&self, plans: &mut [Plan]) {
        let Some(plan) = plans.iter_mut().find(|plan| plan.cell == self.cell) else { return };
        if let Some(unix) = crate::columns::by_name("unix_time_second").filter(|_| self.zoned) {
            let origin = plan.column.head.origin;
            plan.column = unix.column(&self.name, origin);
            plan.take = Take::Unix(self.order);
        }
    }
}

/// The order of day and month by which the days of rows follow each other more closely.
fn order_of_days<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> Option<DateOrder> {
    let mut before: Option<(Civil, Civil)> = None;
    let mut longest = (0.0_f64, 0.0_f64);
    let (mut day, mut days) = (String::new(), None);
    for text in texts {
        let (date, time) = date_and_time(text.as_ref())?;
        // Many rows are of one day.
        let of_day = match days.filter(|_| day == date) {
            Some(days) => days,
            None => {
                (Civil::date(date, DateOrder::MonthFirst)?, Civil::date(date, DateOrder::DayFirst)?)
            }
        };
        if days.replace(of_day) != Some(of_day) {
            date.clone_into(&mut day);
        }
        let both = (of_day.0.at(time)?, of_day.1.at(time)?);
        if let Some(before) = before.replace(both) {
            longest.0 = longest.0.max(both.0.seconds_since(&before.0).abs());
            longest.1 = longest.1.max(both.1.seconds_since(&before.1).abs());
        }
    }
    if longest.0 * 2.0 < longest.1 {
        Some(DateOrder::MonthFirst)
    } else if longest.1 * 2.0 < longest.0 {
        Some(DateOrder::DayFirst)
    } else {
        None
    }
}

/// The order of day and month by which a date lies nearer to a known one.
fn order_near(date: &str, near: Civil) -> Option<DateOrder> {
    let apart = |order| Some(Civil::parse(date, order)?.seconds_since(&near).abs());
    let (month, day) = (apart(DateOrder::MonthFirst)?, apart(DateOrder::DayFirst)?);
    if month < day {
        Some(DateOrder::MonthFirst)
    } else if day < month {
        Some(DateOrder::DayFirst)
    } else {
        None
    }
}

/// Tells that the order of day and month was taken from habit.
pub(crate) fn order_assumed(date: &str, order: DateOrder, place: &str) -> Note {
    let which = match order {
        DateOrder::MonthFirst => "month",
        DateOrder::DayFirst => "day",
    };
    let message = format!(
        "no date shows whether day or month stands first ({date}); the {which} was taken to"
    );
    Note::new("date-order-assumed", message, place)
}

/// How the times of a column without a unit become seconds: as the wall clock ran beside them, else by the habit of
/// the vendor. Either is noted.
pub(crate) fn settle(
    table: &Table<'_>,
    cell: usize,
    wall: Option<&Wall>,
    habit: Option<Convert>,
    sink: &mut dyn Sink,
) -> Option<Convert> {
    let place = format!("column {}", table.names.get(cell).map_or("", String::as_str));
    if let Some(convert) = wall.and_then(|wall| wall.unit_of(table, cell)) {
        let message = format!(
            "the file does not say the unit of its times; they are {}, since the wall clock ran so beside them",
            name_of(convert)
        );
        sink.note(Note::new("time-unit-from-clock", message, place));
        return Some(convert);
    }
    let convert = habit?;
    let message = format!(
        "the file does not say the unit of its times, and no clock beside them tells it; they were taken for {}",
        name_of(convert)
    );
    sink.note(Note::new("unit-assumed", message, place));
    Some(convert)
}

/// What a unit of time is called that becomes seconds in this way.
fn name_of(convert: Convert) -> &'static str {
    match convert {
        Convert::Times(60.0) => "minutes",
        Convert::Times(3600.0) => "hours",
        Convert::Times(_) => "days",
        Convert::Over(_) => "milliseconds",
        _ => "seconds",
    }
}
