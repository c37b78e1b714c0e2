//! Random criteria in which more of some facts never lowers a key, by the way they are built: conditions
//! that more of a fact can only fulfil, points that are not negative, and nothing but sums, highest and
//! lowest above them.

use crate::{
    policy::{empty, named_key, plain_row, plain_table, plain_value},
    policy_expression::{attribute_of, binary, call, name, number},
    rng::SplitMix64,
};
use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression},
    model::{Band, BandPart, Better, Monotone, Over, Points, Take},
};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, Type,
    vocabulary::{Origin, VOCABULARY, find},
};

/// Random criteria with claims that hold. The same seed gives the same criteria for ever.
#[must_use]
pub fn monotone_policy(seed: u64) -> Criteria {
    let mut maker = Maker {
        rng: SplitMix64::new(seed),
        criteria: empty(),
        claims: Vec::new(),
    };
    maker.claim(Entity::Household, 4);
    maker.claim(Entity::Child, 3);
    maker.claim(Entity::Guardian, 4);
    maker.claim(Entity::Choice, 1);
    maker.guardian_table();
    for t in 0..=maker.rng.below(2) {
        maker.table(t);
    }
    maker.values_and_keys();
    maker.criteria
}

struct Maker {
    rng: SplitMix64,
    criteria: Criteria,
    claims: Vec<(Entity, AttributeIx, Better)>,
}

impl Maker {
    /// Claims about some attributes that a paper states and from which nothing is derived in between.
    fn claim(&mut self, entity: Entity, count: u32) {
        let plain: Vec<AttributeIx> = (0..VOCABULARY.len() as AttributeIx)
            .filter(|&at| {
                let a = &VOCABULARY[at as usize];
                a.entity == entity
                    && a.origin == Origin::Stated
                    && matches!(a.ty, Type::Bool | Type::Number | Type::Quantity(_))
                    && !matches!(a.name, "unborn" | "on_time" | "work_hours_per_month")
            })
            .collect();
        for _ in 0..count {
            let attribute = *self.rng.pick(&plain);
            let better = if self.rng.percent(70) {
                Better::More
            } else {
                Better::Less
            };
            if self.claims.iter().all(|(_, a, _)| *a != attribute) {
                self.claims.push((entity, attribute, better));
                self.criteria.monotone.push(Monotone {
                    entity,
                    attribute,
                    better,
                    span: 0..0,
                });
            }
        }
    }

    /// A condition that better facts can only fulfil.
    fn condition(&mut self, of_guardian: bool, depth: u32) -> Expression {
        if depth > 0 && self.rng.percent(40) {
            let operator = *self.rng.pick(&[Binary::And, Binary::Or]);
            let left = self.condition(of_guardian, depth - 1);
            return binary(operator, left, self.condition(of_guardian, depth - 1));
        }
        let usable: Vec<_> = self
            .claims
            .iter()
            .copied()
            .filter(|(entity, ..)| of_guardian || *entity != Entity::Guardian)
            .collect();
        let (entity, at, better) = *self.rng.pick(&usable);
        let attribute = &VOCABULARY[at as usize];
        let member = attribute_of(entity.name(), attribute.name);
        let limit = number(Exact::whole(i64::from(self.rng.below(24))));
        let operator = match better {
            Better::More => Binary::GreaterOrEqual,
            Better::Less => Binary::LessOrEqual,
        };
        match attribute.ty {
            Type::Quantity(unit) => binary(operator, member, call(unit.name(), vec![limit])),
            Type::Bool if better == Better::More => member,
            Type::Bool => binary(
                Binary::Equal,
                member,
                Expression {
                    kind: enmusubi_criteria::expression::Kind::Bool(false),
                    span: 0..0,
                },
            ),
            _ => binary(operator, member, limit),
        }
    }

    fn points(&mut self) -> Points {
        Points::Expression(number(Exact::whole(i64::from(self.rng.below(12)))))
    }

    /// Points rise with the hours worked, and with what is claimed; the best counts.
    fn guardian_table(&mut self) {
        let mut table = plain_table("A1", Over::Guardian, Take::Highest);
        let Some(hours) = find(Entity::Guardian, "work_hours_per_month") else {
            return;
        };
        self.criteria.monotone.push(Monotone {
            entity: Entity::Guardian,
            attribute: hours,
            better: Better::More,
            span: 0..0,
        });
        table.bands.push(Band {
            id: "work".into(),
            label: "就労".into(),
            when: None,
            by: attribute_of("guardian", "work_hours_per_month"),
            unit: Some(enmusubi_domain::facts::Unit::HoursPerMonth),
            by2: None,
            unit2: None,
            partition: false,
            span: 0..0,
        });
        let mut from = 0;
        let mut points = 0;
        for at in 0..=self.rng.below(4) {
            let step = i64::from(1 + self.rng.below(50));
            let mut row = plain_row(&format!("work-{at}"));
            row.band = Some(BandPart {
                band: 0,
                from: Some(Exact::whole(from)),
                below: Some(Exact::whole(from + step)),
                from2: None,
                below2: None,
            });
            row.points = Points::Expression(number(Exact::whole(points)));
            table.rows.push(row);
            from += step;
            points += i64::from(self.rng.below(3));
        }
        // From here on as much as the last: more hours never count less.
        let mut row = plain_row("work-more");
        row.band = Some(BandPart {
            band: 0,
            from: Some(Exact::whole(from)),
            below: None,
            from2: None,
            below2: None,
        });
        row.points = Points::Expression(number(Exact::whole(points)));
        table.rows.push(row);
        for at in 0..=self.rng.below(3) {
            let mut row = plain_row(&format!("other-{at}"));
            row.when = Some(self.condition(true, 2));
            row.points = self.points();
            table.rows.push(row);
        }
        self.criteria.tables.push(table);
    }

    fn table(&mut self, number_of: u32) {
        let take = *self.rng.pick(&[Take::Sum, Take::Highest]);
        let mut table = plain_table(&format!("B{number_of}"), Over::Application, take);
        if self.rng.percent(30) {
            table.at_most = Some(number(Exact::whole(i64::from(5 + self.rng.below(20)))));
        }
        for at in 0..=self.rng.below(5) {
            let mut row = plain_row(&format!("b{number_of}-{at}"));
            row.when = Some(self.condition(false, 2));
            row.points = self.points();
            table.rows.push(row);
        }
        self.criteria.tables.push(table);
    }

    fn values_and_keys(&mut self) {
        let fold = *self.rng.pick(&["sum", "lowest", "highest", "average"]);
        let mut total = fold_of("guardians", fold, "A1");
        for table in self.criteria.tables.iter().skip(1) {
            total = binary(Binary::Plus, total, name(&table.id));
        }
        self.criteria.values.push(plain_value("A", total));
        self.criteria.keys.push(named_key("A", name("A"), true));
        for at in 0..self.rng.below(3) {
            let condition = self.condition(false, 1);
            let id = format!("k{at}");
            self.criteria.keys.push(named_key(&id, condition, true));
        }
    }
}

fn fold_of(list: &str, fold: &str, table: &str) -> Expression {
    use enmusubi_criteria::expression::{Kind, Name};
    let text = |t: &str| Name {
        text: t.into(),
        span: 0..0,
    };
    Expression {
        kind: Kind::Method(
            Box::new(name(list)),
            text(fold),
            vec![name("g"), attribute_of("g", table)],
        ),
        span: 0..0,
    }
}
