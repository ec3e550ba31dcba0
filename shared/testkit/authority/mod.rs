//! An authority that nobody knew before, and servers that it vouches for.
//!
//! Taken in by path: what plays schedules links the fakes, and would build TLS for nothing.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![expect(clippy::unwrap_used, reason = "an authority of the test either stands or fails it")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Names the file with the roots of the system.
const STORE: &str = "SSL_CERT_FILE";
const OF_THE_TEST: &str = "of-the-test.pem";
const PLAYED: &str = "played to the end";

/// What a client is to trust, and what signs.
pub(crate) struct Authority {
    root: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        Self { root, issuer: Issuer::new(params, key) }
    }

    /// Its own certificate.
    pub(crate) fn root(&self) -> &CertificateDer<'static> {
        self.root.der()
    }

    /// The same as text.
    pub(crate) fn pem(&self) -> String {
        self.root.pem()
    }

    /// A server that it vouches for under a name.
    pub(crate) fn server(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Plays a test of this program in a process whose system trusts whom [`store`] names.
pub(crate) fn play_with_a_store(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let second = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(STORE, folder.path().join(OF_THE_TEST))
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&second.stdout);
    assert!(second.status.success() && said.contains(PLAYED), "{second:?}");
}

/// The file with the roots of the system, in the process that is to play with one.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration to read it from")]
pub(crate) fn store() -> Option<PathBuf> {
    let store = std::env::var_os(STORE).map(PathBuf::from)?;
    store.ends_with(OF_THE_TEST).then_some(store)
}

/// To be said at the end of what that process plays.
pub(crate) fn played() {
    println!("{PLAYED}");
}
