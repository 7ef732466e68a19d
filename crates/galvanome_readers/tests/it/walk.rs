//! Work on all cores, and walks over every byte of fixtures: they are most of the time that the tests take.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::fixtures::Fixture;

/// Bytes that a core takes at once.
const PIECE: usize = 64;

/// Runs something with each item; which comes first is not said. Fails when it does for any.
pub(crate) fn each<T: Sync>(items: &[T], run: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(item);
                }
            });
        }
    });
}

/// Runs something with each place of each fixture, as [`each`] does.
pub(crate) fn every_byte_of(fixtures: &[Fixture], run: impl Fn(&Fixture, usize) + Sync) {
    let begins = |fixture: &Fixture| (0..fixture.bytes.len()).step_by(PIECE);
    let pieces: Vec<_> =
        fixtures.iter().flat_map(|fixture| begins(fixture).map(move |at| (fixture, at))).collect();
    each(&pieces, |&(fixture, begin)| {
        for place in begin..(begin + PIECE).min(fixture.bytes.len()) {
            run(fixture, place);
        }
    });
}
