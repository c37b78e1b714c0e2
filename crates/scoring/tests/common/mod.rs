//! Small rounds, written by hand.

use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::{
    Discretion, Entity, RoundFacts, RoundInfo, Type, Value,
    vocabulary::{VOCABULARY, find},
};
use jiff::civil::{Date, date};

/// A criteria file of the repository.
pub fn criteria(path: &str) -> Criteria {
    let path = format!("{}/../../criteria/{path}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap();
    let (criteria, _, problems) = enmusubi_criteria::read(&path, &bytes);
    criteria.unwrap_or_else(|| panic!("{path}: {problems:?}"))
}

/// A round being written.
pub struct Pen {
    pub facts: RoundFacts,
}

impl Pen {
    /// April 2027, first round, with one facility `n1`.
    pub fn april() -> Self {
        let mut facts = RoundFacts::new(RoundInfo {
            municipality: None,
            entry_date: date(2027, 4, 1),
            number: 1,
            base_date: date(2026, 10, 23),
            deadline: Some(date(2026, 10, 23)),
        });
        facts.facilities.push("n1", None, 2);
        facts.symbols.intern("n1");
        let mut pen = Self { facts };
        pen.set(Entity::Facility, 0, "name", "えんむすび保育園");
        pen.set(Entity::Facility, 0, "kind", "nursery");
        pen.set(Entity::Facility, 0, "last_age", "5");
        pen
    }

    /// States a fact, written as in criteria files.
    pub fn set(&mut self, entity: Entity, subject: u32, name: &str, text: &str) {
        let at = find(entity, name).unwrap_or_else(|| panic!("{entity:?}.{name}"));
        let value = match VOCABULARY[at as usize].ty {
            Type::Bool => Value::Bool(text == "yes"),
            Type::Number | Type::Quantity(_) => {
                Value::Number(enmusubi_domain::facts::Exact::parse(text).unwrap())
            }
            Type::Date => Value::Date(text.parse::<Date>().unwrap()),
            Type::Enum(e) => Value::Enum(e.of_name(text).unwrap()),
            Type::Set(e) => {
                let bits = text.split(' ').map(|t| 1u64 << e.of_name(t).unwrap());
                Value::Set(bits.sum())
            }
            Type::Text => Value::Symbol(self.facts.symbols.intern(text)),
            Type::Texts => panic!("{name}: lists are not written here"),
        };
        self.facts.table_mut(entity).set(subject, at, value);
    }

    /// Adds a household with facts.
    pub fn household(&mut self, facts: &[(&str, &str)]) {
        let n = self.facts.households.len() as u32;
        self.facts
            .households
            .push(&format!("h{}", n + 1), None, n + 2);
        self.all(Entity::Household, n, facts);
    }

    /// Adds a guardian of the last household, with evidence.
    pub fn guardian(&mut self, evidence: &str, facts: &[(&str, &str)]) {
        let h = self.facts.households.len() as u32 - 1;
        let n = self.facts.guardians.len() as u32;
        self.facts
            .guardians
            .push(&format!("g{}", n + 1), Some(h), n + 2);
        self.facts.guardians.evidence[n as usize] = evidence.into();
        self.all(Entity::Guardian, n, facts);
    }

    /// Adds an adult of the last household.
    pub fn adult(&mut self, facts: &[(&str, &str)]) {
        let h = self.facts.households.len() as u32 - 1;
        let n = self.facts.adults.len() as u32;
        self.facts
            .adults
            .push(&format!("a{}", n + 1), Some(h), n + 2);
        self.all(Entity::Adult, n, facts);
    }

    /// Adds a child of the last household that has chosen `n1`.
    pub fn child(&mut self, facts: &[(&str, &str)]) {
        let h = self.facts.households.len() as u32 - 1;
        let n = self.facts.children.len() as u32;
        self.facts
            .children
            .push(&format!("c{}", n + 1), Some(h), n + 2);
        self.all(Entity::Child, n, facts);
        let x = self.facts.choices.push("", Some(n), n + 2);
        self.facts.choice_facility.push(0);
        self.facts.choice_number.push(1);
        self.set(Entity::Choice, x, "rank", "1");
    }

    /// A value that staff judged about a child.
    pub fn judge(&mut self, item: &str, child: u32, value: &str, reason: &str) {
        self.facts.discretion.push(Discretion {
            entity: Entity::Child,
            subject: child,
            item: item.into(),
            value: enmusubi_domain::facts::Exact::parse(value).unwrap(),
            reason: reason.into(),
            entered_by: "担当A".into(),
            signed_by: "係長B".into(),
            row: 2,
        });
    }

    fn all(&mut self, entity: Entity, subject: u32, facts: &[(&str, &str)]) {
        for (name, text) in facts {
            self.set(entity, subject, name, text);
        }
    }

    /// The round.
    pub fn done(mut self) -> RoundFacts {
        self.facts.complete();
        self.facts
    }
}
