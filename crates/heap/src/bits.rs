//! Ranges of bits in arrays of words.

/// The words that the bits `start..start + count` touch, each with the mask of those bits.
pub(crate) fn range_masks(start: usize, count: usize) -> impl Iterator<Item = (usize, u64)> {
    let end = start + count;
    let words = if count == 0 {
        0..0
    } else {
        start / 64..end.div_ceil(64)
    };
    words.map(move |word| {
        let low = start.saturating_sub(word * 64);
        let high = (end - word * 64).min(64);
        (word, (u64::MAX >> (64 - (high - low))) << low)
    })
}

/// The first run of zero bits in `from..limit`, at most `max` long: start and length.
/// `word` gives the words.
pub(crate) fn find_zero_run(
    word: impl Fn(usize) -> u64,
    from: usize,
    limit: usize,
    max: usize,
) -> Option<(usize, usize)> {
    let mut start = from;
    loop {
        if start >= limit {
            return None;
        }
        let free = !word(start / 64) >> (start % 64);
        if free != 0 {
            start += free.trailing_zeros() as usize;
            break;
        }
        start = (start / 64 + 1) * 64;
    }
    let limit = limit.min(start.saturating_add(max));
    let mut end = start;
    while end < limit {
        let used = word(end / 64) >> (end % 64);
        if used != 0 {
            end += used.trailing_zeros() as usize;
            break;
        }
        end = (end / 64 + 1) * 64;
    }
    let end = end.min(limit);
    (start < end).then_some((start, end - start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_cover_exactly_the_range() {
        for (start, count) in [
            (0, 1),
            (3, 61),
            (3, 62),
            (63, 2),
            (64, 64),
            (10, 300),
            (5, 0),
        ] {
            let mut bits = [0u64; 8];
            range_masks(start, count).for_each(|(word, mask)| bits[word] |= mask);
            for i in 0..512 {
                let set = bits[i / 64] >> (i % 64) & 1 == 1;
                assert_eq!(
                    set,
                    (start..start + count).contains(&i),
                    "{start} {count} {i}"
                );
            }
        }
    }

    #[test]
    fn runs_are_the_gaps() {
        let words = [0xffff_0000_ffff_00f0u64, u64::MAX, 0x1];
        let all = |max| {
            let mut found = vec![];
            let mut at = 0;
            while let Some((start, count)) = find_zero_run(|w| words[w], at, 170, max) {
                found.push((start, count));
                at = start + count;
            }
            found
        };
        assert_eq!(all(100), [(0, 4), (8, 8), (32, 16), (129, 41)]);
        assert_eq!(
            all(10),
            [
                (0, 4),
                (8, 8),
                (32, 10),
                (42, 6),
                (129, 10),
                (139, 10),
                (149, 10),
                (159, 10),
                (169, 1),
            ]
        );
    }
}
