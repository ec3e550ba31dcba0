//! Random identifiers.
//! Drawn from the operating system; nothing here is reproducible on purpose.

use data_encoding::HEXLOWER;

/// `N` random bytes in lower-case hexadecimal.
pub fn hexadecimal<const N: usize>() -> String {
    let mut bytes = [0_u8; N];
    if getrandom::fill(&mut bytes).is_err() {
        // The operating system's generator is gone: nothing the stack does would be sound.
        std::process::abort();
    }
    HEXLOWER.encode(&bytes)
}

/// A random identifier in the shape of a UUID of version 4.
pub fn uuid() -> String {
    let hex = hexadecimal::<16>();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_shape_and_differ() {
        let (one, other) = (uuid(), uuid());
        assert_eq!(one.len(), 36);
        assert_ne!(one, other);
    }
}
