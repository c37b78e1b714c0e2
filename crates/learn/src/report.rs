//! `learn.json`: what was learned, for the nursery section. Page, workbook and texts are made from these types and nothing else.

use crate::{
    anew::Anew,
    chance::Against,
    draft::{Draft, How, how},
    fairness::{Fairness, FairnessLooked, FairnessReport},
    held_out::{Nurseries, agreement},
    known::Learned,
    messages,
    support::{Interval, Rule},
    years::Years,
};
use enmusubi_compare::{
    cause::{Cause, Kind},
    evidence::{Oddity, evidence},
    report::{Agreement, Remark},
    text::Teller,
};
use enmusubi_criteria::in_words_of;
use enmusubi_domain::facts::stacked::round_of;
use enmusubi_selection::text_summary::Lang;
use serde::Serialize;

/// Alternatives told of a rule.
const ALTERNATIVES: usize = 5;

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Version of the program.
    pub engine_version: String,
    /// Name of the criteria file given.
    pub criteria: String,
    /// Title of the criteria given.
    pub title: String,
    /// SHA-256 of what they say.
    pub criteria_digest: String,
    /// The years, in the order given.
    pub years: Vec<YearReport>,
    /// Names of years that were left out, because something about applicants is undecided or does not fit the criteria.
    pub left_out: Vec<String>,
    /// Facilities in parts, each held out once.
    pub nurseries: Vec<Nurseries>,
    /// How the order by the criteria given fits the decisions.
    pub before: Against,
    /// How it does with what was learned.
    pub after: Against,
    /// The criteria given explain hardly more than chance: nothing is learned.
    pub nothing: bool,
    /// The search ended for want of steps, not of ideas.
    pub exhausted: bool,
    /// The order that was learned from decisions alone, where the criteria given order nobody.
    pub anew: Option<AnewReport>,
    /// Rules that hold, in the order in which they were found.
    pub rules: Vec<RuleReport>,
    /// Rules that explain too few decisions.
    pub weak: Vec<RuleReport>,
    /// Values of facts that must not decide which rules that hold nevertheless predict, by rule, the strongest first.
    pub fairness: Vec<FairnessReport>,
    /// What was looked at for that.
    pub fairness_looked: FairnessLooked,
    /// Decisions that do not fit what was learned, by year, class and child. Leads, never proof of error.
    pub leads: Vec<Lead>,
}

/// An order that was learned from decisions alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnewReport {
    /// How guardians' points come together; behind it other ways that explain as much.
    pub together: Vec<&'static str>,
    /// Labels of the keys, first compared first.
    pub keys: Vec<String>,
    /// What is bounded, or set for some households, in the criteria language.
    pub changes: Vec<ChangeReport>,
    /// Places of the draft that are its own.
    pub places: Vec<String>,
}

/// A number of the file that is bounded, or set for some households.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// Label of the number.
    pub of: String,
    /// Label of what is done with it.
    pub label: String,
    /// For whom, in words; nothing: for everybody.
    pub when: Option<String>,
    /// The bound, or the number that is set.
    pub to: String,
}

impl AnewReport {
    /// What was learned.
    #[must_use]
    pub fn of(anew: &Anew) -> Self {
        let criteria = &anew.written.criteria;
        let keys = criteria.keys.iter();
        let all = criteria.values.iter();
        let changes = all.flat_map(|value| value.changes.iter().map(move |c| (value, c)));
        let changes = changes.map(|(value, change)| ChangeReport {
            of: value.label.to_string(),
            label: change.label.to_string(),
            when: change
                .when
                .as_ref()
                .map(|when| in_words_of(criteria, when).to_string()),
            to: change.by.to_string(),
        });
        Self {
            together: anew.together.iter().map(|t| t.name()).collect(),
            keys: keys.map(|k| k.label.to_string()).collect(),
            changes: changes.collect(),
            places: Vec::new(),
        }
    }

    /// In words, a line each.
    #[must_use]
    pub fn words(&self, lang: Lang) -> Vec<String> {
        let words = messages::learn(lang);
        let of = |name: &&str| words.get(&format!("together-{name}"), &[]);
        let mut lines = Vec::new();
        if let [first, others @ ..] = &self.together[..] {
            lines.push(words.get("together", &[("how", &of(first))]));
            let others: Vec<String> = others.iter().map(of).collect();
            let or = if lang == Lang::Japanese { "、" } else { ", " };
            if !others.is_empty() {
                lines.push(words.get("together-others", &[("others", &others.join(or))]));
            }
        }
        lines.push(words.get("keys", &[("keys", &self.keys.join(" → "))]));
        for ChangeReport {
            of,
            label,
            when,
            to,
        } in &self.changes
        {
            let mut values = vec![("of", &**of), ("label", &**label), ("to", &**to)];
            let key = match when {
                Some(when) => {
                    values.push(("when", when));
                    "change-when"
                }
                None => "change",
            };
            lines.push(words.get(key, &values));
        }
        lines
    }
}

/// A year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearReport {
    /// Its name.
    pub name: String,
    /// SHA-256 of the round with the criteria given.
    pub input_digest: String,
    /// SHA-256 of its decisions, sorted by child.
    pub decisions_digest: String,
    /// Agreement by the criteria given.
    pub before: Agreement,
    /// Agreement with what was learned from all years.
    pub after: Agreement,
    /// Agreement with what was learned from all other years; nothing where there is no other.
    pub held_out: Option<Agreement>,
    /// Things about its files that somebody should know.
    pub remarks: Vec<Remark>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleReport {
    /// Its number, 1 first.
    pub number: u32,
    /// Its kind.
    pub kind: Kind,
    /// The rule in words.
    pub words: String,
    /// How many oddities fewer the decisions show with it.
    pub explains: i64,
    /// Children, by year, who stand on the right side of cut-offs only with it.
    pub support: Vec<u32>,
    /// Children, by year, who do so only without it.
    pub opposition: Vec<u32>,
    /// The points that fit as well.
    pub interval: Option<IntervalReport>,
    /// What became of it in the draft.
    pub draft: How,
    /// Id of its row in the draft, where it is a row.
    pub row: Option<String>,
    /// The places of the file that it changed.
    pub places: Vec<String>,
    /// Others that explain the same decisions, the most likely first.
    pub alternatives: Vec<String>,
    /// How many more there are.
    pub more_alternatives: u32,
}

/// An interval, as decimal numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IntervalReport {
    /// The least.
    pub least: String,
    /// The most.
    pub most: String,
    /// Whether points below, and above, may fit too.
    pub open: [bool; 2],
}

/// A decision that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lead {
    /// The year.
    pub year: String,
    /// Facility id.
    pub facility: String,
    /// Its name.
    pub facility_name: String,
    /// Age class.
    pub age: u8,
    /// Child id.
    pub child: String,
    /// `too-high`, `too-low`, `room`.
    pub oddity: String,
}

/// What a report says that the search does not know.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Version of the program.
    pub engine_version: String,
    /// Name of the criteria file.
    pub criteria: String,
    /// SHA-256 of what it says.
    pub criteria_digest: String,
    /// Per year: digests of its round and decisions, and remarks of whoever read its files.
    pub years: Vec<(String, String, Vec<Remark>)>,
    /// Per year: agreement where it was held out; nothing where none was.
    pub held_out: Vec<Agreement>,
    /// Names of years that were left out.
    pub left_out: Vec<String>,
    /// Facilities that were held out.
    pub nurseries: Vec<Nurseries>,
    /// The order that was learned from decisions alone.
    pub anew: Option<AnewReport>,
    /// Whether rules predict facts that must not decide.
    pub fairness: Fairness,
}

/// Tells causes of stacked years.
pub(crate) fn teller<'l>(learned: &'l Learned<'_>, labels: &'l [String], lang: Lang) -> Teller<'l> {
    let world = &learned.solution.before;
    Teller {
        past: world.past,
        round: &world.plain,
        truth: &world.truth,
        placement: &learned.solution.before_placement,
        labels,
        lang,
    }
}

/// Labels of the components of keys.
pub(crate) fn labels(learned: &Learned<'_>) -> Vec<String> {
    let components = learned.solution.before.plain.key_components.iter();
    components.map(|c| c.label.clone()).collect()
}

/// A rule in words. Points of a row that were found before anything else are those that the file left to be filled.
pub(crate) fn words_of(
    learned: &Learned<'_>,
    teller: &Teller<'_>,
    (at, rule): (usize, &Rule),
    lang: Lang,
) -> String {
    let Cause::RowPoints { row: id, theirs } = &rule.cause else {
        return teller.words(&rule.cause);
    };
    let scored = learned.world.scored.as_ref().filter(|_| at < learned.given);
    let mut rows = scored
        .iter()
        .flat_map(|s| &s.criteria.tables)
        .flat_map(|t| &t.rows);
    match rows.find(|r| r.id == *id) {
        Some(row) => messages::learn(lang).get(
            "row-filled",
            &[
                ("label", &*row.label),
                ("id", id),
                ("points", &theirs.to_string()),
            ],
        ),
        None => teller.words(&rule.cause),
    }
}

/// The report.
#[must_use]
pub fn report(
    years: &Years,
    learned: &Learned<'_>,
    draft: Option<&Draft>,
    around: Around,
    lang: Lang,
) -> Report {
    let labels = labels(learned);
    let teller = teller(learned, &labels, lang);
    let title = learned.solution.before.past.facts();
    let before = agreement(years, &learned.solution.before);
    let after = agreement(years, &learned.world);
    let mut of_year = around.years.into_iter();
    let year = |at: usize| {
        let (input_digest, decisions_digest, remarks) = of_year.next().unwrap_or_default();
        YearReport {
            name: years.names[at].to_string(),
            input_digest,
            decisions_digest,
            before: before[at],
            after: after[at],
            held_out: around.held_out.get(at).copied(),
            remarks,
        }
    };
    // Some are the same in words.
    let alternatives = |rule: &Rule| {
        let mut list = vec![teller.words(&rule.cause)];
        for words in others(rule).map(|c| teller.words(c)) {
            if !list.contains(&words) {
                list.push(words);
            }
        }
        list.split_off(1)
    };
    let told = |number: usize, rule: &Rule, how: How, row: Option<String>| RuleReport {
        number: number as u32 + 1,
        kind: rule.cause.kind(),
        words: words_of(learned, &teller, (number, rule), lang),
        explains: rule.explains,
        support: rule.support.clone(),
        opposition: rule.opposition.clone(),
        interval: rule.interval.as_ref().map(IntervalReport::of),
        draft: how,
        row,
        places: Vec::new(),
        more_alternatives: alternatives(rule).len().saturating_sub(ALTERNATIVES) as u32,
        alternatives: {
            let mut list = alternatives(rule);
            list.truncate(ALTERNATIVES);
            list
        },
    };
    let rules = learned.rules.iter().enumerate().map(|(at, rule)| {
        let row = draft.and_then(|d| d.rows.get(at)?.clone());
        let places = draft.and_then(|d| d.places.get(at).cloned());
        RuleReport {
            places: places.unwrap_or_default(),
            ..told(at, rule, how(draft, rule, at), row)
        }
    });
    let weak = learned.weak.iter().enumerate();
    let (fairness_looked, fairness) = around.fairness.reported(&years.facts, lang);
    Report {
        engine_version: around.engine_version,
        criteria: around.criteria,
        title: title.map_or_else(String::new, |(_, c)| c.head.title.to_string()),
        criteria_digest: around.criteria_digest,
        years: (0..years.names.len()).map(year).collect(),
        left_out: around.left_out,
        nurseries: around.nurseries,
        before: learned.before,
        after: learned.after,
        nothing: learned.nothing,
        exhausted: learned.solution.exhausted,
        anew: around.anew.map(|anew| AnewReport {
            places: draft.map(|d| d.of_order.clone()).unwrap_or_default(),
            ..anew
        }),
        rules: rules.collect(),
        weak: weak
            .map(|(at, rule)| told(at, rule, How::TooLittle, None))
            .collect(),
        fairness,
        fairness_looked,
        leads: match learned.nothing {
            true => Vec::new(),
            false => leads(learned),
        },
    }
}

/// Others of the class: with other points it is the interval that says so.
fn others(rule: &Rule) -> impl Iterator<Item = &Cause> {
    let same = |c: &&Cause| {
        let points = rule.cause.points();
        points.is_some_and(|p| c.with_points(p).as_ref() == Some(&rule.cause))
    };
    rule.class.iter().filter(move |c| !same(c))
}

impl IntervalReport {
    pub(crate) fn of(interval: &Interval) -> Self {
        Self {
            least: interval.least.to_string(),
            most: interval.most.to_string(),
            open: interval.open,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let values = [("least", &*self.least), ("most", &*self.most)];
        let words = messages::learn(lang);
        match self {
            Self { open, .. } if open.contains(&true) => words.get("interval-open", &values),
            Self { least, most, .. } if least == most => words.get("interval-one", &values[..1]),
            _ => words.get("interval", &values),
        }
    }
}

impl RuleReport {
    /// What speaks for and against it, in words.
    #[must_use]
    pub fn evidence(&self, years: &[YearReport], lang: Lang) -> String {
        evidence_words(
            (&self.support, &self.opposition),
            years.iter().map(|y| &*y.name),
            lang,
        )
    }
}

/// What speaks for and against a rule, in words.
pub(crate) fn evidence_words<'n>(
    (support, opposition): (&[u32], &[u32]),
    names: impl Iterator<Item = &'n str>,
    lang: Lang,
) -> String {
    let words = messages::learn(lang);
    let by_year = names.zip(support).map(|(year, count)| {
        let count = count.to_string();
        words.get("of-year", &[("year", year), ("count", &count)])
    });
    let by_year: Vec<String> = by_year.collect();
    let sum = |list: &[u32]| list.iter().sum::<u32>().to_string();
    let values = [
        ("support", &*sum(support)),
        (
            "by-year",
            &*by_year.join(if lang == Lang::Japanese { "、" } else { ", " }),
        ),
        ("opposition", &*sum(opposition)),
    ];
    words.get("support", &values)
}

/// Children on a wrong side of every best cut-off in the world with what was learned.
fn leads(learned: &Learned<'_>) -> Vec<Lead> {
    let world = &learned.world;
    let market = &world.market;
    let found = evidence(world);
    let certain = found.suspects.iter().filter(|s| s.certain);
    let mut list: Vec<Lead> = certain
        .map(|s| {
            let class = &market.classes[s.class as usize];
            let (year, child) = round_of(&market.children[s.child as usize].id);
            let nursery = &market.nurseries[class.nursery as usize];
            let (_, facility) = round_of(&nursery.id);
            let oddity = match s.oddity {
                Oddity::TooHigh => "too-high",
                Oddity::TooLow => "too-low",
                Oddity::Room => "room",
            };
            Lead {
                year: year.to_owned(),
                facility: facility.to_owned(),
                facility_name: nursery.name.to_string(),
                age: class.age,
                child: child.to_owned(),
                oddity: oddity.to_owned(),
            }
        })
        .collect();
    list.sort();
    list.dedup();
    list
}
