//! One structured reason for every child and every choice above the one it obtained.
//!
//! Data only; the sentences are made by [`crate::text`] from the report. Every reason is true
//! for the mechanism that made the placement: with `stable` a refused child is told who outranks
//! it, with `index-order` and `choice-order` that nothing was left when its turn came.

use enmusubi_market::{
    ChildIx, ChoiceIx, ClassIx, FamilyIx, GroupIx, Market, Place, Slot, TieReading, Timing, Wish,
};
use enmusubi_matching::{Mechanism, Outcome};

use crate::compiled::{CompiledRound, KeyKind};
use crate::explain_wish::{accepts, leader};
use crate::standing::{NoRoom, Standings};

/// Combinations looked at per choice of a sibling before the search for an available one is
/// given up. Children of one family hardly ever compete for one group, so the first or second
/// combination settles it; the bound only keeps pathological families from costing time.
const COMBINATIONS_MAX: u32 = 2_000;

/// A child at the choice it was placed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The child.
    pub child: ChildIx,
    /// Its choice, which carries its key.
    pub choice: ChoiceIx,
}

/// How a tie was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TieHow {
    /// Lottery number (抽選).
    Lottery,
    /// Earlier row of the file.
    Row,
    /// Nothing ranks them; the seats were given so that the whole round comes out best.
    Equal,
}

/// In what way a sibling wish (きょうだい条件) stood against a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WishKind {
    /// No acceptable combination has this choice at all.
    NoCombination,
    /// The sibling's class, without which the choice is not acceptable, was full.
    SiblingFull,
    /// The sibling could be placed at none of its choices.
    SiblingNowhere,
    /// Each child alone had room, the combination had not.
    Combination,
    /// `choice-order` only: when a combination with this choice had its turn, one of its classes
    /// was full, or the family had already got a combination it ranks higher.
    AtTurn,
}

/// Why a child did not get a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No seats were offered and none became free (募集なし).
    SeatsZero,
    /// A rule does not allow the choice; the target is a refusal.
    NotEligible,
    /// The seats went to children with higher priority.
    Full {
        /// The choice whose key was compared: this child's, or that of the sibling with the
        /// lowest priority in the group.
        own: ChoiceIx,
        /// The child that would have to be outranked: with one child the last one admitted, with
        /// `size` siblings in one group the (capacity − size + 1)-th better one. `None` where
        /// the seats beside those who stay are too few even without competition.
        limit: Option<Holder>,
        /// First component in which the two keys differ.
        differs: Option<u16>,
        /// Children of the family who needed room together.
        size: u16,
    },
    /// As [`Reason::Full`], but the keys differ in nothing the criteria say.
    TieDecided {
        /// What decided.
        how: TieHow,
        /// The choice whose key was compared.
        own: ChoiceIx,
        /// The child on the other side of the tie.
        limit: Holder,
        /// Children of the family who needed room together.
        size: u16,
    },
    /// The seats were taken in an earlier pass (先行選考).
    EarlierPass,
    /// `index-order` and `choice-order`: no seat was left when this choice had its turn.
    FullAtTurn,
    /// This child alone had room; its siblings had not.
    SiblingWish {
        /// The sibling in the way.
        sibling: ChildIx,
        /// The sibling's class that was full, where it is one.
        class: Option<ClassIx>,
        /// In what way.
        kind: WishKind,
    },
    /// Available, but the family ranks what it obtained higher.
    FamilyOrder,
    /// The family blocks: nothing places everybody rightly, and this family bears it.
    Exception {
        /// Whether this choice by itself was full with higher priority (for staff).
        full: bool,
    },
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A choice of the market.
    Choice(ChoiceIx),
    /// Position in [`CompiledRound::refusals`].
    Refusal(u32),
}

/// One refused choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceReason {
    /// Which choice.
    pub target: Target,
    /// Choice rank as the family wrote it (第N希望; 0 where only its combination table names it).
    pub rank: u32,
    /// Why not.
    pub reason: Reason,
}

/// What became of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildResult {
    /// Its class after the round.
    pub class: Option<ClassIx>,
    /// The choice it obtained; `None` where it stays or has nothing.
    pub obtained: Option<ChoiceIx>,
    /// Rank of that choice as the family wrote it (0: only in its combination table).
    pub rank: Option<u32>,
    /// Its reasons in [`Explanations::reasons`].
    pub reasons: std::ops::Range<u32>,
}

/// What happened at a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassResult {
    /// Capacity of its group in units, refilled seats of transfer applicants included.
    pub capacity: u64,
    /// Children placed, stayers included.
    pub placed: u32,
    /// Children newly placed.
    pub newly: u32,
    /// Transfer applicants who hold or held a seat here.
    pub transfers: u32,
    /// Newly placed child with the lowest priority.
    pub last: Option<Holder>,
    /// Children that chose the class.
    pub applied: u32,
    /// Of these, children not placed at something they ranked higher.
    pub considered: u32,
    /// Children for whom a tie decided against this class.
    pub tie_decided: u32,
}

/// All reasons of a placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanations {
    /// Mechanism the placement was made by.
    pub mechanism: Mechanism,
    /// Per child of the market.
    pub children: Vec<ChildResult>,
    /// Child by child, choices in order of preference.
    pub reasons: Vec<ChoiceReason>,
    /// Per class of the market.
    pub classes: Vec<ClassResult>,
}

impl Explanations {
    /// Reasons of one child.
    #[must_use]
    pub fn of(&self, child: ChildIx) -> &[ChoiceReason] {
        let r = &self.children[child as usize].reasons;
        &self.reasons[r.start as usize..r.end as usize]
    }
}

/// Explains a placement.
///
/// Linear in applications × choices, apart from siblings, whose combinations are searched one
/// choice at a time.
#[must_use]
pub fn explain(round: &CompiledRound, outcome: &Outcome, mechanism: Mechanism) -> Explanations {
    let market = &round.market;
    let standings = Standings::new(market, &outcome.placement);
    let mut blocking = vec![false; market.families.len()];
    for &f in &outcome.blocking {
        blocking[f as usize] = true;
    }
    let refusals = by_child(round);
    let mut ctx = Context {
        round,
        market,
        standings: &standings,
        placement: &outcome.placement.class,
        mechanism,
        turn: (mechanism == Mechanism::IndexOrder).then(|| Turn::new(market)),
        fits: Vec::new(),
    };
    let mut out = Explanations {
        mechanism,
        children: Vec::with_capacity(market.children.len()),
        reasons: Vec::with_capacity(market.choices.len() / 2),
        classes: class_results(market, &standings, &outcome.placement.class),
    };
    if ctx.turn.is_some() {
        // Turns come in the declared order; the report goes by child.
        let mut order: Vec<u32> = (0..market.families.len() as u32).collect();
        order.sort_by_key(|&f| {
            let family = &market.families[f as usize];
            (family.pass, family.common_order, f)
        });
        let mut parts = vec![Vec::new(); market.families.len()];
        for f in order {
            ctx.family(f, false, &mut parts[f as usize]);
            ctx.take_turn(f);
        }
        for (f, part) in parts.into_iter().enumerate() {
            finish_family(&ctx, f as u32, &part, &refusals, &mut out);
        }
    } else {
        let mut part = Vec::new();
        for f in 0..market.families.len() as u32 {
            part.clear();
            // Stability is reported, not promised, by `choice-order`; nobody is an exception.
            let exception = blocking[f as usize] && mechanism == Mechanism::Stable;
            ctx.family(f, exception, &mut part);
            finish_family(&ctx, f, &part, &refusals, &mut out);
        }
    }
    out
}

/// Refusals per child: start of each child's in the sorted list, and the list.
fn by_child(round: &CompiledRound) -> (Vec<u32>, Vec<u32>) {
    let refusals = &round.refusals;
    let mut order: Vec<u32> = (0..refusals.len() as u32).collect();
    order.sort_by_key(|&r| {
        let r = &refusals[r as usize];
        (r.child, r.rank, r.pool.clone(), r.rule.clone())
    });
    let mut start = vec![0u32; round.market.children.len() + 1];
    for r in refusals {
        start[r.child as usize + 1] += 1;
    }
    for c in 1..start.len() {
        start[c] += start[c - 1];
    }
    (start, order)
}

/// Adds a family's children: merges reasons with refusals and counts what classes saw.
fn finish_family(
    ctx: &Context<'_>,
    family: FamilyIx,
    reasons: &[(ChoiceIx, Reason)],
    (start, order): &(Vec<u32>, Vec<u32>),
    out: &mut Explanations,
) {
    let market = ctx.market;
    let mut rest = reasons;
    for c in market.families[family as usize].children.clone() {
        let child = &market.children[c as usize];
        let refused = &order[start[c as usize] as usize..start[c as usize + 1] as usize];
        let written = |x: ChoiceIx| ctx.round.numbers[x as usize];
        let obtained = ctx.standings.obtained(c);
        let rank = obtained.map(written);
        let begin = out.reasons.len() as u32;
        let mut refused = refused
            .iter()
            .filter(|&&r| {
                rank.is_none_or(|rank| rank == 0 || ctx.round.refusals[r as usize].rank < rank)
            })
            .peekable();
        let refusal = |r: u32, out: &mut Explanations| {
            let rank = ctx.round.refusals[r as usize].rank;
            let (target, reason) = (Target::Refusal(r), Reason::NotEligible);
            out.reasons.push(ChoiceReason {
                target,
                rank,
                reason,
            });
        };
        let mine = rest
            .iter()
            .take_while(|(x, _)| child.choices.contains(x))
            .count();
        for &(x, reason) in &rest[..mine] {
            let choice = &market.choices[x as usize];
            let rank = written(x);
            while let Some(&&r) = refused.peek()
                && ctx.round.refusals[r as usize].rank <= rank
            {
                refusal(r, out);
                refused.next();
            }
            out.reasons.push(ChoiceReason {
                target: Target::Choice(x),
                rank,
                reason,
            });
            let class = &mut out.classes[choice.class as usize];
            class.considered += 1;
            if matches!(reason, Reason::TieDecided { .. }) {
                class.tie_decided += 1;
            }
        }
        for &r in refused {
            refusal(r, out);
        }
        rest = &rest[mine..];
        if let Some(x) = obtained {
            out.classes[market.choices[x as usize].class as usize].considered += 1;
        }
        out.children.push(ChildResult {
            class: ctx.placement[c as usize],
            obtained,
            rank,
            reasons: begin..out.reasons.len() as u32,
        });
    }
}

fn class_results(
    market: &Market,
    standings: &Standings<'_>,
    placement: &[Option<ClassIx>],
) -> Vec<ClassResult> {
    let mut out: Vec<ClassResult> = market
        .classes
        .iter()
        .map(|k| ClassResult {
            capacity: standings.full_capacity(k.group),
            ..Default::default()
        })
        .collect();
    for g in 0..market.groups.len() as u32 {
        for held in standings.holders(g) {
            let Some(k) = standings.class_of(held) else {
                continue;
            };
            let class = &mut out[k as usize];
            class.placed += 1;
            if let Some(choice) = held.choice() {
                class.newly += 1;
                // Best first, so the last one written is the last admitted.
                class.last = Some(Holder {
                    child: held.child,
                    choice,
                });
            }
        }
    }
    for child in &market.children {
        if let Some(k) = child.current {
            out[k as usize].transfers += 1;
        }
    }
    debug_assert_eq!(
        out.iter().map(|k| k.placed as usize).sum::<usize>(),
        placement.iter().flatten().count()
    );
    for c in 0..market.children.len() as ChildIx {
        let choices = market.choices_of(c);
        for (i, choice) in choices.iter().enumerate() {
            // A class with two priorities stands twice, side by side.
            if i == 0 || choices[i - 1].class != choice.class {
                out[choice.class as usize].applied += 1;
            }
        }
    }
    out
}

/// Whether a reason says that there was no room for this priority.
fn no_room(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::SeatsZero
            | Reason::Full { .. }
            | Reason::TieDecided { .. }
            | Reason::EarlierPass
            | Reason::FullAtTurn
    )
}

/// Seats at a family's turn, for `index-order`.
struct Turn {
    /// Units taken or held per group.
    taken: Vec<u64>,
    capacity: Vec<u64>,
}

impl Turn {
    fn new(market: &Market) -> Self {
        let mut turn = Self {
            taken: vec![0; market.groups.len()],
            capacity: market.groups.iter().map(|g| g.seats).collect(),
        };
        for (c, child) in market.children.iter().enumerate() {
            if let Some(k) = child.current {
                let g = market.classes[k as usize].group as usize;
                let weight = market.weight(c as ChildIx, k);
                turn.taken[g] += weight;
                turn.capacity[g] += weight;
            }
        }
        turn
    }
}

struct Context<'a> {
    round: &'a CompiledRound,
    market: &'a Market,
    standings: &'a Standings<'a>,
    placement: &'a [Option<ClassIx>],
    mechanism: Mechanism,
    turn: Option<Turn>,
    /// Scratch: per choice of the family in hand, whether the child alone has room.
    fits: Vec<bool>,
}

impl Context<'_> {
    /// Would these slots of one family in one group have room together?
    fn room(
        &self,
        family: FamilyIx,
        group: GroupIx,
        lowest: u32,
        weight: u64,
    ) -> Result<(), NoRoom> {
        let Some(turn) = &self.turn else {
            return self.standings.room(group, family, lowest, weight);
        };
        let g = group as usize;
        let mut taken = turn.taken[g];
        for c in self.market.families[family as usize].children.clone() {
            if let Some(k) = self.market.children[c as usize].current
                && self.market.classes[k as usize].group == group
            {
                taken -= self.market.weight(c, k).min(taken);
            }
        }
        if taken + weight <= turn.capacity[g] {
            Ok(())
        } else if turn.capacity[g] == 0 {
            Err(NoRoom::NoSeats)
        } else {
            Err(NoRoom::TooFew)
        }
    }

    /// The family's present seats become free and its new ones taken.
    fn take_turn(&mut self, family: FamilyIx) {
        let market = self.market;
        let Some(turn) = &mut self.turn else { return };
        for c in market.families[family as usize].children.clone() {
            if let Some(k) = market.children[c as usize].current {
                let g = market.classes[k as usize].group as usize;
                turn.taken[g] -= market.weight(c, k).min(turn.taken[g]);
            }
        }
        for c in market.families[family as usize].children.clone() {
            if let Some(k) = self.placement[c as usize] {
                turn.taken[market.classes[k as usize].group as usize] += market.weight(c, k);
            }
        }
    }

    fn room_alone(&self, family: FamilyIx, child: ChildIx, choice: ChoiceIx) -> Result<(), NoRoom> {
        let x = &self.market.choices[choice as usize];
        let class = &self.market.classes[x.class as usize];
        self.room(
            family,
            class.group,
            x.priority,
            self.market.weight(child, x.class),
        )
    }

    /// Reasons of a family's children, child by child.
    fn family(&mut self, f: FamilyIx, exception: bool, out: &mut Vec<(ChoiceIx, Reason)>) {
        let market = self.market;
        let family = &market.families[f as usize];
        let alone = family.children.len() == 1 && matches!(family.wish, Wish::Fields(_));
        let first_choice = market.children[family.children.start as usize]
            .choices
            .start;
        if !alone && !exception && self.mechanism != Mechanism::ChoiceOrder {
            let mut fits = std::mem::take(&mut self.fits);
            fits.clear();
            for c in family.children.clone() {
                for x in market.children[c as usize].choices.clone() {
                    fits.push(self.room_alone(f, c, x).is_ok());
                }
            }
            self.fits = fits;
        }
        for c in family.children.clone() {
            let choices = market.children[c as usize].choices.clone();
            let end = self.standings.obtained(c).unwrap_or(choices.end);
            let obtained = self.placement[c as usize];
            let mut x = choices.start;
            while x < end {
                let class = market.choices[x as usize].class;
                let twice = x + 1 < choices.end && market.choices[x as usize + 1].class == class;
                let reason = self.reason(f, c, x, (alone, exception), first_choice);
                // A choice with two priorities, the better one where the whole family enters, is
                // told once: by the better if that did not suffice, else by the other.
                let reason = if twice && !no_room(&reason) {
                    self.reason(f, c, x + 1, (alone, exception), first_choice)
                } else {
                    reason
                };
                if !twice || Some(class) != obtained {
                    out.push((x, reason));
                }
                x += 1 + ChoiceIx::from(twice);
            }
        }
    }

    /// The reason of one choice.
    fn reason(
        &self,
        f: FamilyIx,
        c: ChildIx,
        x: ChoiceIx,
        (alone, exception): (bool, bool),
        first_choice: ChoiceIx,
    ) -> Reason {
        if self.mechanism == Mechanism::ChoiceOrder {
            self.by_choice_order(f, c, x, alone)
        } else if exception {
            match self.room_alone(f, c, x) {
                Err(NoRoom::NoSeats) => Reason::SeatsZero,
                full => Reason::Exception {
                    full: full.is_err(),
                },
            }
        } else if alone {
            match self.room_alone(f, c, x) {
                Err(why) => self.full(x, 1, why),
                // Not reached with a placement whose blocking families are all known;
                // if it is, the honest answer is not "full".
                Ok(()) => Reason::Exception { full: false },
            }
        } else {
            self.sibling(f, c, x, first_choice)
        }
    }

    /// `choice-order` accepts at the first position with room, so every better position of an
    /// only child met a full class. For siblings the class that was full at the turn is not
    /// kept; the reason names the combination.
    fn by_choice_order(&self, f: FamilyIx, c: ChildIx, x: ChoiceIx, alone: bool) -> Reason {
        let market = self.market;
        let group = market.classes[market.choices[x as usize].class as usize].group;
        if self.standings.full_capacity(group) == 0 {
            return Reason::SeatsZero;
        }
        if alone {
            return Reason::FullAtTurn;
        }
        let family = &market.families[f as usize];
        let sibling = if family.children.start == c {
            c + 1
        } else {
            family.children.start
        };
        if sibling >= family.children.end {
            return Reason::FullAtTurn;
        }
        Reason::SiblingWish {
            sibling,
            class: None,
            kind: WishKind::AtTurn,
        }
    }

    /// The reason of a child that has no room.
    fn full(&self, own: ChoiceIx, size: u16, why: NoRoom) -> Reason {
        if self.turn.is_some() {
            return match why {
                NoRoom::NoSeats => Reason::SeatsZero,
                _ => Reason::FullAtTurn,
            };
        }
        match why {
            NoRoom::NoSeats => Reason::SeatsZero,
            NoRoom::EarlierPass => Reason::EarlierPass,
            NoRoom::TooFew => Reason::Full {
                own,
                limit: None,
                differs: None,
                size,
            },
            NoRoom::Critical(held) => {
                let Some(choice) = held.choice() else {
                    return Reason::SeatsZero;
                };
                let limit = Holder {
                    child: held.child,
                    choice,
                };
                match self.differs(own, choice) {
                    None if self.market.ties == TieReading::Equal => Reason::TieDecided {
                        how: TieHow::Equal,
                        own,
                        limit,
                        size,
                    },
                    differs => match differs.map(|i| self.round.key_components[i].kind) {
                        Some(KeyKind::Lottery) => Reason::TieDecided {
                            how: TieHow::Lottery,
                            own,
                            limit,
                            size,
                        },
                        Some(KeyKind::Row) => Reason::TieDecided {
                            how: TieHow::Row,
                            own,
                            limit,
                            size,
                        },
                        _ => {
                            let differs = differs.map(|i| i as u16);
                            Reason::Full {
                                own,
                                limit: Some(limit),
                                differs,
                                size,
                            }
                        }
                    },
                }
            }
        }
    }

    /// First component in which two keys differ.
    fn differs(&self, a: ChoiceIx, b: ChoiceIx) -> Option<usize> {
        let n = self.round.keys.components as usize;
        let key = |x: ChoiceIx| &self.round.keys.index[x as usize * n..(x as usize + 1) * n];
        key(a).iter().zip(key(b)).position(|(a, b)| a != b)
    }

    /// A choice of a child with siblings.
    fn sibling(&self, f: FamilyIx, c: ChildIx, x: ChoiceIx, first_choice: ChoiceIx) -> Reason {
        let market = self.market;
        let family = &market.families[f as usize];
        if let Err(why) = self.room_alone(f, c, x)
            && matches!(why, NoRoom::NoSeats)
        {
            return Reason::SeatsZero;
        }
        let (size, own, lowest, weight) = self.bound_together(f, c, x);
        let group = market.group_of_choice(x);
        if let Err(why) = self.room(f, group, lowest, weight) {
            return self.full(own, size, why);
        }
        let mut tuple = vec![Slot::AsNow; family.children.len()];
        tuple[(c - family.children.start) as usize] = Slot::Choice(x);
        match &family.wish {
            Wish::Listed(list) => self.listed(f, c, x, list),
            Wish::Fields(fields) => {
                let mut search = Search {
                    ctx: self,
                    f,
                    c,
                    x,
                    first_choice,
                    tries: 0,
                };
                if search.available(0, &mut tuple) {
                    return Reason::FamilyOrder;
                }
                let nursery = market.classes[market.choices[x as usize].class as usize].nursery;
                let me = &market.children[c as usize];
                let (mut partner, mut full) = (None, None);
                for (i, s) in family.children.clone().enumerate().filter(|&(_, s)| s != c) {
                    let sibling = &market.children[s as usize];
                    let needed = fields.timing == Timing::Together
                        || leader(fields, family.children.len()) == Some(i)
                        || (fields.all_transfers_or_none
                            && me.current.is_some()
                            && sibling.current.is_some());
                    if !needed {
                        continue;
                    }
                    partner.get_or_insert(s);
                    let same = |y: &ChoiceIx| {
                        fields.place != Place::SameOnly
                            || market.classes[market.choices[*y as usize].class as usize].nursery
                                == nursery
                    };
                    let options: Vec<ChoiceIx> = sibling.choices.clone().filter(same).collect();
                    let Some(&best) = options.first() else {
                        let kind = WishKind::NoCombination;
                        return Reason::SiblingWish {
                            sibling: s,
                            class: None,
                            kind,
                        };
                    };
                    // A sibling without any option outweighs one whose class is full.
                    if full.is_some() {
                        continue;
                    }
                    if options
                        .iter()
                        .any(|&y| self.fits[(y - first_choice) as usize])
                    {
                        continue;
                    }
                    let one = fields.place == Place::SameOnly || options.len() == 1;
                    full = Some(if one {
                        let class = Some(market.choices[best as usize].class);
                        Reason::SiblingWish {
                            sibling: s,
                            class,
                            kind: WishKind::SiblingFull,
                        }
                    } else {
                        let kind = WishKind::SiblingNowhere;
                        Reason::SiblingWish {
                            sibling: s,
                            class: None,
                            kind,
                        }
                    });
                }
                full.unwrap_or_else(|| self.jointly(f, c, x, partner, first_choice))
            }
        }
    }

    /// Children who must go to one group together when `c` takes `x` (all together, one nursery
    /// only, and no other group of that nursery among their choices): their number, the choice
    /// with the lowest priority, that priority, their weight.
    fn bound_together(&self, f: FamilyIx, c: ChildIx, x: ChoiceIx) -> (u16, ChoiceIx, u32, u64) {
        let market = self.market;
        let family = &market.families[f as usize];
        let choice = &market.choices[x as usize];
        let class = &market.classes[choice.class as usize];
        let mut bound = (1, x, choice.priority, market.weight(c, choice.class));
        let Wish::Fields(fields) = &family.wish else {
            return bound;
        };
        if fields.timing != Timing::Together || fields.place != Place::SameOnly {
            return bound;
        }
        for s in family.children.clone().filter(|&s| s != c) {
            let there = |y: &ChoiceIx| {
                let k = &market.classes[market.choices[*y as usize].class as usize];
                k.nursery == class.nursery
            };
            let mut options = market.children[s as usize].choices.clone().filter(there);
            let (Some(y), None) = (options.next(), options.next()) else {
                continue;
            };
            let other = &market.choices[y as usize];
            if market.classes[other.class as usize].group != class.group {
                continue;
            }
            bound.0 += 1;
            bound.3 += market.weight(s, other.class);
            if other.priority > bound.2 {
                (bound.1, bound.2) = (y, other.priority);
            }
        }
        bound
    }

    /// Everybody needed fits alone, yet no combination does: siblings meet in one group.
    fn jointly(
        &self,
        f: FamilyIx,
        c: ChildIx,
        x: ChoiceIx,
        partner: Option<ChildIx>,
        first_choice: ChoiceIx,
    ) -> Reason {
        let market = self.market;
        let family = &market.families[f as usize];
        let group = market.group_of_choice(x);
        let first_other = if family.children.start == c {
            c + 1
        } else {
            family.children.start
        };
        let sibling = partner.unwrap_or(first_other);
        let choice = &market.choices[x as usize];
        let mut both = (x, choice.priority, market.weight(c, choice.class));
        let mut meet = false;
        for y in market.children[sibling as usize].choices.clone() {
            if self.fits[(y - first_choice) as usize] && market.group_of_choice(y) == group {
                let other = &market.choices[y as usize];
                both.2 += market.weight(sibling, other.class);
                if other.priority > both.1 {
                    (both.0, both.1) = (y, other.priority);
                }
                meet = true;
                break;
            }
        }
        if meet
            && let Err(why) = self.room(f, group, both.1, both.2)
            && !matches!(why, NoRoom::NoSeats)
        {
            return self.full(both.0, 2, why);
        }
        Reason::SiblingWish {
            sibling,
            class: None,
            kind: WishKind::Combination,
        }
    }

    /// A family with an explicit list of combinations (組み合わせ表).
    fn listed(&self, f: FamilyIx, c: ChildIx, x: ChoiceIx, list: &[Box<[Slot]>]) -> Reason {
        let market = self.market;
        let family = &market.families[f as usize];
        let me = (c - family.children.start) as usize;
        let other = if family.children.start == c {
            c + 1
        } else {
            family.children.start
        };
        // An only child has nobody else to name; its list then simply lacks the choice.
        let sibling = if other < family.children.end {
            other
        } else {
            c
        };
        let mut best = None;
        for tuple in list.iter().filter(|t| t[me] == Slot::Choice(x)) {
            match self.first_full(f, tuple) {
                None => return Reason::FamilyOrder,
                Some(full) => {
                    best.get_or_insert(full);
                }
            }
        }
        match best {
            None => {
                let kind = WishKind::NoCombination;
                Reason::SiblingWish {
                    sibling,
                    class: None,
                    kind,
                }
            }
            Some((s, y, 1, _)) if s != c => {
                let class = Some(market.choices[y as usize].class);
                Reason::SiblingWish {
                    sibling: s,
                    class,
                    kind: WishKind::SiblingFull,
                }
            }
            Some((_, y, size, why)) if market.group_of_choice(y) == market.group_of_choice(x) => {
                self.full(y, size, why)
            }
            Some(_) => Reason::SiblingWish {
                sibling,
                class: None,
                kind: WishKind::Combination,
            },
        }
    }

    /// The witness: one group without room for what a tuple sends there, as the child with the
    /// lowest priority, its choice, the number of children sent, and why. `None` = available.
    fn first_full(&self, f: FamilyIx, tuple: &[Slot]) -> Option<(ChildIx, ChoiceIx, u16, NoRoom)> {
        let market = self.market;
        let start = market.families[f as usize].children.start;
        let group_of = |i: usize| {
            market
                .class_of(start + i as u32, tuple[i])
                .map(|k| market.classes[k as usize].group)
        };
        for i in 0..tuple.len() {
            let Some(group) = group_of(i) else { continue };
            if (0..i).any(|j| group_of(j) == Some(group)) {
                continue;
            }
            let (mut size, mut weight) = (0u16, 0u64);
            let mut lowest: Option<(u32, ChildIx, ChoiceIx)> = None;
            for j in (i..tuple.len()).filter(|&j| group_of(j) == Some(group)) {
                let child = start + j as u32;
                size += 1;
                if let Some(k) = market.class_of(child, tuple[j]) {
                    weight += market.weight(child, k);
                }
                if let Slot::Choice(y) = tuple[j] {
                    let priority = market.choices[y as usize].priority;
                    if lowest.is_none_or(|(p, ..)| priority > p) {
                        lowest = Some((priority, child, y));
                    }
                }
            }
            // Only children who stay: their seats are theirs.
            let Some((priority, child, y)) = lowest else {
                continue;
            };
            if let Err(why) = self.room(f, group, priority, weight) {
                return Some((child, y, size, why));
            }
        }
        None
    }
}

/// Search for an acceptable and available tuple that gives child `c` choice `x`.
struct Search<'a, 'b> {
    ctx: &'a Context<'b>,
    f: FamilyIx,
    c: ChildIx,
    x: ChoiceIx,
    first_choice: ChoiceIx,
    tries: u32,
}

impl Search<'_, '_> {
    fn available(&mut self, i: usize, tuple: &mut [Slot]) -> bool {
        let market = self.ctx.market;
        if self.tries >= COMBINATIONS_MAX {
            return false;
        }
        if i == tuple.len() {
            self.tries += 1;
            return accepts(market, self.f, tuple) && self.ctx.first_full(self.f, tuple).is_none();
        }
        let family = &market.families[self.f as usize];
        let child = family.children.start + i as u32;
        if child == self.c {
            return self.available(i + 1, tuple);
        }
        let Wish::Fields(fields) = &family.wish else {
            return false;
        };
        let must = fields.timing == Timing::Together || leader(fields, tuple.len()) == Some(i);
        // As now first: where siblings need not be placed together it settles the question.
        tuple[i] = Slot::AsNow;
        if !must && self.available(i + 1, tuple) {
            return true;
        }
        let nursery_of =
            |y: ChoiceIx| market.classes[market.choices[y as usize].class as usize].nursery;
        for y in market.children[child as usize].choices.clone() {
            let same = fields.place != Place::SameOnly || nursery_of(y) == nursery_of(self.x);
            if same && self.ctx.fits[(y - self.first_choice) as usize] {
                tuple[i] = Slot::Choice(y);
                if self.available(i + 1, tuple) {
                    return true;
                }
            }
        }
        tuple[i] = Slot::AsNow;
        false
    }
}
