//! Papers (書類): what an uploaded file is, and whether it may be kept.
//!
//! [`inspect`] goes by content, never by name. Pictures are decoded under limits and encoded anew, so that nothing
//! but the picture is shown; PDFs and workbooks are searched for what moves by itself and for individual numbers
//! (個人番号). Whoever calls keeps the original bytes apart, sealed.
//!
//! - [`Refused`]: why a paper is not kept, with a sentence for whoever sent it.
//! - [`Remark`]: what staff should look at in a paper that is kept.
//! - [`Limits`]: bounds on everything.

mod limits;
mod look;
mod pdf;
mod pdf_text;
mod picture;
mod refused;
mod remark;
mod words;
mod workbook;

pub use limits::Limits;
pub use look::{Kind, Looks};
pub use refused::{Active, Place, Refused};
pub use remark::Remark;

use enmusubi_domain::individual;
use look::Content;
use sha2::{Digest as _, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A paper that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// What its content is, whatever its name says.
    pub kind: Kind,
    /// SHA-256 of the bytes as they came.
    pub digest: [u8; 32],
    /// Pages of a PDF; 1 for everything else.
    pub pages: u32,
    /// A picture encoded anew, upright, without metadata. `None` for PDFs and workbooks.
    pub shown: Option<Shown>,
    /// The same, small enough for a list.
    pub thumbnail: Option<Shown>,
    /// Text layer of a PDF, page by page, separated by form feeds. `None` for everything else.
    pub text: Option<String>,
    /// What staff should look at; each once, in the order of [`Remark`].
    pub remarks: Vec<Remark>,
}

/// A picture made from a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// [`Kind::Png`] or [`Kind::Jpeg`].
    pub kind: Kind,
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// SHA-256 of `bytes`.
    pub digest: [u8; 32],
}

/// Looks at an uploaded file: what it is, and whether it may be kept.
///
/// `name` is what the sender called it; it is used for remarks and searched for individual numbers only.
///
/// # Errors
///
/// Why the paper may not be kept; every reason that was found, not only the first.
pub fn inspect(bytes: &[u8], name: &str, limits: &Limits) -> Result<Inspected, Refused> {
    let mut reasons = Vec::new();
    if individual::holds_one(name) {
        reasons.push(Refused::IndividualNumber { place: Place::Name });
    }
    // Decoders are written by others. A panic in one of them is a paper that cannot be read, not a server that
    // stops; the tests run without this net.
    let inside = catch_unwind(AssertUnwindSafe(|| look_inside(bytes, name, limits)));
    let inside = inside.unwrap_or_else(|_| {
        Err(match look::content(bytes) {
            Content::Kept(kind) => Refused::Damaged { kind },
            Content::Heic => Refused::Heic,
            Content::Other(looks) => Refused::Looks(looks),
        })
    });
    match inside {
        Ok(inspected) if reasons.is_empty() => return Ok(inspected),
        Ok(_) => {}
        Err(Refused::Several(more)) => reasons.extend(more),
        Err(one) => reasons.push(one),
    }
    Err(Refused::of(reasons))
}

/// [`inspect`] without the search of the name, and without the net below the decoders.
fn look_inside(bytes: &[u8], name: &str, limits: &Limits) -> Result<Inspected, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > limits.bytes_max {
        return Err(Refused::TooBig {
            bytes: bytes.len() as u64,
            most: limits.bytes_max as u64,
        });
    }
    let kind = match look::content(bytes) {
        Content::Kept(kind) => kind,
        Content::Heic => return Err(Refused::Heic),
        Content::Other(looks) => return Err(Refused::Looks(looks)),
    };
    let mut inspected = Inspected {
        kind,
        digest: digest(bytes),
        pages: 1,
        shown: None,
        thumbnail: None,
        text: None,
        remarks: Vec::new(),
    };
    match kind {
        Kind::Pdf => pdf::look(bytes, limits, &mut inspected)?,
        Kind::Xlsx => workbook::look(bytes, limits, &mut inspected)?,
        Kind::Png | Kind::Jpeg | Kind::Webp | Kind::Tiff => {
            picture::look(bytes, limits, &mut inspected)?;
        }
    }
    if let Some(ending) = look::wrong_ending(name, kind) {
        inspected.remarks.push(Remark::Ending { ending, kind });
    }
    inspected.remarks.sort();
    inspected.remarks.dedup();
    Ok(inspected)
}

/// SHA-256.
fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
