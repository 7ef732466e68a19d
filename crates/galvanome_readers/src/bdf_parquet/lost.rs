//! What stands in a file that lost its end: it is counted, so that one knows what there is to save.

use super::pages::{Head, PageKind};
use crate::source::Source;

/// Heads that are followed.
const PAGES_MAX: u64 = 1 << 20;

/// What is left, in words: pages stand one after the other from the beginning, without the names of their columns.
pub(super) fn in_words(source: &dyn Source) -> String {
    let (mut pages, mut values, mut at) = (0_u64, 0_u64, 4_u64);
    let mut window = Vec::new();
    while pages < PAGES_MAX {
        let Ok(Some(head)) = Head::at(source, at, source.len(), &mut window) else { break };
        let next = at.saturating_add(head.len).saturating_add(head.packed);
        if next > source.len() {
            break;
        }
        if matches!(head.kind, PageKind::Data | PageKind::Second { .. }) {
            pages += 1;
            values = values.saturating_add(head.values);
        }
        at = next;
    }
    if pages == 0 {
        return "no whole page of values stands before it".to_owned();
    }
    format!(
        "{pages} whole pages with {values} values stand before byte {at}, and nothing says of which columns"
    )
}
