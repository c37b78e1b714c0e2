//! Why a paper is not kept, and the sentence for whoever sent it.

use crate::look::{Kind, Looks};
use crate::words;
use enmusubi_domain::template::{Section, Twin, grouped};
use std::fmt;

/// Why a paper is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Nothing in it.
    Empty,
    /// More bytes than are taken.
    TooBig {
        /// Its bytes.
        bytes: u64,
        /// How many there may be.
        most: u64,
    },
    /// A telephone's photo format that browsers and office machines do not show.
    Heic,
    /// No kind of file that is kept.
    Looks(Looks),
    /// Begins as its kind, and cannot be read.
    Damaged {
        /// What it begins as.
        kind: Kind,
    },
    /// More pixels than are decoded.
    TooManyPixels {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// How many width × height may be.
        most: u64,
    },
    /// Several pictures in one file, of which only the first would be shown.
    SeveralPictures {
        /// TIFF, WebP or PNG.
        kind: Kind,
    },
    /// More pages than are taken.
    TooManyPages {
        /// Its pages.
        pages: u64,
        /// How many there may be.
        most: u32,
    },
    /// A PDF without pages.
    NoPages,
    /// A password, or restrictions.
    Encrypted,
    /// Does something by itself when it is opened.
    Active(Active),
    /// Unpacks to more than is reasonable.
    Bomb {
        /// What it is.
        kind: Kind,
    },
    /// A workbook with a path inside that leads out of it, or twice to the same place.
    OddPath,
    /// A workbook with programs in it.
    Macros,
    /// Holds an individual number (個人番号). The number itself is nowhere in here.
    IndividualNumber {
        /// Where it was found first.
        place: Place,
    },
    /// More than one reason; at least two, none of them `Several`.
    Several(Vec<Refused>),
}

/// What a PDF would do when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Active {
    /// Runs JavaScript.
    Script,
    /// Starts another program.
    Launch,
    /// Carries another file.
    Attachment,
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the file's name.
    Name,
    /// On a page, 1-based.
    Page(u32),
    /// In a form field, an annotation or the description of a PDF.
    Fields,
    /// In a cell.
    Cell {
        /// Part of the workbook, such as `xl/worksheets/sheet1.xml`.
        part: String,
        /// Reference, such as `B7`.
        cell: String,
    },
    /// In another part of the workbook.
    Part(String),
}

impl Refused {
    /// One refusal from the reasons found, of which there is at least one.
    pub(crate) fn of(mut reasons: Vec<Refused>) -> Self {
        match reasons.len() {
            1 => reasons.remove(0),
            _ => Self::Several(reasons),
        }
    }

    /// The single reasons.
    pub fn reasons(&self) -> &[Refused] {
        match self {
            Self::Several(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// Whether an individual number (個人番号) is among the reasons: the bytes must not be kept anywhere.
    #[must_use]
    pub fn holds_individual_number(&self) -> bool {
        let is = |r: &Refused| matches!(r, Self::IndividualNumber { .. });
        self.reasons().iter().any(is)
    }

    /// Stable word for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooBig { .. } => "too-big",
            Self::Heic => "heic",
            Self::Looks(_) => "looks",
            Self::Damaged { .. } => "damaged",
            Self::TooManyPixels { .. } => "pixels",
            Self::SeveralPictures { .. } => "pictures",
            Self::TooManyPages { .. } => "pages",
            Self::NoPages => "no-pages",
            Self::Encrypted => "encrypted",
            Self::Active(Active::Script) => "script",
            Self::Active(Active::Launch) => "launch",
            Self::Active(Active::Attachment) => "attachment",
            Self::Bomb { .. } => "bomb",
            Self::OddPath => "odd-path",
            Self::Macros => "macros",
            Self::IndividualNumber { .. } => "individual",
            Self::Several(_) => "several",
        }
    }

    /// Where (the file's name), what and how to mend it, a line for each reason. A name that holds an individual
    /// number is not shown.
    #[must_use]
    pub fn text(&self, name: &str) -> Twin {
        let name = words::shown_name(name);
        words::twin(|section| {
            let line = |r: &Refused| {
                let what = r.what(section);
                let mend = section.get(r.mend(), &[]);
                section.get(
                    "where",
                    &[("name", &name), ("what", &what), ("mend", &mend)],
                )
            };
            let lines: Vec<String> = self.reasons().iter().map(line).collect();
            lines.join("\n")
        })
    }

    fn mend(&self) -> &'static str {
        match self {
            Self::Empty => "mend-empty",
            Self::TooBig { .. } => "mend-too-big",
            Self::Heic => "mend-heic",
            Self::Looks(_) => "mend-looks",
            Self::Damaged { .. } | Self::Several(_) => "mend-damaged",
            Self::TooManyPixels { .. } => "mend-pixels",
            Self::SeveralPictures { .. } => "mend-pictures",
            Self::TooManyPages { .. } => "mend-pages",
            Self::NoPages => "mend-no-pages",
            Self::Encrypted => "mend-encrypted",
            Self::Active(_) => "mend-active",
            Self::Bomb { .. } => "mend-bomb",
            Self::OddPath => "mend-odd-path",
            Self::Macros => "mend-macros",
            Self::IndividualNumber { .. } => "mend-individual",
        }
    }

    fn what(&self, section: Section) -> String {
        let say = |values: &[(&str, &str)]| section.get(self.code(), values);
        match self {
            Self::TooBig { bytes, most } => {
                say(&[("bytes", &grouped(bytes)), ("most", &grouped(most))])
            }
            Self::Looks(looks) => say(&[("looks", &section.get(looks.key(), &[]))]),
            Self::Damaged { kind } | Self::SeveralPictures { kind } | Self::Bomb { kind } => {
                say(&[("kind", &section.get(kind.key(), &[]))])
            }
            Self::TooManyPixels {
                width,
                height,
                most,
            } => say(&[
                ("width", &width.to_string()),
                ("height", &height.to_string()),
                ("most", &grouped(most)),
            ]),
            Self::TooManyPages { pages, most } => {
                say(&[("pages", &grouped(pages)), ("most", &grouped(most))])
            }
            Self::IndividualNumber { place } => say(&[("place", &place.text(section))]),
            Self::Several(_)
            | Self::Empty
            | Self::Heic
            | Self::NoPages
            | Self::Encrypted
            | Self::Active(_)
            | Self::OddPath
            | Self::Macros => say(&[]),
        }
    }
}

impl Place {
    fn text(&self, section: Section) -> String {
        match self {
            Self::Name => section.get("place-name", &[]),
            Self::Page(page) => section.get("place-page", &[("page", &page.to_string())]),
            Self::Fields => section.get("place-fields", &[]),
            Self::Cell { part, cell } => {
                let part = words::shown_name(part);
                section.get("place-cell", &[("part", &part), ("cell", cell)])
            }
            Self::Part(part) => section.get("place-part", &[("part", &words::shown_name(part))]),
        }
    }
}

/// The codes, for logs; people are told [`Refused::text`].
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.reasons().iter().map(Refused::code).collect();
        write!(f, "the paper is refused: {}", codes.join(", "))
    }
}

impl std::error::Error for Refused {}
