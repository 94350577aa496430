//! The token that a person may ask editors for.

use picferry_core::Result;
use picferry_engine::Engine;
use sha2::{Digest as _, Sha256};
use std::sync::{PoisonError, RwLock};
use subtle::{Choice, ConstantTimeEq as _};

/// What is compared: digests, so that neither the length nor the first wrong letter shows in the
/// time that it takes.
#[derive(Default)]
pub(super) struct Token(RwLock<Wanted>);

#[derive(Default, Clone, Copy)]
enum Wanted {
    #[default]
    Nothing,
    This([u8; 32]),
    /// There is one, but the keychain does not give it: nobody is let in.
    Unknown,
}

impl Token {
    /// Reads it from the keychain.
    ///
    /// # Errors
    /// The keychain's error; nobody is let in then.
    pub(super) async fn read(&self, engine: &Engine) -> Result<()> {
        let read = engine.server_token().await;
        let wanted = match &read {
            Ok(Some(token)) => Wanted::This(Sha256::digest(token.expose()).into()),
            Ok(None) => Wanted::Nothing,
            Err(_) => Wanted::Unknown,
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = wanted;
        read.map(drop)
    }

    /// Whether one has to be shown.
    pub(super) fn is_set(&self) -> bool {
        !matches!(self.wanted(), Wanted::Nothing)
    }

    /// Whether one of the texts is the token. All of them are compared, wherever the right one is.
    pub(super) fn is_among(&self, shown: &[String]) -> bool {
        match self.wanted() {
            Wanted::Nothing => true,
            Wanted::Unknown => false,
            Wanted::This(token) => {
                let found = shown.iter().fold(Choice::from(0), |found, text| {
                    let digest: [u8; 32] = Sha256::digest(text).into();
                    found | digest.ct_eq(&token)
                });
                found.into()
            }
        }
    }

    fn wanted(&self) -> Wanted {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_token_is_compared_in_constant_time() {
        let digest = Sha256::digest("correct-horse").into();
        let token = Token(RwLock::new(Wanted::This(digest)));
        for wrong in ["", "c", "correct-hors", "correct-horse ", "Correct-horse", "x", &"c".repeat(100_000)] {
            // Whatever it is, what is compared are 32 bytes.
            assert!(!token.is_among(&[wrong.to_owned()]), "{wrong:.20}");
        }
        assert!(token.is_among(&["wrong".into(), "correct-horse".into(), "wrong".into()]));
        assert!(!token.is_among(&[]));
    }

    #[test]
    fn a_token_that_cannot_be_read_lets_nobody_in() {
        let token = Token(RwLock::new(Wanted::Unknown));
        assert!(token.is_set());
        assert!(!token.is_among(&[]));
        assert!(!token.is_among(&["".into()]));
    }
}
