//! The tables of a round workbook and their columns.
//!
//! Columns of subjects (guardians, children …) are the vocabulary's; what is here is what binds
//! the tables together: ids, ranks, seats, answers. Reader, writer and template share it.

use enmusubi_domain::facts::{
    AttributeIx, Entity,
    vocabulary::{Attribute, Origin, of_entity},
};

/// One table: a sheet of an XLSX workbook, or a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Sheet {
    Round,
    Facilities,
    Classes,
    Shared,
    Households,
    Guardians,
    Adults,
    Children,
    Choices,
    Wishes,
    Combinations,
    Declines,
    Enrolment,
    Discretion,
}

/// What stands in a cell of an own column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// An id: digits there may be twelve without being anybody's individual number.
    Id,
    /// A number.
    Number,
    /// A day.
    Date,
    /// はい／いいえ.
    Bool,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A text.
    Text,
}

/// A column that is no attribute.
pub(super) struct Own {
    /// Header. `N` at its end stands for a number where `numbered`.
    pub name: &'static str,
    /// Other headers understood.
    pub synonyms: &'static [&'static str],
    pub holds: Holds,
    /// The table cannot be read without it.
    pub required: bool,
    /// There are several, with numbers.
    pub numbered: bool,
    /// Meaning, for the template.
    pub doc: &'static str,
}

/// Header of the column that names the paper a row was read from.
pub(super) const EVIDENCE: &str = "根拠";
pub(super) const EVIDENCE_DOC: &str =
    "この行の内容を確かめた書類と日付（例：就労証明書 2026-09-30）。空欄でもかまいません。";

/// Headers that begin with one of these are for people and are not read.
pub(super) const NOT_READ: &[&str] = &["備考", "メモ", "氏名", "フリガナ", "ふりがな", "住所"];

/// Kinds of subjects of a judged value.
pub(super) const SUBJECTS: &[&str] = &["世帯", "保護者", "児童"];

const fn id(name: &'static str, synonyms: &'static [&'static str], doc: &'static str) -> Own {
    Own {
        name,
        synonyms,
        holds: Holds::Id,
        required: true,
        numbered: false,
        doc,
    }
}

const fn own(name: &'static str, holds: Holds, required: bool, doc: &'static str) -> Own {
    Own {
        name,
        synonyms: &[],
        holds,
        required,
        numbered: false,
        doc,
    }
}

const HOUSEHOLD: Own = id(
    "世帯ID",
    &["世帯番号", "世帯コード", "ファミリーコード"],
    "世帯の番号。「世帯」の表と同じもの。",
);
const CHILD: Own = id(
    "児童ID",
    &[
        "児童番号",
        "申請者番号",
        "申込者番号",
        "宛名番号",
        "宛名コード",
    ],
    "児童の番号。「児童」の表と同じもの。",
);
const FACILITY: Own = id(
    "施設ID",
    &[
        "施設番号",
        "施設コード",
        "保育所ID",
        "保育園ID",
        "園ID",
        "園コード",
    ],
    "施設の番号。「施設」の表と同じもの。",
);
const NUMBER: Own = Own {
    name: "番号",
    synonyms: &["保護者番号"],
    holds: Holds::Id,
    required: false,
    numbered: false,
    doc: "世帯の中の番号（1、2 など）。空欄なら行の順に 1、2 と数えます。",
};

static ROUND: &[Own] = &[Own {
    name: "全国地方公共団体コード",
    synonyms: &["団体コード", "市区町村コード"],
    holds: Holds::Id,
    required: false,
    numbered: false,
    doc: "自治体の6桁のコード。架空の市なら空欄。",
}];
static FACILITIES: &[Own] = &[FACILITY];
static CLASSES: &[Own] = &[
    FACILITY,
    Own {
        synonyms: &["クラス", "歳児", "年齢"],
        ..own(
            "クラス年齢",
            Holds::Number,
            true,
            "4月1日時点の年齢によるクラス（0〜5）。",
        )
    },
    own(
        "枠",
        Holds::Id,
        false,
        "優先枠・地域枠などの枠のID（基準ファイルと同じもの）。一般の枠なら空欄。",
    ),
    Own {
        synonyms: &["募集数", "空き枠"],
        ..own(
            "募集人数",
            Holds::Number,
            true,
            "この選考で募集する人数。募集しないなら 0。",
        )
    },
    own(
        "共有定員",
        Holds::Text,
        false,
        "ほかのクラスと定員を分け合うときの名称（「共有定員」の表と同じもの）。",
    ),
    own(
        "共有定員の重み",
        Holds::Number,
        false,
        "共有定員の中で児童1人が占める大きさ（例：1/3）。空欄は 1。",
    ),
    own(
        "転園の空きを補充",
        Holds::Bool,
        false,
        "転園で空いた席をこの選考の中で埋めるか。空欄は「はい」。",
    ),
];
static SHARED: &[Own] = &[
    FACILITY,
    own(
        "共有定員",
        Holds::Text,
        true,
        "定員を分け合うクラスの組の名称（施設の中で1つずつ）。",
    ),
    own(
        "定員",
        Holds::Number,
        false,
        "組の定員。空欄なら、クラスごとの 重み×募集人数 の合計。",
    ),
];
static HOUSEHOLDS: &[Own] = &[HOUSEHOLD];
static MEMBERS: &[Own] = &[HOUSEHOLD, NUMBER];
static CHILDREN: &[Own] = &[CHILD, HOUSEHOLD];
static CHOICES: &[Own] = &[
    CHILD,
    Own {
        synonyms: &["順位"],
        ..own(
            "希望順位",
            Holds::Number,
            true,
            "第何希望か（第1希望なら 1）。",
        )
    },
    FACILITY,
];
static WISHES: &[Own] = &[
    HOUSEHOLD,
    own(
        "選択肢",
        Holds::Text,
        false,
        "申込書の選択肢が1つの一覧のとき、選んだもの（例：⑤）。",
    ),
    own(
        "入所時期",
        Holds::Text,
        false,
        "申込書の入所時期の欄に書かれたとおり。",
    ),
    own(
        "入所場所",
        Holds::Text,
        false,
        "申込書の入所場所の欄に書かれたとおり。",
    ),
    own(
        "どちらを先に",
        Holds::Text,
        false,
        "申込書の、どの子を先にするかの欄に書かれたとおり。",
    ),
    own(
        "転園は全員そろって",
        Holds::Bool,
        false,
        "転園を希望する全員が移れるのでなければ移らない。",
    ),
];
static COMBINATIONS: &[Own] = &[
    HOUSEHOLD,
    Own {
        synonyms: &["総当たり順位", "組み合わせ順位"],
        ..own(
            "順位",
            Holds::Number,
            true,
            "世帯の中での組み合わせの順位（1から）。",
        )
    },
    Own {
        numbered: true,
        synonyms: &["宛名コードN", "申請者番号N"],
        ..own(
            "児童IDN",
            Holds::Id,
            true,
            "組み合わせに含む児童。施設と同じ番号の列に書きます。",
        )
    },
    Own {
        numbered: true,
        synonyms: &["希望施設N", "希望施設IDN"],
        ..own(
            "施設IDN",
            Holds::Id,
            true,
            "その児童が入る施設。空欄は「入らない」（転園なら今の園のまま）。",
        )
    },
];
static DECLINES: &[Own] = &[CHILD];
static ENROLMENT: &[Own] = &[
    CHILD,
    FACILITY,
    own("入園日", Holds::Date, false, "その施設に入った日。"),
];
static DISCRETION: &[Own] = &[
    own(
        "対象",
        Holds::OneOf(SUBJECTS),
        true,
        "値をつける対象（世帯・保護者・児童）。",
    ),
    own(
        "対象のID",
        Holds::Id,
        true,
        "世帯・保護者なら世帯ID、児童なら児童ID。",
    ),
    own(
        "保護者番号",
        Holds::Id,
        false,
        "対象が保護者のとき、「保護者」の表の番号。",
    ),
    own("基準の行", Holds::Id, true, "基準ファイルの行のID。"),
    own("値", Holds::Number, true, "職員が判断した値。"),
    own("理由", Holds::Text, true, "そう判断した理由。"),
    own("入力者", Holds::Text, true, "値を入力した職員。"),
    own(
        "確認者",
        Holds::Text,
        true,
        "値を確かめた、入力者とは別の職員。",
    ),
];

impl Sheet {
    /// Every table, in the order of the workbook.
    pub const ALL: [Self; 14] = [
        Self::Round,
        Self::Facilities,
        Self::Classes,
        Self::Shared,
        Self::Households,
        Self::Guardians,
        Self::Adults,
        Self::Children,
        Self::Choices,
        Self::Wishes,
        Self::Combinations,
        Self::Declines,
        Self::Enrolment,
        Self::Discretion,
    ];

    /// Name of the sheet, and of the CSV file before its ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classes => "クラス",
            Self::Shared => "共有定員",
            Self::Wishes => "きょうだいの希望",
            Self::Combinations => "組み合わせ",
            Self::Enrolment => "現在の在園",
            Self::Discretion => "裁量",
            Self::Round => Entity::Round.label(),
            Self::Facilities => Entity::Facility.label(),
            Self::Households => Entity::Household.label(),
            Self::Guardians => Entity::Guardian.label(),
            Self::Adults => Entity::Adult.label(),
            Self::Children => Entity::Child.label(),
            Self::Choices => Entity::Choice.label(),
            Self::Declines => Entity::Decline.label(),
        }
    }

    /// A round without it is none; it has a row at least.
    pub fn required(self) -> bool {
        matches!(
            self,
            Self::Round
                | Self::Facilities
                | Self::Classes
                | Self::Households
                | Self::Guardians
                | Self::Children
                | Self::Choices
        )
    }

    /// Attributes without which nothing about the table makes sense: their column must be there.
    pub fn demands(self, attribute: &str) -> bool {
        match self {
            Self::Round => matches!(attribute, "entry_date" | "number" | "base_date"),
            Self::Children => matches!(attribute, "application" | "birth_date"),
            _ => false,
        }
    }

    /// What its rows are subjects of, if they have attributes.
    pub fn entity(self) -> Option<Entity> {
        match self {
            Self::Round => Some(Entity::Round),
            Self::Facilities => Some(Entity::Facility),
            Self::Households => Some(Entity::Household),
            Self::Guardians => Some(Entity::Guardian),
            Self::Adults => Some(Entity::Adult),
            Self::Children => Some(Entity::Child),
            Self::Choices => Some(Entity::Choice),
            Self::Declines => Some(Entity::Decline),
            Self::Classes
            | Self::Shared
            | Self::Wishes
            | Self::Combinations
            | Self::Enrolment
            | Self::Discretion => None,
        }
    }

    /// Columns that are no attributes.
    pub fn own(self) -> &'static [Own] {
        match self {
            Self::Round => ROUND,
            Self::Facilities => FACILITIES,
            Self::Classes => CLASSES,
            Self::Shared => SHARED,
            Self::Households => HOUSEHOLDS,
            Self::Guardians | Self::Adults => MEMBERS,
            Self::Children => CHILDREN,
            Self::Choices => CHOICES,
            Self::Wishes => WISHES,
            Self::Combinations => COMBINATIONS,
            Self::Declines => DECLINES,
            Self::Enrolment => ENROLMENT,
            Self::Discretion => DISCRETION,
        }
    }

    /// Attributes that are columns of it.
    pub fn attributes(self) -> impl Iterator<Item = (AttributeIx, &'static Attribute)> {
        self.entity()
            .into_iter()
            .flat_map(of_entity)
            .filter(|(_, a)| a.origin == Origin::Stated)
    }

    /// Attributes that follow from others; a column of that name is not read.
    pub fn derived(self) -> impl Iterator<Item = &'static str> {
        self.entity()
            .into_iter()
            .flat_map(of_entity)
            .filter(|(_, a)| a.origin == Origin::Derived)
            .map(|(_, a)| a.label)
    }

    /// Whether a row may name the paper it was read from.
    pub fn has_evidence(self) -> bool {
        self.entity().is_some_and(|e| e != Entity::Round)
    }

    /// What it is for, in one sentence, for the template.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Round => "どの月の何回目の選考か。1行だけ書きます。",
            Self::Facilities => {
                "施設の一覧。1施設1行。今回募集しない施設も、在園や連携があれば書きます。"
            }
            Self::Classes => "施設・クラス・枠ごとの募集人数。",
            Self::Shared => {
                "いくつかのクラスで定員を分け合うとき（弾力化）。なければ空のままにします。"
            }
            Self::Households => "申込みのある世帯。1世帯1行。",
            Self::Guardians => "世帯の保護者（1人または2人）。1人1行。不存在の保護者も書きます。",
            Self::Adults => "保護者以外の同居の成人と、同居していない祖父母。1人1行。",
            Self::Children => {
                "世帯の18歳未満の児童すべて。申込みのないきょうだいも書きます。1人1行。"
            }
            Self::Choices => "申込児童の希望。1人の1希望につき1行。",
            Self::Wishes => "きょうだいで申し込む世帯の、申込書の答え。1世帯1行。",
            Self::Combinations => "きょうだいの入所の組み合わせを世帯が順に書いたとき。1組1行。",
            Self::Declines => "過去の辞退・取下げ・退園。1件1行。",
            Self::Enrolment => {
                "市内の施設に今在園している児童（転園を希望する児童、在園中のきょうだい）。1人1行。"
            }
            Self::Discretion => "基準のうち職員が判断する行の値。入力した人と別の人が確かめます。",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::normal;
    use std::collections::BTreeSet;

    #[test]
    fn headers_of_a_table_are_different_and_every_column_is_explained() {
        for sheet in Sheet::ALL {
            let mut seen = BTreeSet::new();
            let own = sheet.own();
            let names = own
                .iter()
                .flat_map(|o| std::iter::once(o.name).chain(o.synonyms.iter().copied()));
            let attributes = sheet.attributes().map(|(_, a)| a.label);
            for name in names.chain(attributes).chain([EVIDENCE]) {
                assert!(seen.insert(normal(name)), "{}: {name}", sheet.name());
                assert!(!NOT_READ.iter().any(|n| name.starts_with(n)), "{name}");
            }
            assert!(
                own.iter().all(|o| o.doc.ends_with('。')),
                "{}",
                sheet.name()
            );
            assert!(sheet.doc().ends_with('。'));
        }
    }
}
