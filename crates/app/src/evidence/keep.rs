//! Inspecting a paper and sealing it, before anything is said about it.

use crate::{Actor, Fault, Office};
use enmusubi_casefile::{
    fact::Subject,
    paper::{Made, Paper, PaperKind},
};
use enmusubi_papers::{Inspected, Kind, Limits, Shown, inspect};
use enmusubi_vault::{ObjectId, PaperStore, StoreError, Tenant};
use std::sync::Arc;

/// A paper that was inspected, with what is sealed of it.
pub(super) struct Kept {
    pub inspected: Inspected,
    pub paper: Paper,
    pub bytes: Vec<u8>,
}

/// Runs heavy work where no request waits.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| Fault::Internal(format!("looking at a file: {e}")))
}

fn new_id() -> Result<String, Fault> {
    let id = ObjectId::random().map_err(StoreError::from)?;
    Ok(id.to_string())
}

fn made(shown: Option<&Shown>) -> Result<Option<Made>, Fault> {
    shown
        .map(|s| {
            Ok(Made {
                id: new_id()?,
                media: s.kind.media_type().to_owned(),
            })
        })
        .transpose()
}

impl Office {
    pub(super) fn place(&self, actor: &Actor) -> Result<(Arc<dyn PaperStore>, Tenant), Fault> {
        let store = self.papers.clone();
        let store = store.ok_or_else(|| Fault::Internal("there is no paper store".into()))?;
        let tenant: Result<Tenant, _> = actor.tenant.parse();
        let tenant = tenant.map_err(|e| Fault::Internal(format!("{e}")))?;
        Ok((store, tenant))
    }

    /// Looks at bytes; nothing is kept yet.
    pub(super) async fn inspected(
        &self,
        actor: &Actor,
        kind: PaperKind,
        subject: Subject,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<Kept, Fault> {
        let work = move || {
            let found = inspect(&bytes, &name, &Limits::default());
            (found, name, bytes)
        };
        let (inspected, name, bytes) = apart(work).await?;
        let inspected = inspected?;
        let paper = Paper {
            id: new_id()?,
            kind,
            subject,
            name,
            content: match inspected.kind {
                Kind::Pdf => "pdf",
                Kind::Xlsx => "xlsx",
                _ => "image",
            }
            .to_owned(),
            digest: inspected
                .digest
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect(),
            size: bytes.len() as u64,
            pages: inspected.pages,
            media: inspected.kind.media_type().to_owned(),
            shown: made(inspected.shown.as_ref())?,
            thumbnail: made(inspected.thumbnail.as_ref())?,
            issued: None,
            valid_until: None,
            read: false,
            notes: Vec::new(),
            removed: None,
            by: actor.account.clone(),
            at: self.now(),
        };
        Ok(Kept {
            inspected,
            paper,
            bytes,
        })
    }

    /// Seals a paper, all of it or nothing.
    pub(super) async fn seal(&self, actor: &Actor, kept: &Kept) -> Result<(), Fault> {
        let (store, tenant) = self.place(actor)?;
        let shown = kept.inspected.shown.as_ref().map(|s| &s.bytes);
        let small = kept.inspected.thumbnail.as_ref().map(|s| &s.bytes);
        let paper = &kept.paper;
        let parts = [
            (Some(&paper.id), Some(&kept.bytes)),
            (paper.shown.as_ref().map(|m| &m.id), shown),
            (paper.thumbnail.as_ref().map(|m| &m.id), small),
        ];
        for (id, bytes) in parts {
            let (Some(id), Some(bytes)) = (id, bytes) else {
                continue;
            };
            let id = id.parse::<ObjectId>();
            let id = id.map_err(|e| Fault::Internal(format!("{e}")))?;
            if let Err(error) = store.put(&tenant, &id, bytes).await {
                self.unseal(actor, paper).await;
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Deletes what was sealed of a paper that no event will name. What cannot be deleted is an object nobody knows.
    pub(super) async fn unseal(&self, actor: &Actor, paper: &Paper) {
        let Ok((store, tenant)) = self.place(actor) else {
            return;
        };
        let made = [paper.shown.as_ref(), paper.thumbnail.as_ref()];
        let ids = made.into_iter().flatten().map(|m| m.id.as_str());
        for id in ids.chain([paper.id.as_str()]) {
            if let Ok(id) = id.parse::<ObjectId>() {
                // The fault that led here is the one to tell.
                let _ = store.delete(&tenant, &id).await;
            }
        }
    }
}
