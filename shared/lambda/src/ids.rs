//! Random bytes from the operating system.
//!
//! Without randomness nothing safe can be answered, so the process ends.

use interlock_app::ports::Ids;

/// The operating system's randomness.
#[derive(Debug)]
pub(crate) struct OsIds;

impl Ids for OsIds {
    #[expect(clippy::expect_used, reason = "an id that is not random would be worse than none")]
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(OsIds.random(), OsIds.random());
    }
}
