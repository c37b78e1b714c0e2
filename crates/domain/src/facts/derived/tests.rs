use super::*;
use crate::facts::vocabulary::{FACILITY_KIND, Origin, REASON, VOCABULARY};

/// April 2027, first round, facts as of 1 November 2026.
fn info() -> RoundInfo {
    RoundInfo {
        municipality: None,
        entry_date: date(2027, 4, 1),
        number: 1,
        base_date: date(2026, 11, 1),
        deadline: Some(date(2026, 10, 31)),
    }
}

struct Town(RoundFacts);

impl Town {
    fn new(info: RoundInfo) -> Self {
        Self(RoundFacts::new(info))
    }

    fn set(&mut self, entity: Entity, subject: u32, name: &str, value: Value) {
        let at = attribute(entity, name);
        self.0.table_mut(entity).set(subject, at, value);
    }

    fn facility(&mut self, id: &str, kind: &str, last_age: Option<i64>) -> u32 {
        let f = self.0.facilities.push(id, None, 0);
        let kind = Value::Enum(value_of(&FACILITY_KIND, kind));
        self.set(Entity::Facility, f, "kind", kind);
        if let Some(last) = last_age {
            self.set(Entity::Facility, f, "last_age", Value::whole(last));
        }
        f
    }

    fn household(&mut self) -> u32 {
        self.0.households.push("h", None, 0)
    }

    fn child(&mut self, household: u32, birth: Option<Date>, application: &str) -> u32 {
        let c = self.0.children.push("c", Some(household), 0);
        if let Some(birth) = birth {
            self.set(Entity::Child, c, "birth_date", Value::Date(birth));
        }
        let application = Value::Enum(value_of(&APPLICATION, application));
        self.set(Entity::Child, c, "application", application);
        self.0.enrolled.push(None);
        c
    }

    fn choose(&mut self, child: u32, facility: u32) -> u32 {
        let n = self.0.choices.push("", Some(child), 0);
        self.0.choice_facility.push(facility);
        self.0.choice_number.push(0);
        n
    }

    fn get(&self, entity: Entity, subject: u32, name: &str) -> String {
        match self.0.get(subject, attribute(entity, name)) {
            Value::Unknown => "?".into(),
            Value::Bool(b) => b.to_string(),
            Value::Number(n) => n.to_string(),
            Value::Date(d) => d.to_string(),
            Value::Symbol(s) => self.0.symbols.text(s).into(),
            other => format!("{other:?}"),
        }
    }

    fn child_has(&self, child: u32, expect: &[(&str, &str)]) {
        for (name, value) in expect {
            assert_eq!(self.get(Entity::Child, child, name), *value, "child.{name}");
        }
    }

    fn choice_has(&self, choice: u32, expect: &[(&str, &str)]) {
        for (name, value) in expect {
            let got = self.get(Entity::Choice, choice, name);
            assert_eq!(got, *value, "choice.{name}");
        }
    }
}

#[test]
fn every_derived_attribute_has_code() {
    let mut town = Town::new(info());
    town.0.complete();
    for (at, a) in VOCABULARY.iter().enumerate() {
        if a.origin == Origin::Derived {
            let column = town.0.table(a.entity).column(at as AttributeIx);
            assert!(column.is_some(), "{} is derived by nothing", a.path());
        }
    }
}

/// 年齢計算ニ関スル法律: one grows older when the day before the birthday ends, so who is born
/// on 1 April goes with those born on 31 March.
#[test]
fn ages_follow_the_law() {
    // Birth, class in fiscal 2027, grade in fiscal 2027.
    for (birth, class, grade) in [
        (date(2021, 4, 1), 6, 1),
        (date(2021, 4, 2), 5, 0),
        (date(2022, 4, 1), 5, 0),
        (date(2026, 4, 1), 1, -4),
        (date(2026, 4, 2), 0, -5),
        (date(2027, 4, 1), 0, -5),
        (date(2027, 4, 2), -1, -6),
        (date(2020, 2, 29), 7, 2),
    ] {
        assert_eq!(age_class(birth, 2027), class, "{birth}");
        assert_eq!(school_grade(birth, 2027), grade, "{birth}");
    }
    // From, to, full months.
    for (from, to, months) in [
        (date(2026, 10, 1), date(2027, 4, 1), 6),
        (date(2026, 10, 2), date(2027, 4, 1), 5),
        (date(2026, 9, 30), date(2027, 4, 1), 6),
        (date(2026, 8, 31), date(2027, 2, 28), 5),
        (date(2026, 8, 31), date(2027, 3, 1), 6),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2024, 2, 29), date(2028, 2, 29), 48),
        (date(2027, 4, 15), date(2027, 4, 1), -1),
        (date(2027, 4, 1), date(2027, 4, 1), 0),
    ] {
        assert_eq!(months_between(from, to), months, "{from} {to}");
    }
    assert_eq!(age_years(date(2024, 2, 29), date(2025, 2, 28)), 0);
    assert_eq!(age_years(date(2024, 2, 29), date(2025, 3, 1)), 1);
    assert_eq!(age_years(date(1960, 4, 1), date(2027, 3, 31)), 66);
    assert_eq!(days_between(date(2027, 2, 3), date(2027, 4, 1)), 57);
}

#[test]
fn a_child_born_in_the_year_of_entry_is_in_class_0() {
    let mut town = Town::new(RoundInfo {
        entry_date: date(2027, 10, 1),
        ..info()
    });
    let h = town.household();
    let c = town.child(h, Some(date(2027, 8, 5)), "new");
    town.set(Entity::Child, c, "unborn", Value::Bool(true));
    let unknown = town.child(h, None, "new");
    town.0.complete();
    town.child_has(
        c,
        &[
            ("age_class", "0"),
            ("age_months", "1"),
            ("age_days", "57"),
            ("age_years", "-1"),
            ("enrolled", "false"),
            ("enrolled_facility", "?"),
            ("graduating", "false"),
            ("waiting_days", "?"),
        ],
    );
    town.child_has(
        unknown,
        &[
            ("age_class", "?"),
            ("age_months", "?"),
            ("birth_order", "?"),
            ("siblings_applying", "1"),
            ("siblings_enrolled", "0"),
        ],
    );
    for (name, value) in [
        ("applicants_count", "2"),
        ("children_under_18", "?"),
        ("guardians_count", "0"),
    ] {
        assert_eq!(town.get(Entity::Household, h, name), value, "{name}");
    }
}

#[test]
fn households_count_children_by_age() {
    let mut town = Town::new(info());
    let h = town.household();
    let guardian = town.0.guardians.push("", Some(h), 0);
    let employment = 1 << value_of(&REASON, "employment");
    town.set(
        Entity::Guardian,
        guardian,
        "reasons",
        Value::Set(employment),
    );
    let adult = town.0.adults.push("", Some(h), 0);
    let birth = Value::Date(date(1962, 4, 1));
    town.set(Entity::Adult, adult, "birth_date", birth);
    for (birth, application) in [
        (date(2008, 11, 1), "none"), // 18 on the base date
        (date(2008, 11, 2), "none"), // still 17
        (date(2017, 4, 2), "none"),  // grade 4 in fiscal 2027
        (date(2018, 4, 2), "none"),  // grade 3
        (date(2021, 4, 2), "transfer"),
        (date(2026, 5, 1), "new"),
        (date(2026, 12, 1), "none"), // not yet born on the base date
    ] {
        town.child(h, Some(birth), application);
    }
    town.0.complete();
    for (name, value) in [
        ("guardians_count", "1"),
        ("applicants_count", "2"),
        ("new_applicants_count", "1"),
        ("children_under_18", "5"),
        ("preschoolers", "2"),
        ("children_to_grade_3", "3"),
        ("children_to_grade_6", "4"),
    ] {
        assert_eq!(town.get(Entity::Household, h, name), value, "{name}");
    }
    assert_eq!(town.get(Entity::Adult, adult, "age"), "65");
    let main = town
        .0
        .get(guardian, attribute(Entity::Guardian, "main_reason"));
    assert_eq!(main, Value::Enum(0));
    town.child_has(1, &[("birth_order", "1"), ("age_years", "17")]);
    town.child_has(5, &[("birth_order", "5"), ("siblings_applying", "1")]);
}

#[test]
fn twins_are_ordered_as_they_are_named() {
    let mut town = Town::new(info());
    let h = town.household();
    for _ in 0..2 {
        town.child(h, Some(date(2025, 6, 1)), "new");
    }
    town.0.complete();
    town.child_has(0, &[("birth_order", "1")]);
    town.child_has(1, &[("birth_order", "2")]);
}

/// A two-year-old leaves a small facility; its sister stays at a nursery; both nurseries are wished
/// for.
fn two_siblings(number: u32) -> (Town, [u32; 2], [u32; 4]) {
    let mut town = Town::new(RoundInfo { number, ..info() });
    let small = town.facility("S", "small", Some(2));
    let nursery = town.facility("N", "nursery", Some(5));
    let other = town.facility("X", "nursery", None);
    let n = town.0.symbol("N");
    town.0.symbols.lists.push(vec![n]);
    town.set(Entity::Facility, small, "linked", Value::Symbols(0));
    let h = town.household();
    for (entity, subject) in [(Entity::Household, h), (Entity::Facility, nursery)] {
        let area = Value::Symbol(town.0.symbol("東"));
        town.set(entity, subject, "area", area);
    }
    let young = town.child(h, Some(date(2024, 1, 10)), "new");
    let old = town.child(h, Some(date(2022, 7, 1)), "transfer");
    town.0.enrolled = vec![Some(small), Some(nursery)];
    town.0.enrolled_since = vec![Some(date(2024, 10, 1))];
    let choices = [
        town.choose(young, other),
        town.choose(young, nursery),
        town.choose(old, small),
        town.choose(old, other),
    ];
    let birth = Value::Date(date(2026, 1, 1));
    town.set(Entity::Child, young, "waiting_since", birth);
    let d = town.0.declines.push("", Some(old), 0);
    town.set(Entity::Decline, d, "rank", Value::whole(1));
    (town, [young, old], choices)
}

#[test]
fn graduates_leave_and_siblings_stay() {
    let (mut town, [young, old], choices) = two_siblings(1);
    town.0.complete();
    town.child_has(
        young,
        &[
            ("age_class", "3"),
            ("enrolled", "true"),
            ("enrolled_facility", "S"),
            ("enrolled_since", "2024-10-01"),
            ("graduating", "true"),
            ("siblings_enrolled", "1"),
            ("waiting_days", "304"),
            ("choices_count", "2"),
            ("declines_count", "0"),
        ],
    );
    // The transfer applicant still attends its nursery; the graduate no longer counts.
    town.child_has(
        old,
        &[
            ("graduating", "false"),
            ("enrolled_since", "?"),
            ("siblings_enrolled", "0"),
            ("declines_count", "1"),
        ],
    );
    town.choice_has(
        choices[0],
        &[
            ("rank", "1"),
            ("siblings_enrolled_here", "0"),
            ("siblings_applying_here", "1"),
            ("siblings_placed_here", "0"),
            ("linked_to_enrolled", "false"),
            ("in_home_area", "?"),
        ],
    );
    town.choice_has(
        choices[1],
        &[
            ("rank", "2"),
            ("siblings_enrolled_here", "1"),
            ("siblings_applying_here", "0"),
            ("linked_to_enrolled", "true"),
            ("attends_now", "false"),
            ("in_home_area", "true"),
        ],
    );
    town.choice_has(
        choices[2],
        &[
            ("siblings_enrolled_here", "0"),
            ("linked_to_enrolled", "false"),
        ],
    );
}

#[test]
fn what_depends_on_something_unknown_is_unknown() {
    let (mut town, [young, old], choices) = two_siblings(1);
    let small = town.0.enrolled[young as usize].expect("enrolled");
    town.set(Entity::Facility, small, "last_age", Value::Unknown);
    town.0.complete();
    town.child_has(young, &[("graduating", "?")]);
    town.child_has(old, &[("siblings_enrolled", "?")]);
    town.choice_has(choices[2], &[("siblings_enrolled_here", "?")]);
    town.choice_has(choices[3], &[("siblings_enrolled_here", "0")]);
    // Whether it leaves is unknown, but not that X is none of its linked facilities.
    town.choice_has(choices[0], &[("linked_to_enrolled", "false")]);
    town.choice_has(choices[1], &[("linked_to_enrolled", "?")]);
    // A leaver whose facility has said nothing about linked ones.
    town.set(Entity::Facility, small, "last_age", Value::whole(2));
    town.set(Entity::Facility, small, "linked", Value::Unknown);
    town.0.complete();
    town.choice_has(choices[0], &[("linked_to_enrolled", "?")]);
}

#[test]
fn places_of_an_earlier_round_are_known_only_where_recorded() {
    let (mut town, [young, old], choices) = two_siblings(2);
    town.0.complete();
    town.choice_has(choices[0], &[("siblings_placed_here", "?")]);
    let result = |name| Value::Enum(value_of(&EARLIER_RESULT, name));
    town.set(Entity::Child, old, "earlier_result", result("offered"));
    town.0.complete();
    town.choice_has(choices[0], &[("siblings_placed_here", "?")]);
    let x = Value::Symbol(town.0.symbol("X"));
    town.set(Entity::Child, old, "earlier_facility", x);
    town.0.complete();
    town.choice_has(choices[0], &[("siblings_placed_here", "1")]);
    town.choice_has(choices[1], &[("siblings_placed_here", "0")]);
    town.set(Entity::Child, old, "earlier_result", result("on_hold"));
    // A sibling that does not apply and has no result was in no earlier round.
    let none = Value::Enum(value_of(&APPLICATION, "none"));
    town.set(Entity::Child, young, "application", none);
    town.0.complete();
    town.choice_has(choices[0], &[("siblings_placed_here", "0")]);
    town.choice_has(choices[3], &[("siblings_placed_here", "0")]);
}

#[test]
fn completing_twice_changes_nothing() {
    let (mut town, ..) = two_siblings(1);
    town.0.complete();
    let once = town.0.clone();
    town.0.complete();
    assert_eq!(once, town.0);
}
