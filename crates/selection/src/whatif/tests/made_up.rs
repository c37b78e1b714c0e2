//! A made-up round of real size, with siblings, transfers, shared rooms and pools.

use super::{compared, town::what_if};
use crate::{
    compiled::Ties,
    whatif::{
        plan::{Asked, Source},
        set::Set,
    },
};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_synth::{FactOptions, Options, PoolShare, facts, town};

const EXAMPLE: &str = include_str!("../../../../../criteria/example/r9.toml");

fn round(children: usize) -> RoundFacts {
    let town = town(&Options {
        children,
        nurseries: children / 26,
        seed: 5,
        siblings: 0.15,
        ..Options::default()
    });
    facts(
        &town,
        &FactOptions {
            seed: 5,
            pools: vec![PoolShare {
                id: "area".into(),
                classes: 200,
                seats: 250,
                from_age: 0,
            }],
            ..FactOptions::default()
        },
    )
}

#[test]
fn a_round_of_1500_children() {
    let facts = round(1500);
    let source: Source = super::source(EXAMPLE);
    let asked = [
        &["row:together=3"][..],
        &["seats:*:1=+1"],
        &[
            "row:sibling-here=0",
            "share:*:0-2",
            "ratio:0=1/3,1=1/6,2=1/6",
        ],
    ]
    .map(|sets| Asked {
        name: sets.join(" "),
        source: 0,
        sets: sets.iter().map(|s| Set::parse(s).unwrap()).collect(),
    });
    let seed = Ties::Lottery("R9".into());
    let found = what_if(&facts, &[source], &asked, Some(&seed)).unwrap();
    // The points it has already.
    let same = compared(&found, 0);
    assert_eq!((same.all.unchanged, same.all.children), (1500, 1500));
    assert_eq!(same.after.figures, found.base.figures);
    // More seats: more children, and every number adds up.
    for v in [1, 2] {
        let c = compared(&found, v);
        let t = c.all;
        assert_eq!(t.children, 1500);
        assert_eq!(t.gained() + t.lost() + t.unchanged, 1500);
        assert_eq!(c.changed.len() as u32, t.gained() + t.lost());
        assert_eq!(
            t.with_class_after + t.unplaced,
            t.with_class_before + t.placed_now
        );
        assert_eq!(t.with_class_after, c.after.figures.with_class);
        assert_eq!(t.with_class_before, found.base.figures.with_class);
        for dimension in c.groups.chunk_by(|a, b| a.dimension == b.dimension) {
            let sum = |of: fn(&crate::whatif::report::Tally) -> u32| {
                dimension.iter().map(|g| of(&g.tally)).sum::<u32>()
            };
            assert_eq!(sum(|t| t.children), 1500);
            assert_eq!(sum(|t| t.gained()), t.gained());
            assert_eq!(sum(|t| t.lost()), t.lost());
        }
        assert!(t.gained() > 20, "{t:?}");
        assert!(c.after.figures.blocking_families.len() < 5);
    }
    let c = compared(&found, 1);
    assert!(c.all.placed_now > c.all.unplaced);
    assert!(compared(&found, 2).all.lost() > 0);
}
