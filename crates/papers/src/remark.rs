//! What staff should look at in a paper that is kept.

use crate::look::Kind;
use crate::words;
use enmusubi_domain::template::Twin;

/// What staff should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// The name ends as another kind of file does.
    Ending {
        /// Ending of the name, with its dot.
        ending: String,
        /// What the content is.
        kind: Kind,
    },
    /// A PDF without text: nothing in it could be searched.
    NoText,
    /// Some text of a PDF is in an encoding that cannot be read.
    TextUnread,
    /// Twelve digits one by one (cells, boxes) whose check digit is that of an individual number. One such run in
    /// eleven is none, so the paper is not refused for it.
    DigitsApart,
    /// Form fields with scripts (formats, sums), as many official forms have.
    FieldScripts,
    /// Links to files or sites outside.
    LinksOut,
    /// A dynamic form (XFA).
    DynamicForm,
}

impl Remark {
    /// The remark for staff.
    #[must_use]
    pub fn text(&self) -> Twin {
        words::twin(|section| match self {
            Self::Ending { ending, kind } => {
                let ending = words::shown_name(ending);
                let kind = section.get(kind.key(), &[]);
                section.get("remark-ending", &[("ending", &ending), ("kind", &kind)])
            }
            Self::NoText => section.get("remark-no-text", &[]),
            Self::TextUnread => section.get("remark-text-unread", &[]),
            Self::DigitsApart => section.get("remark-digits-apart", &[]),
            Self::FieldScripts => section.get("remark-field-scripts", &[]),
            Self::LinksOut => section.get("remark-links-out", &[]),
            Self::DynamicForm => section.get("remark-form", &[]),
        })
    }
}
