//! Work in blocks on several threads, in an order that does not show.

use std::sync::Mutex;

/// Does `work` for every item, on up to `threads` threads; which thread takes which item is not fixed, so `work` must
/// write nothing but what its item owns.
pub(super) fn each<I: Iterator<Item: Send> + Send>(
    threads: usize,
    items: I,
    work: impl Fn(I::Item) + Sync,
) {
    if threads < 2 {
        items.for_each(work);
        return;
    }
    let items = Mutex::new(items);
    let take = || {
        loop {
            // An iterator that panicked in another thread ends the work of this one; the scope passes the panic on.
            let Some(item) = items.lock().ok().and_then(|mut items| items.next()) else { break };
            work(item);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(take);
        }
        take();
    });
}

/// The results of `work` for 0 to `many`, in that order, from up to `threads` threads.
pub(super) fn map<R: Send + Default + Clone>(
    threads: usize,
    many: usize,
    work: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    let mut results = vec![R::default(); many];
    each(threads, results.iter_mut().enumerate(), |(at, result)| *result = work(at));
    results
}
