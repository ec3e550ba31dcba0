//! Telling people, as somebody might have written it who did not read docs/NOTIFICATIONS.md.

use interlock_app::model::{FollowUp, Lane, Letter, LetterState};
use interlock_app::ports::Mail;
use interlock_app::ports::store::{Action, Document, Index, Query, Record, Transaction};
use interlock_app::{App, AppError, Post};

use super::Defect;
use crate::context::Ctx;
use crate::hub::Hub;

/// Most letters of one sweep.
const AT_ONCE: u32 = 50;

/// Sends what is due as it was written, and looks at nothing; whether the defect is there.
pub(crate) async fn unlooked(ctx: &Ctx, app: &App, post: &Post) -> bool {
    if ctx.hub.defect != Some(Defect::SentUnlooked) {
        return false;
    }
    // What fails is left to the next sweep, as in production.
    let _ = sends(app, post).await;
    true
}

async fn sends(app: &App, post: &Post) -> Result<(), AppError> {
    let query = Query {
        until: Some(FollowUp::sort_until(app.now())),
        ..Query::partition(Some(Index::One), Lane::Notify.partition(), AT_ONCE)
    };
    for record in app.store.query(&query).await?.records {
        if record.kind != Letter::KIND {
            continue;
        }
        let stored = record.decode::<Letter>()?;
        let claimed = Letter { attempts: stored.value.attempts + 1, ..stored.value };
        app.store.commit(&Transaction::new().replace(&claimed, stored.version)?).await?;
        if post.mailer.send(&blank(&claimed)).await.is_ok() {
            let state = LetterState::Sent { at: app.now(), reference: None };
            let sent = Letter { state, ..claimed };
            app.store.commit(&Transaction::new().replace(&sent, stored.version + 1)?).await?;
        }
    }
    Ok(())
}

fn blank(letter: &Letter) -> Mail {
    Mail {
        letter_id: letter.id.clone(),
        message_id: String::new(),
        to: String::new(),
        to_name: String::new(),
        subject: String::new(),
        language: "en",
        text: String::new(),
        html: String::new(),
        invite: None,
    }
}

/// The transaction without its letters, which were written by themselves right before.
pub(super) fn written_apart(hub: &Hub, parts: Vec<Action>) -> Vec<Action> {
    let (letters, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_letter);
    if letters.is_empty() || rest.is_empty() {
        return letters.into_iter().chain(rest).collect();
    }
    // Whether they could be written is not asked either.
    let _ = hub.commit(&letters.into_iter().collect());
    rest
}

fn is_letter(action: &Action) -> bool {
    match action {
        Action::Put { record, .. } => record.kind == Letter::KIND,
        Action::Delete { .. } | Action::Check { .. } => false,
    }
}

/// A letter that is claimed is noted as sent in the same breath.
pub(super) fn noted_as_sent(action: Action) -> Action {
    let Action::Put { record, expect } = &action else { return action };
    let letter = (record.kind == Letter::KIND).then(|| record.decode::<Letter>().ok()).flatten();
    let Some(letter) = letter.map(|stored| stored.value) else { return action };
    if letter.state != LetterState::Due || letter.attempts == 0 {
        return action;
    }
    let state = LetterState::Sent { at: letter.due_at, reference: None };
    match Record::of(&Letter { state, ..letter }, record.version) {
        Ok(record) => Action::Put { record: Box::new(record), expect: *expect },
        Err(_) => action,
    }
}
