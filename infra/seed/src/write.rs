//! Writing what is absent.

use std::error::Error;

use interlock_app::ports::Store;
use interlock_app::ports::store::{CommitError, Document, Transaction};

/// Writes a document unless something is there already.
pub(crate) async fn absent<T: Document>(
    store: &dyn Store,
    document: &T,
) -> Result<(), Box<dyn Error>> {
    match store.commit(&Transaction::new().create(document)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
