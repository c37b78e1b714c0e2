//! What made-up facts must be: the same for ever, coherent, and shaped as expected.

use enmusubi_domain::facts::{
    Entity, Exact, RoundFacts, Type, Value, derived,
    vocabulary::{VOCABULARY, find},
};
use enmusubi_synth::{FactOptions, Form, Options, Town, facts, town};
use jiff::civil::{Date, date};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

fn made(children: usize, seed: u64) -> Town {
    town(&Options {
        children,
        nurseries: (children / 26).max(4),
        seed,
        siblings: 0.15,
        ..Options::default()
    })
}

fn round(children: usize, seed: u64) -> (Town, RoundFacts) {
    let town = made(children, seed);
    let facts = facts(
        &town,
        &FactOptions {
            seed,
            ..FactOptions::default()
        },
    );
    (town, facts)
}

struct Look<'a>(&'a RoundFacts);

impl Look<'_> {
    fn value(&self, entity: Entity, name: &str, who: u32) -> Value {
        self.0.get(who, find(entity, name).expect(name))
    }
    fn is(&self, entity: Entity, name: &str, who: u32) -> bool {
        self.value(entity, name, who) == Value::Bool(true)
    }
    fn day(&self, entity: Entity, name: &str, who: u32) -> Option<Date> {
        match self.value(entity, name, who) {
            Value::Date(day) => Some(day),
            _ => None,
        }
    }
    fn number(&self, entity: Entity, name: &str, who: u32) -> Option<Exact> {
        match self.value(entity, name, who) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
    /// The name of an enumeration's value.
    fn word(&self, entity: Entity, name: &str, who: u32) -> &'static str {
        let at = find(entity, name).expect(name);
        match (self.0.get(who, at), VOCABULARY[at as usize].ty) {
            (Value::Enum(i), Type::Enum(e)) => e.values[usize::from(i)].0,
            (Value::Unknown, _) => "",
            (value, _) => panic!("{name}: {value:?}"),
        }
    }
    fn has_reason(&self, guardian: u32, reason: &str) -> bool {
        let at = find(Entity::Guardian, "reasons").expect("reasons");
        let Type::Set(e) = VOCABULARY[at as usize].ty else {
            panic!()
        };
        let bit = e.of_name(reason).expect(reason);
        matches!(self.0.get(guardian, at), Value::Set(set) if set >> bit & 1 == 1)
    }
}

/// The whole content as text, for digests.
fn text(facts: &RoundFacts) -> String {
    let mut out = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n",
        facts.info,
        facts.classes,
        facts.shared,
        facts.enrolled,
        facts.choice_facility,
        facts.wishes,
        facts.discretion
    );
    for entity in Entity::ALL {
        let table = facts.table(*entity);
        out += &format!("{:?} {:?} {:?}\n", table.ids, table.parents, table.evidence);
        for (at, attribute) in VOCABULARY.iter().enumerate() {
            if attribute.entity != *entity {
                continue;
            }
            for who in 0..table.len() as u32 {
                match table.get(who, at as u16) {
                    Value::Symbol(s) => out += facts.symbols.text(s),
                    Value::Symbols(list) => {
                        for s in &facts.symbols.lists[list as usize] {
                            out += facts.symbols.text(*s);
                        }
                    }
                    value => out += &format!("{value:?}"),
                }
            }
            out.push('\n');
        }
    }
    out
}

#[test]
fn equal_options_equal_facts() {
    let (_, one) = round(300, 7);
    let (_, two) = round(300, 7);
    assert_eq!(one, two);
    let digest = |facts: &RoundFacts| -> String {
        let hash = Sha256::digest(text(facts));
        hash.iter().map(|b| format!("{b:02x}")).collect()
    };
    assert_eq!(digest(&one), digest(&two));
    let (_, other) = round(300, 8);
    assert_ne!(digest(&one), digest(&other));
}

#[test]
fn every_reference_resolves_and_order_holds() {
    for seed in 1..=4 {
        let (town, facts) = round(1_000, seed);
        let count = |entity| facts.table(entity).len() as u32;
        for (entity, parent) in [
            (Entity::Guardian, Entity::Household),
            (Entity::Adult, Entity::Household),
            (Entity::Child, Entity::Household),
            (Entity::Choice, Entity::Child),
            (Entity::Decline, Entity::Child),
        ] {
            let table = facts.table(entity);
            assert_eq!(table.parents.len(), table.len());
            assert!(table.parents.is_sorted());
            assert!(table.parents.iter().all(|p| *p < count(parent)));
        }
        for entity in [Entity::Facility, Entity::Household, Entity::Child] {
            let ids: BTreeSet<&str> = facts.table(entity).ids.iter().map(|i| &**i).collect();
            assert_eq!(ids.len(), facts.table(entity).len(), "{entity:?}");
            assert!(!ids.contains(""));
        }
        // Guardians and adults are numbered in their household.
        for entity in [Entity::Guardian, Entity::Adult] {
            let table = facts.table(entity);
            let ids: BTreeSet<_> = table.parents.iter().zip(&table.ids).collect();
            assert_eq!(ids.len(), table.len());
        }
        let facilities = count(Entity::Facility);
        assert!(facts.enrolled.iter().flatten().all(|f| *f < facilities));
        assert!(facts.choice_facility.iter().all(|f| *f < facilities));
        assert_eq!(facts.choice_facility.len(), facts.choices.len());
        assert_eq!(facts.choice_number.len(), facts.choices.len());
        assert_eq!(facts.enrolled.len(), facts.children.len());
        for class in &facts.classes {
            assert!(class.facility < facilities && class.age < 6);
            if let Some(shared) = class.shared {
                assert_eq!(facts.shared[shared as usize].facility, class.facility);
            }
        }
        // Every applicant of the town, with its seats.
        let applicants: BTreeSet<&str> = town.children.iter().map(|c| c.id.as_str()).collect();
        let look = Look(&facts);
        let found: BTreeSet<&str> = (0..count(Entity::Child))
            .filter(|c| look.word(Entity::Child, "application", *c) != "none")
            .map(|c| &*facts.children.ids[c as usize])
            .collect();
        assert_eq!(applicants, found);
        let seats: u32 = town.nurseries.iter().flat_map(|n| n.seats).sum();
        assert_eq!(seats, facts.classes.iter().map(|c| c.seats).sum::<u32>());
        let mut last = None;
        for wish in &facts.wishes {
            assert!(last < Some(wish.household));
            last = Some(wish.household);
            assert!(!wish.answer.is_blank());
        }
    }
}

#[test]
fn children_agree_with_their_papers() {
    let mut unborn = 0;
    let mut siblings_here = 0;
    for seed in 1..=4 {
        let (town, facts) = round(1_000, seed);
        let look = Look(&facts);
        let base = facts.info.base_date;
        let year = facts.info.fiscal_year();
        for c in 0..facts.children.len() as u32 {
            let id = &facts.children.ids[c as usize];
            let birth = look.day(Entity::Child, "birth_date", c).expect("birth");
            let class = derived::age_class(birth, year);
            let enrolled = facts.enrolled[c as usize];
            let applies = look.word(Entity::Child, "application", c) != "none";
            let choices = facts.index.choices[c as usize].clone();
            let chosen: Vec<u32> = choices
                .clone()
                .map(|h| facts.choice_facility[h as usize])
                .collect();
            if applies {
                let child = town.children.iter().find(|t| *t.id == **id).expect("known");
                assert_eq!(class, i32::from(child.age), "{id}");
                assert!(!chosen.is_empty() && chosen.len() <= town.choice_columns);
                let distinct: BTreeSet<u32> = chosen.iter().copied().collect();
                assert_eq!(distinct.len(), chosen.len());
                for f in &chosen {
                    assert!(town.nurseries[*f as usize].takes[usize::from(child.age)]);
                    assert_ne!(Some(*f), enrolled.filter(|_| child.enrolled.is_some()));
                }
                assert_eq!(look.is(Entity::Child, "unborn", c), birth > base);
                unborn += u32::from(birth > base);
                let transfer = look.word(Entity::Child, "application", c) == "transfer";
                assert_eq!(transfer, child.enrolled.is_some());
                if enrolled.is_some() && !transfer {
                    assert!(look.is(Entity::Child, "graduating", c), "{id}");
                }
            } else {
                assert!(chosen.is_empty());
                assert!((0..18).contains(&class) && birth <= base, "{id} {birth}");
            }
            if let Some(since) = look.day(Entity::Child, "enrolled_since", c) {
                assert!(enrolled.is_some() && since > birth && since < base, "{id}");
                let household = facts.household_of(c);
                let lives = look.day(Entity::Household, "resident_since", household);
                assert!(lives.is_some_and(|l| l < since));
                assert_eq!(
                    look.word(Entity::Household, "residence", household),
                    "resident"
                );
            }
            for name in ["care_since", "waiting_since", "left_on"] {
                let day = look.day(Entity::Child, name, c);
                assert!(
                    day.is_none_or(|d| d <= base && (d >= birth || birth > base || d == base)),
                    "{id} {name}"
                );
            }
            let care = look.word(Entity::Child, "present_care", c);
            if care == "none" && enrolled.is_none() {
                assert!(!look.is(Entity::Child, "care_paid", c));
            }
            assert_eq!(
                enrolled.is_some(),
                ["licensed", "area_type"].contains(&care),
                "{id} {care}"
            );
            for d in facts.index.declines[c as usize].clone() {
                let day = look.day(Entity::Decline, "date", d).expect("date");
                assert!(day > birth && day < base);
            }
            for h in choices {
                if look.number(Entity::Choice, "siblings_enrolled_here", h) > Some(Exact::ZERO) {
                    siblings_here += 1;
                }
            }
        }
        // Births of one household: twins, or far enough apart.
        for family in &facts.index.children {
            let mut births: Vec<Date> = family
                .clone()
                .filter_map(|c| look.day(Entity::Child, "birth_date", c))
                .collect();
            births.sort_unstable();
            for pair in births.windows(2) {
                let gap = derived::days_between(pair[0], pair[1]);
                assert!(gap == 0 || gap >= 300, "{gap}");
            }
            for c in family.clone() {
                let birth = look.day(Entity::Child, "birth_date", c).expect("birth");
                let twin = births.iter().filter(|b| **b == birth).count() > 1;
                assert_eq!(twin, look.is(Entity::Child, "multiple_birth", c));
            }
        }
    }
    assert!((20..200).contains(&unborn), "{unborn}");
    assert!(siblings_here > 100, "{siblings_here}");
}

#[test]
fn guardians_agree_with_their_papers() {
    let options = FactOptions {
        unusual: 30,
        ..FactOptions::default()
    };
    let facts = facts(&made(4_000, 11), &options);
    let look = Look(&facts);
    let g = Entity::Guardian;
    let base = facts.info.base_date;
    let zero = Some(Exact::ZERO);
    for who in 0..facts.guardians.len() as u32 {
        let works = look.has_reason(who, "employment") || look.has_reason(who, "job_offer");
        let month = look.number(g, "work_hours_per_month", who);
        assert_eq!(works, month > zero, "{who}");
        if works {
            let number = |name| look.number(g, name, who).expect(name);
            let by_days = number("work_days_per_month")
                .times(number("work_hours_per_day"))
                .expect("fits");
            let gap = by_days.minus(number("work_hours_per_month")).expect("fits");
            assert!(gap >= Exact::whole(-1) && gap <= Exact::whole(1), "{who}");
            let by_week = number("work_days_per_week").times(number("work_hours_per_day"));
            assert_eq!(by_week, Some(number("work_hours_per_week")));
            assert!(look.day(g, "job_start", who).is_some());
            let reduced = look.number(g, "reduced_hours_per_month", who);
            assert!(reduced.is_none() || reduced < month);
        }
        let main = look.word(g, "main_reason", who);
        assert!(look.has_reason(who, main), "{main}");
        assert_eq!(
            look.has_reason(who, "birth"),
            look.day(g, "due_date", who).is_some()
        );
        assert_eq!(
            look.has_reason(who, "illness"),
            look.word(g, "illness_state", who) != "none"
        );
        assert_eq!(
            look.has_reason(who, "care"),
            look.number(g, "care_hours_per_month", who) > zero
        );
        let study = look.has_reason(who, "study") || look.has_reason(who, "training");
        assert_eq!(study, look.number(g, "study_hours_per_month", who) > zero);
        let household = facts.guardians.parents[who as usize];
        let births = facts.index.children[household as usize].clone();
        let births: Vec<Date> = births
            .filter_map(|c| look.day(Entity::Child, "birth_date", c))
            .collect();
        let (oldest, youngest) = (
            births.iter().min().expect("a child"),
            births.iter().max().expect("a child"),
        );
        if let Some(due) = look.day(g, "due_date", who) {
            assert!(derived::days_between(*youngest, due) >= 300 && due >= base);
        }
        let age = derived::age_years(look.day(g, "birth_date", who).expect("birth"), *oldest);
        assert!((20..45).contains(&age), "{age}");
        let leave = look.word(g, "leave", who);
        if leave != "none" {
            let since = look.day(g, "leave_since", who).expect("since");
            assert!(since <= base && look.day(g, "job_start", who) < Some(since));
            assert!(look.day(g, "return_date", who) >= Some(facts.info.entry_date));
            assert!(derived::days_between(*youngest, base) < 730);
        }
    }
}

/// Thousandths of the subjects that pass.
fn share(facts: &RoundFacts, entity: Entity, pass: impl Fn(&Look, u32) -> bool) -> usize {
    let n = facts.table(entity).len();
    let look = Look(facts);
    (0..n as u32).filter(|who| pass(&look, *who)).count() * 1000 / n.max(1)
}

#[test]
fn shares_are_realistic() {
    let (_, facts) = round(8_000, 5);
    let (h, g, c) = (Entity::Household, Entity::Guardian, Entity::Child);
    let household = |name: &'static str, word: &'static str| {
        share(&facts, h, move |l, w| l.word(h, name, w) == word)
    };
    let yes = |entity, name: &'static str| share(&facts, entity, move |l, w| l.is(entity, name, w));
    let full = |l: &Look, w: u32| l.number(g, "work_hours_per_month", w) >= Some(Exact::whole(160));
    let couples = share(&facts, h, |l, w| {
        let guardians = facts.index.guardians[w as usize].clone();
        guardians.len() == 2 && guardians.clone().all(|g| full(l, g))
    });
    let applicants = facts.children.len()
        * share(&facts, c, |l, w| l.word(c, "application", w) != "none")
        / 1000;
    let of_applicants = |thousandths: usize| thousandths * facts.children.len() / applicants;
    for (what, got, range) in [
        ("residents", household("residence", "resident"), 930..975),
        (
            "single parents",
            household("single_parent", "single"),
            45..75,
        ),
        ("quasi", household("single_parent", "quasi"), 2..15),
        ("welfare", yes(h, "welfare"), 4..20),
        ("arrears", yes(h, "arrears"), 1..12),
        ("extension", yes(h, "extension_acceptable"), 20..70),
        (
            "employed",
            share(&facts, g, |l, w| l.has_reason(w, "employment")),
            840..920,
        ),
        ("both full-time", couples, 450..680),
        (
            "childcare jobs",
            share(&facts, g, |l, w| l.word(g, "childcare_job", w) != "none"),
            10..35,
        ),
        ("posted away", yes(g, "posted_away"), 2..12),
        (
            "special need",
            of_applicants(share(&facts, c, |l, w| {
                l.word(c, "special_need", w) != "none"
            })),
            12..30,
        ),
        ("multiples", of_applicants(yes(c, "multiple_birth")), 4..30),
        ("on time", of_applicants(yes(c, "on_time")), 985..1000),
        (
            "siblings enrolled",
            share(&facts, h, |_, w| {
                facts.index.children[w as usize]
                    .clone()
                    .any(|c| facts.enrolled[c as usize].is_some())
            }),
            180..330,
        ),
        (
            "graduates",
            of_applicants(share(&facts, c, |l, w| {
                l.is(c, "graduating", w) && l.word(c, "application", w) == "new"
            })),
            15..60,
        ),
        (
            "grandparents here",
            share(&facts, h, |l, w| {
                facts.index.adults[w as usize]
                    .clone()
                    .any(|a| l.is(Entity::Adult, "co_resident", a))
            }),
            40..110,
        ),
        ("taxed", 1000 - yes(h, "tax_exempt"), 880..1000),
    ] {
        assert!(range.contains(&got), "{what}: {got} ‰, expected {range:?}");
    }
    assert!(!facts.shared.is_empty());
    // Mothers of children under two are on leave, mostly.
    let look = Look(&facts);
    let (mut young, mut leave) = (0, 0);
    for w in 0..facts.households.len() as u32 {
        let guardians = facts.index.guardians[w as usize].clone();
        let youngest = facts.index.children[w as usize]
            .clone()
            .filter_map(|c| look.day(Entity::Child, "birth_date", c))
            .max();
        if guardians.len() == 2 && youngest > Some(date(2025, 4, 1)) {
            young += 1;
            leave += u32::from(
                guardians
                    .clone()
                    .any(|g| look.word(Entity::Guardian, "leave", g) != "none"),
            );
        }
    }
    assert!(
        leave * 100 / young > 55 && leave * 100 / young < 90,
        "{leave} of {young}"
    );
    // Cut-offs mass at one contract: most full-timers have 160 hours.
    let hours = share(&facts, g, |l, w| {
        l.number(g, "work_hours_per_month", w) == Some(Exact::whole(160))
    });
    assert!((300..600).contains(&hours), "{hours}");
}

#[test]
fn complete_leaves_no_blank_that_decides_and_missing_makes_some() {
    let town = made(600, 3);
    let whole = facts(&town, &FactOptions::default());
    let paper = facts(
        &town,
        &FactOptions {
            complete: false,
            ..FactOptions::default()
        },
    );
    let holes = facts(
        &town,
        &FactOptions {
            missing: 100,
            ..FactOptions::default()
        },
    );
    for (entity, name) in [
        (Entity::Guardian, "reasons"),
        (Entity::Guardian, "work_hours_per_month"),
        (Entity::Guardian, "work_days_per_month"),
        (Entity::Guardian, "employment_kind"),
        (Entity::Guardian, "proof"),
        (Entity::Guardian, "job_continuous"),
        (Entity::Guardian, "income"),
        (Entity::Household, "residence"),
        (Entity::Household, "resident_since"),
        (Entity::Household, "area"),
        (Entity::Household, "income"),
        (Entity::Household, "tax_levy"),
        (Entity::Household, "fee_tier"),
        (Entity::Adult, "able_to_care"),
        (Entity::Choice, "distance"),
        (Entity::Facility, "kind"),
        (Entity::Facility, "last_age"),
    ] {
        let at = find(entity, name).expect(name);
        let blanks = |facts: &RoundFacts| {
            let n = facts.table(entity).len() as u32;
            (0..n).filter(|w| !facts.get(*w, at).is_known()).count()
        };
        assert_eq!(blanks(&whole), 0, "{name}");
        if matches!(entity, Entity::Guardian | Entity::Household) {
            let n = whole.table(entity).len();
            let (low, high) = (n / 20, n / 6);
            assert!(
                (low..high).contains(&blanks(&holes)),
                "{name}: {}",
                blanks(&holes)
            );
        }
    }
    let at = find(Entity::Guardian, "work_hours_per_month").expect("hours");
    let blank = (0..paper.guardians.len() as u32).any(|w| !paper.get(w, at).is_known());
    assert!(blank, "who has no job leaves the hours blank on paper");
    let applicants = find(Entity::Child, "lottery_number").expect("lottery");
    let drawn: BTreeSet<String> = (0..whole.children.len() as u32)
        .filter(|c| whole.get(*c, applicants).is_known())
        .map(|c| format!("{:?}", whole.get(c, applicants)))
        .collect();
    assert_eq!(drawn.len(), town.children.len());
}

#[test]
fn wishes_are_answered_as_the_form_asks() {
    let town = made(2_000, 2);
    let answers = |form: Form| {
        let facts = facts(
            &town,
            &FactOptions {
                form,
                blank_wish: 0,
                ..FactOptions::default()
            },
        );
        let siblings = town.family_ranges().filter(|r| r.len() > 1).count();
        assert_eq!(facts.wishes.len(), siblings);
        facts
    };
    let codes = answers(Form::circled());
    let seen: BTreeSet<&str> = codes
        .wishes
        .iter()
        .filter_map(|w| w.answer.code.as_deref())
        .collect();
    assert_eq!(seen.into_iter().collect::<String>(), "①②③④⑤⑥⑦");
    for form in [Form::fields(), Form::fujisawa()] {
        let fields = answers(form.clone());
        let together = match &form {
            Form::Fields(texts) => texts.timing[0].clone(),
            Form::Codes(_) => panic!("fields"),
        };
        for wish in &fields.wishes {
            let answer = &wish.answer;
            assert!(answer.code.is_none() && answer.timing.is_some() && answer.place.is_some());
            assert_eq!(
                answer.first.is_none(),
                answer.timing.as_deref() == Some(together.as_str())
            );
        }
    }
}

#[test]
fn large_towns_odd_options_and_other_rounds_do_not_panic() {
    let big = made(20_000, 1);
    let whole = facts(&big, &FactOptions::default());
    assert!(whole.children.len() > 20_000);
    let small = made(30, 9);
    for options in [
        FactOptions {
            entry_date: date(2026, 7, 1),
            base_date: date(2026, 5, 31),
            deadline: date(2026, 5, 31),
            number: 3,
            ..FactOptions::default()
        },
        FactOptions {
            entry_date: date(9999, 12, 31),
            base_date: Date::MIN,
            deadline: Date::MAX,
            ..FactOptions::default()
        },
        FactOptions {
            single: 1000,
            quasi: 1000,
            outside: 1000,
            moving_in: 1000,
            missing: 1000,
            graduates: 1000,
            shared: 1000,
            special_need: 1000,
            ..FactOptions::default()
        },
        FactOptions {
            complete: false,
            lottery: false,
            enrolled_siblings: 1000,
            ..FactOptions::default()
        },
    ] {
        let made = facts(&small, &options);
        assert!(!made.children.is_empty());
    }
    assert!(FactOptions::default().check().is_ok());
    let wrong = FactOptions {
        entry_date: date(2027, 4, 2),
        single: 1001,
        ..FactOptions::default()
    };
    assert_eq!(wrong.check().map_err(|w| w.len()), Err(2));
    let nobody = facts(&Town::default(), &FactOptions::default());
    assert!(nobody.children.is_empty());
}
