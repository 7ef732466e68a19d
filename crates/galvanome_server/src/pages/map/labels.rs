//! Names beside marks, none over another: marks that share a place step aside, and each name takes the first free
//! room near its mark, further out with a line back to it.

/// Pixels that a mark needs to itself.
const MARK: f64 = 14.0;
/// Height of a name.
const LINE: f64 = 15.0;
/// Width of a letter: that of a wide face, so that names keep apart in any.
const LETTER: f64 = 7.0;
/// How far a name may lie from its mark.
const FURTHEST: f64 = 190.0;

/// A room on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    fn about((x, y): (f64, f64), half: f64) -> Self {
        Self { left: x - half, top: y - half, right: x + half, bottom: y + half }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn wider(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    /// Whether a line runs through it, by points along the line.
    fn is_crossed(&self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> bool {
        let steps = ((x2 - x1).hypot(y2 - y1) / 4.0).ceil().max(1.0);
        (0..=steps as usize).any(|step| {
            let share = step as f64 / steps;
            let (x, y) = (x1 + share * (x2 - x1), y1 + share * (y2 - y1));
            x > self.left && x < self.right && y > self.top && y < self.bottom
        })
    }
}

/// A name that found its room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Label {
    /// Where it begins.
    pub(super) x: f64,
    /// Its base line.
    pub(super) y: f64,
    /// The line to its mark, where it lies apart.
    pub(super) leader: Option<((f64, f64), (f64, f64))>,
}

/// Whether two lines cross.
fn cross((a, b): ((f64, f64), (f64, f64)), (c, d): ((f64, f64), (f64, f64))) -> bool {
    let side = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| {
        (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0) > 0.0
    };
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

/// The room that a text takes along.
pub(super) fn width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER + 4.0
}

/// Places for marks: where they belong, or the nearest free place beside it.
pub(super) fn dodge(wanted: &[(f64, f64)], bounds: Rect) -> Vec<(f64, f64)> {
    let mut steps: Vec<(f64, f64)> = (-12_i32..=12)
        .flat_map(|across| {
            (-6_i32..=6).map(move |down| (f64::from(across) * MARK, f64::from(down) * MARK))
        })
        .collect();
    // Side by side before one above the other; to the left before to the right, where the names are.
    let cost = |(x, y): (f64, f64)| x.abs() + 2.2 * y.abs() + if x > 0.0 { 1.0 } else { 0.0 };
    steps.sort_by(|a, b| cost(*a).total_cmp(&cost(*b)));
    let mut taken: Vec<(f64, f64)> = Vec::with_capacity(wanted.len());
    for (x, y) in wanted {
        let is_free = |(at_x, at_y): &(f64, f64)| {
            (bounds.left..=bounds.right).contains(at_x)
                && (bounds.top..=bounds.bottom).contains(at_y)
                && taken
                    .iter()
                    .all(|(other_x, other_y)| (at_x - other_x).hypot(at_y - other_y) >= MARK - 0.5)
        };
        let spot = steps.iter().map(|(across, down)| (x + across, y + down)).find(is_free);
        taken.push(spot.unwrap_or((*x, *y)));
    }
    taken
}

/// Rooms for a name about its mark: left, centre, what it costs, and whether a line leads back.
fn candidates((x, y): (f64, f64), width: f64) -> Vec<(f64, f64, f64, bool)> {
    let mut all = vec![
        (x + 11.0, y, 0.0, false),
        (x - 11.0 - width, y, 2.0, false),
        (x - width / 2.0, y - 16.0, 3.0, false),
        (x - width / 2.0, y + 16.0, 3.0, false),
        (x + 7.0, y - 13.0, 6.0, false),
        (x + 7.0, y + 13.0, 6.0, false),
        (x - 7.0 - width, y - 13.0, 8.0, false),
        (x - 7.0 - width, y + 13.0, 8.0, false),
    ];
    let mut radius = 24.0;
    while radius <= FURTHEST {
        for step in 0..24 {
            let angle = f64::from(step) * std::f64::consts::TAU / 24.0;
            let (to_x, to_y) = (x + radius * angle.cos(), y - radius * angle.sin());
            let left = match angle.cos() {
                cos if cos > 0.35 => to_x,
                cos if cos < -0.35 => to_x - width,
                _ => to_x - width / 2.0,
            };
            all.push((left, to_y, radius, true));
        }
        radius += 10.0;
    }
    all
}

/// A name that wants a room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    /// Middle and bottom of the room that it would rather have than one beside its mark.
    pub(super) over: Option<(f64, f64)>,
}

/// What has been placed.
struct Placed {
    found: Vec<Option<Label>>,
    rooms: Vec<Rect>,
    leaders: Vec<((f64, f64), (f64, f64))>,
}

/// The fixed part of the problem.
struct Places<'a> {
    spots: &'a [(f64, f64)],
    marks: Vec<Rect>,
    names: &'a [Option<Name<'a>>],
    /// Where names would rather not lie.
    avoid: &'a [Rect],
    page: Rect,
}

impl Places<'_> {
    /// The best free room for a name. A line back to the mark never runs through a name; through other marks only
    /// where there is no other way.
    fn room(&self, at: usize, placed: &Placed, through_marks: bool) -> Option<(Rect, Label)> {
        let (spot, name) = (*self.spots.get(at)?, (*self.names.get(at)?)?);
        // The name of the technique that is meant is bold.
        let wide = width(name.text) * if name.over.is_some() { 1.1 } else { 1.0 };
        let over = name
            .over
            .map(|(middle, bottom)| (middle - wide / 2.0, bottom - LINE / 2.0, -100.0, false));
        let mut best: Option<(f64, Rect, Label)> = None;
        for (left, centre, cost, led) in over.into_iter().chain(candidates(spot, wide)) {
            let room = Rect {
                left,
                top: centre - LINE / 2.0,
                right: left + wide,
                bottom: centre + LINE / 2.0,
            };
            let kept = self.avoid.iter().filter(|other| room.meets(other)).count();
            // Beside another mark it would be read as that one's.
            let foreign = self
                .marks
                .iter()
                .enumerate()
                .filter(|(other, mark)| *other != at && mark.wider(4.0).meets(&room))
                .count();
            let cost = cost + 60.0 * kept as f64 + if led { 30.0 } else { 3.0 } * foreign as f64;
            if best.is_some_and(|(least, ..)| cost >= least) {
                continue;
            }
            let is_free = self.page.holds(&room)
                && placed.rooms.iter().all(|other| !room.meets(other))
                && self.marks.iter().all(|mark| !room.meets(mark))
                && placed.leaders.iter().all(|(from, to)| !room.is_crossed(*from, *to));
            if !is_free {
                continue;
            }
            let end = (
                spot.0.clamp(room.left, room.right),
                spot.1.clamp(room.top + 3.0, room.bottom - 3.0),
            );
            let leader = led.then_some((spot, end));
            let is_clear = leader.is_none_or(|(from, to)| {
                placed.rooms.iter().all(|other| !other.is_crossed(from, to))
                    && (through_marks
                        || self
                            .marks
                            .iter()
                            .enumerate()
                            .all(|(other, mark)| other == at || !mark.is_crossed(from, to)))
            });
            // Lines that cross are hard to follow.
            let crossed = leader.map_or(0, |line| {
                placed.leaders.iter().filter(|other| cross(line, **other)).count()
            });
            let cost = cost + 80.0 * crossed as f64;
            if is_clear && best.is_none_or(|(least, ..)| cost < least) {
                best =
                    Some((cost, room, Label { x: room.left + 2.0, y: room.bottom - 3.5, leader }));
            }
        }
        best.map(|(_, room, label)| (room, label))
    }

    /// Places names one after the other.
    fn place(&self, order: &[usize], taken: &[Rect]) -> Placed {
        let mut placed = Placed {
            found: vec![None; self.spots.len()],
            rooms: taken.to_vec(),
            leaders: Vec::new(),
        };
        for at in order {
            let free = self.room(*at, &placed, false).or_else(|| self.room(*at, &placed, true));
            if let (Some((room, label)), Some(slot)) = (free, placed.found.get_mut(*at)) {
                *slot = Some(label);
                placed.rooms.push(room);
                placed.leaders.extend(label.leader);
            }
        }
        placed
    }
}

/// How good a placement is: names without room first, then the length of the lines.
fn cost(placed: &Placed, names: &[Option<Name>]) -> f64 {
    let unnamed = names
        .iter()
        .zip(&placed.found)
        .filter(|(name, label)| name.is_some() && label.is_none())
        .count();
    let lines: f64 =
        placed.leaders.iter().map(|((x1, y1), (x2, y2))| 20.0 + (x2 - x1).hypot(y2 - y1)).sum();
    unnamed as f64 * 1e4 + lines
}

/// Names for marks, in the order of the marks; none where a mark has no name or no room is left. Of a few orders in
/// which names are placed, the best outcome counts.
pub(super) fn labels(
    spots: &[(f64, f64)],
    names: &[Option<Name>],
    (taken, avoid): (&[Rect], &[Rect]),
    page: Rect,
) -> Vec<Option<Label>> {
    let marks = spots.iter().map(|spot| Rect::about(*spot, MARK / 2.0)).collect();
    let places = Places { spots, marks, names, avoid, page };
    let spot = |at: &usize| spots.get(*at).copied().unwrap_or_default();
    let crowd = |at: &usize| {
        let (x, y) = spot(at);
        spots.iter().filter(|(other_x, other_y)| (x - other_x).hypot(y - other_y) < 60.0).count()
    };
    let wants =
        |at: &usize| names.get(*at).copied().flatten().is_none_or(|name| name.over.is_none());
    let all: Vec<usize> = (0..spots.len()).collect();
    // Beyond that many the outcome is crowded in any order, and time counts.
    let mut orders: Vec<Vec<usize>> = vec![all; if spots.len() > 80 { 1 } else { 6 }];
    for (way, order) in orders.iter_mut().enumerate() {
        match way {
            0 => order.sort_by_key(|at| std::cmp::Reverse(crowd(at))),
            1 => order.sort_by_key(crowd),
            2 => order.sort_by(|a, b| spot(b).0.total_cmp(&spot(a).0)),
            3 => order.sort_by(|a, b| spot(a).0.total_cmp(&spot(b).0)),
            4 => order.sort_by(|a, b| spot(a).1.total_cmp(&spot(b).1)),
            _ => order.sort_by(|a, b| spot(b).1.total_cmp(&spot(a).1)),
        }
        order.sort_by_key(wants);
    }
    orders
        .iter()
        .map(|order| places.place(order, taken))
        .min_by(|a, b| cost(a, names).total_cmp(&cost(b, names)))
        .map_or_else(Vec::new, |placed| placed.found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Rect = Rect { left: 0.0, top: 0.0, right: 640.0, bottom: 560.0 };

    /// Marks of a small generator, many of them in one place.
    fn spread(count: usize) -> Vec<(f64, f64)> {
        let mut state = 7_u64;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        (0..count)
            .map(|at| {
                if at % 4 == 0 {
                    (528.0, 380.0)
                } else {
                    (60.0 + 468.0 * next(), 30.0 + 500.0 * next())
                }
            })
            .collect()
    }

    #[test]
    fn names_never_overlap_and_all_find_room() {
        for (count, unnamed_at_most) in [(1, 0), (15, 0), (60, 2), (200, 130)] {
            let bounds = Rect { left: 60.0, top: 30.0, right: 528.0, bottom: 530.0 };
            let spots = dodge(&spread(count), bounds);
            let names = vec![Some(Name { text: "SAXS/WAXS", over: None }); count];
            let found = labels(&spots, &names, (&[], &[]), PAGE);
            let rooms: Vec<Rect> = found
                .iter()
                .flatten()
                .map(|one| Rect {
                    left: one.x - 2.0,
                    top: one.y - 11.5,
                    right: one.x - 2.0 + width("SAXS/WAXS"),
                    bottom: one.y + 3.5,
                })
                .collect();
            for (at, room) in rooms.iter().enumerate() {
                assert!(PAGE.holds(room), "{count}: {room:?} leaves the page");
                assert!(
                    rooms.iter().skip(at + 1).all(|other| !room.meets(other)),
                    "{count}: names overlap"
                );
            }
            assert!(
                count - rooms.len() <= unnamed_at_most,
                "{count}: {} names found no room",
                count - rooms.len()
            );
        }
    }

    #[test]
    fn marks_of_one_place_stand_side_by_side() {
        let spots = dodge(
            &[(528.0, 380.0); 4],
            Rect { left: 60.0, top: 30.0, right: 528.0, bottom: 530.0 },
        );
        assert_eq!(spots, [(528.0, 380.0), (514.0, 380.0), (500.0, 380.0), (528.0, 366.0)]);
    }
}
