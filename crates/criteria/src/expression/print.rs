//! The canonical text of an expression.

use super::{Binary, Expression, Kind, Unary};
use enmusubi_domain::facts::Exact;
use std::fmt::{self, Display, Formatter, Write as _};

/// How tightly a form binds; as in [`super::parse`].
fn level(e: &Expression) -> u32 {
    match &e.kind {
        Kind::Choose(..) => 0,
        Kind::Binary(op, ..) => binary_level(*op),
        Kind::Unary(..) => 6,
        Kind::Number(_) => 7,
        _ => 8,
    }
}

fn binary_level(op: Binary) -> u32 {
    match op {
        Binary::Or => 1,
        Binary::And => 2,
        Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::LessOrEqual
        | Binary::Greater
        | Binary::GreaterOrEqual
        | Binary::In => 3,
        Binary::Plus | Binary::Minus => 4,
        Binary::Times | Binary::Over => 5,
    }
}

fn write_at(f: &mut Formatter<'_>, e: &Expression, least: u32) -> fmt::Result {
    if level(e) < least {
        write!(f, "({e})")
    } else {
        write!(f, "{e}")
    }
}

fn write_list(f: &mut Formatter<'_>, items: &[Expression]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

fn write_text(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\'' => f.write_str("\\'")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('\'')
}

/// A decimal, with as many places as it needs. A fraction that has none (no text of a file gives one)
/// is written as a quotient.
fn write_number(f: &mut Formatter<'_>, number: Exact) -> fmt::Result {
    let (n, d) = (
        i128::from(number.numerator()),
        i128::from(number.denominator()),
    );
    let places = (0..=18u32).find(|&p| 10i128.pow(p) % d == 0);
    match places {
        Some(0) => write!(f, "{n}"),
        Some(p) => {
            let scale = 10i128.pow(p);
            let scaled = n * (scale / d);
            let sign = if scaled < 0 { "-" } else { "" };
            let scaled = scaled.unsigned_abs();
            let scale = scale.unsigned_abs();
            write!(
                f,
                "{sign}{}.{:0width$}",
                scaled / scale,
                scaled % scale,
                width = p as usize
            )
        }
        None => write!(f, "({n} / {d})"),
    }
}

/// Parses back to an equal expression.
impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Number(n) => write_number(f, *n),
            Kind::Text(t) => write_text(f, t),
            Kind::Bool(b) => write!(f, "{b}"),
            Kind::Name(n) => f.write_str(n),
            Kind::Member(e, name) => {
                write_at(f, e, 8)?;
                write!(f, ".{}", name.text)
            }
            Kind::List(items) => {
                f.write_char('[')?;
                write_list(f, items)?;
                f.write_char(']')
            }
            Kind::Call(name, arguments) => {
                write!(f, "{}(", name.text)?;
                write_list(f, arguments)?;
                f.write_char(')')
            }
            Kind::Method(e, name, arguments) => {
                write_at(f, e, 8)?;
                write!(f, ".{}(", name.text)?;
                write_list(f, arguments)?;
                f.write_char(')')
            }
            Kind::Unary(Unary::Not, e) => {
                f.write_char('!')?;
                write_at(f, e, 6)
            }
            Kind::Unary(Unary::Minus, e) => {
                f.write_char('-')?;
                // `-5` would be read as a literal, `-5.size()` as one of a literal.
                match leftmost(e).kind {
                    Kind::Number(n) if n >= Exact::ZERO => write!(f, "({e})"),
                    _ => write_at(f, e, 6),
                }
            }
            Kind::Binary(op, a, b) => {
                let own = binary_level(*op);
                // Comparisons do not chain, so that both sides need parentheses.
                let left = if own == 3 { own + 1 } else { own };
                write_at(f, a, left)?;
                write!(f, " {} ", op.symbol())?;
                write_at(f, b, own + 1)
            }
            Kind::Choose(c, a, b) => {
                write_at(f, c, 1)?;
                f.write_str(" ? ")?;
                write_at(f, a, 1)?;
                f.write_str(" : ")?;
                write!(f, "{b}")
            }
        }
    }
}

/// What the text of an expression begins with, where no bracket does.
fn leftmost(e: &Expression) -> &Expression {
    match &e.kind {
        Kind::Binary(_, a, _) => leftmost(a),
        _ => e,
    }
}
