//! One spectrum in the columns of a text of CasaXPS.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use super::SETTINGS;
use crate::columns::unique;
use crate::electrons::{Entry, SmallTable, Told, condition, counting, number};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};
use crate::text::number::{Cell, Decimal, parse};

/// A spectrum that is being read.
pub(super) struct Section {
    place: usize,
    title: String,
    photon_ev: Option<f64>,
    time_s: Option<f64>,
    /// The cells of the lines that describe components, from the third on.
    described: [Vec<String>; 5],
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    rows: u64,
    beyond: u64,
    /// Rows that lack cells.
    ragged: u64,
}

/// What the lines that describe components begin with.
const DESCRIBED: [&str; 5] = ["Name", "Position", "FWHM", "Area", "Lineshape"];

/// What a column is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Binding,
    Kinetic,
    Counts,
    Rate,
    Other,
}

fn role_of(name: &str) -> Role {
    match name {
        "B.E." => Role::Binding,
        "K.E." => Role::Kinetic,
        "Counts" => Role::Counts,
        "CPS" => Role::Rate,
        name if name.starts_with("BE_") => Role::Binding,
        name if name.starts_with("KE_") => Role::Kinetic,
        name if name.starts_with("Counts_") => Role::Counts,
        name if name.starts_with("CPS_") => Role::Rate,
        _ => Role::Other,
    }
}

impl Section {
    /// A spectrum by its place in the file, from 1.
    pub(super) fn new(place: usize) -> Self {
        Self {
            place,
            title: String::new(),
            photon_ev: None,
            time_s: None,
            described: Default::default(),
            names: Vec::new(),
            columns: Vec::new(),
            rows: 0,
            beyond: 0,
            ragged: 0,
        }
    }

    /// Its place in the file, from 1.
    pub(super) fn number(&self) -> usize {
        self.place
    }

    /// Whether its columns are named, so that rows follow.
    pub(super) fn has_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// Takes a line that stands before its rows.
    pub(super) fn head<T: AsRef<str>>(
        &mut self,
        cells: &[T],
        told: &mut Told,
        sink: &mut dyn Sink,
    ) {
        let text = |place: usize| cells.get(place).map_or("", |cell| cell.as_ref().trim());
        let behind = |word: &str| {
            let at = cells.iter().position(|cell| cell.as_ref().trim() == word)?;
            number(text(at + 1))
        };
        if let Some(energy) = behind(SETTINGS) {
            self.photon_ev = Some(energy).filter(|energy| *energy > 0.0);
            self.time_s = behind("Acquisition Time s");
        } else if let Some(described) = DESCRIBED
            .iter()
            .position(|word| *word == text(0))
            .and_then(|place| self.described.get_mut(place))
        {
            *described = cells.iter().skip(2).map(|cell| cell.as_ref().trim().to_owned()).collect();
        } else if cells
            .iter()
            .any(|cell| matches!(role_of(cell.as_ref()), Role::Binding | Role::Kinetic))
        {
            self.names = cells.iter().map(|cell| cell.as_ref().trim().to_owned()).collect();
            while self.names.last().is_some_and(String::is_empty) {
                self.names.pop();
            }
            return;
        } else if self.title.is_empty() {
            text(0).clone_into(&mut self.title);
        }
        let all: Vec<&str> =
            cells.iter().map(|cell| cell.as_ref().trim()).filter(|cell| !cell.is_empty()).collect();
        told.tell(&format!("spectrum {}", self.place), &all.join("\t"), sink);
    }

    /// Takes a row; false when it is none.
    pub(super) fn take<T: AsRef<str>>(
        &mut self,
        cells: &[T],
        numbers: &mut Vec<f64>,
        limits: &Limits,
    ) -> bool {
        numbers.clear();
        let mut any = false;
        for cell in cells.iter().take(self.names.len()) {
            numbers.push(match parse(cell.as_ref().trim().as_bytes(), Decimal::Point) {
                Cell::Number(number) => {
                    any = true;
                    number
                }
                Cell::Missing | Cell::Infinite => f64::NAN,
                Cell::Other => return false,
            });
        }
        if !any {
            return false;
        }
        if numbers.len() < self.names.len() {
            self.ragged += 1;
            return true;
        }
        let width = self.names.len().min(limits.max_columns);
        if self.columns.is_empty() {
            self.columns = vec![Vec::new(); width];
        }
        if self.rows >= limits.max_rows || self.rows * width as u64 >= limits.max_cells {
            self.beyond += 1;
            return true;
        }
        self.rows += 1;
        for (place, column) in self.columns.iter_mut().enumerate() {
            column.push(numbers.get(place).copied().unwrap_or(f64::NAN));
        }
        true
    }

    /// What the spectrum is called: the last part of `Cycle 0:FeO:Fe2p`, or what stands behind `BE_`.
    fn label(&self) -> &str {
        if let Some((_, last)) = self.title.rsplit_once(':') {
            return last.trim();
        }
        let energy = self.names.iter().find(|name| role_of(name) == Role::Binding);
        match energy.and_then(|name| name.strip_prefix("BE_")) {
            Some(label) => label,
            None => &self.title,
        }
    }

    /// Adds its components to their table.
    pub(super) fn components(&self, table: &mut SmallTable) {
        let [names, ..] = &self.described;
        for place in 0..names.len() {
            let text = |described: &[String]| described.get(place).cloned().unwrap_or_default();
            let [name, position, width, area, shape] = self.described.each_ref().map(|of| text(of));
            if name.is_empty() && position.is_empty() {
                continue;
            }
            table.row([
                self.label().into(),
                Entry::Text(name),
                number(&position).into(),
                number(&width).into(),
                number(&area).into(),
                Entry::Text(shape),
            ]);
        }
    }

    /// Gives its columns as a table, and its spectrum. Errors when the sink cannot keep them.
    pub(super) fn give(self, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
        let place = format!("spectrum {}", self.place);
        if !self.has_names() {
            if !self.title.is_empty() || self.photon_ev.is_some() {
                let message = "the file ends before the columns of this spectrum";
                sink.note(Note::new("truncated-file", message, place));
            }
            return Ok(());
        }
        if self.beyond > 0 {
            let message = format!("{} lines beyond the limit were left out", self.beyond);
            sink.note(Note::new("limit-reached", message, place.as_str()));
        }
        if self.ragged > 0 {
            let message = format!("{} rows lack cells and were left out", self.ragged);
            sink.note(Note::new("truncated-file", message, place.as_str()));
        }
        if let Some(note) = limits.too_many_columns(self.names.len(), &place) {
            sink.note(note);
        }
        self.spectrum(sink);
        let mut heads = Vec::new();
        let mut values = Vec::new();
        for (name, column) in self.names.iter().zip(self.columns) {
            // A column without a name parts counts from rates.
            if name.is_empty() && column.iter().all(|value| value.is_nan()) {
                continue;
            }
            let unit = match role_of(name) {
                Role::Binding | Role::Kinetic => "eV",
                Role::Counts => "counts",
                Role::Rate => "counts/s",
                Role::Other => "",
            };
            let head = ColumnHead {
                name: if name.is_empty() { "unnamed".to_owned() } else { name.clone() },
                unit: unit.to_owned(),
                vendor_name: name.clone(),
                origin: Origin::Stored,
            };
            heads.push(NewColumn { head, kind: Kind::Number });
            values.push(Values::Number(column));
        }
        let names = heads.iter_mut().enumerate();
        unique(names.map(|(place, column)| (&mut column.head.name, place)));
        if heads.is_empty() {
            return Ok(());
        }
        sink.table(&format!("spectrum_{}", self.place), &heads);
        sink.rows(&values)
    }

    /// Gives the spectrum: counts where there are any, else rates, on the binding energy where there is one.
    fn spectrum(&self, sink: &mut dyn Sink) {
        let column = |role: Role| {
            let at = self.names.iter().position(|name| role_of(name) == role)?;
            Some((self.names.get(at)?, self.columns.get(at)?))
        };
        let energies = column(Role::Binding).map(|found| (axes::BINDING_ENERGY, found));
        let energies =
            energies.or(column(Role::Kinetic).map(|found| (axes::KINETIC_ENERGY, found)));
        let values = column(Role::Counts).map(|found| ("counts", found));
        let values = values.or(column(Role::Rate).map(|found| ("counts/s", found)));
        let (Some((kind, (name, points))), Some((unit, (_, values)))) = (energies, values) else {
            return;
        };
        if points.is_empty() {
            return;
        }
        let conditions: Vec<Condition> =
            condition(conditions::PHOTON_ENERGY, self.photon_ev).into_iter().collect();
        sink.signal(Signal {
            name: "intensity".to_owned(),
            label: self.label().to_owned(),
            unit: unit.to_owned(),
            axes: vec![Axis::of(kind, name, points.clone())],
            values: values.clone(),
            counting: counting(unit, self.time_s),
            conditions,
            ..Signal::default()
        });
    }
}
