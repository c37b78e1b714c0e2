//! The bytes of a paper, for whoever may see its case.

use crate::{Actor, Fault, Office};
use enmusubi_vault::ObjectId;

/// Which bytes of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// As it came.
    Original,
    /// The picture that screens show; the original of what is no picture.
    Shown,
    /// Small, for lists; pictures only.
    Thumbnail,
}

/// Bytes to show or to give away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// Media type, found in the content.
    pub media: String,
    /// What the sender called the file.
    pub name: String,
    /// They.
    pub bytes: Vec<u8>,
}

impl Office {
    /// The bytes of a paper of a case. The look is recorded before they are given; the original counts as an export.
    ///
    /// # Errors
    /// No right, not there for this actor, no such picture, the store could not.
    pub async fn paper(
        &self,
        actor: &Actor,
        number: &str,
        paper: &str,
        which: Which,
    ) -> Result<Bytes, Fault> {
        let opened = self.peek_case(actor, number).await?;
        let papers = &opened.case.state.papers;
        let found = papers.iter().find(|p| p.id == paper);
        let found = found.ok_or(Fault::NotThere)?;
        let original = (&found.id, &found.media);
        let made = match which {
            Which::Original => None,
            Which::Shown => found.shown.as_ref(),
            Which::Thumbnail => Some(found.thumbnail.as_ref().ok_or(Fault::NotThere)?),
        };
        let (id, media) = made.map_or(original, |m| (&m.id, &m.media));
        let (store, tenant) = self.place(actor)?;
        let object: ObjectId = id.parse().map_err(|_| Fault::NotThere)?;
        let bytes = store.get(&tenant, &object).await?;
        let bytes = bytes.ok_or(Fault::NotThere)?;
        let action = match which {
            Which::Original => "export",
            Which::Shown | Which::Thumbnail => "view",
        };
        let detail = format!("paper {paper}");
        self.record(actor, action, number, &detail).await?;
        Ok(Bytes {
            media: media.clone(),
            name: found.name.clone(),
            bytes,
        })
    }
}
