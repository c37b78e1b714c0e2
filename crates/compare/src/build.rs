//! From what a search found to what is reported.

use crate::{
    cause::Cause,
    chain::{Seats, chains},
    depths::{Depths, Shown},
    evidence::evidence,
    past::PastTies,
    remarks,
    report::{
        Agreement, Alternative, CauseReport, Comparison, Difference, Link, PathStep, Place, Remark,
        Seen,
    },
    solve::{Mended, Solution},
    text::{Teller, name_of},
    truth::Known,
};
use enmusubi_domain::past::Outcome;
use enmusubi_market::{ChildIx, ClassIx, Market};
use enmusubi_matching::Mechanism;
use enmusubi_selection::{compiled::Ties, text_summary::Lang};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Alternatives told of a cause.
const ALTERNATIVES: usize = 5;

/// What a report says that the search does not know.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Version of the program.
    pub engine_version: String,
    /// Name of the criteria file; empty for a round of tables.
    pub criteria: String,
    /// SHA-256 of what it says; empty for a round of tables.
    pub criteria_digest: String,
    /// SHA-256 of round and criteria.
    pub input_digest: String,
    /// SHA-256 of the decisions.
    pub decisions_digest: String,
    /// Fewer people are withheld; the criteria's own number goes first.
    pub disclosure_minimum: u32,
    /// Remarks of whoever read the files.
    pub remarks: Vec<Remark>,
    /// What the staff's index list says, where it is there.
    pub depths: Option<Depths>,
}

/// The report, and its causes in the same order.
#[must_use]
pub fn comparison(solution: &Solution<'_>, around: Around, lang: Lang) -> (Comparison, Vec<Cause>) {
    let build = Build::of(solution, lang);
    let past = solution.before.past;
    let facts = past.facts();
    let found = evidence(&solution.before);
    let mut remarks = around.remarks;
    remarks.extend(remarks::of_decisions(
        &solution.before,
        &found,
        build.teller,
    ));
    let (index, order, shown, labels) = match around.depths {
        Some(depths) => {
            remarks.extend(depths.remarks);
            (depths.index, depths.order, depths.shown, depths.labels)
        }
        None => (None, None, Vec::new(), Vec::new()),
    };
    if let Some(remark) = remarks::equally_right(&solution.equally_right) {
        remarks.push(remark);
    }
    let mended = all(solution, shown);
    let mut follows = BTreeSet::new();
    let mut causes = Vec::new();
    for (number, (mended, seen)) in (1..).zip(&mended) {
        // The list has components of its own.
        let labels = match seen {
            Seen::Order => &*labels,
            Seen::Index | Seen::Placement => &*build.labels,
        };
        causes.push(build.cause(number, mended, *seen, labels, &mut follows));
    }
    let compared = solution.compared;
    let agreement = |differ: u32| Agreement {
        compared,
        agree: compared - differ,
    };
    let placement = agreement(solution.differing.len() as u32);
    let start = PathStep {
        cause: 0,
        agreement: placement,
    };
    let steps = (1..).zip(&mended).map(|(cause, (m, _))| PathStep {
        cause,
        agreement: agreement(m.differing),
    });
    let report = Comparison {
        engine_version: around.engine_version,
        entry_date: facts.map_or_else(String::new, |(f, _)| f.info.entry_date.to_string()),
        number: facts.map_or(0, |(f, _)| f.info.number),
        criteria: around.criteria,
        title: facts.map_or_else(String::new, |(_, c)| c.head.title.to_string()),
        criteria_digest: around.criteria_digest,
        input_digest: around.input_digest,
        decisions_digest: around.decisions_digest,
        mechanism: match past.mechanism {
            Mechanism::Stable => "stable",
            Mechanism::IndexOrder => "index-order",
            Mechanism::ChoiceOrder => "choice-order",
        }
        .to_owned(),
        ties: match past.ties {
            PastTies::Decided => "decided".to_owned(),
            PastTies::Rule(Ties::Stop) => "stop".to_owned(),
            PastTies::Rule(Ties::Lottery(seed)) => format!("lottery:{seed}"),
            PastTies::Rule(Ties::Equal) => "equal".to_owned(),
            PastTies::Rule(Ties::RowOrder) => "row-order".to_owned(),
        },
        disclosure_minimum: facts.map_or(around.disclosure_minimum, |(_, c)| {
            c.selection.disclosure_minimum
        }),
        remarks,
        index,
        order,
        placement,
        causes,
        path: std::iter::once(start).chain(steps).collect(),
        differences: build.differences(&mended, &follows),
        practice: None,
        exhausted: solution.exhausted,
    };
    (report, mended.into_iter().map(|(m, _)| m.cause).collect())
}

/// What the index list shows, then the rest of what was mended; each with where it was seen. What the list shows and
/// was not mended (it does not concern the market, or the list itself is gone by) changes no agreement.
fn all(solution: &Solution<'_>, shown: Vec<Shown>) -> Vec<(Mended, Seen)> {
    let mut rest = solution.mended.clone();
    let mut differing = solution.differing.len() as u32;
    let mut list = Vec::new();
    for shown in shown {
        let at = rest.iter().position(|m| m.cause == shown.cause);
        let mut mended = match at {
            Some(at) => rest.remove(at),
            None => Mended {
                cause: shown.cause,
                class: shown.class,
                healed: Vec::new(),
                broken: Vec::new(),
                about: Vec::new(),
                differing,
                units: 0,
            },
        };
        differing = mended.differing;
        if mended.about.is_empty() && mended.cause.is_individual() {
            mended.about = shown.children;
        }
        list.push((mended, shown.seen));
    }
    list.extend(rest.into_iter().map(|m| (m, Seen::Placement)));
    list
}

struct Build<'s> {
    solution: &'s Solution<'s>,
    teller: Teller<'s>,
    /// Labels of the components of keys.
    labels: Vec<String>,
    /// Children by id.
    at: HashMap<&'s str, ChildIx>,
}

impl<'s> Build<'s> {
    fn of(solution: &'s Solution<'_>, lang: Lang) -> Self {
        let world = &solution.before;
        let children = world.market.children.iter().zip(0..);
        let components = world.plain.key_components.iter();
        Self {
            solution,
            labels: components.map(|c| c.label.clone()).collect(),
            teller: Teller {
                past: world.past,
                round: &world.plain,
                truth: &world.truth,
                placement: &solution.before_placement,
                labels: &[],
                lang,
            },
            at: children.map(|(c, at)| (&*c.id, at)).collect(),
        }
    }

    fn market(&self) -> &'s Market {
        &self.solution.before.market
    }

    fn cause(
        &self,
        number: u32,
        mended: &Mended,
        seen: Seen,
        labels: &[String],
        follows: &mut BTreeSet<ChildIx>,
    ) -> CauseReport {
        let ids = |list: &[Box<str>]| list.iter().map(ToString::to_string).collect();
        let indices = |list: &[Box<str>]| -> Vec<ChildIx> {
            list.iter()
                .filter_map(|id| self.at.get(&**id))
                .copied()
                .collect()
        };
        // Whoever differed from the beginning: what earlier causes brought about is no chain of the staff's.
        let first = |c: &ChildIx| {
            let id = &self.market().children[*c as usize].id;
            self.solution.differing.binary_search(id).is_ok()
        };
        let healed = indices(&mended.healed);
        let healed: Vec<ChildIx> = healed.into_iter().filter(first).collect();
        let seats = Seats {
            market: self.market(),
            ours: &self.solution.before_placement,
            theirs: &self.solution.before.truth,
        };
        let about: Vec<ChildIx> = indices(&mended.about).into_iter().filter(first).collect();
        let found = chains(seats, &healed, &about);
        follows.extend(found.iter().flat_map(|chain| &chain[1..]).copied());
        let link = |&c: &ChildIx| {
            let facility = |p: Option<Place>| p.map(|p| p.facility);
            Link {
                child: self.market().children[c as usize].id.to_string(),
                theirs: facility(self.theirs(c)),
                ours: facility(self.ours(c)),
            }
        };
        let teller = Teller {
            labels,
            ..self.teller
        };
        let alternative = |cause: &Cause| Alternative {
            kind: cause.kind(),
            words: teller.words(cause),
        };
        let shown = mended.class.iter().take(ALTERNATIVES);
        CauseReport {
            number,
            kind: mended.cause.kind(),
            words: teller.words(&mended.cause),
            public_words: teller.public_words(&mended.cause),
            mend: teller.mend(&mended.cause),
            seen,
            alternatives: shown.map(alternative).collect(),
            more_alternatives: mended.class.len().saturating_sub(ALTERNATIVES) as u32,
            children: ids(&mended.about),
            heals: ids(&mended.healed),
            chains: found
                .iter()
                .map(|chain| chain.iter().map(link).collect())
                .collect(),
        }
    }

    /// Children that differ before anything is mended.
    fn differences(
        &self,
        mended: &[(Mended, Seen)],
        follows: &BTreeSet<ChildIx>,
    ) -> Vec<Difference> {
        let market = self.market();
        // The first cause that puts it right; none where it is wrong again in the end.
        let mut cause: BTreeMap<&str, u32> = BTreeMap::new();
        let mut wrong: BTreeSet<&str> = BTreeSet::new();
        for (number, (mended, _)) in (1..).zip(mended) {
            for id in &mended.healed {
                cause.entry(id).or_insert(number);
                wrong.remove(&**id);
            }
            wrong.extend(mended.broken.iter().map(|id| &**id));
        }
        let differing = self.solution.differing.iter();
        let mut list = Vec::new();
        for id in differing {
            let Some(&c) = self.at.get(&**id) else {
                continue;
            };
            let child = &market.children[c as usize];
            let of = cause.get(&**id).filter(|_| !wrong.contains(&**id));
            list.push(Difference {
                child: id.to_string(),
                household: market.families[child.family as usize].id.to_string(),
                age: child.age,
                ours: self.ours(c),
                theirs: self.theirs(c),
                cause: of.copied().unwrap_or(0),
                follows: of.is_some() && follows.contains(&c),
            });
        }
        list
    }

    fn ours(&self, child: ChildIx) -> Option<Place> {
        let class = self.solution.before_placement.of(child)?;
        Some(self.place(child, class))
    }

    fn theirs(&self, child: ChildIx) -> Option<Place> {
        match self.solution.before.truth.of[child as usize] {
            Known::At(class) => Some(self.place(child, class)),
            Known::Unknown | Known::Nowhere => None,
            Known::Elsewhere => {
                let market = self.market();
                let id = &market.children[child as usize].id;
                let decisions = &self.solution.before.past.decisions.list;
                let decision = decisions.iter().find(|d| d.child == *id)?;
                let Outcome::Placed { facility, .. } = &decision.outcome else {
                    return None;
                };
                Some(Place {
                    facility: facility.to_string(),
                    name: name_of(market, facility).to_owned(),
                    rank: None,
                })
            }
        }
    }

    fn place(&self, child: ChildIx, class: ClassIx) -> Place {
        let market = self.market();
        let nursery = market.classes[class as usize].nursery;
        let mut choices = market.children[child as usize].choices.clone();
        let current = market.children[child as usize].current == Some(class);
        let x = choices.find(|&x| {
            let k = market.choices[x as usize].class;
            market.classes[k as usize].nursery == nursery
        });
        let rank = x.filter(|_| !current).map(|x| {
            let written = self.solution.before.plain.numbers.get(x as usize).copied();
            written
                .filter(|&n| n > 0)
                .unwrap_or(market.choices[x as usize].rank)
        });
        let nursery = &market.nurseries[nursery as usize];
        Place {
            facility: nursery.id.to_string(),
            name: name_of(market, &nursery.id).to_owned(),
            rank,
        }
    }
}
