//! Hashing of passwords; slow on purpose.

use async_trait::async_trait;

use crate::AppError;

/// Hashes and checks passwords.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// A hash in PHC form that carries its parameters.
    async fn hash(&self, password: &str) -> Result<String, AppError>;

    /// Whether the password fits. `None` spends the same work and answers no, so that an unknown
    /// account costs what a known one costs (RELIABILITY P3).
    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError>;

    /// Whether a hash costs less to guess at than one made now (RELIABILITY P1). Works nothing out.
    fn is_weak(&self, hash: &str) -> bool;
}
