//! Passwords without the work: hashes that are cheap to make and to check.
//!
//! The count of evaluations is what a test compares where the real adapter would take time.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::Passwords;

const PREFIX: &str = "$fake$";
/// Hashes that count as made when hashes were cheaper.
const WEAK: &str = "$weak$";

/// Hashes by writing the password down.
#[derive(Debug, Default)]
pub struct FakePasswords {
    evaluations: AtomicU64,
}

impl FakePasswords {
    /// How often a hash was worked out, whether to store or to compare.
    pub fn evaluations(&self) -> u64 {
        self.evaluations.load(Ordering::Relaxed)
    }

    /// A hash as it was made when hashes were cheaper; costs no evaluation.
    pub fn weak_hash(password: &str) -> String {
        format!("{WEAK}{password}")
    }
}

#[async_trait]
impl Passwords for FakePasswords {
    async fn hash(&self, password: &str) -> Result<String, AppError> {
        self.evaluations.fetch_add(1, Ordering::Relaxed);
        Ok(format!("{PREFIX}{password}"))
    }

    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
        self.evaluations.fetch_add(1, Ordering::Relaxed);
        let kept = hash.and_then(|hash| hash.strip_prefix(PREFIX).or(hash.strip_prefix(WEAK)));
        Ok(kept == Some(password))
    }

    fn is_weak(&self, hash: &str) -> bool {
        hash.starts_with(WEAK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_unknown_account_costs_what_a_known_one_costs() {
        let passwords = FakePasswords::default();
        let hash = passwords.hash("secret").await.unwrap();
        assert!(passwords.verify("secret", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("other", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("secret", None).await.unwrap());
        assert_eq!(passwords.evaluations(), 4);
    }
}
