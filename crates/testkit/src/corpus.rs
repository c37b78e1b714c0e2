//! Fixed markets whose outcome is known by hand.

use crate::build::{ChildSpec, MarketBuilder, WishSpec};
use enmusubi_market::{ClassIx, Market, TieReading};

fn child(id: &str, age: u8, choices: &[(ClassIx, u32)]) -> ChildSpec {
    ChildSpec {
        id: id.into(),
        age,
        current: None,
        choices: choices.to_vec(),
    }
}

/// Twins c1 (8 points) and c2 (70 points), code 7; only child c3 (36 points); one seat.
///
/// Nothing is stable: with c1 placed, c3 blocks; with c2 placed, the twins themselves block at
/// "c1 placed, c2 not" (their own seat does not count against them, so it is open to c1 too); with
/// c3 placed, the twins block at "c2 placed"; with nobody placed, everyone blocks. Positions of the
/// twins: (both) 1, (c1 only) 2, (c2 only) 3, nothing 4.
///
/// One blocking family is the minimum, and not the only child: the twins block in both. c2 placed:
/// one child with a class, rank sum 3 + 2 = 5. c3 placed: one child, 4 + 1 = 5. Level 4 decides:
/// SHA-256("f1") = 3f52… comes before SHA-256("f2") = e4ab…, so the twins' (f1) smaller position
/// wins: **c2 placed, family f1 blocking**.
#[must_use]
pub fn twins() -> Market {
    let mut b = MarketBuilder::default();
    let n = b.nursery("n1");
    let k = b.class(n, 1, 1);
    // Smaller is better: 70 points → 1, 36 → 2, 8 → 3.
    b.family(
        "f1",
        WishSpec::code(7),
        0,
        1,
        &[child("c1", 1, &[(k, 3)]), child("c2", 1, &[(k, 1)])],
    );
    b.family("f2", WishSpec::code(7), 0, 2, &[child("c3", 1, &[(k, 2)])]);
    b.build()
}

/// The weighted fixture of section 2: three only children and nothing stable.
///
/// g1 has capacity 2, g2 capacity 1. X (weight 1) prefers g2 to g1, Y (weight 2) wants g1, Z
/// (weight 1) prefers g1 to g2; g1 ranks X > Y > Z, g2 ranks Z > Y > X. One blocking family is the
/// minimum. X at g2, Y at g1: only Z blocks (it could have g2, where it ranks above X); X at g2, Z at
/// g1: only Y blocks (ranks above Z at g1); X at g1, Z at g2: Z blocks at g1 (1 + 1 ≤ 2) and so does X
/// at neither; … The most children with a class is two in each. Rank sums: X g2 1, Y 1, Z nothing 3
/// = 5; X g2 1, Z g1 1, Y nothing 2 = 4; X g1 2, Z g2 2, Y nothing 2 = 6. So **X at g2, Z at g1, Y
/// without a class and blocking, rank sum 4**.
#[must_use]
pub fn weighted() -> Market {
    let mut b = MarketBuilder::default();
    let n1 = b.nursery("n1");
    let n2 = b.nursery("n2");
    let g1 = b.group(2, 1);
    let g2 = b.group(1, 1);
    let light1 = b.class_in(n1, 2, g1, 1, true, None);
    let heavy1 = b.class_in(n1, 1, g1, 2, true, None);
    let light2 = b.class_in(n2, 2, g2, 1, true, None);
    b.family(
        "fx",
        WishSpec::code(7),
        0,
        1,
        &[child("x", 2, &[(light2, 3), (light1, 1)])],
    );
    b.family(
        "fy",
        WishSpec::code(7),
        0,
        2,
        &[child("y", 1, &[(heavy1, 2)])],
    );
    b.family(
        "fz",
        WishSpec::code(7),
        0,
        3,
        &[child("z", 2, &[(light1, 3), (light2, 1)])],
    );
    b.build()
}

/// The classic without a stable placement (Klaus–Klijn 2005): two seats at two nurseries, a pair of
/// siblings who will only go there together, and one only child.
///
/// Siblings (a, b) accept only (n1, n2); c prefers n1 to n2; n1 ranks a above c, n2 ranks c above
/// b. Siblings placed: c blocks at n2. c at n2: c blocks at n1, which is empty. c at n1: the siblings
/// block. Nobody: everyone blocks. Fewest blocking families: one; the siblings rather than the only
/// child: **c at n1, family f1 blocking, one child with a class, rank sum 2 + 1 = 3**.
#[must_use]
pub fn couple() -> Market {
    let mut m = MarketBuilder::default();
    let n1 = m.nursery("n1");
    let n2 = m.nursery("n2");
    let k1 = m.class(n1, 3, 1);
    let k2 = m.class(n2, 3, 1);
    let siblings = [child("a", 3, &[(k1, 1)]), child("b", 3, &[(k2, 3)])];
    m.family("f1", WishSpec::code(6), 0, 1, &siblings);
    m.family(
        "f2",
        WishSpec::code(6),
        0,
        2,
        &[child("c", 3, &[(k1, 2), (k2, 2)])],
    );
    m.build()
}

/// A chain of transfers: each vacated seat lets the next one move.
///
/// No declared seats. t1 at n1 wants n2, t2 at n2 wants n3, t3 at n3 wants n1: all three **move
/// round**, every family at position 1.
#[must_use]
pub fn carousel() -> Market {
    let mut b = MarketBuilder::default();
    let k: Vec<ClassIx> = ["n1", "n2", "n3"]
        .map(|id| {
            let n = b.nursery(id);
            b.class(n, 2, 0)
        })
        .to_vec();
    for i in 0..3 {
        let mover = ChildSpec {
            id: format!("t{}", i + 1),
            age: 2,
            current: Some(k[i]),
            choices: vec![(k[(i + 1) % 3], i as u32 + 1)],
        };
        b.family(
            &format!("f{}", i + 1),
            WishSpec::code(7),
            0,
            i as u32 + 1,
            &[mover],
        );
    }
    b.build()
}

/// Tied twins and nobody else in doubt: two siblings with equal priority, an only child below, two
/// seats. Under `stop` this is no undecided tie: **both twins placed**.
#[must_use]
pub fn tied_twins() -> Market {
    let mut b = MarketBuilder::new(TieReading::Strict);
    let n = b.nursery("n1");
    let k = b.class(n, 0, 2);
    b.family(
        "f1",
        WishSpec::code(4),
        0,
        1,
        &[child("c1", 0, &[(k, 1)]), child("c2", 0, &[(k, 1)])],
    );
    b.family("f2", WishSpec::code(4), 0, 2, &[child("c3", 0, &[(k, 2)])]);
    b.build()
}

/// Two passes: a seat freed by a transfer of the second pass is not there for the first.
///
/// n1 has no declared seat; t sits there and moves to n2 (one seat) in pass 1. g (pass 0) wants n1
/// and **gets nothing**; h (pass 1) wants n1 and **gets t's seat**; **t moves to n2**.
#[must_use]
pub fn two_passes() -> Market {
    let mut b = MarketBuilder::default();
    let n1 = b.nursery("n1");
    let n2 = b.nursery("n2");
    let k1 = b.class(n1, 4, 0);
    let k2 = b.class(n2, 4, 1);
    b.family("f1", WishSpec::code(7), 0, 1, &[child("g", 4, &[(k1, 1)])]);
    b.family("f2", WishSpec::code(7), 1, 2, &[child("h", 4, &[(k1, 2)])]);
    let t = ChildSpec {
        id: "t".into(),
        age: 4,
        current: Some(k1),
        choices: vec![(k2, 3)],
    };
    b.family("f3", WishSpec::code(7), 1, 3, &[t]);
    b.build()
}
