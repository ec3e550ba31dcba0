//! Tokens of an issuer outside: whose word counts, about whom, and until when (PRODUCT D7).
//!
//! Which algorithm a key serves is read from the key and never from the token, so neither `none`
//! nor a public key taken for a shared secret opens anything. The time is the caller's.

use interlock_app::ports::{Identity, IssuerError};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

/// How far the clocks of the issuer and ours may differ.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// Most keys of an issuer that are looked at.
const MOST_KEYS: usize = 32;
/// What an issuer calls a login with more than one factor (RFC 8176). Its words for single ways,
/// `otp` and `hwk` among them, may stand for the only thing that was shown.
const MANY: &str = "mfa";

/// Whose tokens count, and meant for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BearerRule {
    /// Their `iss`.
    pub issuer: String,
    /// In their `aud`.
    pub audience: String,
}

/// The keys of an issuer that may sign for it.
pub struct IssuerKeys(Vec<IssuerKey>);

struct IssuerKey {
    name: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl IssuerKeys {
    /// From the issuer's document (RFC 7517); keys of other kinds, without a name or for other
    /// ends are left out. `None` if it is no such document.
    pub fn read(document: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let Document { keys } = serde_json::from_slice(document).ok()?;
        let jwks = keys.into_iter().take(MOST_KEYS);
        let usable = jwks.filter_map(|key| usable(&serde_json::from_value(key).ok()?));
        Some(Self(usable.collect()))
    }

    /// Whether a key of this name is known.
    pub fn knows(&self, name: &str) -> bool {
        self.0.iter().any(|key| key.name == name)
    }
}

/// What a key is made for; of all kinds two are taken.
fn kind(parameters: &AlgorithmParameters) -> Option<(Algorithm, KeyAlgorithm)> {
    if let AlgorithmParameters::RSA(_) = parameters {
        return Some((Algorithm::RS256, KeyAlgorithm::RS256));
    }
    let AlgorithmParameters::EllipticCurve(curve) = parameters else { return None };
    (curve.curve == EllipticCurve::P256).then_some((Algorithm::ES256, KeyAlgorithm::ES256))
}

fn usable(jwk: &Jwk) -> Option<IssuerKey> {
    let (algorithm, own) = kind(&jwk.algorithm)?;
    let common = &jwk.common;
    let signs = common.public_key_use.as_ref().is_none_or(|way| *way == PublicKeyUse::Signature);
    let fits = common.key_algorithm.is_none_or(|named| named == own);
    let name = common.key_id.clone().filter(|_| signs && fits)?;
    Some(IssuerKey { name, algorithm, key: DecodingKey::from_jwk(jwk).ok()? })
}

/// The name of the key that a token says it is signed with.
pub fn key_name(token: &str) -> Result<String, IssuerError> {
    let header = decode_header(token).map_err(|_| IssuerError::Refused("it cannot be read"))?;
    header.kid.ok_or(IssuerError::Refused("it names no key"))
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    nbf: Option<i64>,
    iat: i64,
    auth_time: Option<i64>,
    #[serde(default)]
    amr: Vec<String>,
}

/// What a token says, if it is signed with a key of the issuer, meant for us and in force now.
pub fn believe(
    token: &str,
    keys: &IssuerKeys,
    rule: &BearerRule,
    now: Timestamp,
) -> Result<Identity, IssuerError> {
    use IssuerError::Refused;
    let header = decode_header(token).map_err(|_| Refused("it cannot be read"))?;
    if header.crit.is_some() {
        return Err(Refused("it asks for what is not understood"));
    }
    let name = header.kid.ok_or(Refused("it names no key"))?;
    let mut named = keys.0.iter().filter(|key| key.name == name).peekable();
    named.peek().ok_or(Refused("its key is not known"))?;
    let key = named.find(|key| key.algorithm == header.alg);
    let key = key.ok_or(Refused("its algorithm is not that of its key"))?;
    let mut wanted = Validation::new(key.algorithm);
    wanted.set_audience(&[&rule.audience]);
    wanted.set_issuer(&[&rule.issuer]);
    wanted.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library reads the clock of the machine; ours is asked below.
    (wanted.validate_exp, wanted.validate_nbf) = (false, false);
    let data = decode::<Claims>(token, &key.key, &wanted);
    let claims = data.map_err(|_| Refused("signature, issuer, audience or form is wrong"))?.claims;
    in_force(&claims, now)?;
    if claims.sub.is_empty() {
        return Err(Refused("it names nobody"));
    }
    let issued_at = Timestamp::from_second(claims.iat);
    let issued_at = issued_at.map_err(|_| Refused("it was issued at no time"))?;
    let factor_at = factor_at(&claims, now);
    Ok(Identity { issuer: rule.issuer.clone(), subject: claims.sub, issued_at, factor_at })
}

fn in_force(claims: &Claims, now: Timestamp) -> Result<(), IssuerError> {
    let (now, skew) = (now.as_second(), SKEW.as_secs());
    if now >= claims.exp.saturating_add(skew) {
        return Err(IssuerError::Refused("it has expired"));
    }
    let begins = [claims.nbf, Some(claims.iat), claims.auth_time].into_iter().flatten();
    if begins.into_iter().any(|begin| now < begin.saturating_sub(skew)) {
        return Err(IssuerError::Refused("it is not in force yet"));
    }
    Ok(())
}

/// When more than one factor was shown; an issuer that does not say when does not say it. A clock
/// ahead of ours makes nothing fresher than now.
fn factor_at(claims: &Claims, now: Timestamp) -> Option<Timestamp> {
    let shown = claims.amr.iter().any(|way| way == MANY);
    let at = Timestamp::from_second(claims.auth_time.filter(|_| shown)?).ok()?;
    Some(at.min(now))
}
