//! What is told of the reader's own account.

use interlock_policy::Role;

use super::Voice;
use crate::page::{Action, Page};
use crate::{AccountNews, Kind, Token};

/// The page of a message about the reader's own account.
///
/// The only pages with a secret on them: a token stands in the part of its link that no browser
/// sends to a server.
pub(super) fn page(voice: &Voice<'_>, kind: Kind, news: &AccountNews) -> Page {
    let kind = kind.word();
    let (detail, action) = parts(voice, news);
    let values = [("site", voice.site.name.as_str()), ("detail", detail.as_str())];
    let blank = voice.page(voice.told(&format!("{kind}.subject"), &values));
    Page {
        lead: vec![voice.told(&format!("{kind}.lead"), &values)],
        actions: vec![action],
        end: vec![voice.told(&format!("{kind}.end"), &values)],
        ..blank
    }
}

/// The one detail of a message, and what to do about it.
fn parts(voice: &Voice<'_>, news: &AccountNews) -> (String, Action) {
    let told = |at| voice.manner.instant(at, &voice.to.zone);
    match news {
        AccountNews::Invitation { token, until } | AccountNews::PasswordReset { token, until } => {
            (told(*until), choose(voice, token))
        }
        AccountNews::PasswordChanged { at }
        | AccountNews::FactorChanged { at }
        | AccountNews::RecoveryCodeUsed { at } => (told(*at), voice.action("forgotten", "/reset")),
        AccountNews::RolesChanged { roles } => {
            (roles_told(voice, roles), voice.action("account", "/account"))
        }
    }
}

fn choose(voice: &Voice<'_>, token: &Token) -> Action {
    voice.action("password", &format!("/reset#token={}", token.reveal()))
}

fn roles_told(voice: &Voice<'_>, roles: &[Role]) -> String {
    let word = |role: &Role| {
        voice.word(match role {
            Role::Member => "role.member",
            Role::Host => "role.host",
            Role::Manager => "role.manager",
            Role::Admin => "role.admin",
        })
    };
    roles.iter().map(word).collect::<Vec<_>>().join(", ")
}
