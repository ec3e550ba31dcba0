//! Whom the system trusts.

use rustls_native_certs::load_native_certs;
use rustls_pki_types::CertificateDer;
use webpki::anchor_from_trusted_cert;

/// The system trusts nobody, so that nobody can be called.
#[derive(Debug, thiserror::Error)]
#[error("the system's store of roots has none that can be used")]
pub struct NoRoots;

/// The system's roots, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`. One that no chain could end
/// at is left out, and the others serve: whoever takes them refuses all for one.
pub(crate) fn of_system() -> Result<Vec<CertificateDer<'static>>, NoRoots> {
    let mut roots = load_native_certs().certs;
    roots.retain(|root| anchor_from_trusted_cert(root).is_ok());
    if roots.is_empty() { Err(NoRoots) } else { Ok(roots) }
}
