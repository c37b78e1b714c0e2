//! Causes in words: for staff (who, which row, which numbers), without anybody's data, and how to mend them.

use crate::{
    cause::{Cause, ClassId, KeyOrder, Kind, RankUse, TransferOrder, WishScope},
    messages,
    past::Past,
    search::unwritten::EVERYBODY,
    truth::{Known, Truth},
};
use enmusubi_criteria::{
    Criteria, Expression, expression, in_words_of,
    model::{Coupling, Points, Row},
    walk::{Mention, mentions},
};
use enmusubi_domain::{
    facts::{
        AttributeIx, Entity, Exact, RoundFacts, Value,
        vocabulary::{VOCABULARY, find},
        words::{Tongue, label, value},
    },
    template::Section,
};
use enmusubi_market::{ChildIx, First, Market, Place, Placement, Timing, WishFields};
use enmusubi_selection::{
    compiled::CompiledRound, text_summary::Lang, whatif::describe::mechanism_name,
};

/// Tells causes in the terms of a round.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// What is compared.
    pub past: Past<'a>,
    /// The round as it is.
    pub round: &'a CompiledRound,
    /// The decisions in the terms of its market.
    pub truth: &'a Truth,
    /// Its placement.
    pub placement: &'a Placement,
    /// Labels of the components that key orders speak of.
    pub labels: &'a [String],
    /// Language.
    pub lang: Lang,
}

impl<'a> Teller<'a> {
    fn section(&self) -> Section {
        messages::compare(self.lang)
    }

    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.section().get(key, values)
    }

    fn tongue(&self) -> Tongue {
        match self.lang {
            Lang::Japanese => Tongue::Japanese,
            Lang::English => Tongue::English,
        }
    }

    fn facts(&self) -> Option<&'a RoundFacts> {
        self.past.facts().map(|(facts, _)| facts)
    }

    fn criteria(&self) -> Option<&'a Criteria> {
        self.past.facts().map(|(_, criteria)| criteria)
    }

    /// What the staff must have done, for staff.
    #[must_use]
    pub fn words(&self, cause: &Cause) -> String {
        match cause {
            Cause::Fact {
                household,
                entity,
                subject,
                attribute,
                theirs,
            } => self.fact(household, *entity, *subject, *attribute, *theirs),
            Cause::RowPoints { row, theirs } => {
                let (label, ours) = self.row(row);
                let theirs = theirs.to_string();
                let values = [
                    ("label", &*label),
                    ("id", row),
                    ("ours", &*ours),
                    ("theirs", &*theirs),
                ];
                self.say("row-points", &values)
            }
            Cause::RowExtra { row } => {
                let (label, points) = self.row(row);
                let values = [("label", &*label), ("id", row), ("points", &*points)];
                self.say("row-extra", &values)
            }
            Cause::RowMissing {
                table,
                when,
                points,
            } => {
                let (when, points) = (self.condition(when), points.to_string());
                let values = [
                    ("table", &*self.table(table)),
                    ("when", &*when),
                    ("points", &*points),
                ];
                self.say("row-missing", &values)
            }
            Cause::Seats { class, by } => {
                let key = if *by < 0 { "seats-less" } else { "seats-more" };
                let (class, by) = (self.class(class), by.unsigned_abs().to_string());
                self.say(key, &[("class", &class), ("by", &by)])
            }
            Cause::Tie {
                class,
                first,
                second,
            } => {
                let class = self.class(class);
                let values = [("class", &*class), ("first", first), ("second", second)];
                self.say("tie", &values)
            }
            Cause::KeyOrder(change) => self.key_order(*change),
            Cause::Wish { of, theirs } => self.wish(of, theirs),
            Cause::Aggregation { of, theirs, .. } => {
                let how = self.say(&format!("aggregation-{}", theirs.name()), &[]);
                let values = [("of", &*self.aggregated(of)), ("how", &*how)];
                self.say("aggregation", &values)
            }
            Cause::Coupling(coupling) => match coupling {
                Coupling::None => self.say("coupling-none", &[]),
                Coupling::Highest => self.say("coupling-highest", &[]),
                Coupling::Average => self.say("coupling-average", &[]),
            },
            Cause::Transfers(order) => match order {
                TransferOrder::Before => self.say("transfers-before", &[]),
                TransferOrder::After => self.say("transfers-after", &[]),
                TransferOrder::Level => self.say("transfers-level", &[]),
            },
            Cause::Refill(true) => self.say("refill-true", &[]),
            Cause::Refill(false) => self.say("refill-false", &[]),
            Cause::ChoiceRank(RankUse::Before(component)) => match self.component(*component) {
                Some(key) => self.say("rank-before", &[("key", &key)]),
                None => self.say("rank-last", &[]),
            },
            Cause::ChoiceRank(RankUse::FirstChoice(points)) => {
                let points = points.to_string();
                self.say("rank-first-choice", &[("points", &points)])
            }
            Cause::Mechanism(theirs) => {
                let ours = mechanism_name(self.past.mechanism, self.lang);
                let theirs = mechanism_name(*theirs, self.lang);
                self.say("mechanism", &[("ours", &ours), ("theirs", &theirs)])
            }
            Cause::Contradiction { household } => self.contradiction(household),
        }
    }

    /// The same without anybody's data.
    #[must_use]
    pub fn public_words(&self, cause: &Cause) -> String {
        match cause {
            Cause::RowPoints { row, theirs } => {
                let (label, ours) = self.row(row);
                let theirs = theirs.to_string();
                let values = [("label", &*label), ("ours", &*ours), ("theirs", &*theirs)];
                self.say("public-row-points", &values)
            }
            Cause::RowExtra { row } => {
                let (label, points) = self.row(row);
                let values = [("label", &*label), ("points", &*points)];
                self.say("public-row-extra", &values)
            }
            Cause::RowMissing { when, points, .. } => {
                let points = points.to_string();
                match self.public_condition(when) {
                    None => self.say("public-row-missing-plain", &[("points", &points)]),
                    Some(when) => {
                        let when = self.say("public-when", &[("when", &when)]);
                        let values = [("when", &*when), ("points", &*points)];
                        self.say("public-row-missing", &values)
                    }
                }
            }
            _ if !cause.is_individual() => self.words(cause),
            _ => match cause.kind() {
                Kind::Tie => self.say("public-tie", &[]),
                Kind::Wish => self.say("public-wish", &[]),
                Kind::Contradiction => self.say("public-contradiction", &[]),
                _ => self.say("public-fact", &[]),
            },
        }
    }

    /// How to mend it.
    #[must_use]
    pub fn mend(&self, cause: &Cause) -> String {
        match cause {
            Cause::Fact {
                attribute, theirs, ..
            } => {
                let label = label(&VOCABULARY[usize::from(*attribute)], self.tongue());
                let theirs = self.value(*attribute, *theirs);
                self.say("mend-fact", &[("label", &label), ("theirs", &theirs)])
            }
            Cause::RowPoints { row, theirs } => {
                let theirs = theirs.to_string();
                self.say("mend-row-points", &[("id", row), ("theirs", &theirs)])
            }
            Cause::RowExtra { row } => self.say("mend-row-extra", &[("id", row)]),
            Cause::RowMissing {
                table,
                when,
                points,
            } => {
                let points = points.to_string();
                let values = [("id", &**table), ("when", when), ("points", &*points)];
                self.say("mend-row-missing", &values)
            }
            Cause::Seats { .. } => self.say("mend-seats", &[]),
            Cause::Tie { .. } => self.say("mend-tie", &[]),
            Cause::KeyOrder(_) => self.say("mend-key", &[]),
            Cause::Wish {
                of: WishScope::Household(_),
                ..
            } => self.say("mend-wish-household", &[]),
            Cause::Wish { .. } => self.say("mend-wish", &[]),
            Cause::Aggregation { of, .. } => self.say("mend-aggregation", &[("id", of)]),
            Cause::Coupling(_) => self.say("mend-coupling", &[]),
            Cause::Transfers(_) => self.say("mend-transfers", &[]),
            Cause::Refill(_) => self.say("mend-refill", &[]),
            Cause::ChoiceRank(_) => self.say("mend-rank", &[]),
            Cause::Mechanism(_) => self.say("mend-mechanism", &[]),
            Cause::Contradiction { .. } => self.say("mend-contradiction", &[]),
        }
    }

    fn fact(
        &self,
        household: &str,
        entity: Entity,
        subject: u32,
        attribute: AttributeIx,
        theirs: Value,
    ) -> String {
        let said = label(&VOCABULARY[usize::from(attribute)], self.tongue());
        let ours = self.facts().map_or(Value::Unknown, |facts| {
            facts.table(entity).get(subject, attribute)
        });
        let values = [
            ("subject", &*self.subject(household, entity, subject)),
            ("label", &*said),
            ("ours", &*self.value(attribute, ours)),
            ("theirs", &*self.value(attribute, theirs)),
        ];
        self.say("fact", &values)
    }

    fn value(&self, attribute: AttributeIx, v: Value) -> String {
        let attribute = &VOCABULARY[usize::from(attribute)];
        let said = self
            .facts()
            .and_then(|facts| value(&facts.symbols, attribute, v, self.tongue()));
        said.unwrap_or_else(|| self.say("unknown", &[]))
    }

    /// Whose fact it is.
    fn subject(&self, household: &str, entity: Entity, subject: u32) -> String {
        let Some(facts) = self.facts() else {
            return self.say("subject-household", &[("household", household)]);
        };
        let at =
            |range: std::ops::Range<u32>| (subject.saturating_sub(range.start) + 1).to_string();
        let number_in = |ranges: &[std::ops::Range<u32>]| {
            let h = facts.households.find(household).map(|h| h as usize);
            h.and_then(|h| ranges.get(h).cloned())
                .map_or_else(|| "1".to_owned(), at)
        };
        let child = |c: u32| &*facts.children.ids[c as usize];
        match entity {
            Entity::Round => self.say("subject-round", &[]),
            Entity::Household => self.say("subject-household", &[("household", household)]),
            Entity::Guardian => {
                let number = number_in(&facts.index.guardians);
                let values = [("household", household), ("number", &*number)];
                self.say("subject-guardian", &values)
            }
            Entity::Adult => {
                let number = number_in(&facts.index.adults);
                let values = [("household", household), ("number", &*number)];
                self.say("subject-adult", &values)
            }
            Entity::Child => {
                let values = [("child", child(subject)), ("household", household)];
                self.say("subject-child", &values)
            }
            Entity::Facility => {
                let facility = facility_name(facts, subject);
                self.say("subject-facility", &[("facility", facility)])
            }
            Entity::Choice => {
                let number = facts.choice_number[subject as usize].to_string();
                let facility = facts.choice_facility[subject as usize];
                let values = [
                    ("child", child(facts.child_of(subject))),
                    ("household", household),
                    ("number", &*number),
                    ("facility", facility_name(facts, facility)),
                ];
                self.say("subject-choice", &values)
            }
            Entity::Decline => {
                let of = facts.declines.parents[subject as usize];
                let number = facts.index.declines.get(of as usize).cloned();
                let number = number.map_or_else(|| "1".to_owned(), at);
                let values = [
                    ("child", child(of)),
                    ("household", household),
                    ("number", &*number),
                ];
                self.say("subject-decline", &values)
            }
        }
    }

    /// Label of a row, and its points as the file has them.
    fn row(&self, id: &str) -> (String, String) {
        let rows = self.criteria().into_iter().flat_map(|c| &c.tables);
        let mut rows = rows.flat_map(|t| &t.rows);
        let Some(row) = rows.find(|r| *r.id == *id) else {
            return (id.to_owned(), String::new());
        };
        (row.label.to_string(), self.points(row))
    }

    fn points(&self, row: &Row) -> String {
        match &row.points {
            Points::Expression(e) => self.expression(e),
            Points::Discretion { .. } => self.say("discretion", &[]),
            Points::ToBeFilled => self.say("to-be-filled", &[]),
        }
    }

    fn table(&self, id: &str) -> String {
        let tables = self.criteria().into_iter().flat_map(|c| &c.tables);
        let mut tables = tables.filter(|t| *t.id == *id);
        tables.next().map_or(id, |t| &t.label).to_owned()
    }

    /// A condition in Japanese, or in the criteria language.
    fn condition(&self, when: &str) -> String {
        if when == EVERYBODY {
            return self.say("everybody", &[]);
        }
        expression::parse(when, 0).map_or_else(|_| when.to_owned(), |e| self.expression(&e))
    }

    /// A condition for whoever does not know the criteria language: in Japanese as the file is shown, else the facts
    /// it is about. `None`: neither can be said.
    fn public_condition(&self, when: &str) -> Option<String> {
        if when == EVERYBODY {
            return Some(self.say("public-everybody", &[]));
        }
        let e = expression::parse(when, 0).ok()?;
        if self.lang == Lang::Japanese && self.criteria().is_some() {
            return Some(self.expression(&e));
        }
        let mut labels: Vec<String> = Vec::new();
        for mention in mentions(&e) {
            let Mention::Member(of, name, _) = mention else {
                continue;
            };
            let named = VOCABULARY.iter().filter(|a| a.name == name);
            // A variable of a list function is no entity's name: whatever has a fact of this name.
            let attribute = named.clone().find(|a| a.entity.name() == of);
            let Some(attribute) = attribute.or_else(|| named.clone().next()) else {
                continue;
            };
            let label = label(attribute, self.tongue());
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        (!labels.is_empty()).then(|| labels.join(&self.say("comma", &[])))
    }

    fn expression(&self, e: &Expression) -> String {
        match (self.lang, self.criteria(), &e.kind) {
            (_, _, expression::Kind::Number(n)) => Exact::to_string(n),
            (Lang::Japanese, Some(criteria), _) => in_words_of(criteria, e),
            _ => e.to_string(),
        }
    }

    /// A class by its facility's name.
    #[must_use]
    pub fn class(&self, class: &ClassId) -> String {
        let facility = name_of(&self.round.market, &class.facility);
        let age = class.age.to_string();
        let mut values = vec![("facility", facility), ("age", &*age)];
        let Some(pool) = &class.pool else {
            return self.say("class", &values);
        };
        let pools = self.criteria().into_iter().flat_map(|c| &c.pools);
        let label = pools.filter(|p| p.id == *pool).map(|p| &p.label).next();
        values.push(("pool", label.unwrap_or(pool)));
        self.say("class-pool", &values)
    }

    /// What a component of the keys is called; `None`: it is behind all that compares.
    fn component(&self, at: u32) -> Option<String> {
        self.labels.get(at as usize).cloned()
    }

    /// The label of a value or a key.
    fn aggregated(&self, id: &str) -> String {
        let criteria = self.criteria();
        let values = criteria.iter().flat_map(|c| &c.values);
        let keys = criteria.iter().flat_map(|c| &c.keys);
        let values = values.map(|v| (&v.id, &v.label));
        let mut all = values.chain(keys.map(|k| (&k.id, &k.label)));
        let label = all.find(|(own, _)| ***own == *id);
        label.map_or(id, |(_, label)| label).to_owned()
    }

    fn key_order(&self, change: KeyOrder) -> String {
        let key = |at: u32| self.component(at).unwrap_or_default();
        match change {
            KeyOrder::Flip(at) => self.say("key-flip", &[("key", &key(at))]),
            KeyOrder::Drop(at) => self.say("key-drop", &[("key", &key(at))]),
            KeyOrder::Move { from, before } => match self.component(before) {
                Some(before) => {
                    let values = [("key", &*key(from)), ("before", &*before)];
                    self.say("key-move", &values)
                }
                None => self.say("key-move-last", &[("key", &key(from))]),
            },
        }
    }

    fn wish(&self, of: &WishScope, theirs: &WishFields) -> String {
        let theirs = self.fields(theirs);
        match of {
            WishScope::Household(household) => {
                let values = [("household", &**household), ("theirs", &*theirs)];
                self.say("wish-household", &values)
            }
            WishScope::Answer(_, answer) => {
                let values = [("answer", &**answer), ("theirs", &*theirs)];
                self.say("wish-answer", &values)
            }
            WishScope::Fields(fields) => {
                let fields = self.fields(fields);
                let values = [("fields", &*fields), ("theirs", &*theirs)];
                self.say("wish-fields", &values)
            }
        }
    }

    /// A wish in words.
    fn fields(&self, fields: &WishFields) -> String {
        let mut keys = vec![
            match fields.timing {
                Timing::Together => "timing-together",
                Timing::NeedNot => "timing-need-not",
            },
            match fields.place {
                Place::SameOnly => "place-same-only",
                Place::PreferSame => "place-prefer-same",
                Place::ChoiceOrder => "place-choice-order",
            },
        ];
        if fields.timing == Timing::NeedNot {
            keys.push(match fields.first {
                First::Older => "first-older",
                First::Younger => "first-younger",
                First::Either => "first-either",
            });
        }
        if fields.all_transfers_or_none {
            keys.push("all-transfers");
        }
        let list: Vec<String> = keys.into_iter().map(|k| self.say(k, &[])).collect();
        list.join(&self.say("comma", &[]))
    }

    fn contradiction(&self, household: &str) -> String {
        let market = &self.round.market;
        let of = |c: &ChildIx| {
            let family = market.children[*c as usize].family as usize;
            *market.families[family].id == *household
        };
        let children: Vec<ChildIx> = (0..market.children.len() as ChildIx).filter(of).collect();
        let mut told = Vec::new();
        let (mut worse, mut better) = (false, false);
        for c in children {
            if self.truth.agrees(market, self.placement, c) != Some(false) {
                continue;
            }
            let ours = self.placement.of(c);
            let theirs = self.truth.of[c as usize];
            match (rank(market, c, ours), rank(market, c, theirs.class())) {
                (ours, theirs) if ours < theirs => worse = true,
                _ => better = true,
            }
            let at = |class: Option<u32>| match class {
                Some(k) => {
                    let nursery = market.classes[k as usize].nursery as usize;
                    self.say("at", &[("facility", &market.nurseries[nursery].name)])
                }
                None => self.say("held", &[]),
            };
            let theirs = match theirs {
                Known::Elsewhere => self.elsewhere(&market.children[c as usize].id),
                known => at(known.class()),
            };
            let values = [
                ("child", &*market.children[c as usize].id),
                ("ours", &*at(ours)),
                ("theirs", &*theirs),
            ];
            told.push(self.say("contradiction-child", &values));
        }
        let key = match (worse, better) {
            (true, false) => "contradiction-wronged",
            (false, true) => "contradiction-favoured",
            _ => "contradiction",
        };
        let children = told.join(&self.say("comma", &[]));
        let values = [("household", household), ("children", &*children)];
        self.say(key, &values)
    }

    /// The facility of a decision that names one where the child cannot be placed.
    fn elsewhere(&self, child: &str) -> String {
        use enmusubi_domain::past::Outcome;
        let mut list = self.past.decisions.list.iter();
        let decision = list.find(|d| *d.child == *child);
        match decision.map(|d| &d.outcome) {
            Some(Outcome::Placed { facility, .. }) => {
                let name = name_of(&self.round.market, facility);
                self.say("at", &[("facility", name)])
            }
            _ => self.say("held", &[]),
        }
    }
}

/// How much a child wants a class, smaller is more: choices, then its present class, then none.
fn rank(market: &Market, child: ChildIx, class: Option<u32>) -> u32 {
    let Some(class) = class else { return u32::MAX };
    let mut choices = market.choices_of(child).iter();
    let chosen = choices.find(|x| x.class == class);
    chosen.map_or(u32::MAX - 1, |x| x.rank)
}

/// Name of a nursery, its id where it has none or is none of the round's.
pub(crate) fn name_of<'m>(market: &'m Market, id: &'m str) -> &'m str {
    let at = market.nurseries.binary_search_by(|n| (*n.id).cmp(id));
    let name = at.map_or("", |n| &*market.nurseries[n].name);
    if name.is_empty() { id } else { name }
}

fn facility_name(facts: &RoundFacts, facility: u32) -> &str {
    let name = find(Entity::Facility, "name");
    match name.map(|a| facts.facilities.get(facility, a)) {
        Some(Value::Symbol(s)) => facts.symbols.text(s),
        _ => &facts.facilities.ids[facility as usize],
    }
}
