//! Turns of a flow that goes one way and the other: which of its waves, one half each way, a value belongs to.
//!
//! The rule is our own. The first direction that flows begins wave 1, and each second turn begins another. A value below
//! [`REST`] of the largest so far is rest and turns nothing. A turn counts when what flows from it until the next one is at
//! least [`TURN`] of the most that flowed between turns before it, so that noise and pulses are no waves; then it counts
//! from its first value on.

/// Part of the largest value below which there is rest.
pub const REST: f64 = 1e-3;

/// Part of the most that flowed between turns that must flow after one.
pub const TURN: f64 = 1e-2;

/// Values whose largest is known before the first of them is judged.
pub const FIRST: usize = 4096;

/// What the rule knows between two values.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    largest: f64,
    /// The direction of the half wave that runs, 0 before the first; its number from 0; what flowed in it and the
    /// most in any.
    running: f64,
    half: u32,
    moved: f64,
    moved_most: f64,
    /// A turn in doubt: the place of its first value among the waves at hand, and what flowed since.
    doubt: Option<(usize, f64)>,
}

impl Turns {
    /// Before any value.
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns the largest of the first values ([`FIRST`] of them, or all when there are fewer). To be called once, before
    /// any is judged.
    pub fn learn(&mut self, first: &[f64]) {
        let sizes = first.iter().take(FIRST).map(|value| value.abs());
        self.largest = sizes.fold(self.largest, f64::max);
    }

    /// The number of the wave that runs.
    fn wave(&self) -> f64 {
        f64::from(self.half / 2 + 1)
    }

    /// Judges values that follow on those before, each with the time for which it flowed (0 where that is not known), and
    /// puts the number of each one's wave behind `waves`, from 1. A turn that shows itself changes the numbers there
    /// from its first value on. What is no number is rest.
    pub fn judge(&mut self, flow: impl Iterator<Item = (f64, f64)>, waves: &mut Vec<f64>) {
        // Of its own until the end, so that it stays in registers.
        let mut turns = self.clone();
        let mut wave = turns.wave();
        waves.reserve(flow.size_hint().0);
        for (value, interval) in flow {
            let size = value.abs();
            if size > turns.largest {
                turns.largest = size;
            }
            if size > REST * turns.largest {
                let amount = size * interval;
                // Most values go on as those before.
                if value * turns.running > 0.0 {
                    turns.doubt = None;
                    turns.moved += amount;
                } else if turns.running == 0.0 {
                    turns.running = value.signum();
                    turns.moved += amount;
                } else if let Some(first) = turns.against(amount, waves.len()) {
                    wave = turns.wave();
                    for earlier in waves.iter_mut().skip(first) {
                        *earlier = wave;
                    }
                }
            }
            waves.push(wave);
        }
        *self = turns;
    }
    /// Judges what flows against the half wave that runs. When that makes a turn, the next half wave runs, and its first place
    /// comes out.
    fn against(&mut self, amount: f64, place: usize) -> Option<usize> {
        let (first, moved) = self.doubt.unwrap_or((place, 0.0));
        let moved = moved + amount;
        let moved_most = self.moved_most.max(self.moved);
        if moved >= TURN * moved_most {
            self.doubt = None;
            self.running = -self.running;
            self.half = self.half.saturating_add(1);
            (self.moved, self.moved_most) = (moved, moved_most);
            return Some(first);
        }
        self.doubt = Some((first, moved));
        None
    }

    /// The place among the waves at hand from which on a turn is in doubt, if one is.
    pub fn in_doubt_from(&self) -> Option<usize> {
        self.doubt.map(|(first, _)| first)
    }

    /// Says that so many waves at the beginning of those at hand were taken away. A turn in doubt among them
    /// counts from those that are left, when it shows itself.
    pub fn taken(&mut self, waves: usize) {
        if let Some((first, _)) = &mut self.doubt {
            *first = first.saturating_sub(waves);
        }
    }
}

/// The wave of each value, from 1, of a flow that is known from end to end; `intervals` are as [`Turns::judge`] takes them,
/// as many as values.
///
/// ```
/// use galvanome_numerics::turns::waves;
///
/// let flow = [0.0, 1.0, 1.0, -1.0, -1.0, 0.0, 1.0, 1.0];
/// assert_eq!(waves(&flow, &[1.0; 8]), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
/// ```
pub fn waves(values: &[f64], intervals: &[f64]) -> Vec<f64> {
    let mut turns = Turns::new();
    turns.learn(values);
    let mut waves = Vec::with_capacity(values.len());
    turns.judge(values.iter().copied().zip(intervals.iter().copied()), &mut waves);
    waves
}
