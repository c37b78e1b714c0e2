//! An example's facts in words, for people who check it.

use super::{expect::indexed, facts::value_of};
use enmusubi_criteria::{
    Criteria,
    inline::{Entry, Item},
    model::Example,
};
use enmusubi_domain::facts::{
    Entity, Symbols,
    vocabulary::{VOCABULARY, find},
    words::{self, Tongue},
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

/// A value as `facts` read it.
fn fact(entity: Entity, entry: &Entry) -> (Box<str>, Box<str>) {
    let read = find(entity, &entry.name).and_then(|at| {
        let attribute = &VOCABULARY[at as usize];
        let mut symbols = Symbols::default();
        let value = value_of(&mut symbols, attribute, &entry.item)?;
        let text = words::value(&symbols, attribute, value, Tongue::Japanese)?;
        Some((attribute.label.into(), text.into()))
    });
    read.unwrap_or_else(|| (entry.name.clone(), entry.item.text().into()))
}

/// What an example looks at, by its label: a key, a value, a table (of which person), or the outcome.
#[must_use]
pub fn item_in_words(criteria: &Criteria, item: &str) -> String {
    let (base, index) = indexed(item);
    match base {
        "outcome" => return "結果".into(),
        "stratum" => return "優先区分".into(),
        "pass" => return "選考の段階".into(),
        _ => {}
    }
    let keys = criteria.keys.iter().map(|k| (&k.id, &k.label));
    let values = criteria.values.iter().map(|v| (&v.id, &v.label));
    let tables = criteria.tables.iter().map(|t| (&t.id, &t.label));
    let mut labels = keys.chain(values).chain(tables);
    let label = labels.find(|(id, _)| ***id == *base);
    let label = label.map_or(base, |(_, label)| label);
    index.map_or_else(|| label.to_owned(), |i| format!("{label}（{}人目）", i + 1))
}

/// What an example expects, as people say it: outcomes, strata and passes by their labels, yes and no.
#[must_use]
pub fn value_in_words<'a>(criteria: &'a Criteria, item: &str, text: &'a str) -> &'a str {
    let place = |mut labels: Vec<(&'a str, &'a str)>| {
        let number = text.parse::<usize>().ok().filter(|n| *n > 0);
        let by_id = labels.iter().position(|(id, _)| *id == text);
        match by_id.or(number.map(|n| n - 1)) {
            Some(at) if at < labels.len() => labels.swap_remove(at).1,
            _ => text,
        }
    };
    match (item, text) {
        ("outcome", "eligible") => "選考の対象",
        ("outcome", "refused") => "対象外",
        ("outcome", "undecided") => "判定できない",
        ("stratum", _) => place(
            criteria
                .strata
                .iter()
                .map(|s| (&*s.id, &*s.label))
                .collect(),
        ),
        ("pass", _) => place(
            criteria
                .passes
                .iter()
                .map(|p| (&*p.id, &*p.label))
                .collect(),
        ),
        (_, "true") => "はい",
        (_, "false") => "いいえ",
        _ => text,
    }
}
