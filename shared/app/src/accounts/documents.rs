//! Documents a person accepts, as policies ask for them (PRODUCT 6).

use interlock_policy::{DocumentRequirement, Requirement, ResourceId, UserId};
use serde_json::json;

use crate::model::{AcceptedDocument, Account, Resource};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// A document a person accepts.
#[derive(Debug, Clone)]
pub struct AcceptDocument {
    /// The resource that asks for it; it counts wherever it is asked for.
    pub resource_id: ResourceId,
    /// Its stable name.
    pub document: String,
    /// The version that was read.
    pub version: u32,
    /// In which request.
    pub act: Act,
}

/// Enters that the caller accepts a document, in the version the resource's policy asks for: an
/// earlier one would not suffice, and a later one was not read by anybody. What is accepted
/// already, in this version or a later one, stays as it is.
///
/// Errors: `NotFound` for resource, person, or a document that is not asked for in this version.
pub async fn accept_document(
    app: &App,
    user_id: &UserId,
    request: &AcceptDocument,
) -> Result<AcceptedDocument, AppError> {
    for _ in 0..MOST_RACES {
        if let Some(accepted) = once(app, user_id, request).await? {
            return Ok(accepted);
        }
    }
    Err(AppError::contended())
}

async fn once(
    app: &App,
    user_id: &UserId,
    request: &AcceptDocument,
) -> Result<Option<AcceptedDocument>, AppError> {
    let keys = [Resource::key_of(&request.resource_id), Account::key_of(user_id)];
    let [resource_key, account_key] = &keys;
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let Stored { value: resource, version: read } =
        snapshot.get::<Resource>(resource_key)?.ok_or(AppError::NotFound { what: "resource" })?;
    let Stored { value: mut account, version } =
        snapshot.get::<Account>(account_key)?.ok_or(AppError::NotFound { what: "person" })?;
    let now = app.now();
    if !resource.in_force(now).single_requirements().any(|wanted| is_it(wanted, request)) {
        return Err(AppError::NotFound { what: "document" });
    }
    let documents = &mut account.membership.documents;
    let of_name = |known: &&AcceptedDocument| known.document == request.document;
    if let Some(known) = documents.iter().find(of_name).filter(|it| it.version >= request.version) {
        return Ok(Some(known.clone()));
    }
    let accepted = AcceptedDocument {
        document: request.document.clone(),
        version: request.version,
        accepted_at: now,
    };
    documents.retain(|known| known.document != request.document);
    documents.push(accepted.clone());
    let detail = json!({ "document": accepted.document, "version": accepted.version });
    let transaction = Transaction::new()
        .replace(&account, version)?
        .put(&request.act.audit(now, "user.document", user_id, detail))?
        .unchanged(resource_key.clone(), Some(read));
    Ok(app.commits(&transaction).await?.then_some(accepted))
}

fn is_it(wanted: &Requirement, request: &AcceptDocument) -> bool {
    match wanted {
        Requirement::Document(DocumentRequirement { document, version }) => {
            *document == request.document && *version == request.version
        }
        Requirement::Training(_)
        | Requirement::Checkout(_)
        | Requirement::Membership(_)
        | Requirement::All(_)
        | Requirement::Any(_) => false,
    }
}
