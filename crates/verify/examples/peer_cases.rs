//! Prints random rounds that the public layout can say, with our answers, one JSON object a line,
//! for `scripts/peer-tuples.py` to hold against the peer:
//! `cargo run --release -p enmusubi-verify --example peer_cases -- COUNT [CHOICES_MAX]`.
//!
//! Per round: seats by nursery and age, children (family, age, current nursery, chosen nurseries and
//! priorities there), families (code and our list of tuples as nurseries), a placement as nurseries,
//! and the blocking positions the checker finds in it.

use enmusubi_market::{Market, Slot, Wish, WishFields};
use enmusubi_testkit::{Shape, family_list, random_market, random_placement};
use enmusubi_verify::{Violation, check};
use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<u32>().ok());
    let count = args.next().unwrap_or(1000);
    let choices_max = args.next().unwrap_or(3);
    let shape = Shape {
        choices_max,
        nurseries_max: choices_max + 2,
        placements_max: u64::MAX,
        ..Shape::plain()
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut written = 0;
    for seed in 0.. {
        if written == count {
            break;
        }
        let market = random_market(seed, &shape);
        let placement = random_placement(seed, &market);
        let verdict = check(&market, &placement);
        // The peer's check takes positions, so it cannot be shown a tuple that is not listed.
        if verdict
            .violations
            .iter()
            .any(|v| matches!(v, Violation::NotListed { .. } | Violation::LostClass { .. }))
        {
            continue;
        }
        written += 1;
        let nursery = |class: Option<u32>| {
            class.map_or("null".into(), |k| {
                market.classes[k as usize].nursery.to_string()
            })
        };
        let tuple = |f: u32, t: &[Slot]| {
            let first = market.families[f as usize].children.start;
            let slots = t.iter().enumerate();
            list(slots.map(|(i, &s)| nursery(market.class_of(first + i as u32, s))))
        };
        let seats = list((0..market.nurseries.len() as u32).map(|n| {
            list((0..6).map(|a| {
                let class = market.classes.iter().find(|k| k.nursery == n && k.age == a);
                class.map_or("0".into(), |k| {
                    market.groups[k.group as usize].seats.to_string()
                })
            }))
        }));
        let children = list((0..market.children.len() as u32).map(|c| {
            let child = &market.children[c as usize];
            let choices = market.choices_of(c);
            format!(
                r#"{{"family":{},"age":{},"current":{},"prefs":{},"priority":{}}}"#,
                child.family,
                child.age,
                nursery(child.current),
                list(choices.iter().map(|x| nursery(Some(x.class)))),
                list(choices.iter().map(|x| x.priority.to_string())),
            )
        }));
        let families = list((0..market.families.len() as u32).map(|f| {
            let of = &market.families[f as usize];
            let all = family_list(&market, f);
            let current = market.children_of(f).iter().any(|c| c.current.is_some());
            let tuples = &all.tuples[..all.tuples.len() - usize::from(!current)];
            format!(
                r#"{{"code":{},"children":{},"list":{}}}"#,
                code(&market, f),
                list(of.children.clone().map(|c| c.to_string())),
                list(tuples.iter().map(|t| tuple(f, t))),
            )
        }));
        let blocking = list(verdict.blocking.iter().flat_map(|b| {
            b.listed
                .iter()
                .map(|p| format!("[{},{}]", b.family, tuple(b.family, &p.tuple)))
        }));
        let overfull = verdict
            .violations
            .iter()
            .any(|v| matches!(v, Violation::Overfull { .. }));
        let placed = list(placement.class.iter().map(|&k| nursery(k)));
        writeln!(
            out,
            r#"{{"seed":{seed},"seats":{seats},"children":{children},"families":{families},"placement":{placed},"blocking":{blocking},"overfull":{overfull}}}"#
        )?;
    }
    out.flush()
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// The code that says a family's wish.
fn code(market: &Market, family: u32) -> u8 {
    let wish = &market.families[family as usize].wish;
    (1..=7)
        .find(|&c| WishFields::from_code(c).map(Wish::Fields).as_ref() == Some(wish))
        .unwrap_or(0)
}
