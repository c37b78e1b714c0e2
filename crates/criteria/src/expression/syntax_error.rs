//! What is wrong with the text of an expression.

use super::Span;
use crate::{
    diagnostic::{Diagnostic, Severity},
    document::Place,
};

/// Why a text is not an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Stable code, `C100` to `C119`.
    pub code: &'static str,
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong, in Japanese and English.
    pub what: (String, String),
    /// How to mend it, in Japanese and English.
    pub mend: (String, String),
}

impl SyntaxError {
    pub(super) fn new(
        code: &'static str,
        span: Span,
        what: (impl Into<String>, impl Into<String>),
        mend: (impl Into<String>, impl Into<String>),
    ) -> Box<Self> {
        Box::new(Self {
            code,
            span,
            what: (what.0.into(), what.1.into()),
            mend: (mend.0.into(), mend.1.into()),
        })
    }

    /// The same as a problem of the file. `place` says where the expression stands when it was not
    /// read from a text file (a cell of a workbook).
    #[must_use]
    pub fn diagnostic(self, place: Option<Place>) -> Diagnostic {
        Diagnostic {
            code: self.code,
            severity: Severity::Error,
            place: place.unwrap_or(Place::Text(self.span)),
            what: self.what,
            mend: self.mend,
        }
    }
}
