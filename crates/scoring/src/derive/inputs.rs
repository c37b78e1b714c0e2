//! The facts an expression looks at.

use super::Deriving;
use crate::{
    code::Seat,
    derivation::{Input, Who},
    tact,
};
use enmusubi_criteria::types::{Kind, List, Subject, Typed};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Value,
    vocabulary::{Origin, PRESENCE, REASON, VOCABULARY, find},
    words::{Tongue, value},
};

/// A fact: kind of subject, position, attribute.
type Fact = (Entity, u32, AttributeIx);

impl Deriving<'_> {
    /// The facts some expressions look at, each once, in the order they are looked at; named conditions
    /// are looked into, tables and values are not (they have lines of their own). `element`: the guardian
    /// (adult) at hand.
    pub fn inputs<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e Typed>,
        element: Option<u32>,
    ) -> Vec<Input> {
        let mut facts = Vec::new();
        for e in expressions {
            self.collect(e, element, &mut Vec::new(), &mut facts);
        }
        facts.into_iter().map(|fact| self.input(fact)).collect()
    }

    fn collect(
        &mut self,
        e: &Typed,
        element: Option<u32>,
        folds: &mut Vec<List>,
        facts: &mut Vec<Fact>,
    ) {
        match &e.kind {
            Kind::Attribute(subject, attribute) => {
                let entity = VOCABULARY[*attribute as usize].entity;
                for at in self.subjects(*subject, element, folds) {
                    let fact = (entity, at, *attribute);
                    if !facts.contains(&fact) {
                        facts.push(fact);
                    }
                }
            }
            // A condition knows the guardian at hand, but nobody else's variables.
            Kind::Condition(c) => {
                let resolved = self.resolved;
                let inner = &resolved.conditions[*c as usize];
                self.collect(inner, element, &mut Vec::new(), facts);
            }
            Kind::Fold(_, list, _, body) => {
                folds.push(*list);
                self.collect(body, element, folds, facts);
                folds.pop();
            }
            // Of what is settled by one side, that side is told.
            Kind::Or(a, _) if folds.is_empty() && self.settled(a, element) == Some(true) => {
                self.collect(a, element, folds, facts);
            }
            Kind::Or(_, b) if folds.is_empty() && self.settled(b, element) == Some(true) => {
                self.collect(b, element, folds, facts);
            }
            _ => {
                for part in e.parts() {
                    self.collect(part, element, folds, facts);
                }
            }
        }
    }

    fn settled(&mut self, e: &Typed, element: Option<u32>) -> Option<bool> {
        let element = element.unwrap_or(self.session.element_at_hand());
        self.session
            .with_element(element, |s| s.condition(e).ok().flatten())
    }

    fn subjects(&self, subject: Subject, element: Option<u32>, folds: &[List]) -> Vec<u32> {
        match subject {
            Subject::Guardian | Subject::Adult => element.into_iter().collect(),
            Subject::Variable(v) => match folds.get(usize::from(v)) {
                Some(list) => {
                    let span = self.session.span_of(*list);
                    span.filter(|&s| self.session.is_in(*list, s)).collect()
                }
                None => Vec::new(),
            },
            _ => vec![self.session.seat(Seat::of(subject))],
        }
    }

    pub fn input(&self, (entity, subject, at): Fact) -> Input {
        let attribute = &VOCABULARY[at as usize];
        let table = self.facts.table(entity);
        let is = self.facts.get(subject, at);
        let shown = |tongue| value(&self.facts.symbols, attribute, is, tongue).map(Into::into);
        let stated = &table.evidence[subject as usize];
        let derived = attribute.origin == Origin::Derived;
        let stated = (!stated.is_empty() && !derived).then_some(stated);
        Input {
            path: attribute.path().into(),
            label: attribute.label.into(),
            who: self.who(entity, subject),
            value: shown(Tongue::Japanese),
            value_en: shown(Tongue::English),
            evidence: stated.map_or_else(|| attribute.paper.into(), Clone::clone),
            stated: stated.is_some(),
            derived,
        }
    }

    /// A subject of the household, of the choice, or the round.
    pub fn who(&self, entity: Entity, subject: u32) -> Who {
        let child = self.facts.child_of(self.choice);
        let index = &self.facts.index;
        let range = match entity {
            Entity::Guardian => Some(&index.guardians[0]),
            Entity::Adult => Some(&index.adults[0]),
            Entity::Child if subject != child => Some(&index.children[0]),
            Entity::Decline => Some(&index.declines[child as usize]),
            _ => None,
        };
        // Brothers and sisters are counted without the child at hand.
        let (place, of) = match (entity, range) {
            (_, None) => (0, 0),
            (Entity::Child, Some(range)) => {
                let before = u32::from(child < subject);
                (
                    subject - range.start + 1 - before,
                    range.end - range.start - 1,
                )
            }
            (_, Some(range)) => (subject - range.start + 1, range.end - range.start),
        };
        let ids = &self.facts.table(entity).ids;
        Who {
            kind: entity.name(),
            label: entity.label(),
            id: ids.get(subject as usize).cloned().unwrap_or_default(),
            place,
            of,
        }
    }

    /// Whether expressions look at something that families are not told.
    pub fn guards<'e>(&self, expressions: impl IntoIterator<Item = &'e Typed>) -> bool {
        let reason = |n| tact::guarded_reason() == Some(n);
        let mut seen = Vec::new();
        expressions
            .into_iter()
            .any(|e| self.looks_at(e, &tact::is_guarded, &reason, &mut seen))
    }

    /// Whether expressions look at the health of a guardian who does not live with the family: what the
    /// one has handed in is not told to the other.
    pub fn tells_of_health_apart<'e>(
        &self,
        of: Option<(Entity, u32)>,
        expressions: impl IntoIterator<Item = &'e Typed>,
    ) -> bool {
        let mut seen = Vec::new();
        matches!(of, Some((Entity::Guardian, g)) if self.lives_apart(g))
            && expressions
                .into_iter()
                .any(|e| self.looks_at(e, &tact::is_health, &tact::is_health_reason, &mut seen))
    }

    /// Whether a guardian is separated from the family.
    pub fn lives_apart(&self, guardian: u32) -> bool {
        let apart = PRESENCE.of_name("separated").map(Value::Enum);
        let presence = find(Entity::Guardian, "presence");
        presence.is_some_and(|at| Some(self.facts.guardians.get(guardian, at)) == apart)
    }

    /// Whether an expression looks at one of some attributes or reasons (事由). `seen`: named conditions looked
    /// into before, which found nothing.
    fn looks_at(
        &self,
        e: &Typed,
        attribute: &dyn Fn(AttributeIx) -> bool,
        reason: &dyn Fn(u8) -> bool,
        seen: &mut Vec<u32>,
    ) -> bool {
        match &e.kind {
            Kind::Attribute(_, at) => attribute(*at),
            Kind::Condition(c) if seen.contains(c) => false,
            Kind::Condition(c) => {
                seen.push(*c);
                let condition = &self.resolved.conditions[*c as usize];
                self.looks_at(condition, attribute, reason, seen)
            }
            Kind::Enum(n) => {
                let of = matches!(e.ty, enmusubi_criteria::types::Ty::Enum(t) if std::ptr::eq(t, &REASON));
                of && reason(*n)
            }
            _ => e
                .parts()
                .into_iter()
                .any(|part| self.looks_at(part, attribute, reason, seen)),
        }
    }
}
