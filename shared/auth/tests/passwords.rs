//! Passwords with the real function: right in form, equal in cost.

use std::sync::Arc;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use interlock_app::AppError;
use interlock_app::ports::Passwords;
use interlock_auth::Argon2Passwords;
use interlock_testkit::SeededIds;

fn passwords() -> Argon2Passwords {
    Argon2Passwords::new(Arc::new(SeededIds::default()))
}

#[tokio::test]
async fn a_hash_fits_its_password_and_no_other() {
    let passwords = passwords();
    let hash = passwords.hash("interlock-demo").await.unwrap();
    assert!(passwords.verify("interlock-demo", Some(&hash)).await.unwrap());
    for other in ["interlock-dem", "Interlock-demo", "interlock-demo ", "", "\0"] {
        assert!(!passwords.verify(other, Some(&hash)).await.unwrap(), "{other:?}");
    }
}

#[tokio::test]
async fn a_hash_carries_the_parameters_and_a_salt_of_its_own() {
    let passwords = passwords();
    let one = passwords.hash("same").await.unwrap();
    let two = passwords.hash("same").await.unwrap();
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    assert_ne!(one, two);
    assert!(passwords.verify("same", Some(&two)).await.unwrap());
}

#[tokio::test]
async fn every_check_is_exactly_one_evaluation() {
    let passwords = passwords();
    let hash = passwords.hash("secret").await.unwrap();
    for (password, hash) in
        [("secret", Some(hash.as_str())), ("wrong", Some(&hash)), ("secret", None), ("", None)]
    {
        let before = passwords.evaluations();
        passwords.verify(password, hash).await.unwrap();
        assert_eq!(passwords.evaluations() - before, 1);
    }
}

#[tokio::test]
async fn nobody_has_no_password() {
    let passwords = passwords();
    for password in ["", "secret", "\0\0\0\0"] {
        assert!(!passwords.verify(password, None).await.unwrap());
    }
}

#[tokio::test]
async fn a_long_password_counts_to_its_end() {
    let passwords = passwords();
    let long = "x".repeat(1024);
    let hash = passwords.hash(&long).await.unwrap();
    assert!(passwords.verify(&long, Some(&hash)).await.unwrap());
    assert!(!passwords.verify(&"x".repeat(1023), Some(&hash)).await.unwrap());
}

#[tokio::test]
async fn a_hash_that_cannot_be_read_is_an_inner_fault_without_its_text() {
    for hash in ["", "hunter2", "$argon2id$hunter2", "$2b$12$hunter2"] {
        let error = passwords().verify("secret", Some(hash)).await.unwrap_err();
        assert!(matches!(error, AppError::Internal { .. }), "{hash}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[tokio::test]
async fn a_hash_made_with_less_is_weak_and_still_fits() {
    let passwords = passwords();
    let present = passwords.hash("secret").await.unwrap();
    assert!(!passwords.is_weak(&present));
    for (memory, passes) in [(8_192, 2), (19_456, 1)] {
        let params = Params::new(memory, passes, 1, None).unwrap();
        let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = weaker.hash_password_with_salt(b"secret", &[7; 16]).unwrap().to_string();
        assert!(passwords.is_weak(&hash), "{hash}");
        let before = passwords.evaluations();
        assert!(passwords.verify("secret", Some(&hash)).await.unwrap());
        assert_eq!(passwords.evaluations() - before, 1);
    }
    for other in [present.replace("argon2id", "argon2i"), present.replace("v=19", "v=16")] {
        assert!(passwords.is_weak(&other), "{other}");
    }
    let stronger = present.replace("m=19456,t=2", "m=65536,t=3");
    assert!(!passwords.is_weak(&stronger), "{stronger}");
}
