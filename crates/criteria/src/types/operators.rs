//! Types of operators.

use super::{
    Comparison, Kind, Operation, Ty, Typed,
    infer::{Checker, Env, is_open_text, list},
    names::type_name,
};
use crate::expression::{self, Binary, Expression, Span};

/// How to ask whether a set has a value.
fn membership_form(form: &str) -> (String, String) {
    (
        format!("含むかどうかは {form} と書いてください。"),
        format!("Ask for membership: {form}."),
    )
}

impl Checker<'_> {
    pub fn binary(
        &mut self,
        op: Binary,
        a: &Expression,
        b: &Expression,
        span: &Span,
        env: &Env,
    ) -> Option<Typed> {
        let done = |kind, ty| {
            Some(Typed {
                kind,
                ty,
                span: span.clone(),
            })
        };
        match op {
            Binary::And | Binary::Or => {
                let (a, b) = (self.condition(a, env), self.condition(b, env));
                let (a, b) = (a?.into(), b?.into());
                let kind = if op == Binary::And {
                    Kind::And(a, b)
                } else {
                    Kind::Or(a, b)
                };
                done(kind, Ty::Bool)
            }
            Binary::In => {
                let kind = self.membership(a, b, env)?;
                done(kind, Ty::Bool)
            }
            Binary::Plus | Binary::Minus | Binary::Times | Binary::Over => {
                let (kind, ty) = self.arithmetic(op, a, b, span, env)?;
                done(kind, ty)
            }
            Binary::Equal
            | Binary::NotEqual
            | Binary::Less
            | Binary::LessOrEqual
            | Binary::Greater
            | Binary::GreaterOrEqual => {
                let (x, y) = self.same(a, b, env, None)?;
                let comparison = match op {
                    Binary::Equal => Comparison::Equal,
                    Binary::NotEqual => Comparison::NotEqual,
                    Binary::Less => Comparison::Less,
                    Binary::LessOrEqual => Comparison::LessOrEqual,
                    Binary::Greater => Comparison::Greater,
                    _ => Comparison::GreaterOrEqual,
                };
                self.comparable(comparison, op, &x, a, span)?;
                done(Kind::Compare(comparison, x.into(), y.into()), Ty::Bool)
            }
        }
    }

    fn comparable(
        &mut self,
        comparison: Comparison,
        op: Binary,
        x: &Typed,
        a: &Expression,
        span: &Span,
    ) -> Option<()> {
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let (ja, en) = type_name(x.ty);
        match x.ty {
            Ty::Set(_) | Ty::Texts => {
                self.error(
                    "C127",
                    span,
                    (
                        format!("{ja}は {} で比べられません。", op.symbol()),
                        format!("{en} cannot be compared with {}.", op.symbol()),
                    ),
                    (
                        format!("含むかどうかを '…' in {a} のように書いてください。"),
                        format!("Ask for membership: '…' in {a}."),
                    ),
                );
                None
            }
            Ty::Bool | Ty::Enum(_) | Ty::Text if !equality => {
                let mend = match x.ty {
                    Ty::Enum(_) => (
                        "選択肢に大小はありません。== か、in ['…', '…'] で並べてください。",
                        "Values of a list have no order; use == or in ['…', '…'].",
                    ),
                    _ => ("== か != で比べてください。", "Compare with == or !=."),
                };
                self.error(
                    "C128",
                    span,
                    (
                        format!("{ja}は {} で比べられません。", op.symbol()),
                        format!("{en} cannot be compared with {}.", op.symbol()),
                    ),
                    mend,
                );
                None
            }
            _ => Some(()),
        }
    }

    /// Two expressions of one type.
    pub fn same(
        &mut self,
        a: &Expression,
        b: &Expression,
        env: &Env,
        expected: Option<Ty>,
    ) -> Option<(Typed, Typed)> {
        let (x, y) = if expected.is_none() && is_open_text(a) && !is_open_text(b) {
            let y = self.infer(b, env, None);
            let x = self.infer(a, env, y.as_ref().map(|y| y.ty));
            (x, y)
        } else {
            let x = self.infer(a, env, expected);
            let y = self.infer(b, env, expected.or(x.as_ref().map(|x| x.ty)));
            (x, y)
        };
        let (x, y) = (x?, y?);
        if x.ty == y.ty {
            return Some((x, y));
        }
        self.differ((&x, a), (&y, b));
        None
    }

    /// Two expressions whose types should be one.
    pub fn differ(&mut self, x: (&Typed, &Expression), y: (&Typed, &Expression)) {
        match (x.0.ty, y.0.ty) {
            (Ty::Quantity(_), Ty::Number) => self.unit_missing(x, y),
            (Ty::Number, Ty::Quantity(_)) => self.unit_missing(y, x),
            (Ty::Quantity(u), Ty::Quantity(v)) => {
                let mend = if u.label().split('／').next() == v.label().split('／').next() {
                    (
                        "月と週などの換算は、自動では行いません。同じ単位の事実を使ってください。",
                        "Months and weeks are never converted silently; use a fact in the same unit.",
                    )
                } else {
                    (
                        "同じ単位の量を書いてください。単位を外すなら number(…) です。",
                        "Write a quantity in the same unit; number(…) drops a unit on purpose.",
                    )
                };
                self.error(
                    "C126",
                    &y.1.span,
                    (
                        format!("単位が違います（{} と {}）。", u.label(), v.label()),
                        format!("The units differ ({} and {}).", u.name(), v.name()),
                    ),
                    mend,
                );
            }
            (a, b) => {
                let (a, b) = (type_name(a), type_name(b));
                let mend = match (x.0.ty, y.0.ty) {
                    (Ty::Date, Ty::Text) | (Ty::Text, Ty::Date) => (
                        "日付は date('2027-04-01') と書いてください。",
                        "Write a day as date('2027-04-01').",
                    ),
                    (Ty::Set(_) | Ty::Texts, _) => {
                        let form = format!("{} in {}", y.1, x.1);
                        return self.types_differ((a, b), &y.1.span, membership_form(&form));
                    }
                    (_, Ty::Set(_) | Ty::Texts) => {
                        let form = format!("{} in {}", x.1, y.1);
                        return self.types_differ((a, b), &y.1.span, membership_form(&form));
                    }
                    (Ty::Bool, Ty::Text) | (Ty::Text, Ty::Bool) => (
                        "はい／いいえは true、false と書いてください。",
                        "Write true or false.",
                    ),
                    (Ty::Text, Ty::Number) | (Ty::Number, Ty::Text) => (
                        "数は引用符を付けずに書いてください。",
                        "Write numbers without quotes.",
                    ),
                    _ => (
                        "両側を同じ種類の値にしてください。",
                        "Both sides must be of one type.",
                    ),
                };
                let mend = (mend.0.to_owned(), mend.1.to_owned());
                self.types_differ((a, b), &y.1.span, mend);
            }
        }
    }

    fn types_differ(
        &mut self,
        types: ((String, String), (String, String)),
        span: &Span,
        mend: (String, String),
    ) {
        let (a, b) = types;
        self.error(
            "C127",
            span,
            (
                format!("種類の違う値です（{} と {}）。", a.0, b.0),
                format!("The types differ: {} and {}.", a.1, b.1),
            ),
            mend,
        );
    }

    /// A quantity beside a bare number.
    fn unit_missing(&mut self, quantity: (&Typed, &Expression), bare: (&Typed, &Expression)) {
        let Ty::Quantity(unit) = quantity.0.ty else {
            return;
        };
        self.error(
            "C125",
            &bare.1.span,
            (
                format!(
                    "単位がありません。{} は量（{}）です。",
                    quantity.1,
                    unit.label()
                ),
                format!(
                    "A unit is missing: {} is a quantity in {}.",
                    quantity.1,
                    unit.name()
                ),
            ),
            if matches!(bare.1.kind, expression::Kind::Number(_)) {
                (
                    format!("{}({}) と書いてください。", unit.name(), bare.1),
                    format!("Write {}({}).", unit.name(), bare.1),
                )
            } else {
                (
                    format!(
                        "単位を外してよければ number({})、{} も同じ単位の数なら {}({}) と書いてください。",
                        quantity.1,
                        bare.1,
                        unit.name(),
                        bare.1
                    ),
                    format!(
                        "Write number({}) if the unit may be dropped, {}({}) if that is in the same unit.",
                        quantity.1,
                        unit.name(),
                        bare.1
                    ),
                )
            },
        );
    }

    fn membership(&mut self, a: &Expression, b: &Expression, env: &Env) -> Option<Kind> {
        let expression::Kind::List(items) = &b.kind else {
            if let expression::Kind::Name(name) = &b.kind
                && list(name).is_some()
            {
                self.error(
                    "C139",
                    &b.span,
                    (
                        format!("「{name}」は人や記録の並びなので、in では調べられません。"),
                        format!(
                            "`{name}` is a list of people or records; `in` does not search it."
                        ),
                    ),
                    (
                        format!("{name}.exists(x, x.… == …) と書いてください。"),
                        format!("Write {name}.exists(x, x.… == …)."),
                    ),
                );
                return None;
            }
            let right = self.infer(b, env, None)?;
            let of = match right.ty {
                Ty::Set(e) => Ty::Enum(e),
                Ty::Texts => Ty::Text,
                other => {
                    let (ja, en) = type_name(other);
                    self.error(
                        "C139",
                        &b.span,
                        (
                            format!("in の右には並びが必要ですが、これは{ja}です。"),
                            format!("A list is needed to the right of `in`; this is {en}."),
                        ),
                        (
                            "一つの値と比べるなら == を、いくつかの値なら ['…', '…'] を使ってください。",
                            "Use == for one value, ['…', '…'] for several.",
                        ),
                    );
                    return None;
                }
            };
            let left = self.infer(a, env, Some(of))?;
            if left.ty != of {
                let (x, y) = (type_name(left.ty), type_name(right.ty));
                self.error(
                    "C127",
                    &a.span,
                    (
                        format!("{}は {} の中にはありません。", x.0, y.0),
                        format!("{} is never within {}.", x.1, y.1),
                    ),
                    (
                        "種類の同じ値を調べてください。",
                        "Look for a value of the same type.",
                    ),
                );
                return None;
            }
            return Some(Kind::Within(left.into(), right.into()));
        };
        if items.is_empty() {
            self.error(
                "C134",
                &b.span,
                ("並びが空です。", "The list is empty."),
                (
                    "調べる値を一つ以上書いてください。",
                    "Write at least one value.",
                ),
            );
            return None;
        }
        let left = if is_open_text(a) {
            let ty = items
                .iter()
                .find(|i| !is_open_text(i))
                .and_then(|i| self.infer(i, env, None))
                .map(|t| t.ty);
            self.infer(a, env, ty)?
        } else {
            self.infer(a, env, None)?
        };
        let mut typed = Vec::with_capacity(items.len());
        for item in items {
            let Some(t) = self.infer(item, env, Some(left.ty)) else {
                continue;
            };
            if t.ty != left.ty {
                self.differ((&left, a), (&t, item));
                continue;
            }
            typed.push(t);
        }
        if matches!(left.ty, Ty::Set(_) | Ty::Texts) {
            let (ja, en) = type_name(left.ty);
            self.error(
                "C139",
                &a.span,
                (
                    format!("in の左が{ja}です。"),
                    format!("To the left of `in` stands {en}."),
                ),
                (
                    format!("一つずつ '…' in {a} と書いて || でつないでください。"),
                    format!("Ask for each, '…' in {a}, joined by ||."),
                ),
            );
            return None;
        }
        (typed.len() == items.len()).then(|| Kind::OneOf(left.into(), typed))
    }

    fn arithmetic(
        &mut self,
        op: Binary,
        a: &Expression,
        b: &Expression,
        span: &Span,
        env: &Env,
    ) -> Option<(Kind, Ty)> {
        let (x, y) = (self.numeric(a, env), self.numeric(b, env));
        let (x, y) = (x?, y?);
        let (operation, ty) = match (op, x.ty, y.ty) {
            (Binary::Plus | Binary::Minus, p, q) => {
                if p != q {
                    self.differ((&x, a), (&y, b));
                    return None;
                }
                let operation = if op == Binary::Plus {
                    Operation::Plus
                } else {
                    Operation::Minus
                };
                (operation, p)
            }
            (Binary::Times, p, Ty::Number) => (Operation::Times, p),
            (Binary::Times, Ty::Number, q) => (Operation::Times, q),
            (Binary::Over, p, Ty::Number) => (Operation::Over, p),
            (Binary::Over, p, q) if p == q => (Operation::Over, Ty::Number),
            (_, p, q) => {
                let (p, q) = (type_name(p), type_name(q));
                self.error(
                    "C126",
                    span,
                    (
                        format!("{}と{}は {} で計算できません。", p.0, q.0, op.symbol()),
                        format!("{} {} {} has no meaning.", p.1, op.symbol(), q.1),
                    ),
                    (
                        "掛け算は片方を単位のない数に、割り算は同じ単位どうしか、単位のない数で割ってください。",
                        "Multiply by a plain number; divide by a plain number or the same unit.",
                    ),
                );
                return None;
            }
        };
        Some((Kind::Arithmetic(operation, x.into(), y.into()), ty))
    }
}
