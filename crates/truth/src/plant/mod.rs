//! Differences of every kind, planted between what the staff had and what is compared.
//!
//! A planted difference is an edit of [`Hands`]. Where our file has the error (a mistyped fact, wrong points, a row left
//! out) the edit is done to what is compared; everywhere else to what the staff decided by. It counts only if it
//! changes a decision.

mod facts;
mod families;
mod practice;
pub(crate) mod rows;
mod unwritten;

use crate::{
    hands::{Decided, Hands},
    town::same_everywhere,
};
use enmusubi_compare::{
    cause::{Cause, Kind},
    past::{Base, Past, PastTies},
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{facts::RoundFacts, past::Decisions};
use enmusubi_matching::Mechanism;
use enmusubi_scoring::Program;
use enmusubi_selection::{compiled::Ties, staged::mechanism_of};
use enmusubi_synth::rng::Rng;
use std::collections::BTreeSet;

/// What can be planted: the kinds of causes, and their forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Planting {
    /// A fact of our file is mistyped.
    Fact,
    /// A row of our file has wrong points.
    RowPoints,
    /// A row is missing in our file.
    RowTakenOut,
    /// The staff go by a row that is written nowhere.
    RowUnwritten,
    /// The staff do not go by one of the file's rows.
    RowExtra,
    /// A class had more or fewer seats.
    Seats,
    /// Two children with equal keys the other way round.
    Tie,
    /// Keys in another order.
    KeyOrder,
    /// One household's sibling wish was read otherwise.
    WishHousehold,
    /// One answer of the form was read otherwise for everybody.
    WishAnswer,
    /// Guardians' points come together otherwise.
    Aggregation,
    /// Siblings' keys are coupled otherwise.
    Coupling,
    /// Transfer applicants before, behind, or on a level with the others.
    Transfers,
    /// Vacated seats are refilled, or not.
    Refill,
    /// The choice rank counts.
    ChoiceRank,
    /// A family was passed over.
    Wronged,
    /// A family was preferred.
    Favoured,
    /// Seats are given in one order of families.
    IndexOrder,
    /// Seats are given by choice rank first.
    ChoiceOrder,
}

impl Planting {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Fact,
        Self::RowPoints,
        Self::RowTakenOut,
        Self::RowUnwritten,
        Self::RowExtra,
        Self::Seats,
        Self::Tie,
        Self::KeyOrder,
        Self::WishHousehold,
        Self::WishAnswer,
        Self::Aggregation,
        Self::Coupling,
        Self::Transfers,
        Self::Refill,
        Self::ChoiceRank,
        Self::Wronged,
        Self::Favoured,
        Self::IndexOrder,
        Self::ChoiceOrder,
    ];

    /// The kind of its causes.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Fact => Kind::Fact,
            Self::RowPoints => Kind::RowPoints,
            Self::RowTakenOut | Self::RowUnwritten | Self::RowExtra => Kind::RowMissing,
            Self::Seats => Kind::Seats,
            Self::Tie => Kind::Tie,
            Self::KeyOrder => Kind::KeyOrder,
            Self::WishHousehold | Self::WishAnswer => Kind::Wish,
            Self::Aggregation => Kind::Aggregation,
            Self::Coupling => Kind::Coupling,
            Self::Transfers => Kind::Transfers,
            Self::Refill => Kind::Refill,
            Self::ChoiceRank => Kind::ChoiceRank,
            Self::Wronged | Self::Favoured => Kind::Contradiction,
            Self::IndexOrder | Self::ChoiceOrder => Kind::Mechanism,
        }
    }

    /// A short name, as the measuring programs take and print it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::RowPoints => "row-points",
            Self::RowTakenOut => "row-taken-out",
            Self::RowUnwritten => "row-unwritten",
            Self::RowExtra => "row-extra",
            Self::Seats => "seats",
            Self::Tie => "tie",
            Self::KeyOrder => "key-order",
            Self::WishHousehold => "wish-household",
            Self::WishAnswer => "wish-answer",
            Self::Aggregation => "aggregation",
            Self::Coupling => "coupling",
            Self::Transfers => "transfers",
            Self::Refill => "refill",
            Self::ChoiceRank => "choice-rank",
            Self::Wronged => "wronged",
            Self::Favoured => "favoured",
            Self::IndexOrder => "index-order",
            Self::ChoiceOrder => "choice-order",
        }
    }

    /// Whether it is about everybody: a past round has few of these, and one of each kind at most.
    #[must_use]
    pub fn is_practice(self) -> bool {
        matches!(
            self,
            Self::KeyOrder
                | Self::WishAnswer
                | Self::Aggregation
                | Self::Coupling
                | Self::Transfers
                | Self::Refill
                | Self::ChoiceRank
                | Self::IndexOrder
                | Self::ChoiceOrder
        )
    }
}

/// A cause that was planted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlantedCause {
    /// Its form.
    pub planting: Planting,
    /// The cause, as a comparison should name it.
    pub cause: Cause,
    /// Children (ids) whose decision it changes, on top of the causes before it, sorted.
    pub changes: Vec<Box<str>>,
}

/// A past round with planted causes.
#[derive(Debug, Clone)]
pub struct Planted {
    /// The facts that are compared.
    pub facts: RoundFacts,
    /// The criteria that are compared.
    pub criteria: Criteria,
    /// What happens to equals.
    pub ties: PastTies,
    /// How seats are given, as the criteria say.
    pub mechanism: Mechanism,
    /// The staff's decisions.
    pub decisions: Decisions,
    /// What was planted.
    pub causes: Vec<PlantedCause>,
    /// Children (ids) for whom criteria and facts as compared give another decision than the staff's, sorted.
    pub differing: Vec<Box<str>>,
    /// The staff's decisions with their market.
    pub decided: Decided,
}

impl Planted {
    /// The past round, for a comparison.
    #[must_use]
    pub fn past(&self) -> Past<'_> {
        Past {
            base: Base::Facts {
                facts: &self.facts,
                criteria: &self.criteria,
            },
            decisions: &self.decisions,
            ties: &self.ties,
            mechanism: self.mechanism,
        }
    }
}

/// What is known while causes are planted.
struct Ground {
    /// What will be compared.
    ours: Hands,
    /// What the staff decide by.
    theirs: Hands,
    /// The staff's decisions.
    decided: Decided,
    /// Our criteria, compiled.
    program: Program,
    /// Names of the attributes that the criteria look at.
    looked_at: BTreeSet<Box<str>>,
    /// Rows, households and classes that a cause is about already.
    taken: BTreeSet<String>,
    /// The criteria that are compared stay as they are: wrong points are the staff's.
    criteria_stay: bool,
}

/// An edit of hands.
type Edit = Box<dyn Fn(&mut Hands)>;

/// A difference that might be planted.
struct Trial {
    edit: Edit,
    /// The error is in what is compared; else the staff go by something else.
    in_ours: bool,
    cause: Cause,
    /// What it is about; nothing else is planted about the same.
    about: String,
}

/// Draws tried out before planting is given up.
const DRAWS: u32 = 400;

/// Draws decided before planting is given up.
const TRIES: u32 = 120;

impl Ground {
    fn of(
        facts: &RoundFacts,
        criteria: &Criteria,
        ties: &Ties,
        mechanism: Mechanism,
    ) -> Result<Self, String> {
        let ours = Hands::new(facts.clone(), criteria.clone(), ties.clone(), mechanism);
        let decided = ours.decide()?;
        let program = Program::compile(criteria).map_err(|e| e.join("\n"))?;
        Ok(Self {
            theirs: ours.clone(),
            decided,
            program,
            looked_at: facts::looked_at(criteria),
            taken: BTreeSet::new(),
            criteria_stay: false,
            ours,
        })
    }

    fn draw(&self, planting: Planting, rng: &mut Rng) -> Option<Trial> {
        match planting {
            Planting::Fact => facts::mistyped(self, rng),
            Planting::RowPoints => rows::points(self, rng),
            Planting::RowTakenOut => rows::taken_out(self, rng),
            Planting::RowUnwritten => unwritten::unwritten(self, rng),
            Planting::RowExtra => rows::extra(self, rng),
            Planting::Seats => practice::seats(self, rng),
            Planting::Tie => families::tie(self, rng),
            Planting::KeyOrder => practice::key_order(self, rng),
            Planting::WishHousehold => families::wish(self, rng),
            Planting::WishAnswer => families::answer(self, rng),
            Planting::Aggregation => practice::aggregation(self, rng),
            Planting::Coupling => practice::coupling(self, rng),
            Planting::Transfers => Some(practice::transfers(rng)),
            Planting::Refill => Some(practice::refill(self)),
            Planting::ChoiceRank => practice::choice_rank(self, rng),
            Planting::Wronged => families::wronged(self, rng),
            Planting::Favoured => families::favoured(self, rng),
            Planting::IndexOrder => practice::mechanism(self, Mechanism::IndexOrder),
            Planting::ChoiceOrder => practice::mechanism(self, Mechanism::ChoiceOrder),
        }
    }

    /// Plants one more cause; `None` where no draw changed a decision.
    fn plant(&mut self, planting: Planting, rng: &mut Rng) -> Option<PlantedCause> {
        let mut tries = 0;
        for _ in 0..DRAWS {
            let Some(trial) = self.draw(planting, rng) else {
                continue;
            };
            if self.taken.contains(&trial.about) {
                continue;
            }
            tries += 1;
            if tries > TRIES {
                break;
            }
            let mut other = self.theirs.clone();
            (trial.edit)(&mut other);
            let Ok(decided) = other.decide() else {
                continue;
            };
            let changes = decided.differing(&self.decided);
            if changes.is_empty() {
                continue;
            }
            if trial.in_ours {
                (trial.edit)(&mut self.ours);
                self.program = Program::compile(&self.ours.criteria).ok()?;
            } else {
                self.theirs = other;
                self.decided = decided;
            }
            self.taken.insert(trial.about);
            return Some(PlantedCause {
                planting,
                cause: trial.cause,
                changes,
            });
        }
        None
    }

    fn finish(self, causes: Vec<PlantedCause>) -> Option<Planted> {
        let decided = self.theirs.decide_checked().ok()?;
        let differing = self.ours.decide().ok()?.differing(&decided);
        Some(Planted {
            facts: self.ours.facts,
            criteria: self.ours.criteria,
            ties: PastTies::Rule(self.ours.ties),
            mechanism: self.ours.mechanism,
            decisions: decided.decisions(),
            causes,
            differing,
            decided,
        })
    }
}

/// A past round with one planted cause that changes a decision. `None`: the round cannot be decided, or nothing of
/// this form that was tried changed anything. Equal arguments give equal results.
///
/// One order of families needs points that do not depend on the facility: [`Planting::IndexOrder`] compares the round as
/// [`same_everywhere`] has it.
#[must_use]
pub fn plant(
    planting: Planting,
    facts: &RoundFacts,
    criteria: &Criteria,
    ties: &Ties,
    seed: u64,
) -> Option<Planted> {
    let everywhere = match planting {
        Planting::IndexOrder => Some(same_everywhere(facts, criteria)),
        _ => None,
    };
    let (facts, criteria) = everywhere
        .as_ref()
        .map_or((facts, criteria), |e| (&e.0, &e.1));
    let mut ground = Ground::of(facts, criteria, ties, mechanism_of(criteria)).ok()?;
    let mut rng = Rng::stream(seed, planting as u64);
    let cause = ground.plant(planting, &mut rng)?;
    let planted = ground.finish(vec![cause])?;
    (!planted.differing.is_empty()).then_some(planted)
}

/// A past round with so many planted causes of mixed forms: most about single families, rows and classes, at most
/// two about everybody. The mechanism is as the criteria say. Fewer where nothing more can be planted.
#[must_use]
pub fn plant_many(
    count: usize,
    facts: &RoundFacts,
    criteria: &Criteria,
    ties: &Ties,
    seed: u64,
) -> Option<Planted> {
    plant_mixed(count, facts, criteria, ties, seed, false)
}

/// As [`plant_many`], and the criteria that are compared are those given: where points of a row differ, they are the
/// staff's that were changed, and no row is left out. `None` where nothing could be planted.
#[must_use]
pub fn plant_past(
    count: usize,
    facts: &RoundFacts,
    criteria: &Criteria,
    ties: &Ties,
    seed: u64,
) -> Option<Planted> {
    plant_mixed(count, facts, criteria, ties, seed, true)
}

fn plant_mixed(
    count: usize,
    facts: &RoundFacts,
    criteria: &Criteria,
    ties: &Ties,
    seed: u64,
    criteria_stay: bool,
) -> Option<Planted> {
    let mut ground = Ground::of(facts, criteria, ties, mechanism_of(criteria)).ok()?;
    ground.criteria_stay = criteria_stay;
    let mut rng = Rng::stream(seed, u64::MAX - 201);
    let mut causes = Vec::new();
    let mut practices: Vec<Planting> = Vec::new();
    // As sections tell it: typing errors and single families most, then rows and seats, practice least.
    const BAG: [Planting; 20] = [
        Planting::Fact,
        Planting::Fact,
        Planting::Fact,
        Planting::Fact,
        Planting::RowPoints,
        Planting::RowPoints,
        Planting::RowTakenOut,
        Planting::RowUnwritten,
        Planting::RowExtra,
        Planting::Seats,
        Planting::Seats,
        Planting::Tie,
        Planting::Tie,
        Planting::WishHousehold,
        Planting::WishHousehold,
        Planting::Wronged,
        Planting::Favoured,
        Planting::KeyOrder,
        Planting::WishAnswer,
        Planting::Refill,
    ];
    let mut draws = 0;
    while causes.len() < count && draws < 4 * count + 20 {
        draws += 1;
        let planting = BAG[rng.index(BAG.len())];
        if criteria_stay && planting == Planting::RowTakenOut {
            continue;
        }
        if planting.is_practice() && (practices.len() >= 2 || practices.contains(&planting)) {
            continue;
        }
        let Some(cause) = ground.plant(planting, &mut rng) else {
            continue;
        };
        if planting.is_practice() {
            practices.push(planting);
        }
        causes.push(cause);
    }
    let planted = ground.finish(causes)?;
    (!planted.differing.is_empty()).then_some(planted)
}
