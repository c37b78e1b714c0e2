//! Compiles a round's tables and rules into a market.
//!
//! Everything is sorted by id, so that the order of rows changes nothing (except where
//! [`Ties::RowOrder`] asks for it), and every comparison of children becomes one number:
//! [`Choice::priority`], a dense rank over (strata, points, tie-break) of the whole market.

use crate::compiled::{CompiledRound, KeyComponent, KeyKind, KeyTable, Refusal, Ties};
use enmusubi_domain::{
    Rational, Round,
    rational::lcm,
    round::{self, SiblingWish, WishForm},
    rules::{Condition, Sorting},
};
use enmusubi_market::{
    Child, Choice, ChoiceIx, Class, ClassIx, Family, First, Group, Market, Nursery, Place, Slot,
    TieReading, Timing, Wish, WishFields,
};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// Most tuples one household's combination rows may come to once pools are expanded.
const LISTED_TUPLES_MAX: usize = 100_000;

/// Why a round cannot become a market. The reader of files reports everything a user can mend;
/// what is left here is size, and rounds put together by a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// Weights or capacity of a group do not fit 64 bits once brought to a common denominator.
    #[error("定員グループ「{group}」の重みと定員を共通の分母にそろえると大きすぎます")]
    GroupTooLarge {
        /// Name of the group.
        group: Box<str>,
    },
    /// A group counts a class twice, or two groups count one class.
    #[error("定員グループ「{group}」のクラスは、すでに別のグループに入っているか、ありません")]
    GroupMember {
        /// Name of the group.
        group: Box<str>,
    },
    /// More strata, passes, children or choices than can be numbered.
    #[error("{what}が多すぎます")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
    },
    /// A pool has more seats than its class.
    #[error("保育所「{nursery}」の枠「{pool}」の人数が、募集人数より多くなっています")]
    PoolTooLarge {
        /// Nursery id.
        nursery: Box<str>,
        /// Pool id.
        pool: Box<str>,
    },
    /// Two or more children without a sibling wish.
    #[error("世帯「{household}」のきょうだい条件がありません")]
    NoWish {
        /// Household id.
        household: Box<str>,
    },
    /// A value no rule understands.
    #[error("申請者「{child}」の「{column}」の値をルールで判断できません")]
    Undecided {
        /// Child id.
        child: Box<str>,
        /// Header of the column.
        column: Box<str>,
    },
}

/// Compiles a round: market, keys, refusals. Time and memory are linear in choices, but for one
/// sort of the distinct priority keys.
///
/// # Errors
/// All of [`CompileError`] that were found; at least one.
pub fn compile(round: &Round, ties: &Ties) -> Result<CompiledRound, Vec<CompileError>> {
    let mut errors = Vec::new();
    let order = Order::of(round, ties);
    let frame = Frame::build(round, &order, &mut errors);
    let verdicts = Verdicts::build(round, &mut errors);
    let key_space = KeySpace::build(round, ties, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }

    let mut people = People::build(round, &order, &frame, &verdicts, &key_space);
    let families = families(round, &order, &verdicts, &key_space, &people, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let keys = key_space.table(&people, round, &order);
    dense_priorities(&mut people);

    let market = Market {
        nurseries: order
            .nurseries
            .iter()
            .map(|&n| {
                let n = &round.nurseries[n as usize];
                Nursery {
                    id: n.id.clone(),
                    name: n.name.clone(),
                }
            })
            .collect(),
        classes: frame.classes,
        groups: frame.groups,
        families,
        children: people.children,
        choices: people.choices,
        ties: if *ties == Ties::Equal {
            TieReading::Equal
        } else {
            TieReading::Strict
        },
    };
    debug_assert_eq!(market.validate(), Ok(()));
    Ok(CompiledRound {
        market,
        rows: order.children,
        key_components: key_space.components,
        keys,
        numbers: people.numbers,
        refusals: people.refusals,
        ties: ties.clone(),
        disclosure_minimum: round.rules.disclosure_minimum,
    })
}

impl CompiledRound {
    /// Whether some child has different priorities at different nurseries. Then the mechanism
    /// `index-order` needs a declared common order.
    #[must_use]
    pub fn priority_depends_on_nursery(&self) -> bool {
        let m = &self.market;
        (0..m.children.len() as u32).any(|c| {
            m.choices_of(c)
                .windows(2)
                .any(|w| w[0].priority != w[1].priority)
        })
    }
}

/// Lottery number of a child: SHA-256 of `seed:id`; smaller comes first. Anyone can check it
/// with `printf '%s' 'SEED:ID' | sha256sum`.
#[must_use]
pub fn lottery_number(seed: &str, child_id: &str) -> [u8; 32] {
    let mut h = Sha256::new();
    h.update(seed.as_bytes());
    h.update(b":");
    h.update(child_id.as_bytes());
    h.finalize().into()
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

/// The order of everything in the market, as positions in the round.
struct Order {
    nurseries: Vec<u32>,
    /// Round position of a nursery → market position.
    nursery_at: Vec<u32>,
    households: Vec<u32>,
    /// Round positions of the children, in market order.
    children: Vec<u32>,
    /// Market range of each household, in the order of `households`.
    members: Vec<Range<u32>>,
}

impl Order {
    fn of(round: &Round, ties: &Ties) -> Self {
        let mut nurseries: Vec<u32> = (0..round.nurseries.len() as u32).collect();
        nurseries.sort_unstable_by(|&a, &b| {
            round.nurseries[a as usize]
                .id
                .cmp(&round.nurseries[b as usize].id)
        });
        let mut nursery_at = vec![0; nurseries.len()];
        for (at, &n) in nurseries.iter().enumerate() {
            nursery_at[n as usize] = at as u32;
        }

        let mut households: Vec<u32> = (0..round.households.len() as u32)
            .filter(|&h| round.households[h as usize].size > 0)
            .collect();
        households.sort_unstable_by(|&a, &b| {
            round.households[a as usize]
                .id
                .cmp(&round.households[b as usize].id)
        });

        // Bucket the children by household, then sort each bucket: far cheaper than one sort
        // over all of them.
        let mut start = vec![0u32; round.households.len() + 1];
        for child in &round.children {
            start[child.household as usize + 1] += 1;
        }
        for i in 1..start.len() {
            start[i] += start[i - 1];
        }
        let mut next = start.clone();
        let mut by_household = vec![0u32; round.children.len()];
        for (c, child) in round.children.iter().enumerate() {
            let slot = &mut next[child.household as usize];
            by_household[*slot as usize] = c as u32;
            *slot += 1;
        }
        let mut children = Vec::with_capacity(round.children.len());
        let mut members = Vec::with_capacity(households.len());
        for &h in &households {
            let bucket =
                &mut by_household[start[h as usize] as usize..start[h as usize + 1] as usize];
            let by_row = *ties == Ties::RowOrder;
            bucket.sort_unstable_by(|&a, &b| {
                let (x, y) = (&round.children[a as usize], &round.children[b as usize]);
                y.age
                    .cmp(&x.age)
                    .then_with(|| if by_row { a.cmp(&b) } else { x.id.cmp(&y.id) })
            });
            let first = children.len() as u32;
            children.extend_from_slice(bucket);
            members.push(first..children.len() as u32);
        }
        Self {
            nurseries,
            nursery_at,
            households,
            children,
            members,
        }
    }
}

/// Classes and groups, and where a nursery's classes are.
struct Frame {
    classes: Vec<Class>,
    groups: Vec<Group>,
    /// Per market nursery × age: its classes in the order a choice expands into.
    expansion: Vec<Vec<Cell>>,
}

/// One class in the expansion of a nursery.
#[derive(Clone, Copy)]
struct Cell {
    class: ClassIx,
    /// Position in the rules' pools; `None` for the ordinary seats.
    pool: Option<u32>,
}

impl Frame {
    fn build(round: &Round, order: &Order, errors: &mut Vec<CompileError>) -> Self {
        let rules = &round.rules;
        let mut pools_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for (p, pool) in rules.pools.iter().enumerate() {
            pools_of.entry(pool.nursery).or_default().push(p as u32);
        }
        let no_refill: HashSet<(u32, u8)> = rules.no_refill.iter().copied().collect();

        let mut classes = Vec::new();
        let mut seats = Vec::new();
        let mut expansion = Vec::with_capacity(order.nurseries.len() * 6);
        for (at, &n) in order.nurseries.iter().enumerate() {
            let nursery = &round.nurseries[n as usize];
            let pools = pools_of.get(&n).map_or(&[][..], Vec::as_slice);
            for age in 0..6u8 {
                let a = usize::from(age);
                let mut ordinary = nursery.seats[a].unwrap_or(0);
                let mut cells = Vec::with_capacity(1);
                let mut add = |pool: Option<u32>, count: u32, cells: &mut Vec<Cell>| {
                    cells.push(Cell {
                        class: classes.len() as u32,
                        pool,
                    });
                    seats.push(count);
                    classes.push(Class {
                        nursery: at as u32,
                        age,
                        pool: pool.map(|p| rules.pools[p as usize].id.clone()),
                        group: u32::MAX,
                        weight: 1,
                        refill: !no_refill.contains(&(n, age)),
                    });
                };
                for &p in pools {
                    let pool = &rules.pools[p as usize];
                    if let (true, Some(count)) = (pool.within, pool.seats[a]) {
                        match ordinary.checked_sub(count) {
                            Some(rest) => ordinary = rest,
                            None => errors.push(CompileError::PoolTooLarge {
                                nursery: nursery.id.clone(),
                                pool: pool.id.clone(),
                            }),
                        }
                    }
                }
                for after in [false, true] {
                    for &p in pools {
                        let pool = &rules.pools[p as usize];
                        if let (true, Some(count)) = (pool.after_ordinary == after, pool.seats[a]) {
                            add(Some(p), count, &mut cells);
                        }
                    }
                    if !after {
                        add(None, ordinary, &mut cells);
                    }
                }
                expansion.push(cells);
            }
        }

        let mut frame = Self {
            classes,
            groups: Vec::new(),
            expansion,
        };
        frame.declared_groups(round, order, &seats, errors);
        for (class, &count) in frame.classes.iter_mut().zip(&seats) {
            if class.group == u32::MAX {
                class.group = frame.groups.len() as u32;
                frame.groups.push(Group {
                    seats: u64::from(count),
                    unit: 1,
                });
            }
        }
        frame.number_groups();
        frame
    }

    /// Groups the rules declare: weights and capacity to one common denominator each.
    fn declared_groups(
        &mut self,
        round: &Round,
        order: &Order,
        seats: &[u32],
        errors: &mut Vec<CompileError>,
    ) {
        for rule in &round.rules.groups {
            let at = order.nursery_at[rule.nursery as usize];
            let group = self.groups.len() as u32;
            let mut members = Vec::with_capacity(rule.members.len());
            for &(age, pool, weight) in &rule.members {
                let cell = self.cells(at, age).iter().find(|c| c.pool == pool).copied();
                match cell {
                    Some(c) if self.classes[c.class as usize].group == u32::MAX => {
                        self.classes[c.class as usize].group = group;
                        members.push((c.class, weight));
                    }
                    _ => errors.push(CompileError::GroupMember {
                        group: rule.label.clone(),
                    }),
                }
            }
            match weigh(&members, rule.capacity, seats) {
                Some((unit, weights, capacity)) => {
                    for (&(class, _), weight) in members.iter().zip(weights) {
                        self.classes[class as usize].weight = weight;
                    }
                    self.groups.push(Group {
                        seats: capacity,
                        unit,
                    });
                }
                None => {
                    errors.push(CompileError::GroupTooLarge {
                        group: rule.label.clone(),
                    });
                    self.groups.push(Group { seats: 0, unit: 1 });
                }
            }
        }
    }

    /// Numbers the groups by their first class, so that neither the order of the rule file nor
    /// whether a group is declared shows in the market.
    fn number_groups(&mut self) {
        let mut new = vec![u32::MAX; self.groups.len()];
        let mut sorted = Vec::with_capacity(self.groups.len());
        for class in &mut self.classes {
            let number = &mut new[class.group as usize];
            if *number == u32::MAX {
                *number = sorted.len() as u32;
                sorted.push(self.groups[class.group as usize].clone());
            }
            class.group = *number;
        }
        self.groups = sorted;
    }

    fn cells(&self, nursery: u32, age: u8) -> &[Cell] {
        &self.expansion[nursery as usize * 6 + usize::from(age)]
    }

    /// The ordinary seats: where a transfer applicant of this nursery sits now.
    fn ordinary(&self, nursery: u32, age: u8) -> Option<ClassIx> {
        self.cells(nursery, age)
            .iter()
            .find(|c| c.pool.is_none())
            .map(|c| c.class)
    }
}

/// Unit, weights in units, capacity in units of one group; `None` where they do not fit.
fn weigh(
    members: &[(ClassIx, Rational)],
    capacity: Option<Rational>,
    seats: &[u32],
) -> Option<(u64, Vec<u64>, u64)> {
    let mut unit = capacity.map_or(1, Rational::denominator);
    for (_, weight) in members {
        unit = lcm(unit, weight.denominator())?;
    }
    let weights: Vec<u64> = members
        .iter()
        .map(|(_, w)| w.in_units(unit))
        .collect::<Option<_>>()?;
    let capacity = match capacity {
        Some(c) => c.in_units(unit)?,
        None => members
            .iter()
            .zip(&weights)
            .try_fold(0u64, |sum, (&(class, _), &w)| {
                sum.checked_add(w.checked_mul(u64::from(seats[class as usize]))?)
            })?,
    };
    // The engine adds the weights of thousands of children: leave it room.
    let room = |v: u64| v <= u64::from(u32::MAX);
    (room(unit) && room(capacity) && weights.iter().all(|&w| room(w)))
        .then_some((unit, weights, capacity))
}

/// What the conditions of the rules say, decided once per distinct value of a column.
struct Verdicts {
    /// Per pool: which children (round positions) are its target group.
    target: Vec<Vec<bool>>,
    /// Per eligibility rule: which children meet it.
    eligible: Vec<Vec<bool>>,
    /// Per child: its pass.
    pass: Option<Vec<u32>>,
}

impl Verdicts {
    fn build(round: &Round, errors: &mut Vec<CompileError>) -> Self {
        let rules = &round.rules;
        let mut all = |conditions: &[Condition]| meets(round, conditions, errors);
        let target = rules.pools.iter().map(|p| all(&p.target)).collect();
        let eligible = rules.eligibility.iter().map(|r| all(&r.require)).collect();
        let pass = rules.passes.as_ref().map(|p| {
            if p.order.labels.len() > 255 {
                errors.push(CompileError::TooMany {
                    what: "先行選考の段階",
                });
            }
            bins(round, &p.order, errors)
        });
        Self {
            target,
            eligible,
            pass,
        }
    }
}

fn meets(round: &Round, conditions: &[Condition], errors: &mut Vec<CompileError>) -> Vec<bool> {
    let mut result = vec![true; round.children.len()];
    for condition in conditions {
        let column = &round.facts[condition.fact as usize];
        let verdicts: Vec<Option<bool>> = column
            .texts
            .iter()
            .map(|t| condition.holds_for(t))
            .collect();
        for (c, ok) in result.iter_mut().enumerate() {
            match verdicts[column.of_child[c] as usize] {
                Some(holds) => *ok &= holds,
                None => errors.push(CompileError::Undecided {
                    child: round.children[c].id.clone(),
                    column: column.header.clone(),
                }),
            }
        }
    }
    result
}

fn bins(round: &Round, sorting: &Sorting, errors: &mut Vec<CompileError>) -> Vec<u32> {
    let column = &round.facts[sorting.fact as usize];
    let of_text: Vec<Option<u32>> = column.texts.iter().map(|t| sorting.bin_of(t)).collect();
    (0..round.children.len())
        .map(|c| {
            of_text[column.of_child[c] as usize].unwrap_or_else(|| {
                errors.push(CompileError::Undecided {
                    child: round.children[c].id.clone(),
                    column: column.header.clone(),
                });
                0
            })
        })
        .collect()
}

/// The priority key of a child at a class; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// Soft pool first, then the declared strata, as one mixed-radix number.
    stratum: u32,
    /// Dense rank of the points, most points 0.
    points: u32,
    /// Lottery place or row; 0 where ties stay.
    tie: u32,
}

/// Everything keys are made of.
struct KeySpace {
    components: Vec<KeyComponent>,
    has_soft_pool: bool,
    /// Per declared stratum: bin of each child.
    strata: Vec<Vec<u32>>,
    /// Labels of the bins of each declared stratum.
    labels: Vec<Vec<Box<str>>>,
    /// Per child: its bins as one number.
    stratum_of: Vec<u32>,
    /// Number of distinct such numbers; a child outside a soft pool's target group gets this
    /// much more there.
    stratum_count: u32,
    /// Per entry of `Round::scores`: dense rank, most points 0.
    points_rank: Vec<u32>,
    /// Per child: place among all children in the tie-break, or 0.
    tie_place: Vec<u32>,
    /// Per child: what people see of the tie-break; empty where there is none.
    tie_text: Vec<Box<str>>,
}

impl KeySpace {
    fn build(round: &Round, ties: &Ties, errors: &mut Vec<CompileError>) -> Self {
        let rules = &round.rules;
        let n = round.children.len();
        let has_soft_pool = rules.pools.iter().any(|p| !p.hard);
        let component = |label: &str, kind| KeyComponent {
            label: label.to_owned(),
            kind,
        };
        let mut components = Vec::new();
        if has_soft_pool {
            components.push(component("枠の対象", KeyKind::Stratum));
        }
        let mut strata = Vec::new();
        let mut labels = Vec::new();
        let mut stratum_of = vec![0u32; n];
        let mut stratum_count = 1u32;
        for rule in &rules.strata {
            components.push(component(&rule.label, KeyKind::Stratum));
            let of_child = bins(round, &rule.order, errors);
            let width = rule.order.labels.len().max(1) as u32;
            match stratum_count
                .checked_mul(width)
                .filter(|&c| c <= u32::MAX / 2)
            {
                Some(count) => stratum_count = count,
                None => errors.push(CompileError::TooMany {
                    what: "優先区分の組み合わせ",
                }),
            }
            for (s, &bin) in stratum_of.iter_mut().zip(&of_child) {
                *s = s.wrapping_mul(width).wrapping_add(bin);
            }
            strata.push(of_child);
            labels.push(rule.order.labels.clone());
        }
        components.push(component("指数", KeyKind::Points));

        let (tie_place, tie_text) = match ties {
            Ties::Stop | Ties::Equal => (vec![0; n], Vec::new()),
            Ties::RowOrder => {
                components.push(component("受付順（ファイルの行）", KeyKind::Row));
                let text = round
                    .children
                    .iter()
                    .map(|c| c.row.to_string().into())
                    .collect();
                ((0..n as u32).collect(), text)
            }
            Ties::Lottery(seed) => {
                components.push(component("抽選", KeyKind::Lottery));
                lottery(round, seed)
            }
        };
        Self {
            components,
            has_soft_pool,
            strata,
            labels,
            stratum_of,
            stratum_count,
            points_rank: points_rank(round),
            tie_place,
            tie_text,
        }
    }

    fn key(&self, child: u32, score: u32, outside_target: bool) -> Key {
        let c = child as usize;
        Key {
            stratum: self.stratum_of[c]
                + if outside_target {
                    self.stratum_count
                } else {
                    0
                },
            points: self.points_rank[score as usize],
            tie: self.tie_place[c],
        }
    }

    /// The components of every choice's key, as people see them.
    fn table(&self, people: &People, round: &Round, order: &Order) -> KeyTable {
        let components = self.components.len();
        let mut values: Vec<Box<str>> = Vec::new();
        let mut add = |text: Box<str>| {
            values.push(text);
            values.len() as u32 - 1
        };
        let (target, others) = if self.has_soft_pool {
            (add("対象".into()), add("対象外".into()))
        } else {
            (0, 0)
        };
        let bins: Vec<Vec<u32>> = self
            .labels
            .iter()
            .map(|labels| labels.iter().map(|l| add(l.clone())).collect())
            .collect();
        let scores: Vec<u32> = round
            .scores
            .iter()
            .map(|s| add(s.to_string().into()))
            .collect();
        let first_tie = values.len() as u32;
        values.extend(self.tie_text.iter().cloned());

        let mut index = Vec::with_capacity(people.choices.len() * components);
        for (at, child) in people.children.iter().enumerate() {
            let c = order.children[at];
            for x in child.choices.clone() {
                let x = x as usize;
                if self.has_soft_pool {
                    let outside = people.keys[x].stratum >= self.stratum_count;
                    index.push(if outside { others } else { target });
                }
                for (of_child, bins) in self.strata.iter().zip(&bins) {
                    index.push(bins[of_child[c as usize] as usize]);
                }
                index.push(scores[people.scores[x] as usize]);
                if !self.tie_text.is_empty() {
                    index.push(first_tie + c);
                }
            }
        }
        KeyTable {
            values,
            index,
            components: components as u32,
        }
    }
}

/// Dense rank of every entry of `Round::scores`, most points 0.
fn points_rank(round: &Round) -> Vec<u32> {
    let mut by_points: Vec<u32> = (0..round.scores.len() as u32).collect();
    by_points.sort_unstable_by(|&a, &b| round.scores[b as usize].cmp(&round.scores[a as usize]));
    let mut rank = vec![0u32; by_points.len()];
    let mut last = 0;
    for (i, &s) in by_points.iter().enumerate() {
        if i > 0 && round.scores[by_points[i - 1] as usize] != round.scores[s as usize] {
            last += 1;
        }
        rank[s as usize] = last;
    }
    rank
}

/// Place of every child in the lottery, and its number as people see it.
fn lottery(round: &Round, seed: &str) -> (Vec<u32>, Vec<Box<str>>) {
    let numbers: Vec<[u8; 32]> = round
        .children
        .iter()
        .map(|c| lottery_number(seed, &c.id))
        .collect();
    let mut by_number: Vec<u32> = (0..numbers.len() as u32).collect();
    by_number.sort_unstable_by(|&a, &b| {
        let by_id = || {
            round.children[a as usize]
                .id
                .cmp(&round.children[b as usize].id)
        };
        numbers[a as usize]
            .cmp(&numbers[b as usize])
            .then_with(by_id)
    });
    let mut place = vec![0; by_number.len()];
    for (at, &c) in by_number.iter().enumerate() {
        place[c as usize] = at as u32;
    }
    (place, numbers.iter().map(|n| hex(n).into()).collect())
}

/// Children and choices of the market, with what the rest of the compilation needs of them.
struct People {
    children: Vec<Child>,
    choices: Vec<Choice>,
    /// Per choice.
    keys: Vec<Key>,
    /// Per choice: position in `Round::scores`.
    scores: Vec<u32>,
    /// Per choice: N of its column.
    numbers: Vec<u32>,
    /// Per choice: round position of its nursery.
    nursery_of_choice: Vec<u32>,
    refusals: Vec<Refusal>,
    /// Round position of a child → market position.
    child_at: Vec<u32>,
}

impl People {
    fn build(
        round: &Round,
        order: &Order,
        frame: &Frame,
        verdicts: &Verdicts,
        space: &KeySpace,
    ) -> Self {
        let extra = only_in_combinations(round);
        let n = round.choices.len();
        let mut p = Self {
            children: Vec::with_capacity(round.children.len()),
            choices: Vec::with_capacity(n),
            keys: Vec::with_capacity(n),
            scores: Vec::with_capacity(n),
            numbers: Vec::with_capacity(n),
            nursery_of_choice: Vec::with_capacity(n),
            refusals: Vec::new(),
            child_at: vec![0; round.children.len()],
        };
        for (family, members) in order.members.iter().enumerate() {
            for at in members.clone() {
                let c = order.children[at as usize];
                p.child_at[c as usize] = at;
                let child = &round.children[c as usize];
                let first = p.choices.len() as ChoiceIx;
                let mut rank = 0;
                let more = extra.get(&c).map_or(&[][..], Vec::as_slice);
                for choice in round.choices_of(child).iter().chain(more) {
                    p.add(
                        round,
                        order,
                        frame,
                        verdicts,
                        space,
                        (c, at),
                        choice,
                        &mut rank,
                    );
                }
                p.children.push(Child {
                    id: child.id.clone(),
                    family: family as u32,
                    age: child.age,
                    current: child
                        .current
                        .and_then(|n| frame.ordinary(order.nursery_at[n as usize], child.age)),
                    choices: first..p.choices.len() as ChoiceIx,
                });
            }
        }
        p
    }

    /// Expands one choice into the pools of its nursery, leaving out what a rule refuses.
    #[expect(
        clippy::too_many_arguments,
        reason = "one loop body, split off to be readable"
    )]
    fn add(
        &mut self,
        round: &Round,
        order: &Order,
        frame: &Frame,
        verdicts: &Verdicts,
        space: &KeySpace,
        (c, at): (u32, u32),
        choice: &round::Choice,
        rank: &mut u32,
    ) {
        let rules = &round.rules;
        let age = round.children[c as usize].age;
        let refusal = |pool: Option<u32>, rule: &str, parent_text: &Option<Box<str>>| Refusal {
            child: at,
            nursery: round.nurseries[choice.nursery as usize].id.clone(),
            rank: choice.number,
            pool: pool.map(|p| rules.pools[p as usize].id.clone()),
            rule: rule.into(),
            parent_text: parent_text.clone(),
        };
        let failed = |pool: Option<u32>| {
            rules
                .eligibility
                .iter()
                .zip(&verdicts.eligible)
                .find(|(rule, eligible)| {
                    rule.pool == pool
                        && rule.ages & (1 << age) != 0
                        && (rule.nurseries.is_empty() || rule.nurseries.contains(&choice.nursery))
                        && !eligible[c as usize]
                })
        };
        if let Some((rule, _)) = failed(None) {
            self.refusals
                .push(refusal(None, &rule.label, &rule.parent_text));
            return;
        }
        let before = self.choices.len();
        for cell in frame.cells(order.nursery_at[choice.nursery as usize], age) {
            let mut outside = false;
            if let Some(p) = cell.pool {
                let pool = &rules.pools[p as usize];
                outside = !verdicts.target[p as usize][c as usize];
                if outside && pool.hard {
                    self.refusals
                        .push(refusal(cell.pool, &pool.label, &pool.parent_text));
                    continue;
                }
                if let Some((rule, _)) = failed(cell.pool) {
                    self.refusals
                        .push(refusal(cell.pool, &rule.label, &rule.parent_text));
                    continue;
                }
            }
            if self.choices.len() == before {
                *rank += 1;
            }
            self.choices.push(Choice {
                class: cell.class,
                rank: *rank,
                priority: 0,
            });
            self.keys.push(space.key(c, choice.score, outside));
            self.scores.push(choice.score);
            self.numbers.push(choice.number);
            self.nursery_of_choice.push(choice.nursery);
        }
    }
}

/// Nurseries a combination row gives to a child that did not list them: they count as choices
/// after its own, with the points of `点数1`.
fn only_in_combinations(round: &Round) -> HashMap<u32, Vec<round::Choice>> {
    let mut extra: HashMap<u32, Vec<round::Choice>> = HashMap::new();
    for row in &round.combinations {
        for &(c, nursery) in &row.slots {
            let child = &round.children[c as usize];
            let (Some(nursery), Some(score)) = (nursery, child.score) else {
                continue;
            };
            let known = |list: &[round::Choice]| list.iter().any(|x| x.nursery == nursery);
            if child.current == Some(nursery) || known(round.choices_of(child)) {
                continue;
            }
            let list = extra.entry(c).or_default();
            if !known(list) {
                list.push(round::Choice {
                    nursery,
                    score,
                    number: 0,
                });
            }
        }
    }
    // By id, not by the order of the rows.
    for list in extra.values_mut() {
        list.sort_unstable_by(|a, b| {
            let id = |x: &round::Choice| &round.nurseries[x.nursery as usize].id;
            id(a).cmp(id(b))
        });
    }
    extra
}

fn families(
    round: &Round,
    order: &Order,
    verdicts: &Verdicts,
    space: &KeySpace,
    people: &People,
    errors: &mut Vec<CompileError>,
) -> Vec<Family> {
    let rows = rows_by_household(round);
    let common = common_order(round, order, space);
    let mut families = Vec::with_capacity(order.households.len());
    for (f, (&h, members)) in order.households.iter().zip(&order.members).enumerate() {
        let household = &round.households[h as usize];
        let rows = rows.get(&h).map_or(&[][..], Vec::as_slice);
        let wish = if members.len() == 1 {
            // Ignored for an only child.
            Wish::Fields(WishFields {
                timing: Timing::NeedNot,
                place: Place::ChoiceOrder,
                first: First::Either,
                all_transfers_or_none: false,
            })
        } else if !rows.is_empty() {
            match listed(round, rows, members, people) {
                Some(list) => Wish::Listed(list),
                None => {
                    errors.push(CompileError::TooMany {
                        what: "組み合わせ"
                    });
                    continue;
                }
            }
        } else if let Some(fields) = household.wish.and_then(fields_of) {
            Wish::Fields(fields)
        } else {
            errors.push(CompileError::NoWish {
                household: household.id.clone(),
            });
            continue;
        };
        let pass = verdicts.pass.as_ref().map_or(0, |pass| {
            let of_children = members
                .clone()
                .map(|at| pass[order.children[at as usize] as usize]);
            let siblings_in_first = round
                .rules
                .passes
                .as_ref()
                .is_some_and(|p| p.siblings_in_first);
            let pass = if siblings_in_first {
                of_children.min()
            } else {
                of_children.max()
            };
            u8::try_from(pass.unwrap_or(0)).unwrap_or(u8::MAX)
        });
        families.push(Family {
            id: household.id.clone(),
            children: members.clone(),
            wish,
            pass,
            common_order: common[f],
        });
    }
    families
}

fn fields_of(wish: SiblingWish) -> Option<WishFields> {
    let mut fields = match wish.form {
        WishForm::Code(code) => WishFields::from_code(code)?,
        WishForm::Fields {
            timing,
            place,
            first,
        } => WishFields {
            timing: match timing {
                round::Timing::Together => Timing::Together,
                round::Timing::NeedNot => Timing::NeedNot,
            },
            place: match place {
                round::Place::SameOnly => Place::SameOnly,
                round::Place::PreferSame => Place::PreferSame,
                round::Place::ChoiceOrder => Place::ChoiceOrder,
            },
            first: match first {
                round::First::Older => First::Older,
                round::First::Younger => First::Younger,
                round::First::Either => First::Either,
            },
            all_transfers_or_none: false,
        },
    };
    fields.all_transfers_or_none = wish.all_transfers_or_none;
    Some(fields)
}

fn rows_by_household(round: &Round) -> HashMap<u32, Vec<&round::Combination>> {
    let mut rows: HashMap<u32, Vec<&round::Combination>> = HashMap::new();
    for row in &round.combinations {
        rows.entry(row.household).or_default().push(row);
    }
    for list in rows.values_mut() {
        list.sort_by_key(|r| r.rank);
    }
    rows
}

/// A household's combination rows as tuples: pools expanded, refused choices and repetitions
/// left out, cut at the first row that leaves everybody as now. `None` where that is too long.
fn listed(
    round: &Round,
    rows: &[&round::Combination],
    members: &Range<u32>,
    people: &People,
) -> Option<Vec<Box<[Slot]>>> {
    let mut list: Vec<Box<[Slot]>> = Vec::with_capacity(rows.len());
    let mut seen: HashSet<Box<[Slot]>> = HashSet::new();
    for row in rows {
        // Per sibling: the slots this row allows, best first.
        let mut options: Vec<Vec<Slot>> = vec![vec![Slot::AsNow]; members.len()];
        let mut as_now = true;
        for &(c, nursery) in &row.slots {
            let child = &round.children[c as usize];
            let Some(nursery) = nursery.filter(|&n| Some(n) != child.current) else {
                continue;
            };
            let at = people.child_at[c as usize];
            let Some(option) = at
                .checked_sub(members.start)
                .and_then(|i| options.get_mut(i as usize))
            else {
                continue;
            };
            as_now = false;
            *option = choices_at(people, at, nursery);
        }
        if as_now {
            break;
        }
        let count = options
            .iter()
            .try_fold(1usize, |n, o| n.checked_mul(o.len()))?;
        if count.saturating_add(list.len()) > LISTED_TUPLES_MAX {
            return None;
        }
        for mut k in 0..count {
            // Mixed radix, the first child outermost.
            let mut tuple = vec![Slot::AsNow; options.len()].into_boxed_slice();
            for (slot, option) in tuple.iter_mut().zip(&options).rev() {
                *slot = option[k % option.len()];
                k /= option.len();
            }
            if seen.insert(tuple.clone()) {
                list.push(tuple);
            }
        }
    }
    Some(list)
}

/// The choices of a child that lie at one nursery; none where a rule refused them all.
fn choices_at(people: &People, at: u32, nursery: u32) -> Vec<Slot> {
    let child = &people.children[at as usize];
    child
        .choices
        .clone()
        .filter(|&x| people.nursery_of_choice[x as usize] == nursery)
        .map(Slot::Choice)
        .collect()
}

/// Common order of the families, in market order: by the declared column, else by the lowest
/// child's key at its ordinary seats. Equal families get equal numbers.
fn common_order(round: &Round, order: &Order, space: &KeySpace) -> Vec<u32> {
    let of_child: Vec<Key> = match &round.rules.common_order {
        Some(declared) => {
            let column = &round.facts[declared.fact as usize];
            let mut numbers: Vec<(Option<enmusubi_domain::Score>, u32)> = column
                .texts
                .iter()
                .enumerate()
                .map(|(i, t)| (enmusubi_domain::Score::parse(t), i as u32))
                .collect();
            numbers.sort();
            if declared.larger_first {
                numbers.reverse();
            }
            let mut rank = vec![0u32; numbers.len()];
            let mut last = 0;
            for i in 0..numbers.len() {
                if i > 0 && numbers[i].0 != numbers[i - 1].0 {
                    last += 1;
                }
                rank[numbers[i].1 as usize] = last;
            }
            column
                .of_child
                .iter()
                .zip(&space.tie_place)
                .map(|(&t, &tie)| Key {
                    stratum: 0,
                    points: rank[t as usize],
                    // Equals in a declared order are equals like any others.
                    tie,
                })
                .collect()
        }
        None => round
            .children
            .iter()
            .enumerate()
            .map(|(c, child)| {
                let first = round.choices_of(child).first().map(|x| x.score);
                match child.score.or(first) {
                    Some(score) => space.key(c as u32, score, false),
                    None => Key {
                        stratum: u32::MAX,
                        points: u32::MAX,
                        tie: u32::MAX,
                    },
                }
            })
            .collect(),
    };
    let lowest: Vec<Key> = order
        .members
        .iter()
        .map(|members| {
            let keys = order.children[members.start as usize..members.end as usize]
                .iter()
                .map(|&c| of_child[c as usize]);
            keys.max().unwrap_or(Key {
                stratum: 0,
                points: 0,
                tie: 0,
            })
        })
        .collect();
    let mut distinct = lowest.clone();
    distinct.sort_unstable();
    distinct.dedup();
    lowest
        .iter()
        .map(|k| distinct.partition_point(|d| d < k) as u32 + 1)
        .collect()
}

/// Turns the keys into one number each, 1 the best of the whole market, equal for equal keys.
fn dense_priorities(people: &mut People) {
    // Most children have one key at all their choices: keep runs out of the sort.
    let mut distinct = people.keys.clone();
    distinct.dedup();
    distinct.sort_unstable();
    distinct.dedup();
    let mut last = None;
    for (choice, key) in people.choices.iter_mut().zip(&people.keys) {
        choice.priority = match last {
            Some((k, priority)) if k == *key => priority,
            _ => distinct.partition_point(|d| d < key) as u32 + 1,
        };
        last = Some((*key, choice.priority));
    }
}
