//! What would settle a choice that is undecided: the facts, judgements and numbers of the criteria that an unknown result
//! depends on.
//!
//! It is a second look at what came out unknown, part by part. **Invariant:** with everything that it names known, the choice
//! is decided (unless a list turns out empty); it names nothing that cannot matter as things stand: no part of a condition
//! that another part has settled, no row that is outdone, no change before a later `set`.

use crate::{
    code::{
        Any, BoundsCode, Cond, Day, ItemIx, KeyCode, Leaf, Num, Part, Place, PointsCode, Rule,
        Slot, TableCode,
    },
    session::{Gives, Outcome, Session},
    table::Combined,
};
use enmusubi_criteria::{
    judgement::{Eligible, Missing},
    model::{Coupling, Effect, IfUnknown, Take},
    types::{Element, Fold, Level, List},
};
use enmusubi_domain::facts::{Entity, vocabulary::VOCABULARY};

impl Session<'_> {
    /// Everything that would settle the choice at hand, each once; empty where it is decided.
    pub fn missing(&mut self) -> Vec<Missing> {
        let mut found = Vec::new();
        self.wanted_named.clear();
        self.want_choice(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn want_choice(&mut self, found: &mut Vec<Missing>) {
        let program = self.program;
        let code = &program.code;
        let (household, _, facility, choice) = self.at_hand();
        self.want_first(&code.strata, found);
        for key in &code.keys {
            if !key.coupled || code.coupling == Coupling::None {
                self.want_key(key, found);
                continue;
            }
            for child in self.facts.index.children[household as usize].clone() {
                for other in self.facts.index.choices[child as usize].clone() {
                    if self.facts.choice_facility[other as usize] == facility {
                        self.at(other);
                        self.want_key(key, found);
                    }
                }
            }
            self.at(choice);
        }
        if self.eligible() == Ok(Eligible::Unknown) {
            for rule in &code.eligibility {
                self.want_rule(rule, found);
            }
        }
        for (at, rule) in code.pools.iter().enumerate() {
            if self.offers(facility, at) {
                self.want_rule(rule, found);
            }
        }
        self.want_first(&code.passes, found);
    }

    fn want_key(&mut self, key: &KeyCode, found: &mut Vec<Missing>) {
        let want = |s: &mut Self, found: &mut Vec<Missing>| s.want_any(&key.value, key.item, found);
        match key.slot {
            Some(slot) => self.want_kept(slot, 0, found, want),
            None => want(self, found),
        }
    }

    /// What would settle the number of a slot, kept as the number is: the choices of a child mostly lack the same.
    fn want_kept(
        &mut self,
        slot: Slot,
        element: u32,
        found: &mut Vec<Missing>,
        want: impl FnOnce(&mut Self, &mut Vec<Missing>),
    ) {
        if slot.level == Level::Choice {
            return want(self, found);
        }
        let (at, stamp) = self.kept_at(slot, element);
        let place = (slot.element.is_some(), at);
        if let Some((of, kept)) = self.wanted.get(&place)
            && *of == stamp
        {
            found.extend_from_slice(kept);
            return;
        }
        let mut list = Vec::new();
        want(self, &mut list);
        found.extend_from_slice(&list);
        self.wanted.insert(place, (stamp, list));
    }

    /// Of strata or passes: what would settle the first that holds.
    fn want_first(&mut self, rules: &[Rule], found: &mut Vec<Missing>) {
        for rule in rules {
            match self.rule(rule) {
                Ok(Some(true)) => return,
                Ok(None) => self.want_rule(rule, found),
                Ok(Some(false)) | Err(_) => {}
            }
        }
    }

    fn want_rule(&mut self, rule: &Rule, found: &mut Vec<Missing>) {
        if let Some(when) = &rule.when {
            self.want_cond(when, rule.item, found);
        }
    }

    /// What would settle a named condition, found once for whoever is at hand: conditions that name each other
    /// twice would otherwise be looked into twice as often at every step.
    fn want_named(&mut self, at: u32, found: &mut Vec<Missing>) {
        let (_, child, _, choice) = self.at_hand();
        let place = (at, child, choice, self.element_at_hand());
        if let Some(kept) = self.wanted_named.get(&place) {
            found.extend_from_slice(kept);
            return;
        }
        let mut list = Vec::new();
        let (rule, _) = &self.program.code.conditions[at as usize];
        self.want_rule(rule, &mut list);
        list.sort_unstable();
        list.dedup();
        found.extend_from_slice(&list);
        self.wanted_named.insert(place, list);
    }

    fn want_fact(&mut self, place: Place, found: &mut Vec<Missing>) {
        let entity = VOCABULARY[usize::from(place.attribute)].entity;
        found.push(Missing::Fact(
            entity,
            self.seat(place.seat),
            place.attribute,
        ));
    }

    fn want_cond(&mut self, e: &Cond, item: ItemIx, found: &mut Vec<Missing>) {
        if self.cond(e) != Ok(None) {
            return;
        }
        match e {
            Cond::Const(_) | Cond::IsKnown(_) => {}
            Cond::Leaf(Leaf { place, .. }) | Cond::NumberIs(_, place, _) => {
                self.want_fact(*place, found);
            }
            Cond::Not(a) | Cond::Memo(_, a) => self.want_cond(a, item, found),
            Cond::All(parts) | Cond::Any(parts) => {
                for part in parts {
                    self.want_cond(part, item, found);
                }
            }
            Cond::Numbers(_, both) => {
                self.want_num(&both.0, item, found);
                self.want_num(&both.1, item, found);
            }
            Cond::Days(_, both) => {
                self.want_day(&both.0, item, found);
                self.want_day(&both.1, item, found);
            }
            Cond::Same(_, both) | Cond::Within(both) => {
                self.want_any(&both.0, item, found);
                self.want_any(&both.1, item, found);
            }
            Cond::OneOf(of) => {
                self.want_any(&of.0, item, found);
                for other in &of.1 {
                    self.want_any(other, item, found);
                }
            }
            Cond::Band(of) => self.want_num(&of.0, item, found),
            Cond::Choose(of) => {
                for branch in self.branches(&of.0, item, found) {
                    self.want_cond(if branch { &of.1 } else { &of.2 }, item, found);
                }
            }
            Cond::Exists(list, variable, body) | Cond::Every(list, variable, body) => {
                self.want_each(*list, *variable, |s| s.want_cond(body, item, found));
            }
            Cond::Named(at) => self.want_named(*at, found),
        }
    }

    /// What would settle the condition of `c ? a : b`, and which branches may count.
    fn branches(
        &mut self,
        c: &Cond,
        item: ItemIx,
        found: &mut Vec<Missing>,
    ) -> impl Iterator<Item = bool> + use<> {
        self.want_cond(c, item, found);
        let taken = self.cond(c).ok().flatten();
        [true, false]
            .into_iter()
            .filter(move |branch| taken.is_none_or(|t| t == *branch))
    }

    fn want_each(&mut self, list: List, variable: u16, mut want: impl FnMut(&mut Self)) {
        for subject in self.span_of(list) {
            if self.is_in(list, subject) {
                self.with_variable(variable, subject, &mut want);
            }
        }
    }

    fn want_num(&mut self, e: &Num, item: ItemIx, found: &mut Vec<Missing>) {
        if self.num(e) != Ok(None) {
            return;
        }
        match e {
            Num::Const(_) | Num::Size(_) => {}
            Num::Fact(place) => self.want_fact(*place, found),
            Num::Table(table, subject) => {
                let element = subject.map(|s| self.seat(s));
                self.want_table(*table, element, found);
            }
            Num::Value(value) => {
                let slot = self.program.code.values[*value as usize].slot;
                self.want_kept(slot, 0, found, |s, found| s.want_value(*value, found));
            }
            Num::Negate(a) | Num::Ceil(a) | Num::Floor(a) => self.want_num(a, item, found),
            Num::Memo(slot, a) => {
                self.want_kept(*slot, 0, found, |s, found| s.want_num(a, item, found));
            }
            Num::Arithmetic(_, both) => {
                self.want_num(&both.0, item, found);
                self.want_num(&both.1, item, found);
            }
            Num::Choose(of) => {
                for branch in self.branches(&of.0, item, found) {
                    self.want_num(if branch { &of.1 } else { &of.2 }, item, found);
                }
            }
            Num::Fold(fold, list, variable, body) => {
                let mut any = false;
                self.want_each(*list, *variable, |s| {
                    any = true;
                    s.want_num(body, item, found);
                });
                if !any && *fold != Fold::Sum {
                    found.push(Missing::Nothing(self.name(item)));
                }
            }
            Num::Count(list, variable, body) => {
                self.want_each(*list, *variable, |s| s.want_cond(body, item, found));
            }
            Num::Least(list) | Num::Greatest(list) => {
                for n in list {
                    self.want_num(n, item, found);
                }
            }
            Num::Between(_, both) => {
                self.want_day(&both.0, item, found);
                self.want_day(&both.1, item, found);
            }
            Num::FiscalYear(day) | Num::Month(day) => self.want_day(day, item, found),
        }
    }

    fn want_day(&mut self, e: &Day, item: ItemIx, found: &mut Vec<Missing>) {
        if self.day(e) != Ok(None) {
            return;
        }
        match e {
            Day::Const(_) => {}
            Day::Fact(place) => self.want_fact(*place, found),
            Day::Choose(of) => {
                for branch in self.branches(&of.0, item, found) {
                    self.want_day(if branch { &of.1 } else { &of.2 }, item, found);
                }
            }
            Day::Least(list) | Day::Greatest(list) => {
                for day in list {
                    self.want_day(day, item, found);
                }
            }
        }
    }

    pub(crate) fn want_any(&mut self, e: &Any, item: ItemIx, found: &mut Vec<Missing>) {
        match e {
            Any::Const(_) | Any::Text(_) => {}
            Any::Cond(c) => self.want_cond(c, item, found),
            Any::Num(n) => self.want_num(n, item, found),
            Any::Day(d) => self.want_day(d, item, found),
            Any::Fact(place) => {
                if !self.fact(*place).is_known() {
                    self.want_fact(*place, found);
                }
            }
            Any::Choose(of) => {
                if self.any(e).is_ok_and(|v| !v.is_known()) {
                    for branch in self.branches(&of.0, item, found) {
                        self.want_any(if branch { &of.1 } else { &of.2 }, item, found);
                    }
                }
            }
        }
    }

    fn want_value(&mut self, at: u32, found: &mut Vec<Missing>) {
        let code = &self.program.code.values[at as usize];
        let start = found.len();
        self.want_num(&code.start, code.item, found);
        for change in &code.changes {
            let holds = match &change.when {
                None => Ok(Some(true)),
                Some(when) => self.cond(when),
            };
            match holds {
                Ok(Some(false)) | Err(_) => continue,
                // What was unknown before it does not matter any more.
                Ok(Some(true)) if change.effect == Effect::Set => found.truncate(start),
                Ok(Some(true)) => {}
                Ok(None) => {
                    if let Some(when) = &change.when {
                        self.want_cond(when, change.item, found);
                    }
                }
            }
            self.want_num(&change.by, change.item, found);
        }
    }

    fn want_table(&mut self, table: u32, element: Option<u32>, found: &mut Vec<Missing>) {
        let code = &self.program.code.tables[table as usize];
        let element = element.unwrap_or(self.element_at_hand());
        self.want_kept(code.slot, element, found, |s, found| {
            s.with_element(element, |s| {
                let base = s.scratch.len();
                if s.all_rows(code).is_ok() {
                    s.want_parts(code, base, found);
                }
                s.scratch.truncate(base);
            });
        });
    }

    fn want_parts(&mut self, code: &TableCode, base: usize, found: &mut Vec<Missing>) {
        let all = (0..code.rows.len() as u32).map(Part::Row);
        let parts = code.parts.clone().unwrap_or_else(|| all.collect());
        let given: Outcome<Vec<Gives>> = (parts.iter())
            .map(|part| match part {
                Part::Row(row) => Ok(self.scratch[base + *row as usize]),
                Part::Group(group) => self.group_of(code, *group as usize, base),
            })
            .collect();
        let Ok(given) = given else {
            return;
        };
        let mut unknown = false;
        for at in those_that_matter(code.take, &given) {
            unknown = true;
            match parts[at] {
                Part::Row(row) => self.want_row(code, row, base, found),
                Part::Group(group) => {
                    let group = &code.groups[group as usize];
                    let rows: Vec<Gives> = (group.rows.iter())
                        .map(|row| self.scratch[base + *row as usize])
                        .collect();
                    for at in those_that_matter(group.take, &rows) {
                        self.want_row(code, group.rows[at], base, found);
                    }
                    self.want_bounds(&group.bounds, code.item, found);
                }
            }
        }
        if !given.iter().any(|g| matches!(g, Gives::Points(_))) {
            match &code.otherwise {
                Some(otherwise) => self.want_num(otherwise, code.item, found),
                None if code.take != Take::Sum && !unknown => {
                    found.push(Missing::Nothing(self.name(code.item)));
                }
                None => {}
            }
        }
        self.want_bounds(&code.bounds, code.item, found);
    }

    fn want_bounds(&mut self, bounds: &BoundsCode, item: ItemIx, found: &mut Vec<Missing>) {
        for bound in [&bounds.at_most, &bounds.at_least].into_iter().flatten() {
            self.want_num(bound, item, found);
        }
    }

    /// Of a row that is unknown; the rows of the table are on the scratch, exclusions settled.
    fn want_row(&mut self, code: &TableCode, at: u32, base: usize, found: &mut Vec<Missing>) {
        let row = &code.rows[at as usize];
        if let Some(when) = &row.when
            && row.if_unknown == IfUnknown::Undecided
        {
            self.want_cond(when, row.item, found);
        }
        match &row.points {
            PointsCode::Number(points) => self.want_num(points, row.item, found),
            PointsCode::ToBeFilled => found.push(Missing::ToBeFilled(self.name(row.item))),
            PointsCode::Discretion {
                min,
                max,
                of_household,
                ..
            } => {
                let within = |p| *min <= p && p <= *max;
                if !self.judged(code, row).is_some_and(within) {
                    let (household, child, ..) = self.at_hand();
                    let of_child = self.entered(Entity::Child, child, row.item).is_some();
                    let (entity, subject) = match code.over {
                        Some(Element::Guardian) => (Entity::Guardian, self.element_at_hand()),
                        Some(Element::Adult) => (Entity::Adult, self.element_at_hand()),
                        None if *of_household && !of_child => (Entity::Household, household),
                        None => (Entity::Child, child),
                    };
                    found.push(Missing::Judgement(entity, subject, self.name(row.item)));
                }
            }
        }
        for &other in &row.excluded_by {
            if matches!(self.scratch[base + other as usize], Gives::Unknown(_)) {
                self.want_row(code, other, base, found);
            }
        }
    }

    fn name(&self, item: ItemIx) -> Box<str> {
        self.program.code.items[item as usize].clone()
    }
}

/// Positions of the unknown ones that matter for what all of them give.
fn those_that_matter(take: Take, given: &[Gives]) -> Vec<usize> {
    let mut all = Combined::default();
    let mut matter = Vec::new();
    for (at, gives) in given.iter().enumerate() {
        if matches!(gives, Gives::Unknown(_)) {
            matter.push(at);
        }
        if matches!(gives, Gives::Points(_)) && take == Take::First {
            break;
        }
        all.add(take, *gives);
    }
    matter.retain(|&at| match given[at] {
        Gives::Unknown(Some(points)) => !all.outdone(take, points),
        _ => true,
    });
    matter
}
