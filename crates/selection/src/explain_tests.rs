//! Explanations on small rounds made by hand, and on thousands of random ones against the plain
//! definitions of the selection model.

use enmusubi_market::{
    Child, Choice, Class, ClassIx, Family, First, Group, Market, Nursery, Place, Placement, Slot,
    TieReading, Timing, Wish, WishFields,
};
use enmusubi_matching::{Mechanism, Outcome, Proof, Proofs, SearchEffort};

use crate::compiled::{CompiledRound, KeyComponent, KeyKind, KeyTable, Refusal, Ties};
use crate::explain::{ChoiceReason, Explanations, Reason, Target, TieHow, WishKind, explain};
use crate::explain_counterfactual::{Gain, Rerun, counterfactual};
use crate::explain_wish::{accepts, compare};
use crate::report::{Report, RunFacts, read_report, report, write_report};
use crate::text::{Reader, counterfactual_text, explain_text};
use crate::text_summary::{Lang, padded, summary, undecided_text, width};

/// A small round in words.
#[derive(Default, Clone)]
pub(crate) struct Town {
    /// Class key, seats, weight, group name ("" = its own), refill.
    classes: Vec<(String, u64, u64, String, bool)>,
    families: Vec<Home>,
    refusals: Vec<(String, String, u32, Option<String>)>,
    lottery: bool,
    equal: bool,
    disclosure_minimum: u32,
}

#[derive(Clone)]
pub(crate) struct Home {
    id: String,
    wish: Wish,
    pass: u8,
    order: u32,
    kids: Vec<Kid>,
}

#[derive(Clone)]
pub(crate) struct Kid {
    id: String,
    age: u8,
    current: Option<String>,
    /// Class key and points.
    choices: Vec<(String, i64)>,
}

pub(crate) fn kid(id: &str, age: u8, choices: &[(&str, i64)]) -> Kid {
    let choices = choices.iter().map(|(k, p)| ((*k).to_owned(), *p)).collect();
    Kid {
        id: id.to_owned(),
        age,
        current: None,
        choices,
    }
}

impl Kid {
    fn now(mut self, class: &str) -> Self {
        self.current = Some(class.to_owned());
        self
    }
}

fn code(code: u8) -> Wish {
    Wish::Fields(WishFields::from_code(code).unwrap())
}

impl Town {
    pub(crate) fn new(classes: &[(&str, u64)]) -> Self {
        let classes = classes
            .iter()
            .map(|(k, seats)| ((*k).to_owned(), *seats, 1, String::new(), true))
            .collect();
        Self {
            classes,
            ..Self::default()
        }
    }

    pub(crate) fn home(mut self, id: &str, wish: u8, kids: Vec<Kid>) -> Self {
        let order = self.families.len() as u32 + 1;
        self.families.push(Home {
            id: id.to_owned(),
            wish: code(wish),
            pass: 0,
            order,
            kids,
        });
        self
    }

    pub(crate) fn compile(&self) -> CompiledRound {
        let mut keys: Vec<&str> = self.classes.iter().map(|k| k.0.as_str()).collect();
        keys.sort_unstable();
        let mut ids: Vec<&str> = keys.iter().map(|k| k.split('/').next().unwrap()).collect();
        ids.dedup();
        let nurseries: Vec<Nursery> = ids
            .iter()
            .map(|id| Nursery {
                id: (*id).into(),
                name: format!("{id}園").into(),
            })
            .collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut named: Vec<(String, u32)> = Vec::new();
        let mut classes = Vec::new();
        for key in &keys {
            let (_, seats, weight, group, refill) =
                self.classes.iter().find(|k| k.0 == *key).unwrap();
            let known = named.iter().find(|(n, _)| n == group && !n.is_empty());
            let g = match known {
                Some((_, g)) => *g,
                None => {
                    groups.push(Group {
                        seats: *seats,
                        unit: 1,
                    });
                    named.push((group.clone(), groups.len() as u32 - 1));
                    groups.len() as u32 - 1
                }
            };
            let mut parts = key.split('/');
            let nursery = parts.next().unwrap();
            classes.push(Class {
                nursery: ids.iter().position(|id| *id == nursery).unwrap() as u32,
                age: parts.next().unwrap().parse().unwrap(),
                pool: parts.next().map(Into::into),
                group: g,
                weight: *weight,
                refill: *refill,
            });
        }
        let at = |key: &str| keys.iter().position(|k| *k == key).unwrap() as ClassIx;
        let mut homes = self.families.clone();
        homes.sort_by(|a, b| a.id.cmp(&b.id));
        // Keys: points, then a number made from the id where a lottery is drawn.
        let lot = |id: &str| {
            if self.lottery {
                format!("{:016x}", fnv(id))
            } else {
                String::new()
            }
        };
        let mut all: Vec<(i64, String)> = Vec::new();
        for k in homes.iter().flat_map(|h| &h.kids) {
            all.extend(k.choices.iter().map(|(_, p)| (-p, lot(&k.id))));
        }
        all.sort();
        all.dedup();
        let mut market = Market {
            nurseries,
            classes,
            groups,
            families: Vec::new(),
            children: Vec::new(),
            choices: Vec::new(),
            ties: if self.equal {
                TieReading::Equal
            } else {
                TieReading::Strict
            },
        };
        let components = 1 + u32::from(self.lottery);
        let mut table = KeyTable {
            components,
            ..KeyTable::default()
        };
        let intern = |table: &mut KeyTable, v: String| {
            let found = table.values.iter().position(|x| **x == *v);
            let i = found.unwrap_or_else(|| {
                table.values.push(v.into());
                table.values.len() - 1
            });
            table.index.push(i as u32);
        };
        let mut numbers = Vec::new();
        for (f, home) in homes.iter_mut().enumerate() {
            home.kids
                .sort_by(|a, b| b.age.cmp(&a.age).then_with(|| a.id.cmp(&b.id)));
            let first = market.children.len() as u32;
            for k in &home.kids {
                let start = market.choices.len() as u32;
                let (mut rank, mut last) = (0, String::new());
                for (key, points) in &k.choices {
                    let nursery = key.split('/').next().unwrap().to_owned();
                    if nursery != last {
                        rank += 1;
                        last = nursery;
                    }
                    let priority = all
                        .iter()
                        .position(|x| *x == (-points, lot(&k.id)))
                        .unwrap() as u32
                        + 1;
                    market.choices.push(Choice {
                        class: at(key),
                        rank,
                        priority,
                    });
                    let skipped = self
                        .refusals
                        .iter()
                        .filter(|(c, _, r, pool)| *c == k.id && pool.is_none() && *r <= rank);
                    numbers.push(rank + skipped.count() as u32);
                    intern(&mut table, points.to_string());
                    if self.lottery {
                        intern(&mut table, lot(&k.id));
                    }
                }
                market.children.push(Child {
                    id: k.id.as_str().into(),
                    family: f as u32,
                    age: k.age,
                    current: k.current.as_deref().map(at),
                    choices: start..market.choices.len() as u32,
                });
            }
            market.families.push(Family {
                id: home.id.as_str().into(),
                children: first..market.children.len() as u32,
                wish: home.wish.clone(),
                pass: home.pass,
                common_order: home.order,
            });
        }
        market.validate().unwrap();
        let mut key_components = vec![KeyComponent {
            label: "指数".into(),
            kind: KeyKind::Points,
        }];
        if self.lottery {
            key_components.push(KeyComponent {
                label: "抽選".into(),
                kind: KeyKind::Lottery,
            });
        }
        let refusals = self
            .refusals
            .iter()
            .map(|(c, nursery, rank, pool)| Refusal {
                child: market.children.iter().position(|x| *x.id == **c).unwrap() as u32,
                nursery: nursery.as_str().into(),
                rank: *rank,
                pool: pool.as_deref().map(Into::into),
                rule: "最低月齢".into(),
                parent_text: Some("この園は生後6か月から受け入れています。".into()),
            });
        CompiledRound {
            rows: (0..market.children.len() as u32).collect(),
            key_components,
            keys: table,
            numbers,
            refusals: refusals.collect(),
            asked: Vec::new(),
            ties: if self.lottery {
                Ties::Lottery("種".into())
            } else {
                Ties::Stop
            },
            disclosure_minimum: self.disclosure_minimum,
            market,
        }
    }
}

fn fnv(s: &str) -> u64 {
    s.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    })
}

/// A placement by child id and class key; everybody else as now.
pub(crate) fn outcome(
    round: &CompiledRound,
    placed: &[(&str, &str)],
    blocking: &[&str],
) -> Outcome {
    let market = &round.market;
    let mut placement = Placement::as_now(market);
    for (id, key) in placed {
        let c = market.children.iter().position(|x| *x.id == **id).unwrap();
        let k = (0..market.classes.len() as u32)
            .find(|&k| crate::report::class_key(market, k) == *key)
            .unwrap();
        placement.class[c] = Some(k);
    }
    let family = |id: &&str| market.families.iter().position(|f| *f.id == **id).unwrap() as u32;
    made(placement, blocking.iter().map(family).collect())
}

fn made(placement: Placement, blocking: Vec<u32>) -> Outcome {
    Outcome {
        placement,
        blocking,
        proofs: Proofs {
            blocking_families: Proof::Proved,
            blocking_only_children: Proof::Proved,
            with_class: Proof::Proved,
            rank_sum: Proof::Bound(3),
            canonical: true,
        },
        instability: None,
        rank_sum: 4,
        reproducible: true,
        effort: SearchEffort::default(),
    }
}

fn facts() -> RunFacts<'static> {
    RunFacts {
        engine_version: "0.1.0",
        input_digest: "0123456789abcdef0123",
        seconds: &[("read", 0.01), ("witness", 0.02)],
        ..RunFacts::default()
    }
}

fn reasons(round: &CompiledRound, out: &Explanations, id: &str) -> Vec<Reason> {
    let c = round
        .market
        .children
        .iter()
        .position(|x| *x.id == *id)
        .unwrap();
    out.of(c as u32).iter().map(|r| r.reason).collect()
}

fn told(round: &CompiledRound, result: &Outcome, mechanism: Mechanism) -> (Explanations, Report) {
    let explanations = explain(round, result, mechanism);
    let facts = RunFacts {
        mechanism,
        ..facts()
    };
    let made = report(round, result, &explanations, &facts);
    let back = read_report(&write_report(&made).unwrap()).unwrap();
    assert_eq!(back, made, "the report survives writing and reading");
    (explanations, made)
}

fn text(report: &Report, id: &str, reader: Reader) -> String {
    explain_text(report, id, reader).unwrap()
}

#[test]
fn full_names_the_last_admitted_and_the_first_difference() {
    let round = Town::new(&[("A/1", 1), ("B/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 80), ("B/1", 80)])])
        .compile();
    let result = outcome(&round, &[("c1", "A/1"), ("c2", "B/1")], &[]);
    let (out, report) = told(&round, &result, Mechanism::Stable);
    let [
        Reason::Full {
            limit: Some(limit),
            differs: Some(0),
            size: 1,
            ..
        },
    ] = reasons(&round, &out, "c2")[..]
    else {
        panic!("{:?}", reasons(&round, &out, "c2"));
    };
    assert_eq!(limit.child, 0);
    assert_eq!(
        text(&report, "c2", Reader::Staff),
        "申込者 c2（世帯 F2、1歳児クラス、希望 2件）\n\
         結果: 第2希望 B B園（1歳児クラス）に内定（優先順位 [指数 80]）\n\
         第1希望 A A園（1歳児クラス）: 満員。本人 [指数 80]、最後に入る児童 [指数 90]。\
         最初に異なる項目: 指数\n"
    );
    assert_eq!(
        text(&report, "c2", Reader::Letter),
        "利用調整の結果、第2希望のB園（1歳児クラス）に内定しました。\
         上位の希望について内定に至らなかった理由は、次のとおりです。\n\
         第1希望のA園（1歳児クラス）については、申込者が募集人数を上回り、\
         優先順位（指数）の高い児童から順に決定した結果、空きがなくなったためです。\n"
    );
    assert!(text(&report, "c2", Reader::Parent).contains("指数は80、最後に内定した方は90"));
    assert!(text(&report, "c1", Reader::Parent).starts_with("第1希望のA園（1歳児クラス）に内定"));
    assert!(text(&report, "c2", Reader::StaffEnglish).contains("full. Own key [指数 80]"));
    let class = &out.classes[0];
    assert_eq!(
        (
            class.applied,
            class.considered,
            class.newly,
            class.tie_decided
        ),
        (2, 2, 1, 0)
    );
}

#[test]
fn small_numbers_withhold_figures_from_families_but_not_from_staff() {
    let mut town = Town::new(&[("A/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 80)])]);
    town.disclosure_minimum = 3;
    let round = town.compile();
    let (_, report) = told(
        &round,
        &outcome(&round, &[("c1", "A/1")], &[]),
        Mechanism::Stable,
    );
    for reader in [Reader::Letter, Reader::Parent, Reader::ParentPlain] {
        let said = text(&report, "c2", reader);
        assert!(!said.contains("90") && !said.contains("指数"), "{said}");
    }
    assert!(text(&report, "c2", Reader::Staff).contains("指数 90"));
    assert_eq!(crate::text::public_cut_off(&report, 0), None);
}

#[test]
fn no_seats_refusals_and_written_ranks() {
    let mut town = Town::new(&[("A/0", 0), ("B/0", 1), ("C/0", 0)])
        .home("F1", 7, vec![kid("c1", 0, &[("A/0", 5), ("B/0", 5)])])
        .home("F2", 7, vec![kid("c2", 0, &[("C/0", 9)]).now("C/0")]);
    town.families[1].kids[0] = kid("c2", 0, &[("A/0", 9)]).now("C/0");
    town.refusals.push(("c1".into(), "C".into(), 1, None));
    let round = town.compile();
    let (out, report) = told(
        &round,
        &outcome(&round, &[("c1", "B/0")], &[]),
        Mechanism::Stable,
    );
    let c1: Vec<(u32, Reason)> = out.of(0).iter().map(|r| (r.rank, r.reason)).collect();
    assert_eq!(c1, [(1, Reason::NotEligible), (2, Reason::SeatsZero)]);
    assert_eq!(out.children[0].rank, Some(3));
    let said = text(&report, "c1", Reader::Parent);
    assert!(
        said.contains("・第1希望 C園（0歳児クラス）：この園は生後6か月から"),
        "{said}"
    );
    assert!(
        said.contains("・第2希望 A園（0歳児クラス）：今回は空きがありません"),
        "{said}"
    );
    assert!(text(&report, "c2", Reader::Parent).contains("これまでどおり通えます"));
    assert_eq!(report.child_explanations[0].choices, 3);
}

#[test]
fn a_class_held_by_those_who_stay_has_no_seats() {
    let round = Town::new(&[("A/1", 0), ("B/1", 0)])
        .home("F1", 7, vec![kid("c1", 1, &[("B/1", 50)]).now("A/1")])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 90)])])
        .compile();
    let (out, _) = told(&round, &outcome(&round, &[], &[]), Mechanism::Stable);
    assert_eq!(reasons(&round, &out, "c2"), [Reason::SeatsZero]);
    assert_eq!(reasons(&round, &out, "c1"), [Reason::SeatsZero]);
    assert_eq!(out.classes[0].capacity, 1);
}

#[test]
fn siblings_in_one_group_meet_the_capacity_minus_size_plus_one_th_child() {
    let round = Town::new(&[("A/1", 3)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 80)])])
        .home(
            "F3",
            1,
            vec![kid("t1", 1, &[("A/1", 70)]), kid("t2", 1, &[("A/1", 60)])],
        )
        .home("F4", 7, vec![kid("c4", 1, &[("A/1", 10)])])
        .compile();
    let result = outcome(&round, &[("c1", "A/1"), ("c2", "A/1"), ("c4", "A/1")], &[]);
    let (out, report) = told(&round, &result, Mechanism::Stable);
    for id in ["t1", "t2"] {
        let [
            Reason::Full {
                own,
                limit: Some(limit),
                size: 2,
                ..
            },
        ] = reasons(&round, &out, id)[..]
        else {
            panic!("{:?}", reasons(&round, &out, id));
        };
        // Two of three seats: the second-best child, not c4, has to be outranked.
        assert_eq!(&*round.market.children[limit.child as usize].id, "c2");
        assert_eq!(round.keys.of(own).next(), Some("60"));
        assert!(
            text(&report, id, Reader::Letter).contains("ごきょうだい2人が同時に入所できる空き")
        );
    }
}

#[test]
fn sibling_wishes_name_the_sibling_and_its_class() {
    let round = Town::new(&[("A/1", 1), ("A/3", 1)])
        .home("F1", 7, vec![kid("c1", 3, &[("A/3", 90)])])
        .home(
            "F2",
            1,
            vec![kid("s3", 3, &[("A/3", 80)]), kid("s1", 1, &[("A/1", 80)])],
        )
        .compile();
    let (out, report) = told(
        &round,
        &outcome(&round, &[("c1", "A/3")], &[]),
        Mechanism::Stable,
    );
    let s1 = reasons(&round, &out, "s1");
    assert!(
        matches!(
            s1[..],
            [Reason::SiblingWish {
                sibling: 1,
                class: Some(1),
                kind: WishKind::SiblingFull
            }]
        ),
        "{s1:?}"
    );
    assert!(matches!(
        reasons(&round, &out, "s3")[..],
        [Reason::Full { .. }]
    ));
    let said = text(&report, "s1", Reader::Parent);
    assert!(said.contains("ごきょうだい（3歳児クラスのお子さん）のA園（3歳児クラス）に空きがなく"));
    assert!(said.contains("ごきょうだいの条件"));
    assert!(
        text(&report, "s1", Reader::Staff).contains("きょうだい s3 の A A園（3歳児クラス）が満員")
    );
}

#[test]
fn together_at_different_nurseries_needs_the_sibling_somewhere() {
    let round = Town::new(&[("A/1", 1), ("A/3", 1), ("B/3", 0)])
        .home("F1", 7, vec![kid("c1", 3, &[("A/3", 90)])])
        .home(
            "F2",
            6,
            vec![
                kid("s3", 3, &[("A/3", 80), ("B/3", 80)]),
                kid("s1", 1, &[("A/1", 80)]),
            ],
        )
        .home(
            "F3",
            1,
            vec![kid("u3", 3, &[("B/3", 8)]), kid("u1", 1, &[("A/1", 8)])],
        )
        .compile();
    let (out, _) = told(
        &round,
        &outcome(&round, &[("c1", "A/3")], &[]),
        Mechanism::Stable,
    );
    let s1 = reasons(&round, &out, "s1");
    let kind = WishKind::SiblingNowhere;
    assert_eq!(
        s1,
        [Reason::SiblingWish {
            sibling: 1,
            class: None,
            kind
        }]
    );
    let kind = WishKind::NoCombination;
    let u1 = reasons(&round, &out, "u1");
    assert!(
        matches!(u1[..], [Reason::SiblingWish { kind: k, .. }] if k == kind),
        "{u1:?}"
    );
}

#[test]
fn family_order_where_the_family_ranks_its_combination_higher() {
    // Code 5 prefers both at B to one alone at A.
    let round = Town::new(&[("A/1", 1), ("A/3", 0), ("B/1", 1), ("B/3", 1)])
        .home(
            "F1",
            5,
            vec![
                kid("s3", 3, &[("A/3", 80), ("B/3", 80)]),
                kid("s1", 1, &[("A/1", 80), ("B/1", 80)]),
            ],
        )
        .compile();
    let result = outcome(&round, &[("s3", "B/3"), ("s1", "B/1")], &[]);
    let (out, report) = told(&round, &result, Mechanism::Stable);
    assert_eq!(reasons(&round, &out, "s1"), [Reason::FamilyOrder]);
    assert_eq!(reasons(&round, &out, "s3"), [Reason::SeatsZero]);
    assert_eq!(report.siblings.same_nursery, 1);
    assert!(text(&report, "s1", Reader::Parent).contains("組み合わせの希望順位が上のほうで"));
}

#[test]
fn listed_combinations() {
    let mut town = Town::new(&[("A/1", 1), ("A/3", 1)])
        .home("F1", 7, vec![kid("c1", 3, &[("A/3", 90)])])
        .home(
            "F2",
            7,
            vec![kid("s3", 3, &[("A/3", 80)]), kid("s1", 1, &[("A/1", 80)])],
        );
    town.families[1].wish = Wish::Listed(vec![
        vec![Slot::Choice(1), Slot::Choice(2)].into_boxed_slice(),
    ]);
    let round = town.compile();
    let (out, report) = told(
        &round,
        &outcome(&round, &[("c1", "A/3")], &[]),
        Mechanism::Stable,
    );
    let s1 = reasons(&round, &out, "s1");
    assert!(
        matches!(
            s1[..],
            [Reason::SiblingWish {
                sibling: 1,
                kind: WishKind::SiblingFull,
                ..
            }]
        ),
        "{s1:?}"
    );
    assert!(text(&report, "s1", Reader::Staff).contains("きょうだい条件: 組み合わせ表"));
}

#[test]
fn ties_say_how_they_were_decided_and_no_number() {
    let mut town = Town::new(&[("A/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 50)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 50)])]);
    town.lottery = true;
    let round = town.compile();
    let market = &round.market;
    let (won, lost) = if market.choices[0].priority < market.choices[1].priority {
        ("c1", "c2")
    } else {
        ("c2", "c1")
    };
    let (out, report) = told(
        &round,
        &outcome(&round, &[(won, "A/1")], &[]),
        Mechanism::Stable,
    );
    let reason = reasons(&round, &out, lost);
    assert!(
        matches!(
            reason[..],
            [Reason::TieDecided {
                how: TieHow::Lottery,
                ..
            }]
        ),
        "{reason:?}"
    );
    assert_eq!(
        (report.ties.decided.lottery, out.classes[0].tie_decided),
        (1, 1)
    );
    for reader in [Reader::Letter, Reader::Parent, Reader::ParentPlain] {
        let said = text(&report, lost, reader);
        assert!(said.contains("抽選"), "{said}");
        for id in ["c1", "c2"] {
            assert!(!said.contains(&format!("{:016x}", fnv(id))[..8]), "{said}");
        }
    }
    // Equal children, no lottery: who has the seat keeps it.
    town.lottery = false;
    town.equal = true;
    let round = town.compile();
    let (out, _) = told(
        &round,
        &outcome(&round, &[("c2", "A/1")], &[]),
        Mechanism::Stable,
    );
    let reason = reasons(&round, &out, "c1");
    assert!(
        matches!(
            reason[..],
            [Reason::TieDecided {
                how: TieHow::Equal,
                ..
            }]
        ),
        "{reason:?}"
    );
}

#[test]
fn a_blocking_family_is_never_told_full() {
    let round = Town::new(&[("A/1", 1), ("B/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 10)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 90), ("B/1", 5)])])
        .home("F3", 7, vec![kid("c3", 1, &[("B/1", 50)])])
        .compile();
    let result = outcome(&round, &[("c1", "A/1"), ("c3", "B/1")], &["F2"]);
    let (out, report) = told(&round, &result, Mechanism::Stable);
    assert_eq!(
        reasons(&round, &out, "c2"),
        [
            Reason::Exception { full: false },
            Reason::Exception { full: true }
        ]
    );
    let said = text(&report, "c2", Reader::Parent);
    assert!(
        said.contains("同時に満たす決め方がないことがわかりました"),
        "{said}"
    );
    assert!(
        said.contains("優先順位が低かったためではありません"),
        "{said}"
    );
    let mut unproved = report.clone();
    unproved.proved.blocking_families = crate::report::ProofReport::NotAsked(());
    assert!(text(&unproved, "c2", Reader::Parent).contains("決め方が見つかりませんでした"));
    let said = summary(&report, Lang::Japanese);
    assert!(
        said.contains("1世帯（0か所）") && said.contains("該当の世帯：F2"),
        "{said}"
    );
}

#[test]
fn earlier_passes_and_their_seats() {
    let mut town = Town::new(&[("A/1", 1), ("B/1", 0)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 10)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 90)])])
        .home("F3", 7, vec![kid("c3", 1, &[("A/1", 5)]).now("B/1")]);
    town.families[1].pass = 1;
    town.families[2].pass = 1;
    let round = town.compile();
    let (out, _) = told(
        &round,
        &outcome(&round, &[("c1", "A/1")], &[]),
        Mechanism::Stable,
    );
    assert_eq!(reasons(&round, &out, "c2"), [Reason::EarlierPass]);
    assert_eq!(reasons(&round, &out, "c3"), [Reason::EarlierPass]);
}

#[test]
fn index_order_and_choice_order_speak_of_turns() {
    let round = Town::new(&[("A/1", 1), ("B/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 10)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 90), ("B/1", 90)])])
        .compile();
    let result = outcome(&round, &[("c1", "A/1"), ("c2", "B/1")], &["F2"]);
    for mechanism in [Mechanism::IndexOrder, Mechanism::ChoiceOrder] {
        let (out, report) = told(&round, &result, mechanism);
        assert_eq!(reasons(&round, &out, "c2"), [Reason::FullAtTurn]);
        assert!(text(&report, "c2", Reader::Letter).contains("選考の順番において"));
        assert!(summary(&report, Lang::Japanese).contains("この方式では起こり得ます"));
    }
}

#[test]
fn unknown_children_get_the_nearest_ids() {
    let round = Town::new(&[("A/1", 1)])
        .home("F1", 7, vec![kid("A1001", 1, &[("A/1", 90)])])
        .home("F2", 7, vec![kid("B2002", 1, &[("A/1", 80)])])
        .compile();
    let (_, report) = told(
        &round,
        &outcome(&round, &[("A1001", "A/1")], &[]),
        Mechanism::Stable,
    );
    let unknown = explain_text(&report, "A1010", Reader::Staff).unwrap_err();
    assert_eq!(unknown.nearest, ["A1001"]);
}

#[test]
fn summaries_align_and_undecided_pairs_are_listed() {
    let round = Town::new(&[("A/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 90)])])
        .compile();
    let (_, report) = told(
        &round,
        &outcome(&round, &[("c1", "A/1")], &[]),
        Mechanism::Stable,
    );
    let said = summary(&report, Lang::Japanese);
    let table: Vec<usize> = said
        .lines()
        .skip_while(|l| !l.contains("年齢"))
        .take(8)
        .map(width)
        .collect();
    assert!(table.iter().all(|w| *w == table[0]), "{table:?}\n{said}");
    assert!(said.contains("優先順位に反して希望が退けられた世帯は 0 です"));
    assert!(summary(&report, Lang::English).contains("0 families had a wish refused"));
    let pairs = [enmusubi_matching::TiedPair {
        group: 0,
        a: 0,
        b: 1,
    }];
    let pairs = crate::report::undecided_pairs(&round, &pairs);
    let said = undecided_text(&pairs, Lang::Japanese);
    assert!(said.contains("A/1：c1 と c2（90）"), "{said}");
    assert_eq!(width("1歳ｱ"), 4);
    assert_eq!(padded("歳", 4), "歳  ");
}

#[test]
fn result_digest_is_sha256_of_the_sorted_lines() {
    let round = Town::new(&[("A/1", 1)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 80)])])
        .compile();
    let result = outcome(&round, &[("c1", "A/1")], &[]);
    // printf 'c1\tA/1\n' | sha256sum
    assert_eq!(
        crate::report::result_digest(&round.market, &result.placement),
        "3ce339f9235f4450693e867e44f6159eacc919c61b30c97e640033fe770790a5"
    );
}

#[test]
fn shared_seats_with_weights() {
    let mut town = Town::new(&[("A/1", 4), ("A/3", 4)])
        .home("F1", 7, vec![kid("c1", 3, &[("A/3", 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", 80)])])
        .home("F3", 7, vec![kid("c3", 3, &[("A/3", 70)])])
        .home("F4", 7, vec![kid("c4", 1, &[("A/1", 10)])]);
    for k in &mut town.classes {
        k.3 = "all of A".into();
        k.2 = if k.0 == "A/1" { 2 } else { 1 };
    }
    let mut round = town.compile();
    round.market.groups[0].unit = 6;
    let result = outcome(&round, &[("c1", "A/3"), ("c2", "A/1"), ("c3", "A/3")], &[]);
    let (out, report) = told(&round, &result, Mechanism::Stable);
    // Two units for c4 beside 1 + 2 + 1 of 4: c2 is the first who leaves too little, not c3.
    let reason = reasons(&round, &out, "c4");
    let [
        Reason::Full {
            limit: Some(limit), ..
        },
    ] = reason[..]
    else {
        panic!("{reason:?}")
    };
    assert_eq!(&*round.market.children[limit.child as usize].id, "c2");
    let shared = &report.shared_seats[0];
    assert_eq!(shared.weights, ["1/3", "1/6"]);
    assert_eq!((&*shared.seats, &*shared.used), ("2/3", "2/3"));
    assert!(report.by_age.iter().all(|r| r.seats == 0));
    assert!(summary(&report, Lang::Japanese).contains("席を共有するクラス（定員グループ）が 1組"));
    let reason = &report.child_explanations[3].reasons[0];
    assert_eq!(reason.limit_class, None);
    assert_eq!(report.class_explanations[0].shared, Some(0));
}

#[test]
fn pools_of_the_nursery_obtained_are_no_higher_wish() {
    let round = Town::new(&[("A/1", 1), ("A/1/地域枠", 0)])
        .home(
            "F1",
            7,
            vec![kid("c1", 1, &[("A/1/地域枠", 9), ("A/1", 9)])],
        )
        .home(
            "F2",
            7,
            vec![kid("c2", 1, &[("A/1/地域枠", 8), ("A/1", 8)])],
        )
        .compile();
    let (out, report) = told(
        &round,
        &outcome(&round, &[("c1", "A/1")], &[]),
        Mechanism::Stable,
    );
    assert_eq!(reasons(&round, &out, "c1"), [Reason::SeatsZero]);
    let said = text(&report, "c1", Reader::Letter);
    assert_eq!(
        said,
        "利用調整の結果、第1希望のA園（1歳児クラス）に内定しました。\n"
    );
    assert!(text(&report, "c1", Reader::Staff).contains("地域枠"));
    let said = text(&report, "c2", Reader::Letter);
    assert!(said.contains("第1希望のA園（1歳児クラス・地域枠）については、今回利用できる空き"));
    assert_eq!(report.child_explanations[1].choices, 1);
}

/// `index-order` by its definition, then its reasons.
#[test]
fn index_order_reasons_are_true_on_random_rounds() {
    let mut seen = 0;
    for seed in 1..=1_000u64 {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let round = random_town(&mut dice).compile();
        let market = &round.market;
        let group_of = |k: ClassIx| market.classes[k as usize].group as usize;
        let mut capacity: Vec<u64> = market.groups.iter().map(|g| g.seats).collect();
        let mut taken = vec![0u64; capacity.len()];
        for (c, child) in market.children.iter().enumerate() {
            if let Some(k) = child.current {
                taken[group_of(k)] += market.weight(c as u32, k);
                capacity[group_of(k)] += market.weight(c as u32, k);
            }
        }
        let mut order: Vec<u32> = (0..market.families.len() as u32).collect();
        order.sort_by_key(|&f| {
            let family = &market.families[f as usize];
            (family.pass, family.common_order)
        });
        let mut placement = Placement::as_now(market);
        // Per family: what it could have had when its turn came.
        let mut had: Vec<Vec<Vec<Slot>>> = vec![Vec::new(); order.len()];
        for f in order {
            let children = market.families[f as usize].children.clone();
            for c in children.clone() {
                if let Some(k) = market.children[c as usize].current {
                    taken[group_of(k)] -= market.weight(c, k);
                }
            }
            let added = |tuple: &[Slot]| {
                let mut sum = taken.clone();
                for (slot, c) in tuple.iter().zip(children.clone()) {
                    if let Some(k) = market.class_of(c, *slot) {
                        sum[group_of(k)] += market.weight(c, k);
                    }
                }
                sum
            };
            let lists = all_tuples(market, f);
            let fits = |t: &&Vec<Slot>| added(t).iter().zip(&capacity).all(|(a, b)| a <= b);
            had[f as usize] = lists.iter().filter(fits).cloned().collect();
            let got = had[f as usize][0].clone();
            taken = added(&got);
            for (slot, c) in got.iter().zip(children) {
                placement.class[c as usize] = market.class_of(c, *slot);
            }
        }
        let result = made(placement, Vec::new());
        let (out, _) = told(&round, &result, Mechanism::IndexOrder);
        for c in 0..market.children.len() as u32 {
            let f = market.children[c as usize].family;
            let me = (c - market.families[f as usize].children.start) as usize;
            for r in out.of(c) {
                let Target::Choice(x) = r.target else {
                    panic!()
                };
                let could = had[f as usize].iter().any(|t| t[me] == Slot::Choice(x));
                let order = r.reason == Reason::FamilyOrder;
                assert_eq!(
                    could, order,
                    "seed {seed} child {c} choice {x} {:?}",
                    r.reason
                );
                assert!(
                    !matches!(r.reason, Reason::Exception { .. } | Reason::Full { .. }),
                    "seed {seed} child {c} {:?}",
                    r.reason
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 500, "{seen}");
}

/// One class: the best by priority.
fn serial(market: &Market) -> Placement {
    let mut order: Vec<(u32, u32)> = Vec::new();
    for (c, child) in market.children.iter().enumerate() {
        order.push((
            market.choices[child.choices.start as usize].priority,
            c as u32,
        ));
    }
    order.sort_unstable();
    let mut placement = Placement::as_now(market);
    for &(_, c) in order.iter().take(market.groups[0].seats as usize) {
        placement.class[c as usize] = Some(0);
    }
    placement
}

#[test]
fn counterfactuals_with_others_fixed_and_by_rerun() {
    let long = 900_000_000_000_000_000;
    let mut town = Town::new(&[("A/1", 2)])
        .home("F1", 7, vec![kid("c1", 1, &[("A/1", long + 90)])])
        .home("F2", 7, vec![kid("c2", 1, &[("A/1", long + 88)])])
        .home("F3", 7, vec![kid("c3", 1, &[("A/1", long + 80)])]);
    let round = town.compile();
    let result = outcome(&round, &[("c1", "A/1"), ("c2", "A/1")], &[]);
    let mut decide = |m: &Market| serial(m);
    let told_ = counterfactual(&round, &result, Mechanism::Stable, 2, Some(&mut decide), 99);
    let nine = Gain::Points {
        gain: "9".into(),
        class: "A/1".into(),
    };
    assert_eq!(told_.others_fixed, nine);
    let rerun = Rerun {
        gain: nine,
        thresholds: 2,
        tried: 1,
    };
    assert_eq!(told_.rerun, Some(rerun));
    let (_, report) = told(&round, &result, Mechanism::Stable);
    let said = counterfactual_text(&report, "c3", &told_, Reader::Parent).unwrap();
    assert!(
        said.contains("指数があと9高ければ、A園（1歳児クラス）に内定していました"),
        "{said}"
    );
    let has = counterfactual(&round, &result, Mechanism::Stable, 0, None, 0);
    assert_eq!(has.others_fixed, Gain::HasFirst);
    town.disclosure_minimum = 3;
    let (_, report) = told(&town.compile(), &result, Mechanism::Stable);
    let said = counterfactual_text(&report, "c3", &told_, Reader::Parent).unwrap();
    assert!(
        !said.contains('9') && said.contains("お伝えできません"),
        "{said}"
    );
    let said = counterfactual_text(&report, "c3", &told_, Reader::Staff).unwrap();
    assert!(
        said.contains("（全体を再計算、1/2通り）: 指数+9 で A園"),
        "{said}"
    );
}

/// A small generator of numbers (xorshift), so that failures can be repeated.
struct Dice(u64);
impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

fn random_town(dice: &mut Dice) -> Town {
    let mut town = Town::default();
    for n in ["A", "B", "C"] {
        let shared = dice.below(4) == 0;
        for age in [1, 3] {
            let group = if shared { n.to_owned() } else { String::new() };
            let weight = if shared && age == 1 {
                1 + dice.below(2)
            } else {
                1
            };
            let refill = dice.below(5) > 0;
            town.classes
                .push((format!("{n}/{age}"), dice.below(3), weight, group, refill));
        }
    }
    // A shared group's seats must not depend on which of its classes comes first.
    for i in 0..town.classes.len() {
        if let Some(j) = (0..i)
            .find(|&j| !town.classes[i].3.is_empty() && town.classes[j].3 == town.classes[i].3)
        {
            town.classes[i].1 = town.classes[j].1;
        }
    }
    let passes = 1 + dice.below(2) as u8;
    for f in 0..2 + dice.below(3) {
        let size = [1, 1, 2, 2, 3][dice.below(5) as usize];
        let mut kids = Vec::new();
        for i in 0..size {
            let age = [1, 3][dice.below(2) as usize];
            let mut names = vec!["A", "B", "C"];
            let mut choices = Vec::new();
            let points = dice.below(40) as i64;
            for _ in 0..1 + dice.below(if size == 3 { 2 } else { 3 }) {
                let n = names.remove(dice.below(names.len() as u64) as usize);
                choices.push((format!("{n}/{age}"), points));
            }
            let mut k = Kid {
                id: format!("zq{f}x{i}"),
                age,
                current: None,
                choices,
            };
            if dice.below(4) == 0 && !names.is_empty() {
                k = k.now(&format!("{}/{age}", names[0]));
            }
            kids.push(k);
        }
        let wish = match dice.below(8) {
            0 => Wish::Fields(WishFields {
                timing: [Timing::Together, Timing::NeedNot][dice.below(2) as usize],
                place: [Place::SameOnly, Place::PreferSame, Place::ChoiceOrder]
                    [dice.below(3) as usize],
                first: [First::Older, First::Younger, First::Either][dice.below(3) as usize],
                all_transfers_or_none: dice.below(2) == 0,
            }),
            c => code(c as u8),
        };
        let pass = dice.below(u64::from(passes)) as u8;
        town.families.push(Home {
            id: format!("F{f}"),
            wish,
            pass,
            order: f as u32,
            kids,
        });
    }
    town
}

/// Every tuple of a family in its order, then "as now".
fn all_tuples(market: &Market, f: u32) -> Vec<Vec<Slot>> {
    let mut out = vec![Vec::new()];
    for c in market.families[f as usize].children.clone() {
        let range = market.children[c as usize].choices.clone();
        let options: Vec<Slot> = range.map(Slot::Choice).chain([Slot::AsNow]).collect();
        out = out
            .iter()
            .flat_map(|t: &Vec<Slot>| {
                options
                    .iter()
                    .map(|o| [t.as_slice(), &[*o]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    out.retain(|t| accepts(market, f, t));
    out.sort_by(|a, b| compare(market, f, a, b));
    out.push(vec![
        Slot::AsNow;
        market.families[f as usize].children.len()
    ]);
    out
}

/// The plain definitions used here and the engine's lists are two derivations of one rule.
#[test]
fn tuples_agree_with_the_market_s_lists() {
    for seed in 1..=2_000u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let round = random_town(&mut dice).compile();
        for f in 0..round.market.families.len() as u32 {
            let mut plain = all_tuples(&round.market, f);
            plain.pop();
            let lists = enmusubi_market::tuples::tuples(&round.market, f, |_| true);
            let lists: Vec<Vec<Slot>> = lists.map(|t| t.to_vec()).collect();
            assert_eq!(plain, lists, "seed {seed} family {f}");
        }
    }
}

/// The blocking test by its definition: is `tuple` available to family `f`?
fn available(market: &Market, placement: &Placement, f: u32, tuple: &[Slot]) -> bool {
    let family = &market.families[f as usize];
    let group_of = |k: ClassIx| market.classes[k as usize].group;
    (0..market.groups.len() as u32).all(|g| {
        let mut sent = 0;
        let mut lowest: Option<u64> = None;
        for (slot, c) in tuple.iter().zip(family.children.clone()) {
            let Some(k) = market.class_of(c, *slot).filter(|&k| group_of(k) == g) else {
                continue;
            };
            sent += market.weight(c, k);
            let priority = match slot {
                Slot::Choice(x) => u64::from(market.choices[*x as usize].priority),
                Slot::AsNow => 0,
            };
            lowest = Some(lowest.map_or(priority, |l| l.max(priority)));
        }
        let Some(lowest) = lowest else { return true };
        if lowest == 0 {
            return true;
        }
        let mut capacity = market.groups[g as usize].seats;
        let mut better = 0;
        for (c, child) in market.children.iter().enumerate() {
            let pass = market.families[child.family as usize].pass;
            if pass > family.pass {
                continue;
            }
            if let Some(k) = child.current.filter(|&k| group_of(k) == g)
                && market.classes[k as usize].refill
            {
                capacity += market.classes[k as usize].weight;
            }
            let Some(k) = placement.class[c].filter(|&k| group_of(k) == g) else {
                continue;
            };
            if child.family == f {
                continue;
            }
            let stays = child.current == Some(k);
            let range = child.choices.clone();
            let priority = range
                .map(|x| market.choices[x as usize])
                .find(|x| x.class == k)
                .map_or(0, |x| u64::from(x.priority));
            if pass < family.pass || stays || priority < lowest {
                better += market.weight(c as u32, k);
            }
        }
        better + sent <= capacity
    })
}

/// Every placement the lists and seats allow.
fn stable_placement(market: &Market) -> Option<(Placement, Vec<usize>)> {
    let lists: Vec<Vec<Vec<Slot>>> = (0..market.families.len() as u32)
        .map(|f| all_tuples(market, f))
        .collect();
    let mut at = vec![0usize; lists.len()];
    loop {
        let mut placement = Placement::as_now(market);
        for (f, family) in market.families.iter().enumerate() {
            for (slot, c) in lists[f][at[f]].iter().zip(family.children.clone()) {
                placement.class[c as usize] = market.class_of(c, *slot);
            }
        }
        let feasible = (0..market.groups.len() as u32).all(|g| {
            let passes = market.families.iter().map(|f| f.pass).max().unwrap_or(0);
            (0..=passes).all(|p| {
                let (mut used, mut capacity) = (0, market.groups[g as usize].seats);
                for (c, child) in market.children.iter().enumerate() {
                    if market.families[child.family as usize].pass > p {
                        continue;
                    }
                    let there = |k: &ClassIx| market.classes[*k as usize].group == g;
                    if let Some(k) = placement.class[c].filter(there) {
                        used += market.weight(c as u32, k);
                    }
                    if let Some(k) = child.current.filter(there)
                        && market.classes[k as usize].refill
                    {
                        capacity += market.classes[k as usize].weight;
                    }
                }
                used <= capacity
            })
        });
        if feasible {
            let stable = (0..lists.len()).all(|f| {
                !(0..at[f]).any(|p| available(market, &placement, f as u32, &lists[f][p]))
            });
            if stable {
                return Some((placement, at));
            }
        }
        let mut f = 0;
        while f < at.len() {
            at[f] += 1;
            if at[f] < lists[f].len() {
                break;
            }
            at[f] = 0;
            f += 1;
        }
        if f == at.len() {
            return None;
        }
    }
}

/// With others fixed: at the gain the child's family has an available better combination with a
/// better choice of this child; with one point less it has none.
fn check_gain(round: &CompiledRound, result: &Outcome, seed: u64) {
    let market = &round.market;
    for c in 0..market.children.len() as u32 {
        let told = counterfactual(round, result, Mechanism::Stable, c, None, 0);
        let f = market.children[c as usize].family;
        let me = (c - market.families[f as usize].children.start) as usize;
        let now: Vec<Slot> = market.families[f as usize]
            .children
            .clone()
            .map(|s| {
                let choices = market.children[s as usize].choices.clone();
                let class = |x: &u32| Some(market.choices[*x as usize].class);
                let own = choices
                    .into_iter()
                    .find(|x| result.placement.class[s as usize] == class(x));
                own.map_or(Slot::AsNow, Slot::Choice)
            })
            .collect();
        let helps = |gain: i64| {
            let mut raised = market.clone();
            let count = market.choices.len() as i64;
            // Points decide, then the position in the list (see `reasons_are_true…`); numbers
            // are made large enough for a raised child to stand between others.
            for (x, choice) in raised.choices.iter_mut().enumerate() {
                let points: i64 = round.keys.of(x as u32).next().unwrap().parse().unwrap();
                let mine = market.children[c as usize].choices.contains(&(x as u32));
                let points = points + if mine { gain } else { 0 };
                // One strictly above: a raised child must pass, so it comes last among equals.
                let last = if mine && gain > 0 { count } else { x as i64 };
                choice.priority = ((1_000 - points) * (count + 1) + last) as u32 + 1;
            }
            let mut lists = all_tuples(&raised, f);
            lists.pop();
            lists.iter().any(|t| {
                let above = match (t[me], now[me]) {
                    (Slot::Choice(x), Slot::Choice(y)) => x < y,
                    (Slot::Choice(_), Slot::AsNow) => true,
                    (Slot::AsNow, _) => false,
                };
                above
                    && compare(&raised, f, t, &now).is_lt()
                    && available(&raised, &result.placement, f, t)
            })
        };
        match told.others_fixed {
            Gain::HasFirst => {}
            Gain::Never => assert!(!helps(500), "seed {seed} child {c}"),
            Gain::Points { gain, .. } => {
                let gain: i64 = gain.parse().unwrap();
                assert!(helps(gain), "seed {seed} child {c} gain {gain}");
                assert!(
                    gain == 0 || !helps(gain - 1),
                    "seed {seed} child {c} gain {gain}"
                );
            }
            other => panic!("seed {seed} child {c} {other:?}"),
        }
    }
}

fn check_reason(market: &Market, placement: &Placement, c: u32, r: &ChoiceReason, seed: u64) {
    let Target::Choice(x) = r.target else {
        panic!("no refusals here")
    };
    let f = market.children[c as usize].family;
    let start = market.families[f as usize].children.start;
    let me = (c - start) as usize;
    let size = market.families[f as usize].children.len();
    let mut lists = all_tuples(market, f);
    lists.pop();
    let with: Vec<&Vec<Slot>> = lists.iter().filter(|t| t[me] == Slot::Choice(x)).collect();
    let any = with.iter().any(|t| available(market, placement, f, t));
    let own = |c: u32| {
        let choice = market.children[c as usize].choices.clone();
        choice
            .into_iter()
            .find(|&x| placement.class[c as usize] == Some(market.choices[x as usize].class))
    };
    let obtained: Vec<Slot> = market.families[f as usize]
        .children
        .clone()
        .map(|c| own(c).map_or(Slot::AsNow, Slot::Choice))
        .collect();
    let alone = |market: &Market| {
        // The child by itself: its siblings left out of the question altogether.
        let mut apart = market.clone();
        for s in market.families[f as usize]
            .children
            .clone()
            .filter(|&s| s != c)
        {
            apart.children[s as usize].current = None;
        }
        let mut tuple = vec![Slot::AsNow; size];
        tuple[me] = Slot::Choice(x);
        // Their refilled seats still count.
        for s in market.families[f as usize]
            .children
            .clone()
            .filter(|&s| s != c)
        {
            if let Some(k) = market.children[s as usize].current
                && market.classes[k as usize].refill
            {
                let class = &market.classes[k as usize];
                apart.groups[class.group as usize].seats += class.weight;
            }
        }
        available(&apart, placement, f, &tuple)
    };
    let context = || format!("seed {seed} child {c} choice {x} {:?}", r.reason);
    match r.reason {
        Reason::FamilyOrder => {
            assert!(any, "{}", context());
            for t in with.iter().filter(|t| available(market, placement, f, t)) {
                assert!(compare(market, f, &obtained, t).is_lt(), "{}", context());
            }
        }
        Reason::SiblingWish { kind, .. } => {
            assert!(alone(market), "{}", context());
            assert!(!any, "{}", context());
            assert_eq!(
                with.is_empty(),
                kind == WishKind::NoCombination,
                "{}",
                context()
            );
        }
        Reason::Full { limit, size: 1, .. } => {
            assert!(!alone(market), "{}", context());
            assert!(!any, "{}", context());
            if let Some(limit) = limit {
                // Just above the limit there is room, just below there is none.
                let mut raised = market.clone();
                let priority = market.choices[limit.choice as usize].priority;
                for y in &mut raised.choices {
                    y.priority *= 2;
                }
                raised.choices[x as usize].priority = 2 * priority - 1;
                assert!(alone(&raised), "{}", context());
                raised.choices[x as usize].priority = 2 * priority + 1;
                assert!(!alone(&raised), "{}", context());
            }
        }
        Reason::Full { .. } | Reason::SeatsZero | Reason::EarlierPass => {
            assert!(!any, "{}", context());
        }
        Reason::TieDecided { .. }
        | Reason::NotEligible
        | Reason::FullAtTurn
        | Reason::Exception { .. } => panic!("{}", context()),
    }
}

#[test]
fn reasons_are_true_on_random_rounds() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 1..=3_000u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut town = random_town(&mut dice);
        town.lottery = false;
        town.disclosure_minimum = dice.below(3) as u32;
        let mut round = town.compile();
        // Strict priorities without ties: points alone would leave equals, which is not the topic.
        let count = round.market.choices.len() as u32;
        for (i, x) in round.market.choices.iter_mut().enumerate() {
            x.priority = x.priority * count + i as u32;
        }
        let market = &round.market;
        let Some((placement, _)) = stable_placement(market) else {
            continue;
        };
        let result = made(placement, Vec::new());
        let (out, report) = told(&round, &result, Mechanism::Stable);
        // The same families read in another order: the same report.
        let mut again = town.clone();
        again.families.reverse();
        again.families.iter_mut().for_each(|f| f.kids.reverse());
        let mut again = again.compile();
        again.market.choices.clone_from(&round.market.choices);
        assert_eq!(
            told(&again, &result, Mechanism::Stable).1,
            report,
            "seed {seed}"
        );
        check_gain(&round, &result, seed);
        for c in 0..market.children.len() as u32 {
            for r in out.of(c) {
                check_reason(market, &result.placement, c, r, seed);
                let name = format!("{:?}", r.reason);
                let name = name.split([' ', '{']).next().unwrap().to_owned();
                *seen.entry(name).or_insert(0) += 1;
            }
            let id = &market.children[c as usize].id;
            for reader in [Reader::Letter, Reader::Parent, Reader::ParentPlain] {
                let said = text(&report, id, reader);
                assert!(!said.contains("zq") && !said.contains('['), "{said}");
            }
            for reader in [Reader::Staff, Reader::StaffEnglish] {
                let said = text(&report, id, reader);
                let home = &id[..id.find('x').unwrap() + 1];
                assert_eq!(
                    said.matches("zq").count(),
                    said.matches(home).count(),
                    "{said}"
                );
            }
        }
    }
    for name in [
        "Full",
        "SeatsZero",
        "SiblingWish",
        "FamilyOrder",
        "EarlierPass",
    ] {
        assert!(seen.get(name).is_some_and(|&n| n > 20), "{seen:?}");
    }
}
