//! Argon2id for passwords.
//!
//! Every check is exactly one evaluation, whether the account exists or not (RELIABILITY P3).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::{Ids, Passwords};

/// Memory of one evaluation, in KiB (RELIABILITY P1).
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Bytes of salt.
const SALT_LENGTH: usize = 16;
/// Stands in where there is no hash: right in form and cost, and no password is known for it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
                      $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords with Argon2id, 19 MiB, two passes, one lane.
pub struct Argon2Passwords {
    argon2: Argon2<'static>,
    ids: Arc<dyn Ids>,
    evaluations: AtomicU64,
}

impl Argon2Passwords {
    /// Draws salts from `ids`.
    pub fn new(ids: Arc<dyn Ids>) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or(Params::DEFAULT);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Self { argon2, ids, evaluations: AtomicU64::new(0) }
    }

    /// How often the function was worked out, to store or to compare.
    pub fn evaluations(&self) -> u64 {
        self.evaluations.load(Ordering::Relaxed)
    }

    fn compare(&self, password: &str, hash: &str) -> Result<bool, AppError> {
        let hash = PasswordHash::new(hash)
            .map_err(|error| unreadable("a stored password hash cannot be read", error))?;
        self.evaluations.fetch_add(1, Ordering::Relaxed);
        match self.argon2.verify_password(password.as_bytes(), &hash) {
            Ok(()) => Ok(true),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(unreadable("a password cannot be compared", error)),
        }
    }
}

fn unreadable(detail: &str, error: impl std::error::Error + Send + Sync + 'static) -> AppError {
    AppError::Internal { detail: detail.to_owned(), source: Some(Box::new(error)) }
}

#[async_trait]
impl Passwords for Argon2Passwords {
    async fn hash(&self, password: &str) -> Result<String, AppError> {
        let mut salt = [0; SALT_LENGTH];
        for (byte, random) in salt.iter_mut().zip(self.ids.random()) {
            *byte = random;
        }
        self.evaluations.fetch_add(1, Ordering::Relaxed);
        let hash: PasswordHash = self
            .argon2
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|error| unreadable("a password cannot be hashed", error))?;
        Ok(hash.to_string())
    }

    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
        match hash {
            Some(hash) => self.compare(password, hash),
            None => self.compare(password, NOBODY).map(|_| false),
        }
    }

    fn is_weak(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let Ok(made_with) = Params::try_from(&hash) else { return true };
        let present = self.argon2.params();
        hash.algorithm != Algorithm::Argon2id.ident()
            || hash.version != Some(Version::V0x13.into())
            || made_with.m_cost() < present.m_cost()
            || made_with.t_cost() < present.t_cost()
            || made_with.p_cost() < present.p_cost()
    }
}
