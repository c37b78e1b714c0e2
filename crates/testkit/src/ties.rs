//! Whether undecided ties matter, by trying every way to break them.

use crate::brute::brute_force;
use enmusubi_market::{ChildIx, Market, Placement, TieReading};

/// The market with its ties broken in every possible way by one order of the children (as a lottery
/// with one number per child and round would); `None` if there are more than `limit` ways. A market
/// without ties between families gives itself, read strictly.
///
/// Children equal only to siblings are left equal: siblings never compete with each other.
#[must_use]
pub fn broken_ties(market: &Market, limit: u32) -> Option<Vec<Market>> {
    let mut tied: Vec<ChildIx> = Vec::new();
    let claims: Vec<(u32, u32, ChildIx)> = (0..market.children.len() as u32)
        .flat_map(|c| {
            let group = |class: u32| market.classes[class as usize].group;
            market
                .choices_of(c)
                .iter()
                .map(move |x| (group(x.class), x.priority, c))
        })
        .collect();
    let family = |c: ChildIx| market.children[c as usize].family;
    let pass = |c: ChildIx| market.families[family(c) as usize].pass;
    for &(g, p, c) in &claims {
        let rival = |&(h, q, d): &(u32, u32, ChildIx)| {
            (h, q) == (g, p) && family(d) != family(c) && pass(d) == pass(c)
        };
        if !tied.contains(&c) && claims.iter().any(rival) {
            tied.push(c);
        }
    }
    let ways = (1..=tied.len() as u64).product::<u64>();
    if ways > u64::from(limit) {
        return None;
    }
    let mut orders = Vec::new();
    permute(&mut tied, 0, &mut orders);
    Some(orders.iter().map(|order| broken(market, order)).collect())
}

fn permute(items: &mut [ChildIx], at: usize, out: &mut Vec<Vec<ChildIx>>) {
    if at >= items.len() {
        out.push(items.to_vec());
        return;
    }
    for i in at..items.len() {
        items.swap(at, i);
        permute(items, at + 1, out);
        items.swap(at, i);
    }
}

/// Equal priorities broken by an order of children; whoever is not in it stays where it was.
fn broken(market: &Market, order: &[ChildIx]) -> Market {
    let mut market = market.clone();
    let steps = order.len() as u32 + 1;
    for c in 0..market.children.len() {
        let place = order
            .iter()
            .position(|&d| d as usize == c)
            .map_or(0, |i| i as u32);
        for x in market.children[c].choices.clone() {
            let choice = &mut market.choices[x as usize];
            choice.priority = choice.priority * steps + place;
        }
    }
    market.ties = TieReading::Strict;
    market
}

/// Whether the objective's placement depends on how ties are broken; `None` if there are more than
/// `limit` ways. Where it does, `stop` must not place anybody; where `stop` places, the placement
/// must be this one.
#[must_use]
pub fn tie_matters(
    market: &Market,
    limit: u32,
) -> Option<Result<Placement, (Placement, Placement)>> {
    let mut markets = broken_ties(market, limit)?.into_iter();
    let first = brute_force(&markets.next()?).placement;
    for other in markets {
        let other = brute_force(&other).placement;
        if other != first {
            return Some(Err((first, other)));
        }
    }
    Some(Ok(first))
}
