//! Proof that whoever answers at the port knows the secret of the store, without saying it.
//!
//! A name alone can be copied by any program of this computer, which would then be handed every
//! picture. The answer to a question that was never asked before cannot be.

use hmac::{Hmac, KeyInit as _, Mac as _};
use picferry_core::secret::Secret;
use sha2::Sha256;

/// Bytes of a question.
const QUESTION_LENGTH: usize = 32;

/// A question nobody can have an answer ready for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question([u8; QUESTION_LENGTH]);

impl Question {
    /// A new one; `None` where the system has no randomness to give.
    pub(super) fn ask() -> Option<Self> {
        let mut bytes = [0; QUESTION_LENGTH];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The one that a query carries; anything else is no question.
    pub(super) fn of_query(query: &str) -> Option<Self> {
        let text = query.strip_prefix("question=")?;
        let mut bytes = [0; QUESTION_LENGTH];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// As it is sent: `question=` and 64 hexadecimal digits.
    pub(super) fn query(&self) -> String {
        format!("question={}", hex::encode(self.0))
    }

    /// What only the store with this secret, at this port, can answer.
    pub(super) fn answer(&self, secret: &Secret, port: u16) -> String {
        self.keyed(secret, port).map(|keyed| hex::encode(keyed.finalize().into_bytes())).unwrap_or_default()
    }

    /// Whether an answer is right; takes as long for a wrong one.
    pub(super) fn is_answered_by(&self, answer: &str, secret: &Secret, port: u16) -> bool {
        let (Ok(answer), Some(keyed)) = (hex::decode(answer), self.keyed(secret, port)) else {
            return false;
        };
        keyed.verify_slice(&answer).is_ok()
    }

    /// The port is part of it: another store of the same secret cannot be asked to answer for a stranger.
    fn keyed(&self, secret: &Secret, port: u16) -> Option<Hmac<Sha256>> {
        let mut keyed = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
        keyed.update(b"picferry store");
        keyed.update(&port.to_be_bytes());
        keyed.update(&self.0);
        Some(keyed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_at_the_same_port_answers_the_same_question() {
        let secret = Secret::new("the secret");
        let question = Question::ask().unwrap();
        let answer = question.answer(&secret, 36_688);
        assert!(question.is_answered_by(&answer, &secret, 36_688));
        assert!(!question.is_answered_by(&answer, &Secret::new("another"), 36_688));
        assert!(!question.is_answered_by(&answer, &secret, 36_689));
        assert!(!Question::ask().unwrap().is_answered_by(&answer, &secret, 36_688));
        for wrong in ["", "00", "no digits", &answer[2..]] {
            assert!(!question.is_answered_by(wrong, &secret, 36_688), "{wrong}");
        }
    }

    #[test]
    fn a_question_is_read_back_as_it_was_sent_and_nothing_else_is_one() {
        let question = Question::ask().unwrap();
        assert_eq!(Question::of_query(&question.query()), Some(question.clone()));
        for wrong in ["", "question=", "question=00", &format!("{}00", question.query())] {
            assert_eq!(Question::of_query(wrong), None, "{wrong}");
        }
    }
}
