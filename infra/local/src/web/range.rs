//! One range of bytes, as players ask for when somebody seeks.

/// Bounds of `header` within `length` bytes, end excluded; nothing when it is no single range.
pub(super) fn parse(header: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = if first.is_empty() {
        (length.saturating_sub(last.parse().ok()?), length)
    } else {
        let last: u64 =
            if last.is_empty() { length.saturating_sub(1) } else { last.parse().ok()? };
        (first.parse().ok()?, last.saturating_add(1).min(length))
    };
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_what_is_there() {
        assert_eq!(parse("bytes=0-1", 10), Some((0, 2)));
        assert_eq!(parse("bytes=4-", 10), Some((4, 10)));
        assert_eq!(parse("bytes=4-99", 10), Some((4, 10)));
        assert_eq!(parse("bytes=-3", 10), Some((7, 10)));
    }

    #[test]
    fn what_is_no_range_of_the_file_is_none() {
        for header in ["bytes=10-", "bytes=5-4", "bytes=-0", "lines=1-2", "bytes=0-1,3-4"] {
            assert_eq!(parse(header, 10), None, "{header}");
        }
    }
}
