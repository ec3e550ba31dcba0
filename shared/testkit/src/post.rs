//! Whoever makes words and carries them: everything that was handed over is kept in order.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interlock_app::model::{LetterId, LetterKind};
use interlock_app::ports::{Composer, Mail, Mailer, PostError, Texter, Wordless};
use interlock_app::{Post, Side, Told};
use interlock_policy::UserId;

use crate::script::{Script, lock};

/// A letter as it was handed over.
#[derive(Debug, Clone)]
pub struct Handed {
    /// What its words were made from.
    pub told: Told,
    /// The mail; nothing for a short message.
    pub mail: Option<Mail>,
    /// The number of a short message.
    pub phone: Option<String>,
}

impl Handed {
    /// What it tells.
    pub fn kind(&self) -> LetterKind {
        self.told.letter.kind
    }

    /// To whom.
    pub fn reader(&self) -> &UserId {
        &self.told.reader.user_id
    }

    /// On which side that person stands.
    pub fn side(&self) -> Side {
        self.told.reader.side
    }
}

#[derive(Debug, Clone)]
enum Fault {
    Before,
    After,
    Refused,
}

/// Keeps what is handed over.
#[derive(Debug, Default)]
pub struct RecordingPost {
    composed: Mutex<Vec<Told>>,
    handed: Mutex<Vec<Handed>>,
    faults: Script<(), Fault>,
}

impl RecordingPost {
    /// One with the same messages and faults that goes its own way from here.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            composed: Mutex::new(lock(&self.composed).clone()),
            handed: Mutex::new(self.handed()),
            faults: self.faults.fork(),
        }
    }

    /// The post of an app, which hands over to this.
    pub fn post(self: &Arc<Self>) -> Post {
        Post { composer: self.clone(), mailer: self.clone(), texter: self.clone() }
    }

    /// What was handed over so far, in order.
    pub fn handed(&self) -> Vec<Handed> {
        lock(&self.handed).clone()
    }

    /// Takes it out.
    pub fn drain(&self) -> Vec<Handed> {
        std::mem::take(&mut lock(&self.handed))
    }

    /// The next `times` messages are lost, and the sender hears of a failure.
    pub fn fail_before(&self, times: usize) {
        (0..times).for_each(|_| self.faults.push((), Fault::Before));
    }

    /// The next `times` messages go out, and the sender hears of a failure.
    pub fn fail_after(&self, times: usize) {
        (0..times).for_each(|_| self.faults.push((), Fault::After));
    }

    /// The next message is refused for good.
    pub fn refuse(&self) {
        self.faults.push((), Fault::Refused);
    }

    fn take(&self, letter: &LetterId, (mail, phone): (Option<Mail>, Option<String>)) -> Taken {
        let told =
            lock(&self.composed).iter().rev().find(|told| told.letter.id == *letter).cloned();
        let told = told.ok_or_else(|| PostError::Refused("nothing was composed".into()))?;
        match self.faults.take(&()) {
            Some(Fault::Before) => return Err(PostError::Unavailable("scripted before".into())),
            Some(Fault::Refused) => return Err(PostError::Refused("scripted".into())),
            Some(Fault::After) => {
                lock(&self.handed).push(Handed { told, mail, phone });
                return Err(PostError::Unavailable("scripted after".into()));
            }
            None => lock(&self.handed).push(Handed { told, mail, phone }),
        }
        Ok(())
    }
}

type Taken = Result<(), PostError>;

impl Composer for RecordingPost {
    fn mail(&self, told: &Told) -> Result<Mail, Wordless> {
        lock(&self.composed).push(told.clone());
        let letter_id = told.letter.id.clone();
        Ok(Mail {
            message_id: format!("<{letter_id}@test.example>"),
            letter_id,
            to: told.reader.email.clone(),
            to_name: told.reader.name.clone(),
            subject: told.letter.kind.word().to_owned(),
            language: "en",
            text: String::new(),
            html: String::new(),
            invite: None,
        })
    }

    fn line(&self, told: &Told) -> Result<String, Wordless> {
        lock(&self.composed).push(told.clone());
        Ok(told.letter.kind.word().to_owned())
    }
}

#[async_trait]
impl Mailer for RecordingPost {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError> {
        self.take(&mail.letter_id, (Some(mail.clone()), None))?;
        Ok(Some(format!("provider-{}", mail.letter_id)))
    }
}

#[async_trait]
impl Texter for RecordingPost {
    async fn send(&self, letter: &LetterId, phone: &str, _text: &str) -> Result<(), PostError> {
        self.take(letter, (None, Some(phone.to_owned())))
    }
}
