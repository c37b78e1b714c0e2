//! Which field a header probably means.

use super::{ColumnRule, KEYS, Mapping, Target, even};
use crate::{entry::MOST, fact::Subject, person::Part};
use enmusubi_domain::facts::{
    Entity,
    vocabulary::{Attribute, Origin, Type, VOCABULARY, find},
};
use std::collections::BTreeMap;

/// Headers of the parts of an application that are nobody's facts.
const OF_THE_FORM: [(&str, &[&str]); 8] = [
    (
        "arrived",
        &["受付日", "収受日", "到着日", "申込日", "受付年月日"],
    ),
    ("postmark", &["消印日", "消印"]),
    ("channel", &["受付方法", "申込方法", "受付経路"]),
    ("address.postcode", &["郵便番号", "〒"]),
    ("address.text", &["住所", "現住所", "世帯住所"]),
    ("address.building", &["方書", "建物名", "住所方書"]),
    (
        "phone",
        &["電話番号", "電話", "連絡先", "連絡先電話番号", "携帯電話"],
    ),
    (
        "email",
        &["メールアドレス", "メール", "Eメール", "電子メール"],
    ),
];

const NAME: &[&str] = &["氏名", "名前", "お名前", "漢字氏名", "氏名漢字"];
const KANA: &[&str] = &[
    "フリガナ",
    "ふりがな",
    "カナ",
    "カナ氏名",
    "氏名カナ",
    "氏名フリガナ",
    "氏名ふりがな",
];
const BIRTH: &[&str] = &["生年月日", "誕生日"];

/// How people are called before what is said of them; a number may follow.
const PEOPLE: [(&str, Part, usize); 13] = [
    ("申込児童", Part::Child, 1),
    ("入所児童", Part::Child, 1),
    ("児童", Part::Child, 1),
    ("子ども", Part::Child, 1),
    ("お子さま", Part::Child, 1),
    ("保護者", Part::Guardian, 1),
    ("申請者", Part::Guardian, 1),
    ("父", Part::Guardian, 1),
    ("母", Part::Guardian, 2),
    ("同居者", Part::Adult, 1),
    ("祖父", Part::Adult, 1),
    ("祖母", Part::Adult, 2),
    ("世帯員", Part::Adult, 1),
];

/// What files of other systems call attributes.
const SYNONYMS: [(&str, Entity, &str); 14] = [
    ("市民税所得割額", Entity::Household, "tax_levy"),
    ("市町村民税所得割額", Entity::Household, "tax_levy"),
    ("住民税所得割額", Entity::Household, "tax_levy"),
    ("生活保護受給", Entity::Household, "welfare"),
    ("生保受給", Entity::Household, "welfare"),
    ("非課税", Entity::Household, "tax_exempt"),
    ("住民となった日", Entity::Household, "resident_since"),
    ("住定日", Entity::Household, "resident_since"),
    ("滞納", Entity::Household, "arrears"),
    ("給与収入", Entity::Guardian, "income"),
    ("勤務形態", Entity::Guardian, "employment_kind"),
    ("保育を必要とする理由", Entity::Guardian, "reasons"),
    ("保育を必要とする事由", Entity::Guardian, "reasons"),
    ("障害者手帳等級", Entity::Guardian, "disability_grade"),
];

/// Where a bare label is looked up first.
const ORDER: [Entity; 4] = [
    Entity::Guardian,
    Entity::Household,
    Entity::Child,
    Entity::Adult,
];

const YES: &[&str] = &["1", "有", "あり", "○", "〇", "該当", "Y", "TRUE", "レ", "✓"];
const NO: &[&str] = &["0", "無", "なし", "×", "非該当", "N", "FALSE"];

pub(super) fn guess(headers: &[String], sample: &[Vec<String>], target: Target) -> Mapping {
    let mut columns: Vec<ColumnRule> = Vec::new();
    for (at, header) in headers.iter().enumerate() {
        if header.trim().is_empty() {
            continue;
        }
        let plain = even(header);
        let field = match &target {
            Target::Applications => application(&plain),
            Target::Extract { .. } => extract(&plain),
        };
        // The first column of a field has it; whoever knows better says so.
        let field = field.filter(|f| columns.iter().all(|c| c.field != *f));
        let field = field.unwrap_or_default();
        let values = translations(&field, sample.iter().filter_map(|r| r.get(at)));
        columns.push(ColumnRule {
            header: header.clone(),
            field,
            values,
        });
    }
    Mapping {
        target,
        columns,
        ..Mapping::default()
    }
}

/// Whether an application has a field of this name.
pub(super) fn takes(field: &str) -> bool {
    if OF_THE_FORM.iter().any(|(f, _)| *f == field) || field.starts_with("wish.") {
        return true;
    }
    let Some((subject, part)) = field.rsplit_once('.') else {
        return false;
    };
    let Ok(subject) = Subject::try_from(subject.to_owned()) else {
        return false;
    };
    let fits = |(p, most): &(Part, usize)| {
        let id = subject.person().unwrap_or_default();
        id.strip_prefix(p.letter())
            .and_then(|n| n.parse().ok())
            .is_some_and(|n: usize| (1..=*most).contains(&n))
    };
    if subject != Subject::Household && !MOST.iter().any(fits) {
        return false;
    }
    let own = match &subject {
        Subject::Guardian(_) | Subject::Adult(_) => {
            ["name", "kana", "birth", "relation"].contains(&part)
        }
        Subject::Child(_) => {
            let of_a_child = ["name", "kana", "birth", "relation", "kind", "choices"];
            of_a_child.contains(&part)
                || ["enrolled", "enrolled_since"].contains(&part)
                || rank(part).is_some()
        }
        Subject::Household | Subject::Choice(..) => false,
    };
    own || stated(subject.entity(), part).is_some()
}

/// `choice3` → 3.
fn rank(part: &str) -> Option<u32> {
    let n = part.strip_prefix("choice")?.parse().ok()?;
    (1..=30).contains(&n).then_some(n)
}

fn stated(entity: Entity, name: &str) -> Option<&'static Attribute> {
    let at = find(entity, name)?;
    Some(&VOCABULARY[at as usize]).filter(|a| a.origin == Origin::Stated)
}

/// The attribute with a label, or what other systems call it.
fn labelled(entity: Entity, label: &str) -> Option<&'static Attribute> {
    let own = VOCABULARY
        .iter()
        .find(|a| a.entity == entity && a.origin == Origin::Stated && even(a.label) == label);
    own.or_else(|| {
        let (_, _, name) = SYNONYMS
            .iter()
            .find(|(said, of, _)| *of == entity && *said == label)?;
        stated(entity, name)
    })
}

/// A person's id and what is said of them: `保護者2氏名` → (`g2`, `氏名`).
fn person(header: &str) -> Option<(Part, usize, &str)> {
    let (word, part, first) = PEOPLE
        .into_iter()
        .find(|(word, ..)| header.starts_with(word))?;
    let rest = header.get(word.len()..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest.get(..digits)?.parse().unwrap_or(first);
    let said = rest.get(digits..)?;
    let said = said.strip_prefix('の').unwrap_or(said);
    let most = MOST.iter().find(|(p, _)| *p == part)?.1;
    ((1..=most).contains(&number) && !said.is_empty()).then_some((part, number, said))
}

fn application(header: &str) -> Option<String> {
    for (field, headers) in OF_THE_FORM {
        if headers.contains(&header) {
            return Some(field.to_owned());
        }
    }
    if let Some(n) = nth_choice(header) {
        return Some(format!("c1.choice{n}"));
    }
    if let Some((part, n, said)) = person(header) {
        let id = format!("{}{n}", part.letter());
        return of_person(part, said).map(|field| format!("{id}.{field}"));
    }
    match header {
        "申込区分" | "新規転園" => return Some("c1.kind".into()),
        "希望施設" | "希望園" | "希望する施設" => return Some("c1.choices".into()),
        "在園施設" => return Some("c1.enrolled".into()),
        _ => {}
    }
    // Of a row that is a child's application.
    if let Some(field) = of_person(Part::Child, header) {
        return Some(format!("c1.{field}"));
    }
    ORDER.into_iter().find_map(|entity| {
        let attribute = labelled(entity, header)?;
        let subject = match entity {
            Entity::Household => "h",
            Entity::Guardian => "g1",
            Entity::Adult => "a1",
            _ => "c1",
        };
        Some(format!("{subject}.{}", attribute.name))
    })
}

/// `第2希望`, `希望施設3`, `希望1`.
fn nth_choice(header: &str) -> Option<u32> {
    let digits: String = header.chars().filter(char::is_ascii_digit).collect();
    let words = header.replace(&digits, "");
    let known = [
        "第希望",
        "希望",
        "希望施設",
        "希望園",
        "第希望施設",
        "第希望園",
        "希望保育園ID",
    ];
    let n = digits.parse().ok()?;
    (known.contains(&words.as_str()) && (1..=30).contains(&n)).then_some(n)
}

fn of_person(part: Part, said: &str) -> Option<String> {
    for (field, headers) in [("name", NAME), ("kana", KANA), ("birth", BIRTH)] {
        if headers.contains(&said) {
            return Some(field.to_owned());
        }
    }
    let entity = match part {
        Part::Guardian => Entity::Guardian,
        Part::Adult => Entity::Adult,
        Part::Child => Entity::Child,
    };
    match (said, part) {
        ("続柄", Part::Guardian | Part::Child) => Some("relation".into()),
        ("申込区分", Part::Child) => Some("kind".into()),
        _ => labelled(entity, said).map(|a| a.name.to_owned()),
    }
}

fn extract(header: &str) -> Option<String> {
    let key = |at: usize| KEYS.get(at).map(|k| (*k).to_owned());
    if ["受付番号", "申込番号", "整理番号"].contains(&header) {
        return key(0);
    }
    let bare = header.strip_prefix("対象者").unwrap_or(header);
    for (at, headers) in [(1, NAME), (2, KANA), (3, BIRTH)] {
        if headers.contains(&bare) {
            return key(at);
        }
    }
    if let Some(said) = header.strip_prefix("世帯")
        && let Some(a) = labelled(Entity::Household, said)
    {
        return Some(a.path());
    }
    if let Some((part, _, said)) = person(header) {
        let entity = match part {
            Part::Guardian => Entity::Guardian,
            Part::Adult => Entity::Adult,
            Part::Child => Entity::Child,
        };
        if let Some(a) = labelled(entity, said) {
            return Some(a.path());
        }
    }
    let found = ORDER.into_iter().find_map(|e| labelled(e, header));
    found.map(Attribute::path)
}

/// How a file writes yes and no, where the field asks that; labels of lists that differ by their marks alone.
fn translations<'s>(
    field: &str,
    cells: impl Iterator<Item = &'s String>,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let ty = super::attribute(field).map(|a| a.ty).or_else(|| {
        let (subject, name) = field.rsplit_once('.')?;
        let subject = Subject::try_from(subject.to_owned()).ok()?;
        stated(subject.entity(), name).map(|a| a.ty)
    });
    if ty != Some(Type::Bool) {
        return found;
    }
    for cell in cells.map(|c| c.trim()) {
        for (list, said) in [(YES, "はい"), (NO, "いいえ")] {
            if list.contains(&cell) {
                // A file that writes one of them writes the other somewhere below the sample.
                found.extend(pair(cell).into_iter().filter(|(from, _)| !from.is_empty()));
                found.insert(cell.to_owned(), said.to_owned());
            }
        }
    }
    found
}

/// Both sides of a way to write yes and no.
fn pair(cell: &str) -> Vec<(String, String)> {
    let pairs = [
        ("1", "0"),
        ("有", "無"),
        ("あり", "なし"),
        ("○", "×"),
        ("〇", "×"),
        ("該当", "非該当"),
        ("Y", "N"),
        ("TRUE", "FALSE"),
    ];
    let found = pairs.into_iter().find(|(y, n)| *y == cell || *n == cell);
    found.map_or_else(Vec::new, |(y, n)| {
        vec![
            (y.to_owned(), "はい".to_owned()),
            (n.to_owned(), "いいえ".to_owned()),
        ]
    })
}
