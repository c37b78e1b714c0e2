//! Random criteria: every operator of the language, in files nobody would write.

use crate::{
    policy_expression::{Writer, name, number},
    rng::SplitMix64,
};
use enmusubi_criteria::{
    Criteria,
    expression::Expression,
    model::{
        Band, BandPart, Change, Condition, Conversion, Coupling, Effect, Eligibility, FileKind,
        Grade, Group, Head, IfUnknown, Key, MechanismName, NamedValue, Over, Pass, Points, Pool,
        Row, SelectionRules, Siblings, Source, Stratum, Table, Take, TiesLeft, Transfers,
    },
};
use enmusubi_domain::facts::{Exact, Unit};

/// What random criteria look like. Probabilities are in percent.
#[derive(Debug, Clone)]
pub struct PolicyShape {
    /// Most tables.
    pub tables_max: u32,
    /// Most rows of a table, bands aside.
    pub rows_max: u32,
    /// Depth of expressions.
    pub depth: u32,
    /// Rows and keys to be filled.
    pub holes: u32,
    /// Rows that staff judge.
    pub judged: u32,
}

impl Default for PolicyShape {
    fn default() -> Self {
        Self {
            tables_max: 4,
            rows_max: 6,
            depth: 3,
            holes: 1,
            judged: 5,
        }
    }
}

/// Random criteria that the checker of types has nothing against (overlapping bands and labels aside);
/// the same seed and shape give the same criteria for ever.
#[must_use]
pub fn random_policy(seed: u64, shape: &PolicyShape) -> Criteria {
    let mut maker = Maker {
        writer: Writer::new(SplitMix64::new(seed)),
        shape,
        criteria: empty(),
        items: 0,
    };
    maker.conditions();
    let tables = 1 + maker.rng().below(shape.tables_max.max(1));
    for _ in 0..tables {
        maker.table();
        if maker.rng().percent(25) {
            maker.value();
        }
    }
    for _ in 0..=maker.rng().below(3) {
        maker.value();
    }
    maker.order();
    maker.gates();
    maker.criteria
}

/// Criteria of nothing.
pub(crate) fn empty() -> Criteria {
    Criteria {
        head: Head {
            municipality: None,
            name: "試験".into(),
            fiscal_year: 2027,
            title: "試験".into(),
            kind: FileKind::Structure,
            note: None,
        },
        documents: Vec::new(),
        conditions: Vec::new(),
        tables: Vec::new(),
        values: Vec::new(),
        strata: Vec::new(),
        keys: Vec::new(),
        passes: Vec::new(),
        pools: Vec::new(),
        eligibility: Vec::new(),
        siblings: Siblings {
            default: None,
            answers: Vec::new(),
            coupling: Coupling::None,
            coupled: Vec::new(),
            first_pass: false,
        },
        transfers: Transfers {
            refill: true,
            refusable: false,
            withdrawable: false,
        },
        ties: TiesLeft::Stop,
        selection: SelectionRules {
            mechanism: MechanismName::Stable,
            disclosure_minimum: 3,
        },
        conversion: Conversion {
            weeks_per_month: Exact::whole(4),
            break_at_most: None,
        },
        monotone: Vec::new(),
        examples: Vec::new(),
        gaps: Vec::new(),
    }
}

fn source() -> Source {
    Source {
        document: None,
        page: None,
        grade: Grade::Official,
    }
}

struct Maker<'s> {
    writer: Writer,
    shape: &'s PolicyShape,
    criteria: Criteria,
    /// Rows, changes and so on so far, for their ids.
    items: u32,
}

impl Maker<'_> {
    fn depth(&mut self) -> u32 {
        let most = self.shape.depth;
        self.rng().below(most + 1)
    }

    fn rng(&mut self) -> &mut SplitMix64 {
        &mut self.writer.rng
    }

    fn id(&mut self, prefix: &str) -> Box<str> {
        self.items += 1;
        format!("{prefix}{}", self.items).into()
    }

    fn condition(&mut self) -> Expression {
        let depth = self.depth();
        self.writer.condition(depth)
    }

    fn number(&mut self) -> Expression {
        let depth = self.depth();
        self.writer.number(depth)
    }

    /// Mostly a plain number.
    fn points(&mut self) -> Expression {
        if self.rng().percent(75) {
            let n = self.writer.small();
            number(n)
        } else {
            self.number()
        }
    }

    fn sometimes(&mut self, percent: u32) -> Option<Expression> {
        self.rng().percent(percent).then(|| self.points())
    }

    fn take(&mut self) -> Take {
        *self.rng().pick(&[
            Take::Sum,
            Take::Sum,
            Take::Highest,
            Take::Highest,
            Take::Lowest,
            Take::First,
        ])
    }

    fn conditions(&mut self) {
        for _ in 0..self.rng().below(4) {
            let id = self.id("C");
            let over_guardian = self.rng().percent(30);
            self.writer.at_hand = over_guardian.then_some(Over::Guardian);
            let when = self.condition();
            self.writer.at_hand = None;
            self.writer.conditions.push((id.clone(), over_guardian));
            self.criteria.conditions.push(Condition {
                id,
                label: "条件".into(),
                when,
                span: 0..0,
            });
        }
    }

    fn table(&mut self) {
        let id = self.id("T");
        let over = *self.rng().pick(&[
            Over::Guardian,
            Over::Guardian,
            Over::Application,
            Over::Application,
            Over::Adult,
        ]);
        self.writer.at_hand = (over != Over::Application).then_some(over);
        let take = self.take();
        let mut table = Table {
            id: id.clone(),
            label: "表".into(),
            over,
            take,
            otherwise: if take == Take::Sum {
                Some(number(Exact::ZERO))
            } else {
                self.sometimes(80)
            },
            at_most: self.sometimes(15),
            at_least: self.sometimes(15),
            bands: Vec::new(),
            groups: Vec::new(),
            rows: Vec::new(),
            source: source(),
            span: 0..0,
        };
        for _ in 0..self.rng().below(3) {
            let id = self.id("g");
            let group = Group {
                id,
                label: "組".into(),
                take: self.take(),
                at_most: self.sometimes(15),
                at_least: self.sometimes(15),
                span: 0..0,
            };
            table.groups.push(group);
        }
        for _ in 0..*self.rng().pick(&[0, 1, 1, 2]) {
            self.band(&mut table);
        }
        let rows_max = self.shape.rows_max.max(1);
        for _ in 0..=self.rng().below(rows_max) {
            let when = self.rng().percent(90).then(|| self.condition());
            self.row(&mut table, when, None);
        }
        self.rng().shuffle(&mut table.rows);
        self.excludes(&mut table);
        self.writer.at_hand = None;
        self.writer.tables.push((id, over));
        self.criteria.tables.push(table);
    }

    /// Cuts of a quantity, or of two.
    fn band(&mut self, table: &mut Table) {
        let id = self.id("b");
        let two = self.rng().percent(30);
        let (by, unit) = self.dimension();
        let second = two.then(|| self.dimension());
        let cuts = self.cuts();
        let cuts2 = self.cuts();
        let band = table.bands.len() as u32;
        table.bands.push(Band {
            id,
            label: "区分".into(),
            when: self.rng().percent(50).then(|| self.condition()),
            by,
            unit,
            unit2: second.as_ref().and_then(|(_, u)| *u),
            by2: second.map(|(by2, _)| by2),
            partition: false,
            span: 0..0,
        });
        let whole = [(None, None)];
        for &(from, below) in &cuts {
            for &(from2, below2) in if two { &cuts2[..] } else { &whole[..] } {
                let part = BandPart {
                    band,
                    from,
                    below,
                    from2,
                    below2,
                };
                let when = self.rng().percent(15).then(|| self.condition());
                self.row(table, when, Some(part));
            }
        }
    }

    fn dimension(&mut self) -> (Expression, Option<Unit>) {
        if self.rng().percent(70) {
            let unit = self.writer.unit();
            let depth = self.rng().below(2);
            (self.writer.quantity(unit, depth), Some(unit))
        } else {
            (self.number(), None)
        }
    }

    /// Ascending parts, the first and last perhaps open; now and then a gap.
    fn cuts(&mut self) -> Vec<(Option<Exact>, Option<Exact>)> {
        let mut at = Exact::whole(i64::from(self.rng().below(40)));
        let mut parts = Vec::new();
        if self.rng().percent(30) {
            parts.push((None, Some(at)));
        }
        for _ in 0..=self.rng().below(3) {
            let from = at;
            let step = *self.rng().pick(&[1, 2, 5, 20, 40]);
            at = at.plus(Exact::whole(step)).unwrap_or(at);
            parts.push((Some(from), Some(at)));
            if self.rng().percent(15) {
                at = at.plus(Exact::ONE).unwrap_or(at);
            }
        }
        if self.rng().percent(60) {
            parts.push((Some(at), None));
        }
        parts
    }

    fn row(&mut self, table: &mut Table, when: Option<Expression>, band: Option<BandPart>) {
        let id = self.id("r");
        let PolicyShape { holes, judged, .. } = *self.shape;
        let points = if self.rng().percent(holes) {
            Points::ToBeFilled
        } else if self.rng().percent(judged) {
            let min = self.writer.small();
            let max = min.plus(Exact::whole(5)).unwrap_or(min);
            let required = self.rng().percent(30);
            Points::Discretion { min, max, required }
        } else {
            Points::Expression(self.points())
        };
        let groups = table.groups.len() as u32;
        let group = (groups > 0 && self.rng().percent(50)).then(|| self.rng().below(groups));
        let if_unknown = *self.rng().pick(&[
            IfUnknown::Undecided,
            IfUnknown::Undecided,
            IfUnknown::Not,
            IfUnknown::Applies,
        ]);
        table.rows.push(Row {
            id,
            label: "行".into(),
            parents: None,
            band,
            when,
            points,
            group,
            excludes: Vec::new(),
            if_unknown,
            source: source(),
            note: None,
            span: 0..0,
        });
    }

    /// Exclusions without cycles: along a random order of the rows.
    fn excludes(&mut self, table: &mut Table) {
        if !self.rng().percent(50) {
            return;
        }
        let n = table.rows.len() as u32;
        let mut order: Vec<u32> = (0..n).collect();
        self.rng().shuffle(&mut order);
        for (at, &row) in order.iter().enumerate() {
            let later = &order[at + 1..];
            if later.is_empty() || !self.rng().percent(30) {
                continue;
            }
            for _ in 0..=self.rng().below(2) {
                let other = *self.rng().pick(later);
                let excludes = &mut table.rows[row as usize].excludes;
                if !excludes.contains(&other) {
                    excludes.push(other);
                }
            }
        }
    }

    fn value(&mut self) {
        let id = self.id("V");
        let value = self.number();
        let mut changes = Vec::new();
        for _ in 0..self.rng().below(4) {
            let effect = *self.rng().pick(&[
                Effect::Set,
                Effect::Add,
                Effect::Multiply,
                Effect::AtMost,
                Effect::AtLeast,
            ]);
            let by = if effect == Effect::Multiply {
                number(Exact::whole(self.rng().below(4).into()))
            } else {
                self.points()
            };
            changes.push(Change {
                id: self.id("x"),
                label: "修正".into(),
                parents: None,
                when: self.rng().percent(90).then(|| self.condition()),
                effect,
                by,
                source: source(),
                span: 0..0,
            });
        }
        self.writer.values.push(id.clone());
        self.criteria.values.push(NamedValue {
            id,
            label: "値".into(),
            value,
            changes,
            source: source(),
            span: 0..0,
        });
    }

    /// Strata and keys.
    fn order(&mut self) {
        if self.rng().percent(40) {
            let last = self.rng().percent(80);
            for at in (0..=self.rng().below(3)).rev() {
                let id = self.id("s");
                let when = (at > 0 || !last).then(|| self.condition());
                self.criteria.strata.push(Stratum {
                    id,
                    label: "区分".into(),
                    when,
                    source: source(),
                    span: 0..0,
                });
            }
        }
        for _ in 0..=self.rng().below(4) {
            let id = self.id("k");
            let together = self.rng().percent(8);
            let value = match self.rng().below(10) {
                _ if together => self.condition(),
                0..=3 if !self.writer.values.is_empty() => {
                    let values = self.writer.values.clone();
                    name(self.rng().pick::<Box<str>>(&values))
                }
                4 => self.condition(),
                5 => {
                    let unit = self.writer.unit();
                    self.writer.quantity(unit, 1)
                }
                6 => self.writer.day(1),
                _ => self.number(),
            };
            let holes = self.shape.holes;
            let hole = self.rng().percent(holes * 2);
            let higher_first = self.rng().percent(60);
            self.criteria.keys.push(Key {
                id,
                label: "順位".into(),
                value: (!hole).then_some(value),
                higher_first,
                show: Vec::new(),
                together,
                source: source(),
                span: 0..0,
            });
        }
        let coupling = *self
            .rng()
            .pick(&[Coupling::None, Coupling::Highest, Coupling::Average]);
        let mut coupled = Vec::new();
        if coupling != Coupling::None {
            for at in 0..self.criteria.keys.len() {
                if !self.criteria.keys[at].together && self.rng().percent(60) {
                    coupled.push(at as u32);
                }
            }
        }
        self.criteria.siblings.coupling = coupling;
        self.criteria.siblings.coupled = coupled;
    }

    /// Eligibility, pools, passes.
    fn gates(&mut self) {
        for _ in 0..self.rng().below(3) {
            let id = self.id("e");
            let require = self.condition();
            self.criteria.eligibility.push(Eligibility {
                id,
                label: "要件".into(),
                require,
                parents: None,
                source: source(),
                span: 0..0,
            });
        }
        for _ in 0..self.rng().below(3) {
            let id = self.id("p");
            let target = self.condition();
            let hard = self.rng().percent(50);
            self.criteria.pools.push(Pool {
                id,
                label: "枠".into(),
                target,
                hard,
                after_ordinary: false,
                within: false,
                parents: None,
                span: 0..0,
            });
        }
        if self.rng().percent(30) {
            self.writer.of_child_only = true;
            let last = self.rng().percent(80);
            for at in (0..=self.rng().below(2)).rev() {
                let id = self.id("q");
                let when = (at > 0 || !last).then(|| self.condition());
                self.criteria.passes.push(Pass {
                    id,
                    label: "段階".into(),
                    when,
                    span: 0..0,
                });
            }
            self.writer.of_child_only = false;
        }
    }
}
