//! The known word that a misspelt one means.

/// The nearest of the known words: the one within a third of the word's letters by insertions, deletions,
/// replacements and swaps of neighbours (optimal string alignment), ignoring case; or else the only one that begins with the word.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let wanted: Vec<char> = word.to_lowercase().chars().collect();
    let reach = (wanted.len() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    let mut beginning = None;
    let mut beginnings = 0;
    for candidate in known {
        let lower: Vec<char> = candidate.to_lowercase().chars().collect();
        if wanted.len() >= 2 && lower.starts_with(&wanted) {
            beginning = Some(candidate);
            beginnings += 1;
        }
        if lower.len().abs_diff(wanted.len()) > reach {
            continue;
        }
        let distance = distance(&wanted, &lower);
        if distance <= reach && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or(beginning.filter(|_| beginnings == 1))
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_word_finds_the_meant_one() {
        let known = ["xrd", "xrs", "raman", "crystal-structure", "lithium-distribution"];
        let check = |word: &str, meant: Option<&str>| {
            assert_eq!(nearest(word, known.into_iter()), meant, "{word}");
        };
        check("xrdd", Some("xrd"));
        check("XRS", Some("xrs"));
        check("rmaan", Some("raman"));
        check("cristal-structure", Some("crystal-structure"));
        check("lithium", Some("lithium-distribution"));
        check("ab", None);
        check("", None);
        check("homogeneity", None);
    }
}
