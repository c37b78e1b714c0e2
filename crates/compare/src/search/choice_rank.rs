//! The choice rank counts (希望順位の考慮).

use super::{
    Proposal, Proposer, Scene,
    revealed::{Column, Order, Revealed},
};
use crate::{
    cause::{Cause, RankUse},
    crew::map,
    world::{
        World,
        edit::order::{Points, place_of, points_component, ranked},
    },
};
use enmusubi_domain::facts::Exact;
use enmusubi_matching::Mechanism;
use std::collections::BTreeMap;

/// Most points for a first choice that are tried out.
const POINTS: usize = 12;
/// Most points that explain the same and are proposed beside the fewest.
const BESIDE: usize = 6;

/// Proposes that the choice rank counts: at some place of the key, or as points for a first choice.
pub struct ChoiceRanks;

impl Proposer for ChoiceRanks {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        // Where the rank is what turns go by, it counts already.
        if scene.world.mechanism == Mechanism::ChoiceOrder {
            return Vec::new();
        }
        let revealed = Revealed::of(scene);
        if !revealed.is_odd() {
            return Vec::new();
        }
        let mut proposals = compared(scene, &revealed);
        proposals.extend(first_choices(scene, &revealed).unwrap_or_default());
        proposals
    }
}

/// The rank compared before each component, and behind all.
fn compared(scene: &Scene<'_, '_>, revealed: &Revealed) -> Vec<Proposal> {
    let world = scene.world;
    let all = world.plain_keys.components() as u32;
    let count = all - u32::from(world.has_tie_break());
    let uses: Vec<(u32, usize)> = (0..count)
        .chain([all])
        .filter_map(|c| Some((c, place_of(world, c).ok()?)))
        .collect();
    let gains = map(scene.crew, uses.len(), |at| {
        let mut columns = revealed.columns();
        columns.insert(uses[at].1, Column::Rank);
        revealed.gain(&Order::of(columns))
    });
    let proposals = uses.iter().zip(gains).filter(|(_, gain)| *gain > 0);
    let proposals = proposals.map(|((component, _), promise)| Proposal {
        cause: Cause::ChoiceRank(RankUse::Before(*component)),
        promise,
    });
    proposals.collect()
}

/// Points for a first choice: the fewest whole points that explain most, and those that explain the same.
fn first_choices(scene: &Scene<'_, '_>, revealed: &Revealed) -> Option<Vec<Proposal>> {
    let world = scene.world;
    let component = points_component(world)?;
    let column = place_of(world, component).ok()?;
    let values = Points::plain(world).ok()?;
    let asked = needed(world, revealed, &values);
    if asked.is_empty() {
        return None;
    }
    let gain = |points: i64| -> u32 {
        let more = Exact::whole(points);
        let first = |x: &u32| world.market.choices[*x as usize].rank == 1;
        let with = revealed.choices().iter().map(|x| {
            let value = values[*x as usize];
            if first(x) {
                value.plus(more).unwrap_or(value)
            } else {
                value
            }
        });
        let given = ranked(&with.collect::<Vec<Exact>>());
        let mut columns = revealed.columns();
        columns[column] = Column::Given;
        revealed.gain(&Order {
            columns,
            given: &given,
        })
    };
    let gains = map(scene.crew, asked.len(), |at| gain(asked[at]));
    let best = asked.iter().zip(&gains).map(|(p, g)| (*g, -*p)).max();
    let (most, fewest) = best.filter(|(most, _)| *most > 0)?;
    // Fewer than these may do as well; so may more.
    let mut fewest = -fewest;
    while fewest > 1 && gain(fewest - 1) == most {
        fewest -= 1;
    }
    let as_good = (fewest..).take_while(|&p| p == fewest || gain(p) == most);
    let proposals = as_good.take(BESIDE).map(|points| Proposal {
        cause: Cause::ChoiceRank(RankUse::FirstChoice(Exact::whole(points))),
        promise: most,
    });
    Some(proposals.collect())
}

/// Whole points that would put somebody placed at its first choice before somebody refused that has more, those
/// that many need first.
fn needed(world: &World<'_>, revealed: &Revealed, values: &[Exact]) -> Vec<i64> {
    let rank = |x: u32| world.market.choices[x as usize].rank;
    let mut votes: BTreeMap<i64, u32> = BTreeMap::new();
    for list in revealed.odd() {
        // In their present order: whoever was refused before somebody placed has more.
        let mut refused: Vec<Exact> = Vec::new();
        for e in list {
            let value = values[e.choice as usize];
            if !e.placed {
                if rank(e.choice) != 1 {
                    refused.push(value);
                }
            } else if rank(e.choice) == 1 {
                let less = refused.iter().filter_map(|r| r.minus(value));
                for by in less.filter(|by| *by >= Exact::ZERO) {
                    let whole = by.numerator().div_euclid(by.denominator());
                    let is_whole = by.as_whole().is_some();
                    let up = whole + i64::from(!is_whole);
                    for points in [up, up + 1] {
                        if points > 0 {
                            *votes.entry(points).or_default() += 1;
                        }
                    }
                }
            }
        }
    }
    let mut votes: Vec<(i64, u32)> = votes.into_iter().collect();
    votes.sort_by_key(|(points, votes)| (std::cmp::Reverse(*votes), *points));
    votes.truncate(POINTS);
    votes.into_iter().map(|(points, _)| points).collect()
}
