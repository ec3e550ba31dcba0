//! Which letters a step of an approval calls for.

use jiff::SignedDuration;

use crate::AppError;
use crate::model::{About, Addressee, CheckoutEvent, CheckoutStep, Letter, LetterId, LetterKind};

/// How long before an approval runs out its holder is told.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Every letter of a step; `category` is that of the machine it was made on.
pub(crate) fn of_step(event: &CheckoutEvent, category: &str) -> Result<Vec<Letter>, AppError> {
    let holder = || Addressee::User { user_id: event.user_id.clone() };
    let kind = match event.step {
        CheckoutStep::Requested => {
            let scope = event.scope.clone();
            let to = Addressee::Deciders { scope, category: category.to_owned() };
            return Ok(vec![letter(event, (LetterKind::CheckoutRequested, to))?]);
        }
        CheckoutStep::FirstApproved => return Ok(Vec::new()),
        // One that was lowered is told with the level that is left.
        CheckoutStep::Granted | CheckoutStep::Renewed | CheckoutStep::Demoted => {
            LetterKind::CheckoutGranted
        }
        CheckoutStep::Revoked => LetterKind::CheckoutRevoked,
        CheckoutStep::Declined => LetterKind::CheckoutDeclined,
    };
    let mut letters = vec![letter(event, (kind, holder()))?];
    let ends = event.expires_at.filter(|_| kind == LetterKind::CheckoutGranted);
    let told = ends.and_then(|ends| Some((ends, ends.checked_sub(AHEAD).ok()?)));
    if let Some((ends, due_at)) = told.filter(|(_, due_at)| *due_at > event.at) {
        let soon = letter(event, (LetterKind::CheckoutExpiring, holder()))?;
        letters.push(Letter { until: Some(ends), due_at, ..soon });
    }
    Ok(letters)
}

/// Named by approval, version of the standing and kind.
fn letter(event: &CheckoutEvent, (kind, to): (LetterKind, Addressee)) -> Result<Letter, AppError> {
    let own = event.checkout_id.body();
    let id = LetterId::from_body(&format!("{own}_{}_{}", event.version, kind.word()));
    let id = id.map_err(|error| AppError::internal(error.to_string()))?;
    let about = About::Checkout {
        user_id: event.user_id.clone(),
        scope: event.scope.clone(),
        version: event.version,
    };
    Ok(Letter::new(id, about, to, (kind, event.at)))
}
