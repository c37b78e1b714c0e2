//! Children and choices of the market: pools expanded, refusals left out, one priority number
//! for each choice.

use super::{
    frame::Frame,
    judged::{Judged, JudgedChoice, KeyRows, OPEN, PoolVerdict},
    order::Order,
};
use crate::compiled::{KeyComponent, KeyKind, KeyTable, Refusal};
use enmusubi_market::{Child, Choice, ChoiceIx};

/// Children and choices of the market, with what the rest of the assembly needs of them.
pub(super) struct People {
    pub children: Vec<Child>,
    pub choices: Vec<Choice>,
    /// Per choice: outside a soft pool's target group, and the number of its key.
    keys: Vec<(bool, u32)>,
    /// Per choice: N of its column.
    pub numbers: Vec<u32>,
    /// Per choice: position of its nursery in [`Judged::nurseries`].
    pub nursery_of_choice: Vec<u32>,
    /// Per choice, in a household whose key asks whether its children enter together: whether
    /// this is the choice of the outcomes in which they do not.
    pub apart: Vec<bool>,
    pub refusals: Vec<Refusal>,
    /// Position of a child in [`Judged::children`] → market position.
    pub child_at: Vec<u32>,
}

impl People {
    pub fn build(judged: &Judged<'_>, order: &Order, frame: &Frame) -> Self {
        let n = judged.choices.len();
        let mut p = Self {
            children: Vec::with_capacity(judged.children.len()),
            choices: Vec::with_capacity(n),
            keys: Vec::with_capacity(n),
            numbers: Vec::with_capacity(n),
            nursery_of_choice: Vec::with_capacity(n),
            apart: Vec::new(),
            refusals: Vec::new(),
            child_at: vec![0; judged.children.len()],
        };
        for (family, (&h, members)) in order.households.iter().zip(&order.members).enumerate() {
            let together = judged.households[h as usize].together;
            for at in members.clone() {
                let c = order.children[at as usize];
                p.child_at[c as usize] = at;
                let child = &judged.children[c as usize];
                let first = p.choices.len() as ChoiceIx;
                let mut rank = 0;
                for x in child.choices.clone() {
                    p.add(
                        judged,
                        order,
                        frame,
                        (child.age, at),
                        x,
                        together,
                        &mut rank,
                    );
                }
                p.children.push(Child {
                    id: child.id.into(),
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
        judged: &Judged<'_>,
        order: &Order,
        frame: &Frame,
        (age, at): (u8, u32),
        x: u32,
        together: bool,
        rank: &mut u32,
    ) {
        let choice: JudgedChoice = judged.choices[x as usize];
        let refusal = |pool: Option<u32>, reason: u32| {
            let reason = judged.reasons[reason as usize];
            Refusal {
                child: at,
                nursery: judged.nurseries[choice.nursery as usize].id.into(),
                rank: choice.number,
                pool: pool.map(|p| judged.seats.pools[p as usize].id.into()),
                rule: reason.rule.into(),
                parent_text: reason.parent_text.map(Into::into),
            }
        };
        if choice.refused != OPEN {
            self.refusals.push(refusal(None, choice.refused));
            return;
        }
        let before = self.choices.len();
        for cell in frame.cells(order.nursery_at[choice.nursery as usize], age) {
            let mut outside = false;
            if let Some(p) = cell.pool {
                match (judged.pool)(x, p) {
                    PoolVerdict::Target => {}
                    PoolVerdict::Outside => outside = true,
                    PoolVerdict::Refused(reason) => {
                        self.refusals.push(refusal(cell.pool, reason));
                        continue;
                    }
                }
            }
            if self.choices.len() == before {
                *rank += 1;
            }
            let copies: &[(u32, bool)] = if together {
                &[(choice.key, false), (choice.apart, true)]
            } else {
                &[(choice.key, false)]
            };
            for &(key, apart) in copies {
                self.choices.push(Choice {
                    class: cell.class,
                    rank: *rank,
                    priority: 0,
                });
                self.keys.push((outside, key));
                self.numbers.push(choice.number);
                self.nursery_of_choice.push(choice.nursery);
                self.apart.push(apart);
            }
        }
    }

    /// Turns the keys into one number each, 1 the best of the whole market, equal for equal keys.
    pub fn number_priorities(&mut self, keys: u32) {
        let keys = keys as usize;
        let mut priority = vec![0u32; 2 * keys];
        let at = |(outside, key): (bool, u32)| usize::from(outside) * keys + key as usize;
        for &key in &self.keys {
            priority[at(key)] = 1;
        }
        let mut last = 0;
        for p in &mut priority {
            last += *p;
            *p = last;
        }
        for (choice, &key) in self.choices.iter_mut().zip(&self.keys) {
            choice.priority = priority[at(key)];
        }
    }

    /// The components of every choice's key, as people see them.
    pub fn key_table(&self, judged: &Judged<'_>, keys: KeyRows) -> (Vec<KeyComponent>, KeyTable) {
        let soft = judged.seats.pools.iter().any(|p| !p.hard);
        let mut components = Vec::with_capacity(keys.components.len() + 1);
        let mut values = keys.table.values;
        let target = values.len() as u32;
        if soft {
            components.push(KeyComponent {
                label: "枠の対象".to_owned(),
                kind: KeyKind::Stratum,
            });
            values.extend(["対象".into(), "対象外".into()]);
        }
        let width = keys.components.len();
        components.extend(keys.components);
        let mut index = Vec::with_capacity(self.keys.len() * components.len());
        for &(outside, key) in &self.keys {
            if soft {
                index.push(target + u32::from(outside));
            }
            let start = key as usize * width;
            index.extend_from_slice(&keys.table.index[start..start + width]);
        }
        let table = KeyTable {
            values,
            index,
            components: components.len() as u32,
        };
        (components, table)
    }
}
