//! Types of functions and of folds over lists.

use super::{
    Fold, Kind, TimeUnit, Ty, Typed,
    infer::{Checker, Env, LISTS, list},
    names::{nearest, type_name},
};
use crate::expression::{self, Expression, Name, Span};
use enmusubi_domain::facts::{Entity, Unit};

/// Functions: name, fewest and most arguments, how they are called.
const FUNCTIONS: &[(&str, usize, usize, &str)] = &[
    ("min", 2, usize::MAX, "min(a, b, …)"),
    ("max", 2, usize::MAX, "max(a, b, …)"),
    ("clamp", 3, 3, "clamp(x, low, high)"),
    ("number", 1, 1, "number(x)"),
    ("known", 1, 1, "known(x)"),
    ("months_between", 2, 2, "months_between(from, to)"),
    ("days_between", 2, 2, "days_between(from, to)"),
    ("years_between", 2, 2, "years_between(from, to)"),
    ("fiscal_year", 1, 1, "fiscal_year(day)"),
    ("month", 1, 1, "month(day)"),
    ("ceil", 1, 1, "ceil(x)"),
    ("floor", 1, 1, "floor(x)"),
    ("date", 1, 1, "date('2027-04-01')"),
];

/// Words for the same thing elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("has", "known(x)"),
    ("isknown", "known(x)"),
    ("year", "fiscal_year(day)"),
    ("age", "years_between(birth, day)"),
    ("if", "c ? a : b"),
    ("IF", "c ? a : b"),
    ("round", "floor(x) / ceil(x)"),
    ("int", "floor(x)"),
    ("size", "guardians.size()"),
    ("len", "guardians.size()"),
    ("length", "guardians.size()"),
    ("SUM", "guardians.sum(g, …)"),
    ("sum", "guardians.sum(g, …)"),
    ("count", "guardians.count(g, …)"),
    ("any", "guardians.exists(g, …)"),
    ("exists", "guardians.exists(g, …)"),
    ("hours", "hours_per_month(140)"),
    ("weeks", "days(7)"),
];

const FOLDS: &[(&str, Fold)] = &[
    ("sum", Fold::Sum),
    ("lowest", Fold::Lowest),
    ("highest", Fold::Highest),
    ("average", Fold::Average),
    ("count", Fold::Count),
    ("exists", Fold::Exists),
    ("all", Fold::All),
];

const FOLDS_ELSEWHERE: &[(&str, &str)] = &[
    ("min", "lowest"),
    ("max", "highest"),
    ("avg", "average"),
    ("mean", "average"),
    ("any", "exists"),
    ("some", "exists"),
    ("every", "all"),
    ("filter", "count"),
    ("map", "sum"),
    ("length", "size"),
    ("len", "size"),
];

impl Checker<'_> {
    pub fn call(
        &mut self,
        name: &Name,
        arguments: &[Expression],
        span: &Span,
        env: &Env,
    ) -> Option<Typed> {
        let typed = |kind, ty| {
            Some(Typed {
                kind,
                ty,
                span: span.clone(),
            })
        };
        if let Some(unit) = Unit::of_name(&name.text) {
            self.count(name, arguments, 1, 1, &format!("{}(…)", name.text))?;
            let inner = self.infer(&arguments[0], env, None)?;
            if inner.ty != Ty::Number {
                let (ja, en) = type_name(inner.ty);
                self.error(
                    "C130",
                    &arguments[0].span,
                    (
                        format!(
                            "{} の中には単位のない数が必要ですが、これは{ja}です。",
                            name.text
                        ),
                        format!("{} takes a number without unit; this is {en}.", name.text),
                    ),
                    (
                        "単位を付け替えるときは number(…) で元の単位を外してください。",
                        "To change a unit, drop the old one first with number(…).",
                    ),
                );
                return None;
            }
            return typed(inner.kind, Ty::Quantity(unit));
        }
        let Some((_, least, most, form)) = FUNCTIONS.iter().find(|(n, ..)| *n == &*name.text)
        else {
            self.unknown_function(name);
            return None;
        };
        self.count(name, arguments, *least, *most, form)?;
        let first = &arguments[0];
        match &*name.text {
            "min" => {
                let (list, ty) = self.ordered(arguments, env)?;
                typed(Kind::Least(list), ty)
            }
            "max" => {
                let (list, ty) = self.ordered(arguments, env)?;
                typed(Kind::Greatest(list), ty)
            }
            "clamp" => {
                let (list, ty) = self.ordered(arguments, env)?;
                let [x, low, high] = <[Typed; 3]>::try_from(list).ok()?;
                let inner = Typed {
                    kind: Kind::Least(vec![x, high]),
                    ty,
                    span: span.clone(),
                };
                typed(Kind::Greatest(vec![low, inner]), ty)
            }
            "number" => {
                let inner = self.numeric(first, env)?;
                typed(inner.kind, Ty::Number)
            }
            "known" => {
                let inner = self.infer(first, env, None)?;
                typed(Kind::Known(inner.into()), Ty::Bool)
            }
            "months_between" | "days_between" | "years_between" => {
                let (unit, ty) = match &*name.text {
                    "months_between" => (TimeUnit::Months, Unit::Months),
                    "days_between" => (TimeUnit::Days, Unit::Days),
                    _ => (TimeUnit::Years, Unit::Years),
                };
                let (a, b) = (self.day(first, env), self.day(&arguments[1], env));
                typed(Kind::Between(unit, a?.into(), b?.into()), Ty::Quantity(ty))
            }
            "fiscal_year" => {
                let day = self.day(first, env)?;
                typed(Kind::FiscalYear(day.into()), Ty::Number)
            }
            "month" => {
                let day = self.day(first, env)?;
                typed(Kind::Month(day.into()), Ty::Number)
            }
            "ceil" => {
                let x = self.numeric(first, env)?;
                let ty = x.ty;
                typed(Kind::Ceil(x.into()), ty)
            }
            "floor" => {
                let x = self.numeric(first, env)?;
                let ty = x.ty;
                typed(Kind::Floor(x.into()), ty)
            }
            _ => {
                let day = match &first.kind {
                    expression::Kind::Text(text) if text.len() == 10 => {
                        text.parse::<jiff::civil::Date>().ok()
                    }
                    _ => None,
                };
                let Some(day) = day else {
                    self.error(
                        "C133",
                        &first.span,
                        (
                            format!("{first} は日付として読めません。"),
                            format!("{first} is not a day."),
                        ),
                        (
                            "date('2027-04-01') のように、年-月-日を引用符の中に書いてください。",
                            "Write year-month-day in quotes: date('2027-04-01').",
                        ),
                    );
                    return None;
                };
                typed(Kind::Date(day), Ty::Date)
            }
        }
    }

    fn unknown_function(&mut self, name: &Name) {
        let meant = ELSEWHERE
            .iter()
            .find(|(n, _)| *n == &*name.text)
            .map(|(_, m)| *m)
            .or_else(|| {
                let units = Unit::ALL.iter().map(|u| u.name());
                let near = nearest(&name.text, FUNCTIONS.iter().map(|f| f.0).chain(units))?;
                Some(FUNCTIONS.iter().find(|f| f.0 == near).map_or(near, |f| f.3))
            });
        let mend = match meant {
            Some(meant) => (
                format!("{meant} ではありませんか。"),
                format!("Did you mean {meant}?"),
            ),
            None => {
                let names: Vec<&str> = FUNCTIONS.iter().map(|f| f.3).collect();
                (
                    format!("使える関数: {}、および単位の名前。", names.join("、")),
                    format!("Functions: {}, and the names of units.", names.join(", ")),
                )
            }
        };
        self.error(
            "C122",
            &name.span,
            (
                format!("「{}」という関数はありません。", name.text),
                format!("There is no function `{}`.", name.text),
            ),
            mend,
        );
    }

    fn count(
        &mut self,
        name: &Name,
        arguments: &[Expression],
        least: usize,
        most: usize,
        form: &str,
    ) -> Option<()> {
        if (least..=most).contains(&arguments.len()) {
            return Some(());
        }
        self.error(
            "C131",
            &name.span,
            (
                format!(
                    "{} に渡す値の数が違います（{} 個）。",
                    name.text,
                    arguments.len()
                ),
                format!("{} has {} arguments.", name.text, arguments.len()),
            ),
            (
                format!("{form} の形で書いてください。"),
                format!("Write {form}."),
            ),
        );
        None
    }

    /// Arguments of one type that has an order.
    fn ordered(&mut self, arguments: &[Expression], env: &Env) -> Option<(Vec<Typed>, Ty)> {
        let list: Vec<Option<Typed>> = arguments.iter().map(|a| self.infer(a, env, None)).collect();
        let list: Option<Vec<Typed>> = list.into_iter().collect();
        let list = list?;
        for (i, item) in list.iter().enumerate() {
            if !matches!(item.ty, Ty::Number | Ty::Quantity(_) | Ty::Date) {
                let (ja, en) = type_name(item.ty);
                self.error(
                    "C130",
                    &item.span,
                    (
                        format!("{ja}に大小はありません。"),
                        format!("There is no order among values that are {en}."),
                    ),
                    (
                        "数、量または日付を書いてください。",
                        "Write numbers, quantities or days.",
                    ),
                );
                return None;
            }
            if item.ty != list[0].ty {
                self.differ((&list[0], &arguments[0]), (item, &arguments[i]));
                return None;
            }
        }
        let ty = list[0].ty;
        Some((list, ty))
    }

    fn day(&mut self, e: &Expression, env: &Env) -> Option<Typed> {
        let typed = self.infer(e, env, None)?;
        if typed.ty == Ty::Date {
            return Some(typed);
        }
        let (ja, en) = type_name(typed.ty);
        self.error(
            "C133",
            &e.span,
            (
                format!("ここには日付が必要ですが、これは{ja}です。"),
                format!("A day is needed here; this is {en}."),
            ),
            (
                "round.base_date や date('2027-04-01') のように書いてください。",
                "Write round.base_date or date('2027-04-01').",
            ),
        );
        None
    }

    pub fn method(
        &mut self,
        receiver: &Expression,
        name: &Name,
        arguments: &[Expression],
        span: &Span,
        env: &Env,
    ) -> Option<Typed> {
        let typed = |kind, ty| {
            Some(Typed {
                kind,
                ty,
                span: span.clone(),
            })
        };
        let found = match &receiver.kind {
            expression::Kind::Name(n) => list(n),
            _ => None,
        };
        let Some((list_name, list, entity)) = found else {
            let known: Vec<&str> = LISTS.iter().map(|l| l.0).collect();
            let mend = match &receiver.kind {
                expression::Kind::Name(n) => nearest(n, known.iter().copied()),
                _ => None,
            };
            self.error(
                "C143",
                &receiver.span,
                (
                    format!(
                        "{receiver} は並びではないので、.{}(…) は使えません。",
                        name.text
                    ),
                    format!("{receiver} is no list; .{}(…) cannot follow.", name.text),
                ),
                match mend {
                    Some(meant) => (
                        format!("「{meant}」ではありませんか。"),
                        format!("Did you mean `{meant}`?"),
                    ),
                    None => (
                        format!("使える並び: {}。", known.join("、")),
                        format!("Lists: {}.", known.join(", ")),
                    ),
                },
            );
            return None;
        };
        if &*name.text == "size" {
            self.count(name, arguments, 0, 0, &format!("{list_name}.size()"))?;
            return typed(Kind::Size(list), Ty::Number);
        }
        let Some(&(_, fold)) = FOLDS.iter().find(|(n, _)| *n == &*name.text) else {
            let meant = FOLDS_ELSEWHERE
                .iter()
                .find(|(n, _)| *n == &*name.text)
                .map(|(_, m)| *m)
                .or_else(|| nearest(&name.text, FOLDS.iter().map(|f| f.0).chain(["size"])));
            let all = "sum, lowest, highest, average, count, exists, all, size";
            self.error(
                "C122",
                &name.span,
                (
                    format!("並びに .{}(…) という関数はありません。", name.text),
                    format!("Lists have no .{}(…).", name.text),
                ),
                match meant {
                    Some(meant) => (
                        format!("「{meant}」ではありませんか。"),
                        format!("Did you mean `{meant}`?"),
                    ),
                    None => (format!("使える関数: {all}。"), format!("They have {all}.")),
                },
            );
            return None;
        };
        self.count(
            name,
            arguments,
            2,
            2,
            &format!("{list_name}.{}(x, x.…)", name.text),
        )?;
        let env = self.with_variable(&arguments[0], entity, env)?;
        let variable = (env.variables.len() - 1) as u16;
        let (body, ty) = match fold {
            Fold::Sum | Fold::Lowest | Fold::Highest | Fold::Average => {
                let body = self.numeric(&arguments[1], &env)?;
                let ty = body.ty;
                (body, ty)
            }
            Fold::Count => (self.condition(&arguments[1], &env)?, Ty::Number),
            Fold::Exists | Fold::All => (self.condition(&arguments[1], &env)?, Ty::Bool),
        };
        typed(Kind::Fold(fold, list, variable, body.into()), ty)
    }

    fn with_variable(&mut self, e: &Expression, entity: Entity, env: &Env) -> Option<Env> {
        let mut env = env.clone();
        let name = match &e.kind {
            expression::Kind::Name(name) => name.clone(),
            _ => {
                self.error(
                    "C132",
                    &e.span,
                    (
                        "一つ目には、一人ずつを指す名前が必要です。",
                        "The first argument is a name for each element.",
                    ),
                    (
                        "guardians.count(g, g.presence == 'present') の g のように書いてください。",
                        "Write a name such as g in guardians.count(g, g.presence == 'present').",
                    ),
                );
                return None;
            }
        };
        let c = self.criteria;
        let taken = env.variables.iter().any(|(v, _)| *v == name)
            || Entity::ALL.iter().any(|e| e.name() == &*name)
            || list(&name).is_some()
            || c.tables.iter().any(|t| t.id == name)
            || c.values.iter().any(|v| v.id == name)
            || c.conditions.iter().any(|c| c.id == name);
        if taken {
            self.error(
                "C132",
                &e.span,
                (
                    format!("「{name}」はほかのものの名前なので、ここでは使えません。"),
                    format!("`{name}` already means something else."),
                ),
                (
                    "g や x のように、まだ使われていない名前にしてください。",
                    "Use a name that is free, such as g or x.",
                ),
            );
            return None;
        }
        env.variables.push((name, entity));
        Some(env)
    }
}
