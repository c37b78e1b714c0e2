//! Rule files (`--rules F.toml`) and column files (`--columns F.toml`).
//!
//! The schema is `schema/rules.schema.json`; a commented example is `docs/rules.example.toml`.

use crate::{
    Source,
    columns::{CHILDREN, COMBINATIONS, NURSERIES, Names, RESULT, Spec, normal},
    diagnostic::{Diagnostics, kind},
    nurseries::Nurseries,
    past::{DECISIONS, STAFF_INDEX},
    toml_file::{File, Section, as_string, as_u32, text},
};
use enmusubi_domain::{
    Rational, Rules, Score,
    round::{First, Place, SiblingWish, Timing, WishForm},
    rules::{
        CommonOrder, Condition, DISCLOSURE_MINIMUM_DEFAULT, EligibilityRule, GroupRule, PassRule,
        PoolRule, Sorting, StrataRule, Test,
    },
};
use std::ops::Range;
use toml::de::DeValue;

/// A column the rules look at.
#[derive(Debug)]
pub(crate) struct WantedFact {
    pub header: String,
    /// Line of the rule file that names it first.
    pub line: u32,
}

/// A rule file, resolved against the nurseries.
#[derive(Debug, Default)]
pub(crate) struct RuleFile {
    /// Name of the file.
    pub file: String,
    pub rules: Rules,
    /// Columns the rules look at; facts of the round, in this order.
    pub facts: Vec<WantedFact>,
    pub wish: WishRules,
}

impl RuleFile {
    /// What holds where there is no rule file.
    pub fn none() -> Self {
        let mut none = Self::default();
        none.rules.disclosure_minimum = DISCLOSURE_MINIMUM_DEFAULT;
        none
    }
}

/// How sibling wishes are read.
#[derive(Debug, Default)]
pub(crate) struct WishRules {
    /// What a household without a code means.
    pub default_code: Option<u8>,
    /// Timing, place and who first from columns of their own, instead of the code.
    pub fields: Option<(WishFrom<Timing>, WishFrom<Place>, WishFrom<First>)>,
    /// Whether all transfers move or none.
    pub all_or_none: Option<WishFrom<bool>>,
}

/// Where one wish field comes from.
#[derive(Debug)]
pub(crate) enum WishFrom<T> {
    /// The municipality's form does not ask.
    Fixed(T),
    Column(WishColumn<T>),
}

/// A column of the children's table that holds a wish.
#[derive(Debug)]
pub(crate) struct WishColumn<T> {
    pub fact: u32,
    pub values: Vec<(String, T)>,
    /// Values that staff must decide.
    pub other: Vec<String>,
    pub blank: Option<T>,
}

/// Names of columns.
pub(crate) fn read_names(source: &Source<'_>, all: &mut Diagnostics) -> Names {
    let mut names = Names::default();
    let Some(text) = text(source, all) else {
        return names;
    };
    let (mut file, root) = File::parse(source.name, &text, all);
    let mut root = Section::root(&root);
    for spec in [
        &CHILDREN,
        &NURSERIES,
        &COMBINATIONS,
        &RESULT,
        &DECISIONS,
        &STAFF_INDEX,
    ] {
        let Some(section) = root.section(&mut file, spec.section) else {
            continue;
        };
        names_of(&mut file, &section, spec, &mut names);
    }
    file.finish(&root);
    names
}

fn names_of(
    file: &mut File<'_, '_>,
    section: &Section<'_, '_>,
    spec: &'static Spec,
    names: &mut Names,
) {
    let known: Vec<&str> = spec.fields.iter().flat_map(|f| [f.name, f.key]).collect();
    for (key, span, value) in section.entries() {
        let wanted = normal(key);
        let field = spec
            .fields
            .iter()
            .find(|f| f.key == key || normal(f.name) == wanted);
        let Some(field) = field else {
            file.unknown_key(key, &span, &known);
            continue;
        };
        let Some(own) = as_string(value) else {
            file.bad(
                key,
                &value.span(),
                "列名を \"…\" で書いてください",
                "write a column name in \"…\"",
            );
            continue;
        };
        if field.numbered && !normal(&own).contains('N') {
            file.bad(
                key,
                &value.span(),
                "番号の場所を N で示してください（例: 第N希望）",
                "show the number's place by N",
            );
            continue;
        }
        if names.0.insert((spec.section, field.key), own).is_some() {
            file.report(
                &kind::RULE_CONFLICT,
                key,
                &span,
                "同じ項目が2回あります",
                "the item is given twice",
            );
        }
    }
}

/// Reads a rule file. Without nurseries (their table could not be read) ids are not checked.
pub(crate) fn read(
    source: &Source<'_>,
    nurseries: Option<&Nurseries>,
    all: &mut Diagnostics,
) -> RuleFile {
    let mut out = RuleFile {
        file: source.name.to_owned(),
        ..RuleFile::none()
    };
    let Some(text) = text(source, all) else {
        return out;
    };
    let (file, root) = File::parse(source.name, &text, all);
    let mut reader = Reader {
        file,
        nurseries,
        facts: Vec::new(),
        pool_names: Vec::new(),
    };
    let mut root = Section::root(&root);
    out.rules = reader.rules(&mut root, &mut out.wish);
    out.facts = reader.facts;
    out
}

struct Reader<'a, 'd, 'n> {
    file: File<'a, 'd>,
    nurseries: Option<&'n Nurseries>,
    facts: Vec<WantedFact>,
    /// Name and nursery of every pool read so far, in the order of [`Rules::pools`].
    pool_names: Vec<(String, u32)>,
}

impl Reader<'_, '_, '_> {
    fn rules(&mut self, root: &mut Section<'_, '_>, wish: &mut WishRules) -> Rules {
        let mut rules = Rules::default();
        let file = &mut self.file;
        rules.disclosure_minimum = root
            .number(file, "disclosure_minimum")
            .unwrap_or(DISCLOSURE_MINIMUM_DEFAULT);
        if let Some(mut s) = root.section(file, "wish") {
            *wish = self.wish(&mut s);
            self.file.finish(&s);
        }
        if let Some(mut s) = root.section(&mut self.file, "common_order") {
            if let Some(fact) = self.column(&mut s) {
                let larger_first = s.flag(&mut self.file, "larger_first").unwrap_or(false);
                rules.common_order = Some(CommonOrder { fact, larger_first });
            }
            self.file.finish(&s);
        }
        if let Some(mut s) = root.section(&mut self.file, "passes") {
            let siblings = s.word(
                &mut self.file,
                "siblings",
                &[("first", true), ("last", false)],
            );
            let order = self.sorting(&mut s);
            rules.passes = order.map(|order| PassRule {
                order,
                siblings_in_first: siblings.unwrap_or(false),
            });
            self.file.finish(&s);
        }
        for mut s in root.sections(&mut self.file, "strata") {
            let label = s.required(&mut self.file, "label");
            let order = self.sorting(&mut s);
            self.file.finish(&s);
            if let (Some((label, _)), Some(order)) = (label, order) {
                rules.strata.push(StrataRule {
                    label: label.into(),
                    order,
                });
            }
        }
        for mut s in root.sections(&mut self.file, "pool") {
            self.pool(&mut s, &mut rules.pools);
            self.file.finish(&s);
        }
        for mut s in root.sections(&mut self.file, "eligibility") {
            self.eligibility(&mut s, &mut rules.eligibility);
            self.file.finish(&s);
        }
        for mut s in root.sections(&mut self.file, "no_refill") {
            let nurseries = self.nurseries_of(&mut s);
            let ages = s
                .ages(&mut self.file, "ages")
                .unwrap_or_else(|| (0..6).collect());
            self.file.finish(&s);
            for n in nurseries.unwrap_or_else(|| self.every_nursery()) {
                rules.no_refill.extend(ages.iter().map(|&a| (n, a)));
            }
        }
        rules.no_refill.sort_unstable();
        rules.no_refill.dedup();
        for mut s in root.sections(&mut self.file, "group") {
            self.group(&mut s, &rules.pools, &mut rules.groups);
            self.file.finish(&s);
        }
        self.check_groups(root, &rules.groups);
        self.check_pool_seats(root, &rules.pools);
        self.file.finish(root);
        rules
    }

    fn every_nursery(&self) -> Vec<u32> {
        self.nurseries
            .map_or_else(Vec::new, |n| (0..n.list.len() as u32).collect())
    }

    fn fact(&mut self, header: &str, span: &Range<usize>) -> u32 {
        let wanted = normal(header);
        if let Some(at) = self.facts.iter().position(|f| normal(&f.header) == wanted) {
            return at as u32;
        }
        let line = self.file.line(span.start);
        self.facts.push(WantedFact {
            header: header.to_owned(),
            line,
        });
        self.facts.len() as u32 - 1
    }

    /// `column = "…"`.
    fn column(&mut self, s: &mut Section<'_, '_>) -> Option<u32> {
        let (header, span) = s.required(&mut self.file, "column")?;
        Some(self.fact(&header, &span))
    }

    /// `nursery = "…"` or `nurseries = […]`; `None` where neither is there.
    fn nurseries_of(&mut self, s: &mut Section<'_, '_>) -> Option<Vec<u32>> {
        let mut ids = Vec::new();
        let one = s.strings(&mut self.file, "nursery");
        let more = s.strings(&mut self.file, "nurseries");
        if one.is_none() && more.is_none() {
            return None;
        }
        for (id, span) in one.into_iter().chain(more).flatten() {
            let Some(nurseries) = self.nurseries else {
                continue;
            };
            match nurseries.find(&id) {
                Some(n) if !ids.contains(&n) => ids.push(n),
                Some(_) => {}
                None => self
                    .file
                    .report(&kind::RULE_NURSERY, "nursery", &span, "", ""),
            }
        }
        Some(ids)
    }

    fn sorting(&mut self, s: &mut Section<'_, '_>) -> Option<Sorting> {
        let fact = self.column(s);
        let mut sorting = Sorting {
            fact: fact.unwrap_or(0),
            labels: Vec::new(),
            values: Vec::new(),
            others: None,
        };
        let bins = s.sections(&mut self.file, "order");
        if bins.is_empty() {
            self.file.missing(s, "order");
        }
        for mut bin in bins {
            let label = bin
                .required(&mut self.file, "label")
                .map_or_else(String::new, |l| l.0);
            let values = bin.strings(&mut self.file, "values").unwrap_or_default();
            if bin.flag(&mut self.file, "others") == Some(true) {
                if sorting.others.is_some() {
                    self.file.report(
                        &kind::RULE_CONFLICT,
                        "others",
                        &bin.span,
                        "others = true は1つだけです",
                        "only one may take the others",
                    );
                }
                sorting.others = Some(sorting.labels.len() as u32);
            }
            for (value, span) in &values {
                if sorting.values.iter().flatten().any(|v| **v == **value) {
                    self.file.report(
                        &kind::RULE_CONFLICT,
                        "values",
                        span,
                        "同じ値が2か所にあります",
                        "the value is listed twice",
                    );
                }
            }
            self.file.finish(&bin);
            sorting.labels.push(label.into());
            sorting
                .values
                .push(values.into_iter().map(|v| v.0.into()).collect());
        }
        fact.map(|_| sorting)
    }

    fn conditions(&mut self, s: &mut Section<'_, '_>, key: &'static str) -> Vec<Condition> {
        let sections = s.sections(&mut self.file, key);
        if sections.is_empty() {
            self.file.missing(s, key);
        }
        let mut list = Vec::new();
        for mut c in sections {
            let fact = self.column(&mut c);
            let boxed = |v: Vec<(String, Range<usize>)>| -> Vec<Box<str>> {
                v.into_iter().map(|v| v.0.into()).collect()
            };
            let one_of = c.strings(&mut self.file, "one_of").map(boxed);
            let none_of = c.strings(&mut self.file, "none_of").map(boxed);
            let min = self.score(&mut c, "min");
            let max = self.score(&mut c, "max");
            let blank = c.word(
                &mut self.file,
                "blank",
                &[("yes", Some(true)), ("no", Some(false)), ("error", None)],
            );
            self.file.finish(&c);
            let test = match (one_of, none_of, min.is_some() || max.is_some()) {
                (Some(values), None, false) => Test::OneOf(values),
                (None, Some(values), false) => Test::NoneOf(values),
                (None, None, true) => Test::Range { min, max },
                _ => {
                    self.file.bad(
                        key,
                        &c.span,
                        "one_of、none_of、min/max のどれか1つを書いてください",
                        "give one of one_of, none_of, min/max",
                    );
                    continue;
                }
            };
            if let Some(fact) = fact {
                list.push(Condition {
                    fact,
                    test,
                    blank: blank.flatten(),
                });
            }
        }
        list
    }

    fn score(&mut self, s: &mut Section<'_, '_>, key: &'static str) -> Option<Score> {
        let (text, span) = s.string(&mut self.file, key)?;
        let score = Score::parse(&text);
        if score.is_none() {
            self.file
                .bad(key, &span, "整数を書いてください", "write a whole number");
        }
        score
    }

    fn pool(&mut self, s: &mut Section<'_, '_>, pools: &mut Vec<PoolRule>) {
        let id = s.required(&mut self.file, "id");
        let nurseries = self.nurseries_of(s);
        if nurseries.is_none() {
            self.file.missing(s, "nursery");
        }
        let kind_ = s.word(&mut self.file, "kind", &[("hard", true), ("soft", false)]);
        if kind_.is_none() && s.get("kind").is_none() {
            self.file.missing(s, "kind");
        }
        let within = s
            .word(
                &mut self.file,
                "counted",
                &[("within", true), ("extra", false)],
            )
            .unwrap_or(true);
        let after = s
            .word(
                &mut self.file,
                "place",
                &[("before", false), ("after", true)],
            )
            .unwrap_or(false);
        let label = s.string(&mut self.file, "label").map(|l| l.0);
        let parent_text = s.string(&mut self.file, "parent_text").map(|t| t.0.into());
        let seats = self.pool_seats(s);
        let target = self.conditions(s, "target");
        let Some((id, span)) = id else { return };
        for nursery in nurseries.unwrap_or_default() {
            if self
                .pool_names
                .iter()
                .any(|(i, n)| *i == id && *n == nursery)
            {
                self.file.report(
                    &kind::RULE_CONFLICT,
                    "id",
                    &span,
                    "この保育所に同じ枠が2回あります",
                    "the nursery has this pool twice",
                );
                continue;
            }
            self.pool_names.push((id.clone(), nursery));
            pools.push(PoolRule {
                id: id.clone().into(),
                nursery,
                seats,
                within,
                after_ordinary: after,
                hard: kind_.unwrap_or(true),
                target: target.clone(),
                label: label
                    .clone()
                    .unwrap_or_else(|| format!("{id}の対象外"))
                    .into(),
                parent_text: parent_text.clone(),
            });
        }
    }

    fn pool_seats(&mut self, s: &mut Section<'_, '_>) -> [Option<u32>; 6] {
        let mut seats = [None; 6];
        let Some(section) = s.section(&mut self.file, "seats") else {
            if s.get("seats").is_none() {
                self.file.missing(s, "seats");
            }
            return seats;
        };
        for (key, span, value) in section.entries() {
            let slot = key.parse::<usize>().ok().and_then(|a| seats.get_mut(a));
            match (slot, as_u32(value)) {
                (Some(slot), Some(n)) => *slot = Some(n),
                (None, _) => self
                    .file
                    .unknown_key(key, &span, &["0", "1", "2", "3", "4", "5"]),
                (_, None) => self.file.bad(
                    key,
                    &value.span(),
                    "0以上の整数を書いてください",
                    "write a whole number of 0 or more",
                ),
            }
        }
        seats
    }

    fn eligibility(&mut self, s: &mut Section<'_, '_>, out: &mut Vec<EligibilityRule>) {
        let label = s.required(&mut self.file, "label");
        let parent_text = s.string(&mut self.file, "parent_text").map(|t| t.0.into());
        let nurseries = self.nurseries_of(s);
        let ages = s
            .ages(&mut self.file, "ages")
            .unwrap_or_else(|| (0..6).collect());
        let pool = s.string(&mut self.file, "pool");
        let require = self.conditions(s, "require");
        let Some((label, _)) = label else { return };
        let ages = ages.iter().fold(0u8, |bits, a| bits | 1 << a);
        let mut rule = EligibilityRule {
            label: label.into(),
            parent_text,
            nurseries: nurseries.clone().unwrap_or_default(),
            ages,
            pool: None,
            require,
        };
        // All ids wrong is not "every nursery".
        if nurseries.is_some_and(|n| n.is_empty()) {
            return;
        }
        let Some((pool, span)) = pool else {
            out.push(rule);
            return;
        };
        let wanted = rule.nurseries.clone();
        let mut any = false;
        for (at, (name, nursery)) in self.pool_names.iter().enumerate() {
            if *name == pool && (wanted.is_empty() || wanted.contains(nursery)) {
                any = true;
                rule.nurseries = vec![*nursery];
                rule.pool = Some(at as u32);
                out.push(rule.clone());
            }
        }
        if !any {
            self.file.bad(
                "pool",
                &span,
                "この名前の枠がありません",
                "there is no pool of this name",
            );
        }
    }

    fn weight(
        &mut self,
        s: &mut Section<'_, '_>,
        key: &'static str,
        zero: bool,
    ) -> Option<Rational> {
        let (text, span) = s.string(&mut self.file, key)?;
        let weight = Rational::parse(&text).filter(|w| zero || w.numerator() > 0);
        if weight.is_none() {
            self.file.bad(
                key,
                &span,
                "\"1/3\" や \"2\" の形で書いてください",
                "write it like \"1/3\" or \"2\"",
            );
        }
        weight
    }

    fn group(&mut self, s: &mut Section<'_, '_>, pools: &[PoolRule], out: &mut Vec<GroupRule>) {
        let nurseries = self.nurseries_of(s);
        if nurseries.is_none() {
            self.file.missing(s, "nursery");
        }
        let label = s.string(&mut self.file, "label").map(|l| l.0);
        let capacity = self.weight(s, "capacity", true);
        let ages = s.ages(&mut self.file, "ages");
        let members = s.sections(&mut self.file, "members");
        if ages.is_none() && members.is_empty() {
            self.file.missing(s, "ages");
        }
        let mut weights = [Rational::ONE; 6];
        if let Some(section) = s.section(&mut self.file, "weights") {
            for (key, span, value) in section.entries() {
                let slot = key.parse::<usize>().ok().and_then(|a| weights.get_mut(a));
                let weight = as_string(value)
                    .and_then(|t| Rational::parse(&t))
                    .filter(|w| w.numerator() > 0);
                match (slot, weight) {
                    (Some(slot), Some(w)) => *slot = w,
                    (None, _) => self
                        .file
                        .unknown_key(key, &span, &["0", "1", "2", "3", "4", "5"]),
                    (_, None) => self.file.bad(
                        key,
                        &value.span(),
                        "\"1/3\" や \"2\" の形で書いてください",
                        "write it like \"1/3\" or \"2\"",
                    ),
                }
            }
        }
        let mut explicit = Vec::new();
        for mut m in members {
            let age = m.ages(&mut self.file, "age");
            let pool = m.string(&mut self.file, "pool");
            let weight = self
                .weight(&mut m, "weight", false)
                .unwrap_or(Rational::ONE);
            self.file.finish(&m);
            match age {
                None => self.file.missing(&m, "age"),
                Some(ages) => explicit.extend(ages.into_iter().map(|a| (a, pool.clone(), weight))),
            }
        }
        for nursery in nurseries.unwrap_or_default() {
            let at_age = |age: u8| {
                pools.iter().enumerate().filter(move |(_, p)| {
                    p.nursery == nursery && p.seats[usize::from(age)].is_some()
                })
            };
            let mut list: Vec<(u8, Option<u32>, Rational)> = Vec::new();
            for &age in ages.iter().flatten() {
                let weight = weights[usize::from(age)];
                list.push((age, None, weight));
                list.extend(at_age(age).map(|(p, _)| (age, Some(p as u32), weight)));
            }
            for (age, pool, weight) in &explicit {
                match pool {
                    None => list.push((*age, None, *weight)),
                    Some((name, span)) => match at_age(*age).find(|(_, p)| *p.id == **name) {
                        Some((p, _)) => list.push((*age, Some(p as u32), *weight)),
                        None => self.file.bad(
                            "pool",
                            span,
                            "この年齢にこの名前の枠がありません",
                            "there is no such pool at this age",
                        ),
                    },
                }
            }
            let name = label.clone().unwrap_or_else(|| {
                let ages: Vec<String> = list
                    .iter()
                    .filter(|m| m.1.is_none())
                    .map(|m| m.0.to_string())
                    .collect();
                format!("{}歳児", ages.join("・"))
            });
            out.push(GroupRule {
                nursery,
                label: name.into(),
                members: list,
                capacity,
            });
        }
    }

    fn check_groups(&mut self, root: &Section<'_, '_>, groups: &[GroupRule]) {
        let mut seen = std::collections::HashSet::new();
        for g in groups {
            for m in &g.members {
                if !seen.insert((g.nursery, m.0, m.1)) {
                    let text = format!("「{}」の{}歳は、2つのグループに入っています", g.label, m.0);
                    let en = format!("age {} of \"{}\" is in two groups", m.0, g.label);
                    self.file
                        .report(&kind::RULE_CONFLICT, "group", &root.span, &text, &en);
                }
            }
        }
    }

    fn check_pool_seats(&mut self, root: &Section<'_, '_>, pools: &[PoolRule]) {
        let Some(nurseries) = self.nurseries else {
            return;
        };
        let mut sums: std::collections::BTreeMap<u32, [u64; 6]> = std::collections::BTreeMap::new();
        for p in pools.iter().filter(|p| p.within) {
            let sum = sums.entry(p.nursery).or_default();
            for (s, seats) in sum.iter_mut().zip(p.seats) {
                *s += u64::from(seats.unwrap_or(0));
            }
        }
        for (n, sum) in sums {
            let nursery = &nurseries.list[n as usize];
            for (age, (&sum, seats)) in sum.iter().zip(nursery.seats).enumerate() {
                let seats = u64::from(seats.unwrap_or(0));
                if sum > seats {
                    let ja = format!(
                        "保育所「{}」{age}歳: 枠の合計{}人、募集人数{seats}人",
                        nursery.id, sum
                    );
                    let en = format!(
                        "nursery \"{}\", age {age}: {} in pools, {seats} seats",
                        nursery.id, sum
                    );
                    self.file
                        .report(&kind::POOL_TOO_LARGE, "pool", &root.span, &ja, &en);
                }
            }
        }
    }

    fn wish(&mut self, s: &mut Section<'_, '_>) -> WishRules {
        let mut wish = WishRules::default();
        if let Some(value) = s.get("default_code") {
            match as_u32(value) {
                Some(n @ 1..=7) => wish.default_code = Some(n as u8),
                _ => self.file.bad(
                    "default_code",
                    &value.span(),
                    "1〜7 の整数を書いてください",
                    "write a whole number from 1 to 7",
                ),
            }
        }
        let timing = self.wish_field(
            s,
            "timing",
            &[
                ("together", Timing::Together),
                ("need_not", Timing::NeedNot),
            ],
        );
        let place = self.wish_field(
            s,
            "place",
            &[
                ("same_only", Place::SameOnly),
                ("prefer_same", Place::PreferSame),
                ("choice_order", Place::ChoiceOrder),
            ],
        );
        let first = self.wish_field(
            s,
            "first",
            &[
                ("older", First::Older),
                ("younger", First::Younger),
                ("either", First::Either),
            ],
        );
        wish.all_or_none =
            self.wish_field(s, "all_transfers_or_none", &[("yes", true), ("no", false)]);
        wish.fields = match (timing, place, first) {
            (None, None, None) => None,
            (Some(t), Some(p), first) => {
                Some((t, p, first.unwrap_or(WishFrom::Fixed(First::Either))))
            }
            _ => {
                self.file.missing(s, "timing / place");
                None
            }
        };
        if wish.fields.is_some() && wish.default_code.is_some() {
            self.file.report(
                &kind::RULE_CONFLICT,
                "default_code",
                &s.span,
                "timing・place を使うときは、それぞれの blank で空欄の扱いを定めます",
                "with timing and place, declare blanks there",
            );
        }
        wish
    }

    /// `key = "word"`, `key = true`, or `key = { column = …, word = [values], other = […], blank = "word" }`.
    fn wish_field<T: Copy>(
        &mut self,
        s: &mut Section<'_, '_>,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<WishFrom<T>> {
        let value = s.get(key)?;
        if let DeValue::Boolean(b) = value.get_ref() {
            let word = if *b { "yes" } else { "no" };
            let found = words
                .iter()
                .find(|(w, _)| *w == word)
                .map(|w| WishFrom::Fixed(w.1));
            if found.is_none() {
                self.file.bad(
                    key,
                    &value.span(),
                    "文字列か表を書いてください",
                    "write a string or a table",
                );
            }
            return found;
        }
        if as_string(value).is_some() {
            return s.word(&mut self.file, key, words).map(WishFrom::Fixed);
        }
        let mut c = s.section(&mut self.file, key)?;
        let fact = self.column(&mut c);
        let mut values: Vec<(String, T)> = Vec::new();
        for &(word, meaning) in words {
            for (text, span) in c.strings(&mut self.file, word).unwrap_or_default() {
                if values.iter().any(|v| v.0 == text) {
                    self.file.report(
                        &kind::RULE_CONFLICT,
                        key,
                        &span,
                        "同じ値が2か所にあります",
                        "the value is listed twice",
                    );
                }
                values.push((text, meaning));
            }
        }
        let other = c
            .strings(&mut self.file, "other")
            .unwrap_or_default()
            .into_iter()
            .map(|o| o.0)
            .collect();
        let blank = c.word(&mut self.file, "blank", words);
        self.file.finish(&c);
        fact.map(|fact| {
            WishFrom::Column(WishColumn {
                fact,
                values,
                other,
                blank,
            })
        })
    }
}

/// The wish a code stands for, with the declared rule for transfers.
pub(crate) fn wish_of_code(code: u8, all_transfers_or_none: bool) -> SiblingWish {
    SiblingWish {
        form: WishForm::Code(code),
        all_transfers_or_none,
    }
}
