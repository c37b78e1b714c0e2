//! Changes of the seats: shared rooms, what a child counts there, classes, pools.

use super::{
    apply::Seats,
    error::Problem,
    set::{Amount, Change, Set, Which},
};
use enmusubi_criteria::suggest;
use enmusubi_domain::{
    Rational,
    facts::{ClassSeats, Entity, RoundFacts, SharedSeats, Value, vocabulary::find},
};
use std::collections::BTreeMap;

/// What has one value only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Class(u32, u8),
    Room(u32, u8),
    Weight(u8),
    Pool(u32, u8, Box<str>),
}

/// Seats while they change.
pub(super) struct Rooms<'a> {
    facts: &'a RoundFacts,
    pools: Vec<&'a str>,
    /// The seats as they are by now.
    pub(super) seats: Seats,
    /// What was changed, by which text.
    touched: BTreeMap<Target, Box<str>>,
}

impl<'a> Rooms<'a> {
    /// As the round has them; `pools`: ids of the criteria's pools.
    pub(super) fn of(facts: &'a RoundFacts, pools: Vec<&'a str>) -> Self {
        Self {
            facts,
            pools,
            seats: Seats::of(facts),
            touched: BTreeMap::new(),
        }
    }

    /// Makes one change; those that make rooms come before those about what is in them.
    pub(super) fn change(&mut self, set: &Set) -> Result<(), Problem> {
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
