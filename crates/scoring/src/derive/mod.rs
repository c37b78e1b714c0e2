//! Makes a [`Derivation`]. Everything is asked of the evaluator that scored ([`Session`]); what a row, a
//! table or a condition means is decided there and nowhere here.
//!
//! - `inputs`: the facts an expression looks at, with values and papers.
//! - `parts`: the conditions of a row one by one, and which of them fails.
//! - `rows`: tables and what became of their rows.
//! - `change`: what would change the key.
//!
//! A derivation looks at one household by itself ([`HouseholdRound`]): it takes as long in a round of a hundred
//! thousand children as in one of ten.

mod change;
mod inputs;
mod parts;
mod rows;

use crate::{
    Program,
    derivation::{
        ChangeLine, Derivation, EffectName, GradeName, KeyLine, Names, OrderName, PoolLine,
        RuleLine, SourceLine, StratumLine, Term, ValueLine,
    },
    missed::Missed,
    scores::Scores,
    session::{Fault, Outcome, Session},
};
use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression, Kind},
    judgement::{ArithmeticError, Eligible},
    model::{Effect, Grade, Source},
    types::{Kind as TypedKind, Operation, Resolved, Typed},
    words::in_words_of,
};
use enmusubi_domain::facts::{
    Entity, Exact, HouseholdRound, RoundFacts, Value, vocabulary::find, words::Tongue,
};

/// The derivation of a choice.
///
/// # Errors
/// As [`Program::derive`].
pub(crate) fn derive(
    program: &Program,
    criteria: &Criteria,
    round: &RoundFacts,
    choice: u32,
) -> Result<Derivation, Vec<ArithmeticError>> {
    let (part, own) = HouseholdRound::of_choice(round, choice);
    let in_round = |mut errors: Vec<ArithmeticError>| {
        for error in &mut errors {
            error.choice += part.choices.start;
        }
        errors
    };
    let scores = program.score(&part.facts).map_err(in_round)?;
    let mut session = Session::new(program, &part.facts);
    session.at(own);
    let mut deriving = Deriving {
        criteria,
        resolved: &program.resolved,
        facts: &part.facts,
        session,
        choice: own,
    };
    let mut derivation = deriving.whole(&scores).map_err(|fault| {
        let item = fault
            .item()
            .map(|at| program.code.items[at as usize].clone());
        vec![ArithmeticError {
            item: item.unwrap_or_default(),
            choice,
            division: fault.division(),
        }]
    })?;
    derivation.changes = change::changes(program, &mut deriving, &scores);
    Ok(derivation)
}

/// One choice being derived.
struct Deriving<'a> {
    criteria: &'a Criteria,
    resolved: &'a Resolved,
    facts: &'a RoundFacts,
    session: Session<'a>,
    choice: u32,
}

impl Deriving<'_> {
    fn whole(&mut self, scores: &Scores) -> Outcome<Derivation> {
        let facts = self.facts;
        let child = facts.child_of(self.choice);
        let facility = facts.choice_facility[self.choice as usize];
        let shown = |entity: Entity, subject: u32, name: &str| {
            let at = find(entity, name)?;
            let attribute = &enmusubi_domain::facts::vocabulary::VOCABULARY[at as usize];
            let value = facts.get(subject, at);
            enmusubi_domain::facts::words::value(&facts.symbols, attribute, value, Tongue::Japanese)
        };
        let eligible = scores.eligibility[self.choice as usize];
        let refused = match eligible {
            Eligible::No(at) => Some(self.rule(at)),
            _ => None,
        };
        let undecided = scores.undecided.iter().find(|u| u.choice == self.choice);
        let missing = undecided.map_or(&[][..], |u| &u.missing);
        let mut missing: Vec<Missed> = missing
            .iter()
            .map(|m| Missed::of(facts, self.criteria, m))
            .collect();
        missing.sort();
        missing.dedup();
        let strata = self.strata()?;
        let mut key = self.keys(scores)?;
        if let (Some(first), Some(stratum)) = (key.first_mut(), strata.last()) {
            first.guarded = stratum.guarded && stratum.holds == Some(true);
        }
        Ok(Derivation {
            child: facts.children.ids[child as usize].clone(),
            household: facts.households.ids[0].clone(),
            facility: facts.facilities.ids[facility as usize].clone(),
            facility_name: shown(Entity::Facility, facility, "name")
                .unwrap_or_default()
                .into(),
            rank: facts.choice_number[self.choice as usize],
            age_class: shown(Entity::Child, child, "age_class").map(Into::into),
            entry_date: facts.info.entry_date.to_string().into(),
            round: facts.info.number,
            base_date: facts.info.base_date.to_string().into(),
            criteria: self.criteria.head.title.clone(),
            decided: undecided.is_none() || refused.is_some(),
            key,
            names: self.names(),
            strata,
            values: self.values()?,
            tables: self.tables()?,
            refused,
            open_rules: self.open_rules(eligible)?,
            pools: self.pools(scores, facility),
            pass: self.pass(scores, child),
            missing,
            changes: Vec::new(),
        })
    }

    fn keys(&mut self, scores: &Scores) -> Outcome<Vec<KeyLine>> {
        let components = self.session.program.components(self.criteria);
        let strata = usize::from(!self.criteria.strata.is_empty());
        let (criteria, resolved) = (self.criteria, self.resolved);
        let mut lines = Vec::new();
        let key = scores.key(self.choice);
        for (at, component) in components.iter().enumerate() {
            let number = key.get(at).copied().flatten();
            let shown = |tongue| number.map(|n| component.shown(n, tongue).into());
            let mut line = KeyLine {
                id: component.id().into(),
                label: component.label().into(),
                value: shown(Tongue::Japanese),
                value_en: shown(Tongue::English),
                number: text(number),
                order: component.order(),
                best: component.best().map(Into::into),
                own: None,
                together: false,
                to_be_filled: false,
                guarded: false,
                formula: "".into(),
                expression: "".into(),
                source: SourceLine::default(),
            };
            if let Some(key) = component.key {
                if let Some(value) = &key.value {
                    line.formula = in_words_of(self.criteria, value).into();
                    line.expression = value.to_string().into();
                }
                let at_file = criteria.keys.iter().position(|k| k.id == key.id);
                let typed = at_file.and_then(|k| resolved.keys[k].as_ref());
                line.guarded = self.guards(typed);
                line.together = key.together;
                line.source = self.source(&key.source);
                let own = self.session.key((at - strata) as u32)?;
                if own != number {
                    line.own = own.map(|own| component.shown(own, Tongue::Japanese).into());
                }
            }
            lines.push(line);
        }
        // Keys to be filled stand where the file has them, and compare nobody.
        for (at, key) in self.criteria.keys.iter().enumerate() {
            if key.value.is_none() {
                let hole = KeyLine {
                    id: key.id.clone(),
                    label: key.label.clone(),
                    value: None,
                    value_en: None,
                    number: None,
                    order: if key.higher_first {
                        OrderName::Higher
                    } else {
                        OrderName::Lower
                    },
                    best: None,
                    own: None,
                    together: key.together,
                    to_be_filled: true,
                    guarded: false,
                    formula: "".into(),
                    expression: "".into(),
                    source: self.source(&key.source),
                };
                lines.insert((strata + at).min(lines.len()), hole);
            }
        }
        Ok(lines)
    }

    /// Names that a key gives to its numbers are also those of the value it compares, and of the tables of
    /// which that takes the lowest or highest.
    fn names(&self) -> Vec<Names> {
        let criteria = self.criteria;
        let mut all = Vec::new();
        for key in criteria.keys.iter().filter(|k| !k.show.is_empty()) {
            let mut items = Vec::new();
            if let Some(value) = &key.value {
                self.named_items(value, &mut items);
            }
            let names = key
                .show
                .iter()
                .map(|(n, name)| (n.to_string().into(), name.clone()));
            let names: Vec<(Box<str>, Box<str>)> = names.collect();
            all.extend(items.into_iter().map(|item| Names {
                item,
                names: names.clone(),
            }));
        }
        all
    }

    fn named_items(&self, e: &Expression, items: &mut Vec<Box<str>>) {
        match &e.kind {
            Kind::Name(name) => {
                items.push(name.clone());
                if let Some(v) = self.criteria.values.iter().find(|v| v.id == *name) {
                    self.named_items(&v.value, items);
                }
            }
            Kind::Member(_, name) => items.push(name.text.clone()),
            Kind::Method(_, name, list) if matches!(&*name.text, "lowest" | "highest") => {
                if let Some(body) = list.last() {
                    self.named_items(body, items);
                }
            }
            _ => {}
        }
    }

    /// Up to the first that holds or is unknown.
    fn strata(&mut self) -> Outcome<Vec<StratumLine>> {
        let mut lines = Vec::new();
        let (criteria, resolved) = (self.criteria, self.resolved);
        for (stratum, typed) in criteria.strata.iter().zip(&resolved.strata) {
            let holds = match typed {
                Some(typed) => self.session.condition(typed)?,
                None => Some(true),
            };
            let condition = stratum.when.as_ref();
            lines.push(StratumLine {
                id: stratum.id.clone(),
                label: stratum.label.clone(),
                holds,
                condition: condition
                    .map_or_else(String::new, |c| in_words_of(criteria, c))
                    .into(),
                expression: condition
                    .map_or_else(String::new, ToString::to_string)
                    .into(),
                guarded: self.guards(typed.iter()),
                inputs: self.inputs(typed.iter(), None),
            });
            if holds != Some(false) {
                break;
            }
        }
        Ok(lines)
    }

    fn values(&mut self) -> Outcome<Vec<ValueLine>> {
        let mut lines = Vec::new();
        let (criteria, resolved) = (self.criteria, self.resolved);
        for (at, (value, typed)) in (0u32..).zip(criteria.values.iter().zip(&resolved.values)) {
            let (start, steps) = self.session.value_steps(at)?;
            let mut terms = Vec::new();
            self.terms(&value.value, &typed.value, false, &mut terms)?;
            let mut changes = Vec::new();
            let mut before = start;
            for (change, ((when, _), step)) in
                value.changes.iter().zip(typed.changes.iter().zip(&steps))
            {
                let unchanged = std::mem::replace(&mut before, step.value) == step.value;
                let bound = matches!(change.effect, Effect::AtMost | Effect::AtLeast);
                // A bound that was kept anyway was not at work.
                let kept = bound && unchanged && step.value.is_some();
                if step.holds == Some(false) || kept {
                    continue;
                }
                changes.push(ChangeLine {
                    id: change.id.clone(),
                    label: change.label.clone(),
                    parents: change.parents.as_ref().unwrap_or(&change.label).clone(),
                    holds: step.holds,
                    effect: match change.effect {
                        Effect::Set => EffectName::Set,
                        Effect::Add => EffectName::Add,
                        Effect::Multiply => EffectName::Multiply,
                        Effect::AtMost => EffectName::AtMost,
                        Effect::AtLeast => EffectName::AtLeast,
                    },
                    operand: text(step.by),
                    after: text(step.value),
                    inputs: self.inputs(when.iter(), None),
                    guarded: change.parents.is_none() && self.guards(when.iter()),
                    source: self.source(&change.source),
                });
            }
            lines.push(ValueLine {
                id: value.id.clone(),
                label: value.label.clone(),
                start: text(start),
                terms,
                changes,
                value: text(steps.last().map_or(start, |s| s.value)),
                formula: in_words_of(criteria, &value.value).into(),
                expression: value.value.to_string().into(),
                source: self.source(&value.source),
            });
        }
        Ok(lines)
    }

    /// What a sum is made of.
    fn terms(
        &mut self,
        e: &Expression,
        typed: &Typed,
        minus: bool,
        terms: &mut Vec<Term>,
    ) -> Outcome<()> {
        if let (Kind::Binary(op, a, b), TypedKind::Arithmetic(operation, x, y)) =
            (&e.kind, &typed.kind)
            && matches!(
                (op, operation),
                (Binary::Plus, Operation::Plus) | (Binary::Minus, Operation::Minus)
            )
        {
            self.terms(a, x, minus, terms)?;
            return self.terms(b, y, minus != (*op == Binary::Minus), terms);
        }
        let value = match self.session.evaluate(typed, 0)? {
            Value::Number(n) => Some(n),
            _ => None,
        };
        terms.push(Term {
            words: in_words_of(self.criteria, e).into(),
            expression: e.to_string().into(),
            minus,
            value: text(value),
        });
        Ok(())
    }

    fn rule(&mut self, at: u32) -> RuleLine {
        let rule = &self.criteria.eligibility[at as usize];
        let typed = &self.resolved.eligibility[at as usize];
        RuleLine {
            id: rule.id.clone(),
            label: rule.label.clone(),
            parents: rule.parents.clone(),
            condition: in_words_of(self.criteria, &rule.require).into(),
            expression: rule.require.to_string().into(),
            inputs: self.inputs([typed], None),
            source: self.source(&rule.source),
        }
    }

    fn open_rules(&mut self, eligible: Eligible) -> Outcome<Vec<RuleLine>> {
        let mut open = Vec::new();
        if eligible != Eligible::Unknown {
            return Ok(open);
        }
        let resolved = self.resolved;
        for (at, typed) in (0u32..).zip(&resolved.eligibility) {
            if self.session.condition(typed)?.is_none() {
                open.push(self.rule(at));
            }
        }
        Ok(open)
    }

    fn pools(&self, scores: &Scores, facility: u32) -> Vec<PoolLine> {
        let n = self.criteria.pools.len();
        let of = &scores.pools[self.choice as usize * n..(self.choice as usize + 1) * n];
        let pools = self.criteria.pools.iter().zip(of).enumerate();
        pools
            .filter(|(at, _)| self.session.offers(facility, *at))
            .map(|(_, (pool, of_target))| PoolLine {
                id: pool.id.clone(),
                label: pool.label.clone(),
                of_target: *of_target,
            })
            .collect()
    }

    fn pass(&self, scores: &Scores, child: u32) -> Option<Box<str>> {
        let at = scores.passes[child as usize]?;
        let pass = self.criteria.passes.get(at as usize)?;
        Some(pass.label.clone())
    }

    fn source(&self, source: &Source) -> SourceLine {
        let document = source
            .document
            .map(|d| &self.criteria.documents[d as usize]);
        SourceLine {
            document: document.map_or_else(|| "".into(), |d| d.title.clone()),
            page: source.page.clone().unwrap_or_default(),
            grade: match source.grade {
                Grade::Official => GradeName::Official,
                Grade::OfficialPart => GradeName::OfficialPart,
                Grade::ThirdParty => GradeName::ThirdParty,
                Grade::ToBeFilled => GradeName::ToBeFilled,
            },
        }
    }
}

/// A number in exact notation.
fn text(number: Option<Exact>) -> Option<Box<str>> {
    number.map(|n| n.to_string().into())
}

/// A number that came out, where one did; what cannot be calculated outside its place is not asked again.
fn number(outcome: Result<Value, Fault>) -> Option<Exact> {
    match outcome {
        Ok(Value::Number(n)) => Some(n),
        _ => None,
    }
}
