//! All expressions of a file.

use super::{
    Bounds, Item, Kind, Level, Resolved, Scopes, Ty, Typed, TypedBand, TypedRow, TypedTable,
    TypedValue, cycles,
    infer::{Checker, Env},
    names::type_name,
    scope,
};
use crate::{
    diagnostic::Diagnostics,
    expression::{Expression, Span},
    model::{Band, Change, Criteria, Effect, Key, NamedValue, Points, Table},
};
use enmusubi_domain::facts::{Exact, Unit};

/// The typed form, where nothing is wrong.
pub(super) fn resolve(criteria: &Criteria) -> (Option<Resolved>, Diagnostics) {
    let mut c = Checker::new(criteria);
    c.reserved_names();
    let env = Env::default();
    // Values first: tables and conditions may speak of any of them.
    let values = (0..criteria.values.len() as u32)
        .map(|v| c.value(v, &criteria.values[v as usize]))
        .collect();
    let conditions = (criteria.conditions.iter())
        .map(|x| c.must_hold(&x.when, &env))
        .collect();
    let tables = criteria.tables.iter().map(|t| c.table(t)).collect();
    let mut resolved = Resolved {
        conditions,
        tables,
        values,
        strata: (criteria.strata.iter())
            .map(|s| c.may_hold(s.when.as_ref(), &env))
            .collect(),
        keys: criteria.keys.iter().map(|k| c.key(k, &env)).collect(),
        passes: (criteria.passes.iter())
            .map(|p| c.may_hold(p.when.as_ref(), &env))
            .collect(),
        pools: (criteria.pools.iter())
            .map(|p| c.must_hold(&p.target, &env))
            .collect(),
        eligibility: (criteria.eligibility.iter())
            .map(|r| c.must_hold(&r.require, &env))
            .collect(),
        order: Vec::new(),
        scopes: Scopes::default(),
    };
    if !c.diagnostics.has_errors() {
        match cycles::order(&resolved) {
            Ok(order) => {
                resolved.order = order;
                resolved.scopes = scope::scopes(criteria, &resolved);
                c.passes(&resolved);
            }
            Err(cycle) => c.cycle(&cycle),
        }
    }
    let failed = c.diagnostics.has_errors();
    let mut list = c.diagnostics.list;
    list.dedup();
    ((!failed).then_some(resolved), Diagnostics { list })
}

/// In the place of what is wrong; the file is refused then.
fn placeholder(span: &Span, ty: Ty) -> Typed {
    let kind = if ty == Ty::Bool {
        Kind::Bool(false)
    } else {
        Kind::Number(Exact::ZERO)
    };
    Typed {
        kind,
        ty,
        span: span.clone(),
    }
}

impl Checker<'_> {
    fn must_hold(&mut self, e: &Expression, env: &Env) -> Typed {
        self.condition(e, env)
            .unwrap_or_else(|| placeholder(&e.span, Ty::Bool))
    }

    fn may_hold(&mut self, e: Option<&Expression>, env: &Env) -> Option<Typed> {
        e.map(|e| self.must_hold(e, env))
    }

    /// Points, bounds, operands: numbers.
    fn points(&mut self, e: &Expression, env: &Env) -> Typed {
        self.plain(e, env)
            .unwrap_or_else(|| placeholder(&e.span, Ty::Number))
    }

    fn may_be(&mut self, e: Option<&Expression>, env: &Env) -> Option<Typed> {
        e.map(|e| self.points(e, env))
    }

    fn value(&mut self, at: u32, value: &NamedValue) -> TypedValue {
        let env = Env {
            values_before: Some(at),
            ..Env::default()
        };
        let start = self
            .numeric(&value.value, &env)
            .unwrap_or_else(|| placeholder(&value.value.span, Ty::Number));
        let ty = start.ty;
        self.value_types.push(ty);
        let changes = value
            .changes
            .iter()
            .map(|change| {
                (
                    self.may_hold(change.when.as_ref(), &env),
                    self.operand(change, (&start, &value.value), &env),
                )
            })
            .collect();
        TypedValue {
            value: start,
            changes,
        }
    }

    fn operand(&mut self, change: &Change, value: (&Typed, &Expression), env: &Env) -> Typed {
        let none = |ty| placeholder(&change.by.span, ty);
        if change.effect == Effect::Multiply {
            return self.points(&change.by, env);
        }
        let Some(by) = self.numeric(&change.by, env) else {
            return none(value.0.ty);
        };
        if by.ty != value.0.ty {
            self.differ(value, (&by, &change.by));
            return none(value.0.ty);
        }
        by
    }

    fn table(&mut self, table: &Table) -> TypedTable {
        let env = Env {
            element: table.over.element(),
            ..Env::default()
        };
        TypedTable {
            otherwise: self.may_be(table.otherwise.as_ref(), &env),
            bounds: Bounds {
                at_most: self.may_be(table.at_most.as_ref(), &env),
                at_least: self.may_be(table.at_least.as_ref(), &env),
            },
            bands: table.bands.iter().map(|b| self.band(b, &env)).collect(),
            groups: (table.groups.iter())
                .map(|g| Bounds {
                    at_most: self.may_be(g.at_most.as_ref(), &env),
                    at_least: self.may_be(g.at_least.as_ref(), &env),
                })
                .collect(),
            rows: (table.rows.iter())
                .map(|row| TypedRow {
                    when: self.may_hold(row.when.as_ref(), &env),
                    points: match &row.points {
                        Points::Expression(e) => Some(self.points(e, &env)),
                        Points::Discretion { .. } | Points::ToBeFilled => None,
                    },
                })
                .collect(),
        }
    }

    fn band(&mut self, band: &Band, env: &Env) -> TypedBand {
        TypedBand {
            when: self.may_hold(band.when.as_ref(), env),
            by: self.measure(&band.by, band.unit, env),
            by2: (band.by2.as_ref()).map(|by| self.measure(by, band.unit2, env)),
        }
    }

    /// What a band cuts, in the unit it says.
    fn measure(&mut self, by: &Expression, unit: Option<Unit>, env: &Env) -> Typed {
        let ty = unit.map_or(Ty::Number, Ty::Quantity);
        let Some(typed) = self.numeric(by, env) else {
            return placeholder(&by.span, ty);
        };
        if typed.ty != ty {
            let (found, said) = (type_name(typed.ty), type_name(ty));
            let mend = match typed.ty {
                Ty::Quantity(u) => (
                    format!("unit = \"{}\" と書いてください。", u.name()),
                    format!("Write unit = \"{}\".", u.name()),
                ),
                _ => (
                    "unit を消してください。".to_owned(),
                    "Remove the unit.".to_owned(),
                ),
            };
            self.error(
                "C137",
                &by.span,
                (
                    format!(
                        "区分の量 {by} は{}ですが、単位の欄では{}です。",
                        found.0, said.0
                    ),
                    format!(
                        "The band's quantity {by} is {}, but its unit says {}.",
                        found.1, said.1
                    ),
                ),
                mend,
            );
            return placeholder(&by.span, ty);
        }
        typed
    }

    fn key(&mut self, key: &Key, env: &Env) -> Option<Typed> {
        let e = key.value.as_ref()?;
        if key.together {
            return Some(self.must_hold(e, env));
        }
        let typed = self.infer(e, env, None);
        let Some(typed) = typed else {
            return Some(placeholder(&e.span, Ty::Number));
        };
        if !matches!(typed.ty, Ty::Number | Ty::Quantity(_) | Ty::Bool | Ty::Date) {
            let (ja, en) = type_name(typed.ty);
            self.error(
                "C142",
                &e.span,
                (
                    format!("優先順位は大小で比べるので、{ja}は使えません。"),
                    format!("Keys are compared by size; {en} cannot be a key."),
                ),
                (
                    "順を点にした表を作るか、'…' == … のような条件にしてください。",
                    "Make a table that gives each a number, or write a condition.",
                ),
            );
        }
        Some(typed)
    }

    /// Passes are decided for a child, wherever it applies.
    fn passes(&mut self, resolved: &Resolved) {
        for pass in resolved.passes.iter().flatten() {
            if pass.scope(&resolved.scopes).level == Level::Choice {
                self.error(
                    "C138",
                    &pass.span,
                    (
                        "先行選考の条件に、施設や希望ごとの事実は使えません。",
                        "A pass cannot depend on the facility or the choice.",
                    ),
                    (
                        "児童・保護者・世帯の事実で書いてください。施設で分けるなら枠（pool）を使います。",
                        "Speak of the child, its guardians and household; use a pool to tell facilities apart.",
                    ),
                );
            }
        }
    }

    fn item(&self, item: Item) -> (&str, &Span) {
        let c = self.criteria;
        match item {
            Item::Condition(i) => (&c.conditions[i as usize].id, &c.conditions[i as usize].span),
            Item::Table(i) => (&c.tables[i as usize].id, &c.tables[i as usize].span),
            Item::Value(i) => (&c.values[i as usize].id, &c.values[i as usize].span),
        }
    }

    fn cycle(&mut self, cycle: &[Item]) {
        let mut names: Vec<String> = cycle.iter().map(|&i| self.item(i).0.to_owned()).collect();
        names.extend(names.first().cloned());
        let chain = names.join(" → ");
        let span = cycle.first().map_or(0..0, |&i| self.item(i).1.clone());
        self.error(
            "C135",
            &span,
            (
                format!("互いを使い合っていて、計算の順が決まりません（{chain}）。"),
                format!("These use each other, so that none can be first: {chain}."),
            ),
            (
                "どれか一つが、残りを使わないようにしてください。",
                "Let one of them do without the others.",
            ),
        );
    }

    /// Ids that expressions read as something else.
    fn reserved_names(&mut self) {
        let c = self.criteria;
        let ids = (c.conditions.iter().map(|x| (&x.id, &x.span)))
            .chain(c.tables.iter().map(|x| (&x.id, &x.span)))
            .chain(c.values.iter().map(|x| (&x.id, &x.span)));
        for (id, span) in ids {
            if super::names::is_reserved(id) {
                self.error(
                    "C145",
                    span,
                    (
                        format!("「{id}」は式の中で別の意味を持つので、IDにできません。"),
                        format!("`{id}` has a meaning of its own in expressions."),
                    ),
                    ("別のIDにしてください。", "Choose another id."),
                );
            }
        }
    }
}
