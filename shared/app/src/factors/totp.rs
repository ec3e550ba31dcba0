//! Codes of an app (RFC 6238): SHA-1, six digits, thirty seconds, one step to either side.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;
use totp_rs::{Builder, Secret, Totp};

use crate::model::FactorId;
use crate::{AppError, Settings};

/// Bytes of a secret, as RFC 4226 advises.
const SECRET_LENGTH: usize = 20;
/// Everything but what a part of an address may hold as it is (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secret of a factor; everybody who knows the key for it makes the same, and nobody keeps it.
fn secret(settings: &Settings, id: &FactorId) -> Result<[u8; SECRET_LENGTH], AppError> {
    let unusable = || AppError::internal("the key for second factors cannot be used");
    let key = settings.factor_key.ok_or_else(unusable)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| unusable())?;
    mac.update(b"interlock second factor\0");
    mac.update(id.as_str().as_bytes());
    let whole: [u8; 32] = mac.finalize().into_bytes().into();
    let mut secret = [0; SECRET_LENGTH];
    for (byte, made) in secret.iter_mut().zip(whole) {
        *byte = made;
    }
    Ok(secret)
}

fn of(secret: [u8; SECRET_LENGTH]) -> Result<Totp, AppError> {
    let built = Builder::new().with_secret(Secret::new_stack(secret)).build();
    built.map_err(|_| AppError::internal("a second factor cannot be made"))
}

/// The step whose code this is, one before or after the present one included.
pub(super) fn step_of(
    settings: &Settings,
    id: &FactorId,
    (code, now): (&str, Timestamp),
) -> Result<Option<u64>, AppError> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    Ok(if digits { of(secret(settings, id)?)?.check(code, seconds) } else { None })
}

/// The secret as an app takes it by hand.
pub(super) fn shown(settings: &Settings, id: &FactorId) -> Result<String, AppError> {
    Ok(BASE32_NOPAD.encode(&secret(settings, id)?))
}

/// The same with a name, as an app takes it from a picture.
pub(super) fn uri(base32: &str, (issuer, email): (&str, &str)) -> String {
    let escaped = |text| utf8_percent_encode(text, ESCAPED);
    let (issuer, email) = (escaped(issuer), escaped(email));
    format!(
        "otpauth://totp/{issuer}:{email}?secret={base32}&issuer={issuer}&algorithm=SHA1&digits=6\
         &period=30"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the vectors of RFC 6238.
    const RFC: [u8; SECRET_LENGTH] = *b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(of(RFC).unwrap().generate(second).to_string(), code);
        }
    }

    #[test]
    fn the_address_of_a_factor_names_the_deployment_and_the_person() {
        let uri = uri("ABC", ("Interlock (north)", "ada+x@demo.test"));
        assert_eq!(
            uri,
            "otpauth://totp/Interlock%20%28north%29:ada%2Bx%40demo.test?secret=ABC\
             &issuer=Interlock%20%28north%29&algorithm=SHA1&digits=6&period=30"
        );
    }
}
