//! Papers (書類) of a case, and requests to mend what is missing (補正依頼).

use crate::fact::Subject;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// 申込書.
    Application,
    /// 就労証明書.
    Employment,
    /// 診断書・手帳.
    Medical,
    /// 母子健康手帳.
    Maternity,
    /// 在学証明書・時間割.
    Study,
    /// 介護の書類.
    Care,
    /// 課税証明書など.
    Tax,
    /// 戸籍・調停などの書類.
    Family,
    /// 在園証明書・利用契約書.
    Attendance,
    /// その他.
    Other,
}

impl PaperKind {
    /// All of them, in the order of forms.
    pub const ALL: [Self; 10] = [
        Self::Application,
        Self::Employment,
        Self::Medical,
        Self::Maternity,
        Self::Study,
        Self::Care,
        Self::Tax,
        Self::Family,
        Self::Attendance,
        Self::Other,
    ];

    /// As stored, in forms and in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Employment => "employment",
            Self::Medical => "medical",
            Self::Maternity => "maternity",
            Self::Study => "study",
            Self::Care => "care",
            Self::Tax => "tax",
            Self::Family => "family",
            Self::Attendance => "attendance",
            Self::Other => "other",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// A picture made from a paper, sealed under an id of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Id in the paper store.
    pub id: String,
    /// Media type.
    pub media: String,
}

/// What was odd about a paper when it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum PaperNote {
    /// It names somebody else than whom it is about; the words it differs in (`name`, `kana`, `birth`).
    OtherPerson {
        /// Which.
        differs: Vec<String>,
    },
    /// It fits another guardian of the case; nothing was read from it.
    Fits {
        /// Whom.
        person: String,
    },
}

/// A paper that was attached. Its bytes are in the paper store, sealed, under its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Id in the paper store.
    pub id: String,
    /// What it is.
    pub kind: PaperKind,
    /// Whom it is about.
    pub subject: Subject,
    /// Name of the file as it came, for people.
    pub name: String,
    /// Type found in its content: `pdf`, `image`, `xlsx`.
    pub content: String,
    /// SHA-256 of the original, hexadecimal.
    pub digest: String,
    /// Size of the original in bytes.
    pub size: u64,
    /// Pages.
    pub pages: u32,
    /// Day it was issued (証明日), once known.
    #[serde(default)]
    pub issued: Option<Date>,
    /// Last day it may be used (証明日からの有効期間), once known.
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// Media type of the original.
    #[serde(default)]
    pub media: String,
    /// The picture that is shown in its place, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Made>,
    /// The same, small enough for a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<Made>,
    /// Whether facts were read from it.
    #[serde(default)]
    pub read: bool,
    /// What was odd when it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<PaperNote>,
    /// Set aside, with the reason.
    #[serde(default)]
    pub removed: Option<String>,
    /// Who attached it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Something to be mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionItem {
    /// About whom.
    pub subject: Subject,
    /// Which paper.
    pub paper: PaperKind,
    /// What is wrong or missing, in words for the family.
    pub what: String,
}

/// A request to the family (補正依頼), with its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Number within the case.
    pub id: u32,
    /// What is asked for.
    pub items: Vec<CorrectionItem>,
    /// Last day to answer.
    pub deadline: Date,
    /// Text of the letter, as it was made.
    pub letter: String,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Settled: how, by whom, when.
    #[serde(default)]
    pub settled: Option<Settled>,
}

/// How a request was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Papers came (`true`), or the case goes on without (`false`).
    pub received: bool,
    /// In words.
    pub how: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
