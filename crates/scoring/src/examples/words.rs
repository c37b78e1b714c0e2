//! An example's facts in words, for people who check it.

use enmusubi_criteria::{
    Criteria,
    inline::{Entry, Inline, Item},
    model::Example,
};
use enmusubi_domain::facts::{
    Entity, Type, Unit,
    vocabulary::{VOCABULARY, find},
};

/// A subject of an example with what is stated about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// `世帯`, `保護者1`.
    pub subject: Box<str>,
    /// Labels and values as people write them.
    pub facts: Vec<(Box<str>, Box<str>)>,
}

/// Everything an example states, in the order written.
#[must_use]
pub fn in_words(criteria: &Criteria, example: &Example) -> Vec<Stated> {
    let mut list = Vec::new();
    for (name, text, _) in &example.facts {
        let Ok(item) = Item::parse(text, 0) else {
            continue;
        };
        let (label, entity) = match &**name {
            "round" => ("選考回", Entity::Round),
            "household" => ("世帯", Entity::Household),
            "guardians" => ("保護者", Entity::Guardian),
            "adults" => ("同居者・祖父母", Entity::Adult),
            "child" => ("児童", Entity::Child),
            "siblings" => ("きょうだい", Entity::Child),
            "declines" => ("過去の辞退", Entity::Decline),
            "facility" => ("施設", Entity::Facility),
            "choice" => ("希望", Entity::Choice),
            _ => {
                list.push(judgements(criteria, &item));
                continue;
            }
        };
        let elements = item.elements();
        for (i, subject) in elements.iter().enumerate() {
            let number = if elements.len() > 1 {
                (i + 1).to_string()
            } else {
                String::new()
            };
            list.push(Stated {
                subject: format!("{label}{number}").into(),
                facts: subject.entries().iter().map(|e| fact(entity, e)).collect(),
            });
        }
    }
    list
}

/// Values judged by staff, by the label of the row.
fn judgements(criteria: &Criteria, item: &Item) -> Stated {
    let rows = || criteria.tables.iter().flat_map(|t| &t.rows);
    let facts = item.entries().iter().map(|e| {
        let row = rows().find(|r| r.id == e.name);
        let label = row.map_or_else(|| e.name.clone(), |r| r.label.clone());
        let values: Vec<String> = e.item.elements().iter().filter_map(Item::plain).collect();
        (label, values.join("・").into())
    });
    Stated {
        subject: "職員の判断".into(),
        facts: facts.collect(),
    }
}

fn fact(entity: Entity, entry: &Entry) -> (Box<str>, Box<str>) {
    let Some(at) = find(entity, &entry.name) else {
        return (entry.name.clone(), entry.item.text().into());
    };
    let attribute = &VOCABULARY[at as usize];
    let plain = entry.item.plain().unwrap_or_default();
    let value = match (attribute.ty, &entry.item.value) {
        (Type::Bool, Inline::Bool(true)) => "はい".into(),
        (Type::Bool, Inline::Bool(false)) => "いいえ".into(),
        (Type::Enum(e), _) => label_of(e.values, &plain),
        (Type::Set(e), Inline::List(items)) => {
            let labels = items.iter().filter_map(Item::plain);
            let labels: Vec<String> = labels.map(|n| label_of(e.values, &n)).collect();
            labels.join("・")
        }
        (Type::Texts, Inline::List(items)) => {
            let texts: Vec<String> = items.iter().filter_map(Item::plain).collect();
            texts.join("・")
        }
        (Type::Date, _) => day(&plain),
        (Type::Quantity(Unit::Yen), _) => format!("{}円", grouped(&plain)),
        (Type::Quantity(unit), _) => format!("{plain}{}", unit.label()),
        _ => plain,
    };
    (attribute.label.into(), value.into())
}

fn label_of(values: &[(&str, &str)], name: &str) -> String {
    let found = values.iter().find(|(n, _)| *n == name);
    found.map_or(name, |(_, label)| label).to_owned()
}

/// `2027-04-01` → `2027年4月1日`.
fn day(text: &str) -> String {
    match text.parse::<jiff::civil::Date>() {
        Ok(d) => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
        Err(_) => text.to_owned(),
    }
}

/// `6000000` → `6,000,000`.
fn grouped(text: &str) -> String {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i > 0 && (text.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}
