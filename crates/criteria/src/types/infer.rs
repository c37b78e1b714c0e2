//! Types of expressions: names and attributes. [`super::operators`] and [`super::functions`] have the rest.

use super::{
    Element, Kind, List, Subject, Ty, Typed,
    names::{list_of, meant_value, nearest, type_name, values, values_en},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Severity},
    document::Place,
    expression::{self, Expression, Name, Span, Unary},
    model::{Criteria, Over},
};
use enmusubi_domain::facts::{
    Entity, EnumType, Type,
    vocabulary::{VOCABULARY, find, of_entity},
};

/// Checks the expressions of one file.
pub(super) struct Checker<'a> {
    pub criteria: &'a Criteria,
    pub diagnostics: Diagnostics,
    /// Types of the values that were resolved so far.
    pub value_types: Vec<Ty>,
}

/// What an expression may speak of besides the file and the subjects at hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    /// The element at hand.
    pub element: Option<Element>,
    /// Variables of the folds around, outermost first.
    pub variables: Vec<(Box<str>, Entity)>,
    /// Values from here on are not defined yet (in a value's own expressions).
    pub values_before: Option<u32>,
}

impl<'a> Checker<'a> {
    pub fn new(criteria: &'a Criteria) -> Self {
        Self {
            criteria,
            diagnostics: Diagnostics::default(),
            value_types: Vec::new(),
        }
    }

    pub fn error(
        &mut self,
        code: &'static str,
        span: &Span,
        what: (impl Into<String>, impl Into<String>),
        mend: (impl Into<String>, impl Into<String>),
    ) {
        self.diagnostics.list.push(Diagnostic {
            code,
            severity: Severity::Error,
            place: Place::Text(span.clone()),
            what: (what.0.into(), what.1.into()),
            mend: (mend.0.into(), mend.1.into()),
        });
    }

    /// The type of an expression. `expected`: what a text in quotes stands for. `None`: wrong, and
    /// reported.
    pub fn infer(&mut self, e: &Expression, env: &Env, expected: Option<Ty>) -> Option<Typed> {
        use expression::Kind as K;
        let typed = |kind, ty| {
            Some(Typed {
                kind,
                ty,
                span: e.span.clone(),
            })
        };
        match &e.kind {
            K::Number(n) => typed(Kind::Number(*n), Ty::Number),
            K::Bool(b) => typed(Kind::Bool(*b), Ty::Bool),
            K::Text(text) => match expected {
                Some(Ty::Enum(of)) => {
                    let kind = Kind::Enum(self.enum_value(of, text, &e.span)?);
                    typed(kind, Ty::Enum(of))
                }
                _ => typed(Kind::Text(text.clone()), Ty::Text),
            },
            K::Name(name) => self.name(name, &e.span, env),
            K::Member(receiver, name) => self.member(receiver, name, &e.span, env),
            K::List(_) => {
                self.error(
                    "C139",
                    &e.span,
                    (
                        "値の並び [ ] は in の右にだけ書けます。",
                        "A list [ ] stands only to the right of `in`.",
                    ),
                    (
                        "x in ['a', 'b'] のように書いてください。",
                        "Write x in ['a', 'b'].",
                    ),
                );
                None
            }
            K::Call(name, arguments) => self.call(name, arguments, &e.span, env),
            K::Method(receiver, name, arguments) => {
                self.method(receiver, name, arguments, &e.span, env)
            }
            K::Unary(Unary::Not, a) => {
                let a = self.condition(a, env)?;
                typed(Kind::Not(a.into()), Ty::Bool)
            }
            K::Unary(Unary::Minus, a) => {
                let a = self.numeric(a, env)?;
                let ty = a.ty;
                typed(Kind::Negate(a.into()), ty)
            }
            K::Binary(op, a, b) => self.binary(*op, a, b, &e.span, env),
            K::Choose(c, a, b) => {
                let c = self.condition(c, env);
                let (a, b) = self.same(a, b, env, expected)?;
                let ty = a.ty;
                typed(Kind::Choose(c?.into(), a.into(), b.into()), ty)
            }
        }
    }

    /// An expression that must be a condition.
    pub fn condition(&mut self, e: &Expression, env: &Env) -> Option<Typed> {
        let typed = self.infer(e, env, None)?;
        if typed.ty == Ty::Bool {
            return Some(typed);
        }
        let (ja, en) = type_name(typed.ty);
        let mend: (String, String) = match typed.ty {
            Ty::Number | Ty::Quantity(_) => (
                format!("{e} > 0 のように比べてください。"),
                format!("Compare it, as in {e} > 0."),
            ),
            Ty::Enum(of) => (
                format!(
                    "{e} == '…' のように比べてください。値は {} です。",
                    values(of)
                ),
                format!(
                    "Compare it, as in {e} == '…'; values are {}.",
                    values_en(of)
                ),
            ),
            Ty::Set(_) | Ty::Texts => (
                format!("'…' in {e} のように書いてください。"),
                format!("Write '…' in {e}."),
            ),
            _ => (
                format!("known({e}) や比較の形にしてください。"),
                format!("Write known({e}), or compare it."),
            ),
        };
        self.error(
            "C129",
            &e.span,
            (
                format!("ここには条件（はい／いいえ）が必要ですが、これは{ja}です。"),
                format!("A condition is needed here; this is {en}."),
            ),
            mend,
        );
        None
    }

    /// An expression that must be a number or a quantity.
    pub fn numeric(&mut self, e: &Expression, env: &Env) -> Option<Typed> {
        let typed = self.infer(e, env, None)?;
        if matches!(typed.ty, Ty::Number | Ty::Quantity(_)) {
            return Some(typed);
        }
        self.not_numeric(&typed, e);
        None
    }

    /// An expression that must be a number without unit.
    pub fn plain(&mut self, e: &Expression, env: &Env) -> Option<Typed> {
        let typed = self.numeric(e, env)?;
        if typed.ty == Ty::Number {
            return Some(typed);
        }
        let (ja, en) = type_name(typed.ty);
        self.error(
            "C130",
            &e.span,
            (
                format!("ここには単位のない数が必要ですが、これは{ja}です。"),
                format!("A number without unit is needed here; this is {en}."),
            ),
            (
                format!("単位を外してよければ number({e}) と書いてください。"),
                format!("Write number({e}) if the unit may be dropped."),
            ),
        );
        None
    }

    fn not_numeric(&mut self, typed: &Typed, e: &Expression) {
        let (ja, en) = type_name(typed.ty);
        let mend = match typed.ty {
            Ty::Bool => (
                format!("{e} ? 1 : 0 のように、それぞれの数を書いてください。"),
                format!("Write the number for each case, as in {e} ? 1 : 0."),
            ),
            Ty::Text => (
                "数は引用符を付けずに書いてください。".to_owned(),
                "Write numbers without quotes.".to_owned(),
            ),
            Ty::Date => (
                "日付の間の長さは days_between や months_between で数えます。".to_owned(),
                "Count the time between days with days_between or months_between.".to_owned(),
            ),
            _ => (
                "数になる式を書いてください。".to_owned(),
                "Write an expression that gives a number.".to_owned(),
            ),
        };
        self.error(
            "C130",
            &e.span,
            (
                format!("ここには数が必要ですが、これは{ja}です。"),
                format!("A number is needed here; this is {en}."),
            ),
            mend,
        );
    }

    fn enum_value(&mut self, of: &'static EnumType, text: &str, span: &Span) -> Option<u8> {
        if let Some(at) = of.of_name(text) {
            return Some(at);
        }
        let mend = match meant_value(of, text) {
            Some(meant) => (
                format!("'{meant}' ではありませんか。"),
                format!("Did you mean '{meant}'?"),
            ),
            None => (
                format!("使える値: {}。", values(of)),
                format!("Values: {}.", values_en(of)),
            ),
        };
        self.error(
            "C123",
            span,
            (
                format!("'{text}' は {} の値にありません。", of.name),
                format!("'{text}' is not a value of {}.", of.name),
            ),
            mend,
        );
        None
    }

    /// A name on its own.
    fn name(&mut self, name: &str, span: &Span, env: &Env) -> Option<Typed> {
        let typed = |kind, ty| {
            Some(Typed {
                kind,
                ty,
                span: span.clone(),
            })
        };
        let is_variable = env.variables.iter().any(|(v, _)| **v == *name);
        if is_variable || Entity::ALL.iter().any(|e| e.name() == name) {
            self.error(
                "C140",
                span,
                (
                    format!("「{name}」だけでは値になりません。"),
                    format!("`{name}` alone is no value."),
                ),
                (
                    format!("{name}. の後に事実の名前を書いてください。"),
                    format!("Write the name of a fact after `{name}.`"),
                ),
            );
            return None;
        }
        if list(name).is_some() {
            self.error(
                "C140",
                span,
                (
                    format!("「{name}」は並びなので、そのままでは値になりません。"),
                    format!("`{name}` is a list and no value by itself."),
                ),
                (
                    format!("{name}.size() や {name}.exists(x, …) のように書いてください。"),
                    format!("Write {name}.size() or {name}.exists(x, …)."),
                ),
            );
            return None;
        }
        if let Some(t) = self
            .criteria
            .tables
            .iter()
            .position(|t| *t.id == *name)
            .map(|i| i as u32)
        {
            let (of, of_list) = match self.criteria.tables[t as usize].over {
                Over::Application => return typed(Kind::Table(t, None), Ty::Number),
                Over::Guardian => ("guardian", "guardians"),
                Over::Adult => ("adult", "adults"),
            };
            let at_hand = env
                .element
                .is_some_and(|e| self.criteria.tables[t as usize].over.element() == Some(e));
            let mend = if at_hand {
                (
                    format!("{of}.{name} と書いてください。"),
                    format!("Write {of}.{name}."),
                )
            } else {
                (
                    format!(
                        "{of_list}.sum(g, g.{name}) や {of_list}.lowest(g, g.{name}) のように、まとめ方を書いてください。"
                    ),
                    format!(
                        "Say how they combine: {of_list}.sum(g, g.{name}) or {of_list}.lowest(g, g.{name})."
                    ),
                )
            };
            self.error(
                "C141",
                span,
                (
                    format!("表「{name}」は一人ごとの点なので、そのままでは数になりません。"),
                    format!("Table `{name}` is one number for each {of}, not one number."),
                ),
                mend,
            );
            return None;
        }
        if let Some(v) = self
            .criteria
            .values
            .iter()
            .position(|v| *v.id == *name)
            .map(|i| i as u32)
        {
            if env.values_before.is_some_and(|before| v >= before) {
                self.error(
                    "C136",
                    span,
                    (
                        format!("値「{name}」は、この値より後にあるか、この値自身です。"),
                        format!("Value `{name}` comes later in the file, or is this value itself."),
                    ),
                    (
                        "先に書いた値だけを使えます。順序を入れ替えてください。",
                        "Only earlier values can be used; change their order.",
                    ),
                );
                return None;
            }
            let ty = self.value_types.get(v as usize).copied();
            return typed(Kind::Value(v), ty.unwrap_or(Ty::Number));
        }
        if let Some(c) = self
            .criteria
            .conditions
            .iter()
            .position(|c| *c.id == *name)
            .map(|i| i as u32)
        {
            return typed(Kind::Condition(c), Ty::Bool);
        }
        self.unknown_name(name, span, env);
        None
    }

    fn unknown_name(&mut self, name: &str, span: &Span, env: &Env) {
        let c = self.criteria;
        let mend = if let Some(a) = VOCABULARY.iter().find(|a| a.name == name) {
            (
                format!("{} ではありませんか。", a.path()),
                format!("Did you mean {}?", a.path()),
            )
        } else {
            let known = (c.tables.iter().map(|t| &*t.id))
                .chain(c.values.iter().map(|v| &*v.id))
                .chain(c.conditions.iter().map(|c| &*c.id))
                .chain(env.variables.iter().map(|(v, _)| &**v))
                .chain(Entity::ALL.iter().map(|e| e.name()))
                .chain(LISTS.iter().map(|(n, ..)| *n))
                .chain(["true", "false"]);
            match nearest(name, known) {
                Some(meant) => (
                    format!("「{meant}」ではありませんか。"),
                    format!("Did you mean `{meant}`?"),
                ),
                None => (
                    "表・値・条件のID、または household.welfare のような事実の名前を書いてください。文字列なら '…' で囲みます。".to_owned(),
                    "Write the id of a table, value or condition, or a fact as household.welfare; put texts in quotes.".to_owned(),
                ),
            }
        };
        self.error(
            "C120",
            span,
            (
                format!("「{name}」という名前はありません。"),
                format!("There is nothing called `{name}`."),
            ),
            mend,
        );
    }

    /// The subject a name stands for.
    pub fn subject(&mut self, e: &Expression, env: &Env) -> Option<(Subject, Entity)> {
        let expression::Kind::Name(name) = &e.kind else {
            self.error(
                "C121",
                &e.span,
                (
                    format!("{e} に「.」で続く事実はありません。"),
                    format!("Nothing follows {e} after a dot."),
                ),
                (
                    "事実は household.welfare のように、対象と名前の二つで書きます。",
                    "A fact is a subject and a name: household.welfare.",
                ),
            );
            return None;
        };
        if let Some((i, (_, entity))) = env
            .variables
            .iter()
            .enumerate()
            .find(|(_, (v, _))| *v == *name)
        {
            return Some((Subject::Variable(i as u16), *entity));
        }
        let entity = Entity::ALL.iter().copied().find(|e| e.name() == &**name);
        let Some(entity) = entity else {
            if list(name).is_some() {
                self.error(
                    "C140",
                    &e.span,
                    (
                        format!("「{name}」は並びなので、一つの事実を取り出せません。"),
                        format!("`{name}` is a list; it has no single fact."),
                    ),
                    (
                        format!(
                            "{name}.exists(x, x.…) や {name}.count(x, x.…) のように書いてください。"
                        ),
                        format!("Write {name}.exists(x, x.…) or {name}.count(x, x.…)."),
                    ),
                );
            } else {
                self.unknown_name(name, &e.span, env);
            }
            return None;
        };
        Some((
            match entity {
                Entity::Round => Subject::Round,
                Entity::Household => Subject::Household,
                Entity::Child => Subject::Child,
                Entity::Facility => Subject::Facility,
                Entity::Choice => Subject::Choice,
                Entity::Guardian if env.element == Some(Element::Guardian) => Subject::Guardian,
                Entity::Adult if env.element == Some(Element::Adult) => Subject::Adult,
                Entity::Guardian | Entity::Adult | Entity::Decline => {
                    let many = list_of(entity).unwrap_or_default();
                    let (ja, en) = if entity == Entity::Decline {
                        ("してください".to_owned(), String::new())
                    } else {
                        (
                            format!(
                                "するか、over = \"{name}\" の表の行か区分に書いてください（[[condition]] には書けません）"
                            ),
                            format!(
                                ", or write it in a row or band of a table with over = \"{name}\" (never in a [[condition]])"
                            ),
                        )
                    };
                    self.error(
                        "C124",
                        &e.span,
                        (
                            format!("ここでは「{name}」がどの{}か決まりません。", entity.label()),
                            format!("Here `{name}` could be any of several."),
                        ),
                        (
                            format!("{many}.exists(x, x.…) のように、全員についての式に{ja}。"),
                            format!("Speak of all of them, as in {many}.exists(x, x.…){en}."),
                        ),
                    );
                    return None;
                }
            },
            entity,
        ))
    }

    fn member(
        &mut self,
        receiver: &Expression,
        name: &Name,
        span: &Span,
        env: &Env,
    ) -> Option<Typed> {
        let (subject, entity) = self.subject(receiver, env)?;
        if let Some(attribute) = find(entity, &name.text) {
            return Some(Typed {
                kind: Kind::Attribute(subject, attribute),
                ty: match VOCABULARY[attribute as usize].ty {
                    Type::Bool => Ty::Bool,
                    Type::Number => Ty::Number,
                    Type::Quantity(u) => Ty::Quantity(u),
                    Type::Date => Ty::Date,
                    Type::Enum(e) => Ty::Enum(e),
                    Type::Set(e) => Ty::Set(e),
                    Type::Text => Ty::Text,
                    Type::Texts => Ty::Texts,
                },
                span: span.clone(),
            });
        }
        let over = match entity {
            Entity::Guardian => Some(Over::Guardian),
            Entity::Adult => Some(Over::Adult),
            _ => None,
        };
        let table = self.criteria.tables.iter().position(|t| t.id == name.text);
        if let Some(t) = table {
            if over == Some(self.criteria.tables[t].over) {
                return Some(Typed {
                    kind: Kind::Table(t as u32, Some(subject)),
                    ty: Ty::Number,
                    span: span.clone(),
                });
            }
            self.error(
                "C141",
                &name.span,
                (
                    format!(
                        "表「{}」は{}ごとの表ではありません。",
                        name.text,
                        entity.label()
                    ),
                    format!("Table `{}` is not one over {}s.", name.text, entity.name()),
                ),
                match self.criteria.tables[t].over {
                    Over::Application => (
                        format!("「{}」とだけ書いてください。", name.text),
                        format!("Write `{}` alone.", name.text),
                    ),
                    Over::Guardian => (
                        "保護者について使ってください。".to_owned(),
                        "Use it with a guardian.".to_owned(),
                    ),
                    Over::Adult => (
                        "同居者について使ってください。".to_owned(),
                        "Use it with an adult.".to_owned(),
                    ),
                },
            );
            return None;
        }
        self.unknown_attribute(entity, name);
        None
    }

    fn unknown_attribute(&mut self, entity: Entity, name: &Name) {
        let own = of_entity(entity).map(|(_, a)| a.name);
        let elsewhere = VOCABULARY.iter().find(|a| a.name == &*name.text);
        let mend = if let Some(meant) = nearest(&name.text, own) {
            (
                format!("{}.{meant} ではありませんか。", entity.name()),
                format!("Did you mean {}.{meant}?", entity.name()),
            )
        } else if let Some(a) = elsewhere {
            (
                format!(
                    "{}の事実です。{} と書いてください。",
                    a.entity.label(),
                    a.path()
                ),
                format!("It is a fact of another subject: {}.", a.path()),
            )
        } else {
            let part = of_entity(entity)
                .filter(|(_, a)| {
                    name.text
                        .split('_')
                        .any(|w| w.len() > 3 && a.name.contains(w))
                })
                .map(|(_, a)| a.name)
                .collect::<Vec<_>>();
            if part.is_empty() {
                (
                    "使える事実は docs/vocabulary.md にあります。".to_owned(),
                    "docs/vocabulary.md lists every fact.".to_owned(),
                )
            } else {
                (
                    format!("近いもの: {}。", part.join("、")),
                    format!("Similar ones: {}.", part.join(", ")),
                )
            }
        };
        self.error(
            "C121",
            &name.span,
            (
                format!(
                    "{}に「{}」という事実はありません。",
                    entity.label(),
                    name.text
                ),
                format!("`{}` is not a fact of {}.", name.text, entity.name()),
            ),
            mend,
        );
    }
}

/// Lists: name, which, what its elements are.
pub(super) static LISTS: &[(&str, List, Entity)] = &[
    ("guardians", List::Guardians, Entity::Guardian),
    ("adults", List::Adults, Entity::Adult),
    ("children", List::Children, Entity::Child),
    ("applicants", List::Applicants, Entity::Child),
    ("siblings", List::Siblings, Entity::Child),
    ("declines", List::Declines, Entity::Decline),
];

/// A list by name.
pub(super) fn list(name: &str) -> Option<(&'static str, List, Entity)> {
    LISTS.iter().copied().find(|(n, ..)| *n == name)
}

/// Whether an expression is a text in quotes whose meaning depends on what stands opposite.
pub(super) fn is_open_text(e: &Expression) -> bool {
    match &e.kind {
        expression::Kind::Text(_) => true,
        expression::Kind::Choose(_, a, b) => is_open_text(a) && is_open_text(b),
        _ => false,
    }
}
