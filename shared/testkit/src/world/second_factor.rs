//! The app on somebody's telephone.

use data_encoding::BASE32_NOPAD;
use totp_rs::{Builder, Secret};

use super::World;

impl World {
    /// The code that an app with this secret shows now; nothing if it is none.
    pub fn code(&self, secret: &str) -> String {
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).unwrap_or_default();
        let secret = <[u8; 20]>::try_from(bytes).ok().map(Secret::new_stack);
        let totp = secret.and_then(|secret| Builder::new().with_secret(secret).build().ok());
        let seconds = u64::try_from(self.clock_now().as_second()).unwrap_or(0);
        totp.map(|totp| totp.generate(seconds).to_string()).unwrap_or_default()
    }
}
