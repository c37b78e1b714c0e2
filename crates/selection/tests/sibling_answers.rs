//! From the answers on a municipality's own form to the combinations that are tried, in order.
//!
//! Everywhere: an older and a younger child and the nurseries A and B. The older child wishes A, then B; the younger B,
//! then A. `AB` places the older at A and the younger at B; `A-` places the older at A and not the younger.
//!
//! Expected are the lists a family would give if asked for each combination, written down from what the answers say, not
//! from the program.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_criteria::{Criteria, read};
use enmusubi_domain::{
    Rational,
    facts::{
        ClassSeats, Entity, RoundFacts, RoundInfo, Value, WishAnswer, WishRow,
        vocabulary::{VOCABULARY, find},
    },
};
use enmusubi_market::{Slot, tuples::tuples};
use enmusubi_scoring::Program;
use enmusubi_selection::{
    compiled::Ties,
    staged::{StageError, Staged, stage},
};
use jiff::civil::date;

fn criteria(file: &str) -> Criteria {
    let path = format!("{}/../../criteria/{file}", env!("CARGO_MANIFEST_DIR"));
    let (criteria, _, all) = read(file, &std::fs::read(path).unwrap());
    criteria.unwrap_or_else(|| panic!("{all:?}"))
}

/// States an attribute as a criteria file would write it.
fn state(facts: &mut RoundFacts, entity: Entity, subject: u32, name: &str, text: &str) {
    use enmusubi_domain::facts::{Exact, Type};
    let at = find(entity, name).unwrap_or_else(|| panic!("{name}"));
    let value = match VOCABULARY[at as usize].ty {
        Type::Bool => Value::Bool(text == "true"),
        Type::Number | Type::Quantity(_) => Value::Number(Exact::parse(text).unwrap()),
        Type::Date => Value::Date(text.parse().unwrap()),
        Type::Enum(e) => Value::Enum(e.of_name(text).unwrap()),
        Type::Set(e) => Value::Set(1 << e.of_name(text).unwrap()),
        Type::Text | Type::Texts => Value::Symbol(facts.symbol(text)),
    };
    facts.table_mut(entity).set(subject, at, value);
}

/// One household, both parents at work, nothing left to ask.
fn household(answer: WishAnswer) -> RoundFacts {
    let mut facts = RoundFacts::new(RoundInfo {
        municipality: None,
        entry_date: date(2027, 4, 1),
        number: 1,
        base_date: date(2026, 10, 23),
        deadline: Some(date(2026, 10, 23)),
    });
    for (f, id) in ["A", "B"].iter().enumerate() {
        let f = f as u32;
        facts.facilities.push(id, None, 1);
        state(&mut facts, Entity::Facility, f, "kind", "nursery");
        for age in 0..=5 {
            facts.classes.push(ClassSeats {
                facility: f,
                age,
                pool: None,
                seats: 3,
                shared: None,
                weight: Rational::ONE,
                refill: true,
                row: 1,
            });
        }
    }
    facts.households.push("h", None, 1);
    for (name, text) in [
        ("residence", "resident"),
        ("income", "6000000"),
        ("tax_levy", "150000"),
    ] {
        state(&mut facts, Entity::Household, 0, name, text);
    }
    for g in 0..2 {
        facts.guardians.push("", Some(0), 1);
        for (name, text) in [
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("employment_kind", "regular"),
            ("work_hours_per_month", "160"),
        ] {
            state(&mut facts, Entity::Guardian, g, name, text);
        }
    }
    for (a, relation) in [
        "paternal_grandfather",
        "paternal_grandmother",
        "maternal_grandfather",
        "maternal_grandmother",
    ]
    .iter()
    .enumerate()
    {
        facts.adults.push("", Some(0), 1);
        state(&mut facts, Entity::Adult, a as u32, "relation", relation);
    }
    let children = [
        ("older", "2023-06-01", [0, 1]),
        ("younger", "2025-06-01", [1, 0]),
    ];
    for (c, (id, birth, wishes)) in children.iter().enumerate() {
        let c = c as u32;
        facts.children.push(id, Some(0), 1);
        state(&mut facts, Entity::Child, c, "application", "new");
        state(&mut facts, Entity::Child, c, "birth_date", birth);
        for (number, facility) in (1..).zip(wishes) {
            facts.choices.push("", Some(c), 1);
            facts.choice_facility.push(*facility);
            facts.choice_number.push(number);
        }
    }
    if !answer.is_blank() {
        facts.wishes.push(WishRow {
            household: 0,
            answer,
            row: 2,
        });
    }
    facts.complete();
    facts
}

fn staged(criteria: &Criteria, answer: WishAnswer) -> Result<Staged, Vec<StageError>> {
    let facts = household(answer);
    let scores = Program::compile(criteria).unwrap().score(&facts).unwrap();
    stage(&facts, criteria, &scores, &Ties::Stop)
}

/// `AB A- …`: the combinations of the only family, best first.
fn list(staged: &Staged) -> String {
    let market = &staged.compiled.market;
    market.validate().unwrap();
    let of = |slot: &Slot| match slot {
        Slot::AsNow => "-".to_owned(),
        Slot::Choice(c) => {
            let class = &market.classes[market.choices[*c as usize].class as usize];
            market.nurseries[class.nursery as usize].id.to_string()
        }
    };
    let lists: Vec<String> = tuples(market, 0, |_| true)
        .map(|t| t.iter().map(of).collect())
        .collect();
    lists.join(" ")
}

fn code(text: &str) -> WishAnswer {
    WishAnswer {
        code: Some(text.into()),
        ..WishAnswer::default()
    }
}

/// What staff must read themselves, and what nobody answered, stops the round by name.
fn blocked(criteria: &Criteria, answer: WishAnswer) -> &'static str {
    let errors = staged(criteria, answer).unwrap_err();
    match &errors[..] {
        [StageError::StaffAnswer { household, .. }] if &**household == "h" => "staff",
        [StageError::NoAnswer { household }] if &**household == "h" => "ask",
        [StageError::UnknownAnswer { household, .. }] if &**household == "h" => "unknown",
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_eight_codes_of_saitama() {
    let criteria = criteria("111007-saitama/r8.toml");
    for (answer, expected) in [
        // 同じ園に同時. Either nursery is once a first and once a second wish: the older child's decides.
        ("①", "AA BB"),
        // 同じ園に順次（上の子から）. The younger never alone.
        ("②", "AA BB A- B-"),
        // 同じ園に順次（下の子から）. The older never alone; the younger's wishes decide.
        ("③", "BB AA -B -A"),
        // 別の園でも同時（同じ園を優先）.
        ("④", "AA BB AB BA"),
        // 別の園でも同時（希望順位を優先）. Both first wishes, A and B, come first.
        ("⑤", "AB AA BB BA"),
        // 別の園でも順次（同じ園を優先）. Both before one alone, whoever it is.
        ("⑥", "AA BB AB BA A- -B B- -A"),
        // 別の園でも順次（希望順位を優先）.
        ("⑦", "AB AA BB BA A- -B B- -A"),
    ] {
        let got = list(&staged(&criteria, code(answer)).unwrap());
        assert_eq!(got, expected, "{answer}");
        // Spaces around what somebody typed mean nothing.
        let got = list(&staged(&criteria, code(&format!(" {answer} "))).unwrap());
        assert_eq!(got, expected, "{answer}");
    }
    // Free text: staff must read it. No answer: nothing is published about it, so the family is asked.
    assert_eq!(blocked(&criteria, code("⑧")), "staff");
    assert_eq!(blocked(&criteria, WishAnswer::default()), "ask");
    // Numbers of other layouts never pass through: their 5 is Saitama's ⑥.
    assert_eq!(blocked(&criteria, code("5")), "unknown");
}

#[test]
fn the_three_fields_of_fujisawa() {
    let criteria = criteria("142051-fujisawa/r9.toml");
    let (must, need_not) = ("同時でなければならない", "同時でなくてもよい");
    let (same, prefer, order) = ("同じ園に限る", "同じ園を優先", "希望順位を優先");
    let (older, younger) = ("上の子から", "下の子から");
    // Blank is "": the same time, the same nursery; who goes first is asked only of those who need not enter together.
    type Answers<'a> = &'a [&'a str];
    let table: &[(Answers<'_>, Answers<'_>, Answers<'_>, &str)] = &[
        (&["", must], &["", same], &["", older, younger], "AA BB"),
        (&["", must], &[prefer], &["", older, younger], "AA BB AB BA"),
        (&["", must], &[order], &["", older, younger], "AB AA BB BA"),
        (&[need_not], &["", same], &[""], "AA BB A- -B B- -A"),
        (&[need_not], &["", same], &[older], "AA BB A- B-"),
        (&[need_not], &["", same], &[younger], "BB AA -B -A"),
        (&[need_not], &[prefer], &[""], "AA BB AB BA A- -B B- -A"),
        (&[need_not], &[prefer], &[older], "AA BB AB BA A- B-"),
        (&[need_not], &[prefer], &[younger], "BB AA AB BA -B -A"),
        (&[need_not], &[order], &[""], "AB AA BB BA A- -B B- -A"),
        (&[need_not], &[order], &[older], "AB AA BB BA A- B-"),
        (&[need_not], &[order], &[younger], "AB BB AA BA -B -A"),
    ];
    let mut combinations = 0;
    for (timings, places, firsts, expected) in table {
        for timing in *timings {
            for place in *places {
                for first in *firsts {
                    let written = |text: &str| (!text.is_empty()).then(|| text.into());
                    let answer = WishAnswer {
                        timing: written(timing),
                        place: written(place),
                        first: written(first),
                        ..WishAnswer::default()
                    };
                    let got = list(&staged(&criteria, answer).unwrap());
                    assert_eq!(got, *expected, "{timing}・{place}・{first}");
                    combinations += 1;
                }
            }
        }
    }
    // Three answers of timing, four of place, three of who first, blanks among them.
    assert_eq!(combinations, 3 * 4 * 3);
    let odd = WishAnswer {
        place: Some("①".into()),
        ..WishAnswer::default()
    };
    assert_eq!(blocked(&criteria, odd), "unknown");
}

#[test]
fn the_letters_of_kodaira() {
    let criteria = criteria("structure/kodaira.toml");
    for (answer, expected) in [
        // A: wait for the same nursery at the same time, nothing else.
        ("A", "AA BB"),
        // B: the same time, other nurseries too; 1 the same first, 2 the order of the choices.
        ("B1", "AA BB AB BA"),
        ("B2", "AB AA BB BA"),
        // C: together first, one alone too; ア never the younger alone.
        ("Cア1", "AA BB AB BA A- B-"),
        ("Cア2", "AB AA BB BA A- B-"),
        // イ never the older alone.
        ("Cイ1", "BB AA AB BA -B -A"),
        ("Cイ2", "AB BB AA BA -B -A"),
        // ウ whoever it is.
        ("Cウ1", "AA BB AB BA A- -B B- -A"),
        ("Cウ2", "AB AA BB BA A- -B B- -A"),
    ] {
        let got = list(&staged(&criteria, code(answer)).unwrap());
        assert_eq!(got, expected, "{answer}");
    }
    // A letter whose inner question was not answered says too little.
    assert_eq!(blocked(&criteria, code("C")), "unknown");
    assert_eq!(blocked(&criteria, WishAnswer::default()), "ask");
}
