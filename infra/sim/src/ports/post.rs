//! Letters: words are made of nothing, and whoever carries them may fail before or after.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::model::LetterId;
use interlock_app::ports::{Composer, Mail, Mailer, PostError, Texter, Wordless};
use interlock_app::{Post, Told};

use crate::context::Ctx;
use crate::faults::Fault;
use crate::hub::lock;

/// The post as one activity reaches it.
struct SimPost(Arc<Ctx>);

/// The post of an activity.
pub(crate) fn post(ctx: &Arc<Ctx>) -> Post {
    let post = Arc::new(SimPost(ctx.clone()));
    Post { composer: post.clone(), mailer: post.clone(), texter: post }
}

impl Composer for SimPost {
    fn mail(&self, told: &Told) -> Result<Mail, Wordless> {
        Ok(Mail {
            letter_id: told.letter.id.clone(),
            message_id: String::new(),
            to: told.reader.email.clone(),
            to_name: String::new(),
            subject: String::new(),
            language: "en",
            text: String::new(),
            html: String::new(),
            invite: None,
        })
    }

    fn line(&self, _: &Told) -> Result<String, Wordless> {
        Ok(String::new())
    }
}

impl SimPost {
    async fn carry(&self, letter: &LetterId) -> Result<(), PostError> {
        self.0.wait(20_000, 200_000).await;
        if self.0.fault(Fault::MailRefused) {
            return Err(PostError::Unavailable("the provider is busy".into()));
        }
        lock(&self.0.hub.checker).handed(letter);
        if self.0.fault(Fault::MailAnswerLost) {
            return Err(PostError::Unavailable("the answer was lost".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Mailer for SimPost {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError> {
        self.carry(&mail.letter_id).await.map(|()| None)
    }
}

#[async_trait]
impl Texter for SimPost {
    async fn send(&self, letter: &LetterId, _: &str, _: &str) -> Result<(), PostError> {
        self.carry(letter).await
    }
}
