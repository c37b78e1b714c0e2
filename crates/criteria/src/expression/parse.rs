//! Reading the text of an expression: precedence climbing over the words of [`super::token`].

use super::{
    Binary, Expression, Kind, Name, Span, Unary,
    syntax_error::SyntaxError,
    token::{Token, tokens},
};
use enmusubi_domain::facts::Exact;

/// Brackets within brackets. Beyond it no human reads an expression.
const NESTED_MAX: u32 = 60;
/// Height of a tree, so that whoever walks it recursively needs little stack: chains of `&&` too.
const HEIGHT_MAX: u32 = 250;

type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// A tree and its height.
type Node = (Expression, u32);

struct Parser<'a> {
    words: Vec<(Token<'a>, Span)>,
    here: usize,
    nested: u32,
}

pub(super) fn parse(text: &str, at: usize) -> Result<Expression> {
    let words = tokens(text, at)?;
    let mut p = Parser {
        words,
        here: 0,
        nested: 0,
    };
    if *p.peek() == Token::End {
        return Err(SyntaxError::new(
            "C109",
            at..at + text.len(),
            ("式がありません。", "There is no expression."),
            (
                "式を書くか、欄ごと省いてください。",
                "Write an expression, or leave the field out.",
            ),
        ));
    }
    let (expression, _) = p.choose()?;
    if *p.peek() == Token::End {
        Ok(expression)
    } else {
        Err(p.unexpected_after())
    }
}

/// Operators on two operands that bind at a level, loosest first.
fn operator(token: &Token<'_>) -> Option<(Binary, u32)> {
    Some(match token {
        Token::Symbol("||") => (Binary::Or, 1),
        Token::Symbol("&&") => (Binary::And, 2),
        Token::Symbol("==") => (Binary::Equal, 3),
        Token::Symbol("!=") => (Binary::NotEqual, 3),
        Token::Symbol("<") => (Binary::Less, 3),
        Token::Symbol("<=") => (Binary::LessOrEqual, 3),
        Token::Symbol(">") => (Binary::Greater, 3),
        Token::Symbol(">=") => (Binary::GreaterOrEqual, 3),
        Token::Name("in") => (Binary::In, 3),
        Token::Symbol("+") => (Binary::Plus, 4),
        Token::Symbol("-") => (Binary::Minus, 4),
        Token::Symbol("*") => (Binary::Times, 5),
        Token::Symbol("/") => (Binary::Over, 5),
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        &self.words[self.here.min(self.words.len() - 1)].0
    }

    fn span(&self) -> Span {
        self.words[self.here.min(self.words.len() - 1)].1.clone()
    }

    fn advance(&mut self) -> Span {
        let span = self.span();
        self.here += 1;
        span
    }

    fn take(&mut self, symbol: &'static str) -> Option<Span> {
        (*self.peek() == Token::Symbol(symbol)).then(|| self.advance())
    }

    fn node(&self, kind: Kind, span: Span, height: u32) -> Result<Node> {
        if height > HEIGHT_MAX {
            return Err(too_deep(span));
        }
        Ok((Expression { kind, span }, height))
    }

    fn nest<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.nested >= NESTED_MAX {
            return Err(too_deep(self.span()));
        }
        self.nested += 1;
        let result = f(self);
        self.nested -= 1;
        result
    }

    /// `c ? a : b`, or anything that binds tighter.
    fn choose(&mut self) -> Result<Node> {
        self.nest(|p| {
            let (c, hc) = p.binary(1)?;
            if p.take("?").is_none() {
                return Ok((c, hc));
            }
            let (a, ha) = p.binary(1)?;
            if *p.peek() == Token::Symbol("?") {
                return Err(SyntaxError::new(
                    "C104",
                    p.span(),
                    (
                        "「? :」が入れ子になっていて、どこまでが一つか決まりません。",
                        "`? :` within `? :`: it is not clear where the inner one ends.",
                    ),
                    (
                        "内側の「条件 ? 値 : 値」をかっこで囲んでください。",
                        "Put the inner `condition ? value : value` in parentheses.",
                    ),
                ));
            }
            if p.take(":").is_none() {
                return Err(match p.peek() {
                    Token::End => SyntaxError::new(
                        "C104",
                        p.span(),
                        (
                            "「条件 ? 値 : 値」の : から後がありません。",
                            "`condition ? value : value` lacks its second half.",
                        ),
                        (
                            "条件が成り立たないときの値を : の後に書いてください。",
                            "Write the value for the other case after a colon.",
                        ),
                    ),
                    _ => p.unexpected_after(),
                });
            }
            let (b, hb) = p.choose()?;
            let span = c.span.start..b.span.end;
            p.node(
                Kind::Choose(c.into(), a.into(), b.into()),
                span,
                1 + hc.max(ha).max(hb),
            )
        })
    }

    fn binary(&mut self, level: u32) -> Result<Node> {
        let (mut left, mut height) = self.unary()?;
        while let Some((op, own)) = operator(self.peek()).filter(|&(_, own)| own >= level) {
            self.advance();
            let (right, h) = self.binary(own + 1)?;
            let span = left.span.start..right.span.end;
            height = 1 + height.max(h);
            if own == 3 && operator(self.peek()).is_some_and(|(_, next)| next == 3) {
                return Err(chained(self.span()));
            }
            (left, height) =
                self.node(Kind::Binary(op, left.into(), right.into()), span, height)?;
        }
        Ok((left, height))
    }

    fn unary(&mut self) -> Result<Node> {
        if let Some(start) = self.take("!") {
            let (e, h) = self.nest(Self::unary)?;
            let span = start.start..e.span.end;
            return self.node(Kind::Unary(Unary::Not, e.into()), span, h + 1);
        }
        let Some(start) = self.take("-") else {
            return self.postfix();
        };
        if let Token::Number(digits) = *self.peek() {
            let end = self.advance().end;
            let span = start.start..end;
            let number = self.number(&format!("-{digits}"), span.clone())?;
            return self.postfix_of((number, 1));
        }
        let (e, h) = self.nest(Self::unary)?;
        let span = start.start..e.span.end;
        self.node(Kind::Unary(Unary::Minus, e.into()), span, h + 1)
    }

    fn number(&self, digits: &str, span: Span) -> Result<Expression> {
        match Exact::parse(digits) {
            Some(number) => Ok(Expression {
                kind: Kind::Number(number),
                span,
            }),
            None => Err(SyntaxError::new(
                "C103",
                span,
                (
                    format!("数 {digits} は大きすぎるか、桁が多すぎます。"),
                    format!("The number {digits} is too large or has too many digits."),
                ),
                (
                    "18桁までの数で書いてください。",
                    "Write a number of at most 18 digits.",
                ),
            )),
        }
    }

    fn postfix(&mut self) -> Result<Node> {
        let node = self.primary()?;
        self.postfix_of(node)
    }

    fn postfix_of(&mut self, node: Node) -> Result<Node> {
        let (mut e, mut height) = node;
        while self.take(".").is_some() {
            let Token::Name(text) = *self.peek() else {
                return Err(SyntaxError::new(
                    "C104",
                    self.span(),
                    (
                        "「.」の後に名前がありません。",
                        "There is no name after the dot.",
                    ),
                    (
                        "household.welfare のように、続けて名前を書いてください。",
                        "Write a name after it, as in household.welfare.",
                    ),
                ));
            };
            let span = self.advance();
            let name = Name {
                text: text.into(),
                span,
            };
            let start = e.span.start;
            if let Some(open) = self.take("(") {
                let (arguments, h, end) = self.list(")", open)?;
                height = 1 + height.max(h);
                (e, height) =
                    self.node(Kind::Method(e.into(), name, arguments), start..end, height)?;
            } else {
                let end = name.span.end;
                (e, height) = self.node(Kind::Member(e.into(), name), start..end, height + 1)?;
            }
        }
        Ok((e, height))
    }

    fn primary(&mut self) -> Result<Node> {
        let token = self.peek().clone();
        let span = self.span();
        let kind = match token {
            Token::Number(digits) => {
                self.advance();
                return Ok((self.number(digits, span)?, 1));
            }
            Token::Text(text) => Kind::Text(text),
            Token::Name("true") => Kind::Bool(true),
            Token::Name("false") => Kind::Bool(false),
            Token::Name(word) => {
                if let Some(error) = self.foreign_word(word) {
                    return Err(error);
                }
                self.advance();
                if let Some(open) = self.take("(") {
                    let (arguments, h, end) = self.list(")", open)?;
                    let name = Name {
                        text: word.into(),
                        span: span.clone(),
                    };
                    return self.node(Kind::Call(name, arguments), span.start..end, h + 1);
                }
                return Ok((
                    Expression {
                        kind: Kind::Name(word.into()),
                        span,
                    },
                    1,
                ));
            }
            Token::Symbol("(") => {
                self.advance();
                let (mut e, h) = self.choose()?;
                let Some(end) = self.take(")") else {
                    return Err(self.unclosed("(", ")", span));
                };
                e.span = span.start..end.end;
                return Ok((e, h));
            }
            Token::Symbol("[") => {
                self.advance();
                let (items, h, end) = self.list("]", span.clone())?;
                return self.node(Kind::List(items), span.start..end, h + 1);
            }
            Token::Symbol(_) | Token::End => return Err(self.unexpected_operand()),
        };
        self.advance();
        Ok((Expression { kind, span }, 1))
    }

    /// Items up to a closing bracket: items, their height, the end.
    fn list(&mut self, close: &'static str, open: Span) -> Result<(Vec<Expression>, u32, usize)> {
        let mut items = Vec::new();
        let mut height = 0;
        if let Some(end) = self.take(close) {
            return Ok((items, height, end.end));
        }
        loop {
            let (item, h) = self.choose()?;
            height = height.max(h);
            items.push(item);
            if let Some(end) = self.take(close) {
                return Ok((items, height, end.end));
            }
            if self.take(",").is_none() {
                let opened = if close == ")" { "(" } else { "[" };
                return Err(self.unclosed(opened, close, open));
            }
        }
    }

    /// Words of other languages where an operand should be.
    fn foreign_word(&self, word: &str) -> Option<Box<SyntaxError>> {
        let (ja, en) = match word {
            "in" => (
                "in の前に、調べる値を書いてください（例: 'employment' in guardian.reasons）。",
                "Write what is looked for before `in` (as in 'employment' in guardian.reasons).",
            ),
            "null" | "None" | "nil" => (
                "空欄かどうかは known(…) で調べます。",
                "Use known(…) to ask whether something was stated.",
            ),
            "not" | "NOT" => ("「でない」は ! と書きます。", "Write ! for not."),
            "if" | "IF" | "when" => (
                "場合分けは「条件 ? 値 : 値」と書きます。",
                "Write condition ? value : value.",
            ),
            "TRUE" | "True" => ("true と書いてください。", "Write true."),
            "FALSE" | "False" => ("false と書いてください。", "Write false."),
            _ => return None,
        };
        Some(SyntaxError::new(
            "C107",
            self.span(),
            (
                format!("「{word}」はここに書けません。"),
                format!("`{word}` cannot stand here."),
            ),
            (ja, en),
        ))
    }

    /// Something that is no operand where one is needed.
    fn unexpected_operand(&self) -> Box<SyntaxError> {
        let (what, mend) = match self.peek() {
            Token::End => (
                (
                    "式が途中で終わっています。".to_owned(),
                    "The expression ends too early.".to_owned(),
                ),
                (
                    "続きを書いてください。最後の記号が余分なら消してください。",
                    "Write the rest, or remove the last sign.",
                ),
            ),
            Token::Symbol(")" | "]") if self.nested <= 1 => (
                (
                    "開くかっこのない、閉じるかっこがあります。".to_owned(),
                    "A bracket closes that was never opened.".to_owned(),
                ),
                (
                    "閉じるかっこを消すか、開くかっこを書いてください。",
                    "Remove it, or write the opening one.",
                ),
            ),
            token => {
                let shown = shown(token);
                (
                    (
                        format!("{shown} の前に、値か名前が必要です。"),
                        format!("A value or name is needed before {shown}."),
                    ),
                    (
                        "抜けている値を書くか、余分な記号を消してください。",
                        "Write what is missing, or remove the sign.",
                    ),
                )
            }
        };
        SyntaxError::new("C104", self.span(), what, mend)
    }

    /// Something after a complete expression.
    fn unexpected_after(&self) -> Box<SyntaxError> {
        let token = self.peek();
        let (code, mend): (_, (&str, &str)) = match token {
            Token::Name("and" | "AND" | "And") => {
                ("C107", ("「かつ」は && と書きます。", "Write && for and."))
            }
            Token::Name("or" | "OR" | "Or") => {
                ("C107", ("「または」は || と書きます。", "Write || for or."))
            }
            Token::Name("contains" | "includes" | "has") => (
                "C107",
                (
                    "含むかどうかは 'employment' in guardian.reasons のように in で書きます。",
                    "Membership is written with in: 'employment' in guardian.reasons.",
                ),
            ),
            Token::Name("is" | "eq" | "equals") => (
                "C107",
                (
                    "等しいかどうかは == と書いてください。",
                    "Write == to compare.",
                ),
            ),
            Token::Name("not") => (
                "C107",
                (
                    "含まないことは !(x in y)、等しくないことは != と書きます。",
                    "Write !(x in y), or != for different.",
                ),
            ),
            Token::Name("between") => (
                "C107",
                (
                    "範囲は 下 <= x && x < 上 のように、二つの比較で書いてください。",
                    "Write two comparisons: low <= x && x < high.",
                ),
            ),
            Token::Symbol(")" | "]") => (
                "C105",
                (
                    "閉じるかっこを消すか、対になる開くかっこを書いてください。",
                    "Remove the bracket, or write the one that opens it.",
                ),
            ),
            Token::Symbol(",") => (
                "C104",
                (
                    "数の桁区切りは書きません。条件が二つなら && か || でつないでください。",
                    "Numbers have no thousands separators; join two conditions with && or ||.",
                ),
            ),
            Token::Symbol("(") => (
                "C104",
                (
                    "関数の名前の直後にだけ ( を書けます。掛け算は * と書きます。",
                    "A parenthesis follows only the name of a function; write * to multiply.",
                ),
            ),
            _ => (
                "C104",
                (
                    "間に && や == などの記号が抜けていませんか。",
                    "Is a sign such as && or == missing before it?",
                ),
            ),
        };
        let shown = shown(token);
        SyntaxError::new(
            code,
            self.span(),
            (
                format!("式の続きとして {shown} は読めません。"),
                format!("The expression cannot go on with {shown}."),
            ),
            mend,
        )
    }

    fn unclosed(&self, open: &str, close: &str, opened: Span) -> Box<SyntaxError> {
        match self.peek() {
            Token::End => SyntaxError::new(
                "C105",
                opened,
                (
                    format!("かっこ {open} が閉じていません。"),
                    format!("The bracket {open} is never closed."),
                ),
                (
                    format!("対になる {close} を書いてください。"),
                    format!("Write the {close} that belongs to it."),
                ),
            ),
            Token::Symbol(found @ (")" | "]")) => SyntaxError::new(
                "C105",
                self.span(),
                (
                    format!("{open} で開いたかっこが {found} で閉じられています。"),
                    format!("A bracket opened by {open} is closed by {found}."),
                ),
                (
                    format!("{close} で閉じてください。"),
                    format!("Close it with {close}."),
                ),
            ),
            _ => self.unexpected_after(),
        }
    }
}

fn shown(token: &Token<'_>) -> String {
    match token {
        Token::Number(t) | Token::Name(t) => format!("「{t}」"),
        Token::Text(t) => format!("「'{t}'」"),
        Token::Symbol(s) => format!("「{s}」"),
        Token::End => "（終わり）".to_owned(),
    }
}

fn chained(span: Span) -> Box<SyntaxError> {
    SyntaxError::new(
        "C110",
        span,
        (
            "比較を続けて書くことはできません。",
            "Comparisons do not chain.",
        ),
        (
            "下 <= x && x < 上 のように、二つの比較を && でつないでください。",
            "Join two comparisons with &&: low <= x && x < high.",
        ),
    )
}

fn too_deep(span: Span) -> Box<SyntaxError> {
    SyntaxError::new(
        "C108",
        span,
        (
            "式が深すぎるか、長すぎます。",
            "The expression is nested too deeply, or too long.",
        ),
        (
            "一部を [[condition]] や [[value]] に分けて、名前で使ってください。",
            "Move parts of it to a [[condition]] or [[value]] and use its name.",
        ),
    )
}
