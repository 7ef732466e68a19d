//! What the columns of points are.

use galvanome_model::note::Note;

use crate::diffraction::{About, Drive, Places, Scan};

/// What stands for no value.
const BLANK: f64 = -9999.0;
/// Detectors' channels of one point that are looked at.
const CHANNELS_MAX: usize = 1 << 20;

/// What kind of columns a view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ViewKind {
    /// A number that every scan has: the time, the absorber's factor.
    Fixed,
    /// The places of drives.
    Varying,
    /// What was recorded.
    Recorded,
}

/// Columns that belong together.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) kind: ViewKind,
    pub(super) start: usize,
    pub(super) len: usize,
    pub(super) name: String,
    pub(super) unit: String,
    /// Drives of the columns, and their units.
    pub(super) fields: Vec<(String, String)>,
}

/// What was measured in one go: the points of one route.
#[derive(Debug, Default)]
pub(super) struct Route {
    pub(super) is_measured: bool,
    /// The scan's name as people see it.
    pub(super) name: String,
    /// Points that were planned.
    pub(super) planned: Option<usize>,
    /// Drives that the scan names before its points, and their units.
    pub(super) axes: Vec<(String, String)>,
    /// Numbers of all points, one point after the other.
    pub(super) numbers: Vec<f64>,
    /// Numbers of the first point: every other has as many.
    pub(super) width: usize,
    /// Whole points so far.
    pub(super) points_before: usize,
    /// Points of another width, which were left out.
    pub(super) ragged: usize,
    pub(super) views: Vec<View>,
}

/// A unit as ours are written.
pub(super) fn axis_unit(unit: &str) -> String {
    if matches!(unit, "°" | "Degree") { "deg".to_owned() } else { unit.to_owned() }
}

/// Views of columns of which nothing is said behind the points: the time and the absorber's factor, the axes, one count.
fn usual_views(route: &Route) -> Vec<View> {
    let axes = route.axes.len();
    if axes == 0 || route.width != axes + 3 {
        return Vec::new();
    }
    let view = |kind, start, len, name: &str, unit: &str| View {
        kind,
        start,
        len,
        name: name.to_owned(),
        unit: unit.to_owned(),
        fields: Vec::new(),
    };
    let fields = route.axes.clone();
    vec![
        view(ViewKind::Fixed, 0, 1, "MeasuredTime", "s"),
        view(ViewKind::Fixed, 1, 1, "AbsorptionFactor", ""),
        View { fields, ..view(ViewKind::Varying, 2, axes, "ScanAxes", "") },
        view(ViewKind::Recorded, axes + 2, 1, "", "Counts"),
    ]
}

/// The scans of a route: one, or where a detector gave many channels at each point, one for each point.
pub(super) fn scans_of(route: &Route, member: &str, about: &mut About<'_>) -> Vec<Scan> {
    let mut note = |code: &str, message: String| about.sink.note(Note::new(code, message, member));
    let points = route.numbers.len().checked_div(route.width).unwrap_or(0);
    if points == 0 {
        return Vec::new();
    }
    if route.ragged > 0 {
        note(
            "row-count",
            format!(
                "{} points have another number of values than the first; they were left out",
                route.ragged
            ),
        );
    }
    if let Some(planned) = route.planned.filter(|planned| *planned > points) {
        note(
            "incomplete-measurement",
            format!("{planned} points were planned, {points} are there"),
        );
    }
    let recorded = |views: &[View]| {
        let fits = |view: &&View| {
            view.kind == ViewKind::Recorded
                && (1..=CHANNELS_MAX).contains(&view.len)
                && view.start.saturating_add(view.len) <= route.width
        };
        let counts = views.iter().filter(fits).find(|view| view.unit == "Counts");
        counts.or_else(|| views.iter().find(fits)).cloned()
    };
    let (views, main) = if let Some(main) = recorded(&route.views) {
        (route.views.clone(), main)
    } else {
        let views = usual_views(route);
        let Some(main) = recorded(&views) else {
            note(
                "unreadable-table",
                "nothing says which of the numbers of each point are counts; they were left out"
                    .to_owned(),
            );
            return Vec::new();
        };
        note("columns-assumed", "what the numbers of each point are stands behind the points, and is lost; they were taken in the usual order".to_owned());
        (views, main)
    };
    let column = |at: usize| -> Vec<f64> {
        let all = route.numbers.iter().skip(at).step_by(route.width);
        all.map(|&value| if value == BLANK { f64::NAN } else { value }).collect()
    };
    let mut scan = Scan {
        unit: if main.unit == "Counts" { "counts".to_owned() } else { main.unit.clone() },
        counts_per_unit: (main.unit == "Counts").then_some(1.0),
        along: route.axes.first().map(|axis| axis.0.clone()).unwrap_or_default(),
        ..Scan::default()
    };
    let mut factors = None;
    let mut others = Vec::new();
    for view in &views {
        let listed = |at: usize| Places::of(column(at));
        match (view.kind, view.name.as_str()) {
            _ if view.start >= route.width => {}
            (ViewKind::Fixed, "MeasuredTime") => scan.time_s = Some(listed(view.start)),
            (ViewKind::Fixed, "AbsorptionFactor") => {
                let places = listed(view.start);
                if places != Places::Fixed(1.0) {
                    factors = Some(places.at(0, points));
                    others.push(Drive {
                        name: "AbsorptionFactor".to_owned(),
                        unit: "1".to_owned(),
                        places,
                    });
                }
            }
            (ViewKind::Varying, _) => {
                let fields = (view.start..route.width).zip(&view.fields);
                scan.drives.extend(fields.map(|(at, (name, unit))| Drive {
                    name: name.clone(),
                    unit: unit.clone(),
                    places: listed(at),
                }));
            }
            (ViewKind::Recorded, name)
                if view.start != main.start && view.len == 1 && !name.is_empty() =>
            {
                others.push(Drive {
                    name: name.to_owned(),
                    unit: view.unit.clone(),
                    places: listed(view.start),
                });
            }
            _ => {}
        }
    }
    if let Some(factor) = factors {
        note(
            "unapplied-correction",
            format!(
                "an absorber stood in the beam, of factor {factor} at the first point. Whether the counts hold it is not known, so that it was not applied; where it changes it stands beside them as `AbsorptionFactor`"
            ),
        );
    }
    scan.drives.extend(others);
    if main.len == 1 {
        scan.values = column(main.start);
        return vec![scan];
    }
    note(
        "places-unknown",
        format!(
            "each point holds {} channels of a detector; where each of them stood is not read yet",
            main.len
        ),
    );
    let at_point = |places: &Places, point: usize| Places::Fixed(places.at(point, points));
    let rows = route.numbers.chunks_exact(route.width).enumerate();
    rows.map(|(point, row)| {
        let mut one = scan.clone();
        let channels = row.get(main.start..main.start + main.len).unwrap_or_default();
        one.values =
            channels.iter().map(|&value| if value == BLANK { f64::NAN } else { value }).collect();
        one.time_s = scan.time_s.as_ref().map(|time| at_point(time, point));
        for drive in &mut one.drives {
            drive.places = at_point(&drive.places, point);
        }
        one
    })
    .collect()
}
