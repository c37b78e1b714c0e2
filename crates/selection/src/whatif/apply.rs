//! Applying the changes of a variant: to the criteria as a document, which is checked again, and to
//! the seats of the round.
//!
//! The order in which changes are written means nothing: criteria first, then shared rooms, their
//! weights, seats, pools. Two changes of one thing are an error.

use super::{
    error::{Problem, SetError},
    set::{Amount, Change, Set, Which},
};
use crate::compiled::Ties;
use enmusubi_criteria::{
    Criteria, Document, Severity,
    document::{Field, Place, Record, Scalar},
    from_document, schema, suggest,
};
use enmusubi_domain::{
    Rational,
    facts::{ClassSeats, Entity, RoundFacts, SharedSeats, Value, vocabulary::find},
};
use enmusubi_matching::Mechanism;
use std::collections::{BTreeMap, BTreeSet};

/// What a variant is made of after its changes; `None`: as in the base.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// The criteria, checked.
    pub criteria: Option<Criteria>,
    /// The seats.
    pub seats: Option<Seats>,
    /// How seats are given.
    pub mechanism: Option<Mechanism>,
    /// What happens to equals.
    pub ties: Option<Ties>,
}

/// Classes and shared rooms of a round ([`RoundFacts::classes`], [`RoundFacts::shared`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seats {
    /// Classes.
    pub classes: Vec<ClassSeats>,
    /// Shared rooms.
    pub shared: Vec<SharedSeats>,
}

impl Seats {
    /// Those of a round.
    #[must_use]
    pub fn of(facts: &RoundFacts) -> Self {
        Self {
            classes: facts.classes.clone(),
            shared: facts.shared.clone(),
        }
    }

    /// Which facilities have which pools. A child's being of a pool's target group counts there and
    /// nowhere else, so this is all of the seats that scores may depend on.
    #[must_use]
    pub fn pools(classes: &[ClassSeats]) -> BTreeSet<(u32, Box<str>)> {
        classes
            .iter()
            .filter_map(|c| Some((c.facility, c.pool.clone()?)))
            .collect()
    }
}

/// Applies changes to the criteria (as a document, and as checked) and to the seats of a round.
///
/// # Errors
/// Everything that is wrong, each with the change it is about.
pub fn apply(
    facts: &RoundFacts,
    document: &Document,
    criteria: &Criteria,
    sets: &[Set],
) -> Result<Applied, Vec<SetError>> {
    let mut errors = Vec::new();
    let mut applied = Applied {
        criteria: edited(document, sets, &mut errors),
        ..Applied::default()
    };
    let pools = &applied.criteria.as_ref().unwrap_or(criteria).pools;
    let pools: Vec<&str> = pools.iter().map(|p| &*p.id).collect();
    let mut room = Rooms {
        facts,
        pools,
        seats: Seats::of(facts),
        touched: BTreeMap::new(),
    };
    let order = |set: &&Set| match set.change {
        Change::Share { .. } => 0,
        Change::Ratio(_) => 1,
        Change::Seats { .. } => 2,
        _ => 3,
    };
    let mut of_seats: Vec<&Set> = sets.iter().filter(|s| is_about_seats(&s.change)).collect();
    of_seats.sort_by_key(order);
    for set in &of_seats {
        if let Err(problem) = room.change(set) {
            errors.push(SetError::of(set, problem));
        }
    }
    if !of_seats.is_empty() {
        applied.seats =
            Some(room.seats).filter(|s| s.classes != facts.classes || s.shared != facts.shared);
    }
    let (mut mechanisms, mut ties) = (Vec::new(), Vec::new());
    for set in sets {
        match &set.change {
            Change::Mechanism(m) => {
                applied.mechanism = Some(*m);
                mechanisms.push(set);
            }
            Change::Ties(t) => {
                applied.ties = Some(t.clone());
                ties.push(set);
            }
            _ => {}
        }
    }
    for twice in [mechanisms, ties] {
        if let [first, rest @ ..] = &twice[..] {
            let other = &first.text;
            errors.extend(rest.iter().map(|s| {
                let other = other.clone();
                SetError::of(s, Problem::Twice { other })
            }));
        }
    }
    if errors.is_empty() {
        Ok(applied)
    } else {
        Err(errors)
    }
}

fn is_about_seats(change: &Change) -> bool {
    matches!(
        change,
        Change::Seats { .. } | Change::Share { .. } | Change::Ratio(_) | Change::Pool { .. }
    )
}

/// The criteria with all changes, checked; `None` where none is about criteria or one is wrong.
fn edited(document: &Document, sets: &[Set], errors: &mut Vec<SetError>) -> Option<Criteria> {
    let is_edit = |s: &&Set| matches!(s.change, Change::Row { .. } | Change::Amend { .. });
    let edits: Vec<&Set> = sets.iter().filter(is_edit).collect();
    if edits.is_empty() {
        return None;
    }
    let before = errors.len();
    let mut whole = document.clone();
    for (i, set) in edits.iter().enumerate() {
        let same = |o: &&&Set| match (&o.change, &set.change) {
            (Change::Row { id: a, .. }, Change::Row { id: b, .. })
            | (Change::Amend { id: a, .. }, Change::Amend { id: b, .. }) => a == b,
            _ => false,
        };
        if let Some(other) = edits[..i].iter().find(same) {
            let other = other.text.clone();
            errors.push(SetError::of(set, Problem::Twice { other }));
            continue;
        }
        if let Err(problem) = edit(&mut whole, &set.change) {
            errors.push(SetError::of(set, problem));
        }
    }
    if errors.len() > before {
        return None;
    }
    let (criteria, wrong) = from_document(&whole);
    if criteria.is_some() {
        return criteria;
    }
    // Which of them is it? Each alone, on the file as it is.
    let mut found = false;
    for set in &edits {
        let mut alone = document.clone();
        let _ = edit(&mut alone, &set.change);
        let (criteria, wrong) = from_document(&alone);
        if criteria.is_none() {
            found = true;
            let list = wrong.list.into_iter();
            let list = list.filter(|d| d.severity == Severity::Error).collect();
            errors.push(SetError::of(set, Problem::Criteria { list }));
        }
    }
    if !found {
        let texts: Vec<&str> = edits.iter().map(|s| &*s.text).collect();
        let list = wrong.list.into_iter();
        errors.push(SetError {
            set: texts.join(" ").into(),
            problem: Problem::Criteria {
                list: list.filter(|d| d.severity == Severity::Error).collect(),
            },
        });
    }
    None
}

/// One change of the document. The changed field has no place any more: what is wrong with it is not
/// in the file.
fn edit(document: &mut Document, change: &Change) -> Result<(), Problem> {
    match change {
        Change::Row { id, points } => {
            let row = record(document, "row", id).map_err(|nearest| Problem::NoRow {
                id: id.clone(),
                nearest,
            })?;
            if row.get("discretion").is_some() {
                return Err(Problem::Discretion { id: id.clone() });
            }
            // A number that is tried out is known, whatever the document leaves open.
            row.fields.retain(|f| f.name != "fill");
            put(row, "row", "points", points);
            Ok(())
        }
        Change::Amend { id, operand } => {
            let row = record(document, "change", id).map_err(|nearest| Problem::NoChange {
                id: id.clone(),
                nearest,
            })?;
            let effects = ["set", "add", "multiply", "at_most", "at_least"];
            if let Some(effect) = effects.into_iter().find(|e| row.get(e).is_some()) {
                put(row, "change", effect, operand);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The row of an id, else the id most like it.
fn record<'d>(
    document: &'d mut Document,
    section: &str,
    id: &str,
) -> Result<&'d mut Record, Option<Box<str>>> {
    let rows = document.rows(section);
    let Some(at) = rows.iter().position(|r| r.text("id") == Some(id)) else {
        let ids = rows.iter().filter_map(|r| r.text("id"));
        return Err(suggest::nearest(id, ids).map(Into::into));
    };
    document
        .sections
        .iter_mut()
        .find(|s| s.name == section)
        .and_then(|s| s.rows.get_mut(at))
        .ok_or(None)
}

/// Sets a field, in the place the schema gives it.
fn put(row: &mut Record, section: &str, name: &'static str, text: &str) {
    let value = match text.parse::<i64>() {
        Ok(n) => Scalar::Integer(n),
        Err(_) => Scalar::Text(text.into()),
    };
    let field = Field {
        name,
        value,
        place: Place::None,
    };
    if let Some(old) = row.fields.iter_mut().find(|f| f.name == name) {
        *old = field;
        return;
    }
    let fields = schema::section(section).map_or(&[][..], |s| s.fields);
    let order = |n: &str| fields.iter().position(|f| f.name == n);
    let at = row.fields.partition_point(|f| order(f.name) < order(name));
    row.fields.insert(at, field);
}

/// What has one value only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Class(u32, u8),
    Room(u32, u8),
    Weight(u8),
    Pool(u32, u8, Box<str>),
}

/// Seats while they change.
struct Rooms<'a> {
    facts: &'a RoundFacts,
    pools: Vec<&'a str>,
    seats: Seats,
    /// What was changed, by which text.
    touched: BTreeMap<Target, Box<str>>,
}

impl Rooms<'_> {
    fn change(&mut self, set: &Set) -> Result<(), Problem> {
        match &set.change {
            Change::Share { facility, from, to } => self.share(set, facility, *from, *to),
            Change::Ratio(weights) => self.ratio(set, weights),
            Change::Seats {
                facility,
                age,
                amount,
            } => self.seats(set, facility, *age, *amount),
            Change::Pool {
                facility,
                age,
                pool,
                amount,
            } => self.pool(set, facility, *age, pool, *amount),
            _ => Ok(()),
        }
    }

    fn touch(&mut self, target: Target, set: &Set) -> Result<(), Problem> {
        match self.touched.insert(target, set.text.clone()) {
            Some(other) => Err(Problem::Twice { other }),
            None => Ok(()),
        }
    }

    /// Facilities by id, else by name.
    fn facilities(&self, which: &Which) -> Result<Vec<u32>, Problem> {
        let table = &self.facts.facilities;
        let id = match which {
            Which::All => return Ok((0..table.len() as u32).collect()),
            Which::One(id) => id,
        };
        if let Some(at) = table.find(id) {
            return Ok(vec![at]);
        }
        let name = find(Entity::Facility, "name");
        let name = |f: u32| match name.map(|a| table.get(f, a)) {
            Some(Value::Symbol(s)) => self.facts.symbols.text(s),
            _ => "",
        };
        let all = 0..table.len() as u32;
        let same: Vec<u32> = all.clone().filter(|&f| *name(f) == **id).collect();
        match same.len() {
            1 => Ok(same),
            0 => {
                let ids = table.ids.iter().map(|i| &**i);
                let known = ids.chain(all.map(name).filter(|n| !n.is_empty()));
                Err(Problem::NoFacility {
                    facility: id.clone(),
                    nearest: suggest::nearest(id, known).map(Into::into),
                })
            }
            _ => Err(Problem::SameName {
                name: id.clone(),
                ids: same
                    .iter()
                    .map(|&f| table.ids[f as usize].clone())
                    .collect(),
            }),
        }
    }

    /// Positions of the ordinary classes of a facility.
    fn classes(&self, facility: u32, ages: impl Fn(u8) -> bool) -> Vec<usize> {
        let classes = self.seats.classes.iter().enumerate();
        classes
            .filter(|(_, c)| c.pool.is_none() && c.facility == facility && ages(c.age))
            .map(|(i, _)| i)
            .collect()
    }

    fn id(&self, facility: u32) -> Box<str> {
        self.facts.facilities.ids[facility as usize].clone()
    }

    fn no_class(which: &Which, age: Option<u8>) -> Problem {
        Problem::NoClass {
            facility: match which {
                Which::All => None,
                Which::One(id) => Some(id.clone()),
            },
            age,
        }
    }

    fn seats(
        &mut self,
        set: &Set,
        which: &Which,
        age: Option<u8>,
        amount: Amount,
    ) -> Result<(), Problem> {
        let mut any = false;
        for f in self.facilities(which)? {
            for at in self.classes(f, |a| age.is_none_or(|age| a == age)) {
                any = true;
                let class = &self.seats.classes[at];
                let (class_age, old) = (class.age, class.seats);
                self.touch(Target::Class(f, class_age), set)?;
                let Some(new) = counted(old, amount) else {
                    return Err(Problem::Below {
                        facility: self.id(f),
                        age: class_age,
                        seats: old,
                    });
                };
                let class = &mut self.seats.classes[at];
                class.seats = new;
                let weight = class.weight;
                // A room whose size is declared grows with its classes.
                if let Some(room) = class.shared
                    && let Some(size) = self.seats.shared[room as usize].capacity
                {
                    let size = resized(size, weight, i64::from(new) - i64::from(old));
                    let Some(size) = size else {
                        return Err(Problem::Below {
                            facility: self.id(f),
                            age: class_age,
                            seats: old,
                        });
                    };
                    self.seats.shared[room as usize].capacity = Some(size);
                }
            }
        }
        if any {
            Ok(())
        } else {
            Err(Self::no_class(which, age))
        }
    }

    fn share(&mut self, set: &Set, which: &Which, from: u8, to: u8) -> Result<(), Problem> {
        let mut made = false;
        for f in self.facilities(which)? {
            let classes = self.classes(f, |a| (from..=to).contains(&a));
            let taken = classes
                .iter()
                .any(|&c| self.seats.classes[c].shared.is_some());
            match which {
                // Whoever shares already goes on as now.
                Which::All if taken || classes.len() < 2 => continue,
                Which::One(_) if taken => {
                    return Err(Problem::Shared {
                        facility: self.id(f),
                    });
                }
                Which::One(id) if classes.len() < 2 => {
                    return Err(Problem::TooFew {
                        facility: id.clone(),
                    });
                }
                _ => {}
            }
            let room = self.seats.shared.len() as u32;
            self.seats.shared.push(SharedSeats {
                facility: f,
                label: format!("{from}〜{to}歳児（もしも）").into(),
                capacity: None,
            });
            for c in classes {
                self.touch(Target::Room(f, self.seats.classes[c].age), set)?;
                self.seats.classes[c].shared = Some(room);
                self.seats.classes[c].weight = Rational::ONE;
            }
            made = true;
        }
        if made {
            Ok(())
        } else {
            Err(Problem::NothingToShare)
        }
    }

    fn ratio(&mut self, set: &Set, weights: &[(u8, Rational)]) -> Result<(), Problem> {
        for &(age, weight) in weights {
            self.touch(Target::Weight(age), set)?;
            let mut any = false;
            for class in &mut self.seats.classes {
                if class.age == age && class.shared.is_some() {
                    class.weight = weight;
                    any = true;
                }
            }
            if !any {
                return Err(Problem::NoRoom { age });
            }
        }
        Ok(())
    }

    fn pool(
        &mut self,
        set: &Set,
        which: &Which,
        age: u8,
        pool: &str,
        amount: Amount,
    ) -> Result<(), Problem> {
        if !self.pools.contains(&pool) {
            return Err(Problem::NoPool {
                pool: pool.into(),
                nearest: suggest::nearest(pool, self.pools.iter().copied()).map(Into::into),
            });
        }
        let mut any = false;
        for f in self.facilities(which)? {
            let Some(&ordinary) = self.classes(f, |a| a == age).first() else {
                continue;
            };
            any = true;
            self.touch(Target::Pool(f, age, pool.into()), set)?;
            let of =
                |c: &ClassSeats| (c.facility, c.age, c.pool.as_deref()) == (f, age, Some(pool));
            let at = self.seats.classes.iter().position(of);
            let old = at.map_or(0, |at| self.seats.classes[at].seats);
            let Some(seats) = counted(old, amount) else {
                return Err(Problem::Below {
                    facility: self.id(f),
                    age,
                    seats: old,
                });
            };
            match at {
                Some(at) => self.seats.classes[at].seats = seats,
                None => {
                    let ordinary = &self.seats.classes[ordinary];
                    let class = ClassSeats {
                        facility: f,
                        age,
                        pool: Some(pool.into()),
                        seats,
                        shared: None,
                        weight: Rational::ONE,
                        refill: ordinary.refill,
                        row: 0,
                    };
                    self.seats.classes.push(class);
                }
            }
        }
        if any {
            Ok(())
        } else {
            Err(Self::no_class(which, Some(age)))
        }
    }
}

/// Seats after a change; `None` below zero, or where they do not fit.
fn counted(old: u32, amount: Amount) -> Option<u32> {
    match amount {
        Amount::To(n) => Some(n),
        Amount::By(n) => old.checked_add_signed(n),
    }
}

/// A room's size with so many children's weights more; `None` below zero, or where it does not fit.
fn resized(size: Rational, weight: Rational, more: i64) -> Option<Rational> {
    let wide = |r: Rational| (i128::from(r.numerator()), i128::from(r.denominator()));
    let ((n, d), (wn, wd)) = (wide(size), wide(weight));
    let numerator = n
        .checked_mul(wd)?
        .checked_add(wn.checked_mul(i128::from(more))?.checked_mul(d)?)?;
    Rational::new(
        u64::try_from(numerator).ok()?,
        u64::try_from(d.checked_mul(wd)?).ok()?,
    )
}
