use super::{Binary, Expression, Kind, Name, Unary, parse};
use enmusubi_domain::facts::Exact;
use enmusubi_testkit::SplitMix64;

fn read(text: &str) -> Expression {
    parse(text, 0).unwrap_or_else(|e| panic!("{text}: {} {:?}", e.what.0, e.span))
}

/// Every form, printed canonically.
#[test]
fn reads_and_prints() {
    for (text, printed) in [
        ("12", "12"),
        ("0.50", "0.5"),
        ("-3", "-3"),
        ("- 3", "-3"),
        ("-(3)", "-(3)"),
        ("--3", "--3"),
        ("a - 3", "a - 3"),
        ("a -3", "a - 3"),
        ("0.0000001", "0.0000001"),
        ("\"a'b\\\\\"", "'a\\'b\\\\'"),
        ("'日本'", "'日本'"),
        ("'\\u3042\\n'", "'あ\\n'"),
        ("true && false", "true && false"),
        (
            "'employment'  in guardian.reasons",
            "'employment' in guardian.reasons",
        ),
        (
            "guardian.work_hours_per_month>=hours_per_month(140)",
            "guardian.work_hours_per_month >= hours_per_month(140)",
        ),
        ("a || b && c", "a || b && c"),
        ("(a || b) && c", "(a || b) && c"),
        ("a && (b && c)", "a && (b && c)"),
        ("(a && b) && c", "a && b && c"),
        ("1 + 2 * 3", "1 + 2 * 3"),
        ("(1 + 2) * 3", "(1 + 2) * 3"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("(1 - 2) - 3", "1 - 2 - 3"),
        ("a / b / c", "a / b / c"),
        ("(a == b) == c", "(a == b) == c"),
        ("!(a in [1, 2])", "!(a in [1, 2])"),
        ("!a.b", "!a.b"),
        ("a ? b : c ? d : e", "a ? b : c ? d : e"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ? (b ? c : d) : e", "a ? (b ? c : d) : e"),
        (
            "guardians.lowest(g, g.A1) + A2",
            "guardians.lowest(g, g.A1) + A2",
        ),
        ("guardians.size( )", "guardians.size()"),
        ("min(1,2,\n\t3)", "min(1, 2, 3)"),
        ("[]", "[]"),
        ("(1).size()", "(1).size()"),
        ("(a + b).c", "(a + b).c"),
        ("-9223372036854775808", "-9223372036854775808"),
    ] {
        let e = read(text);
        assert_eq!(e.to_string(), printed, "{text}");
        assert_eq!(read(printed), e, "{text}");
    }
}

/// Positions are bytes of the file.
#[test]
fn spans() {
    let text = "x + household.welfare_count('あ', (1))";
    let e = parse(text, 100).unwrap();
    assert_eq!(e.span, 100..100 + text.len());
    let Kind::Binary(Binary::Plus, a, b) = &e.kind else {
        panic!("{e:?}")
    };
    assert_eq!(a.span, 100..101);
    let Kind::Method(receiver, name, arguments) = &b.kind else {
        panic!("{b:?}")
    };
    assert_eq!(receiver.span, 104..113);
    assert_eq!(name.span, 114..127);
    assert_eq!(arguments[0].span, 128..133);
    assert_eq!(arguments[1].span, 135..138);
}

/// Code, the text it points at, and a word of the advice.
#[test]
fn mistakes() {
    for (text, code, at, advice) in [
        ("", "C109", "", "欄ごと"),
        ("  ", "C109", "  ", "欄ごと"),
        ("a = 1", "C106", "=", "=="),
        ("a ＝ 1", "C101", "＝", "=="),
        ("a and b", "C107", "and", "&&"),
        ("a OR b", "C107", "OR", "||"),
        ("a & b", "C107", "&", "&&"),
        ("a | b", "C107", "|", "||"),
        ("not a", "C107", "not", "!"),
        ("a かつ b", "C107", "かつ", "&&"),
        ("a または b", "C107", "または", "||"),
        ("a ≧ 1", "C107", "≧", ">="),
        ("a => 1", "C107", "=>", ">="),
        ("a <> 1", "C107", "<>", "!="),
        ("（a）", "C101", "（", "半角"),
        ("a >= １４０", "C101", "１４０", "140"),
        ("a\u{3000}b", "C107", "\u{3000}", "空白"),
        ("'a", "C102", "'a", "終わり"),
        ("「就労」 in x", "C107", "「", "'"),
        ("就労 in x", "C101", "就労", "'就労'"),
        ("10u", "C103", "10u", "hours_per_month(140)"),
        ("1e3", "C103", "1e3", "小数点"),
        (
            "99999999999999999999",
            "C103",
            "99999999999999999999",
            "18桁",
        ),
        ("(a + b", "C105", "(", ")"),
        ("f(a, b", "C105", "(", ")"),
        ("[1, 2", "C105", "[", "]"),
        ("(a]", "C105", "]", ")"),
        ("a + b)", "C105", ")", "消す"),
        (")", "C104", ")", "開くかっこ"),
        ("a +", "C104", "", "続き"),
        ("a + * b", "C104", "*", "抜けて"),
        ("f(a,)", "C104", ")", "抜けて"),
        ("a b", "C104", "b", "&&"),
        ("1,000", "C104", ",", "桁区切り"),
        ("2(a)", "C104", "(", "*"),
        ("household.", "C104", "", "household.welfare"),
        ("household.1", "C104", "1", "household.welfare"),
        ("x contains 'a'", "C107", "contains", "in"),
        ("x is 1", "C107", "is", "=="),
        ("x not in y", "C107", "not", "!(x in y)"),
        ("1 < x < 3", "C110", "<", "&&"),
        ("a ? b", "C104", "", ":"),
        ("a ? b ? c : d : e", "C104", "?", "かっこ"),
        ("x == null", "C107", "null", "known"),
        ("a %", "C101", "%", "名前"),
        ("if a", "C107", "if", "?"),
    ] {
        let error = parse(text, 7).expect_err(text);
        assert_eq!(error.code, code, "{text}: {}", error.what.0);
        let span = error.span.start - 7..error.span.end - 7;
        assert_eq!(&text[span], at, "{text}");
        assert!(error.mend.0.contains(advice), "{text}: {}", error.mend.0);
        assert!(!error.what.1.is_empty() && !error.mend.1.is_empty());
    }
}

#[test]
fn depth_is_bounded() {
    for text in [
        "(".repeat(100_000),
        "!".repeat(100_000),
        "-".repeat(100_000),
        "[".repeat(100_000),
        "f(".repeat(100_000),
        vec!["a"; 100_000].join(" && "),
        vec!["a"; 100_000].join("."),
        "a ? b : ".repeat(100_000),
    ] {
        let code = parse(&text, 0).map(|_| "").unwrap_or_else(|e| e.code);
        assert_eq!(code, "C108");
    }
    assert!(parse(&vec!["a"; 200].join(" || "), 0).is_ok());
}

fn e(kind: Kind) -> Expression {
    Expression { kind, span: 0..0 }
}

/// Any tree the parser may give.
fn random(rng: &mut SplitMix64, depth: u32) -> Expression {
    let names = ["a", "guardian", "in_city", "g", "A1", "_"];
    let name = |rng: &mut SplitMix64| Name {
        text: (*rng.pick(&names)).into(),
        span: 0..0,
    };
    let sub = |rng: &mut SplitMix64| Box::new(random(rng, depth.saturating_sub(1)));
    let list = |rng: &mut SplitMix64| {
        (0..rng.below(4))
            .map(|_| random(rng, depth.saturating_sub(1)))
            .collect()
    };
    let which = if depth == 0 {
        rng.below(4)
    } else {
        rng.below(13)
    };
    e(match which {
        0 => {
            let n = i64::from(rng.below(2000)) - 1000;
            let d = *rng.pick(&[1, 1, 2, 4, 5, 1000, 1 << 12]);
            Kind::Number(Exact::new(n, d).unwrap())
        }
        1 => Kind::Text((*rng.pick(&["", "a'b", "\\", "あ\n", "\u{1}\"", "x\u{7f}"])).into()),
        2 => Kind::Bool(rng.percent(50)),
        3 => Kind::Name(name(rng).text),
        4 => Kind::Member(sub(rng), name(rng)),
        5 => Kind::List(list(rng)),
        6 => Kind::Call(name(rng), list(rng)),
        7 => Kind::Method(sub(rng), name(rng), list(rng)),
        8 => Kind::Unary(*rng.pick(&[Unary::Not, Unary::Minus]), sub(rng)),
        9 => Kind::Choose(sub(rng), sub(rng), sub(rng)),
        _ => {
            use Binary as B;
            let op = *rng.pick(&[
                B::Or,
                B::And,
                B::Equal,
                B::NotEqual,
                B::Less,
                B::LessOrEqual,
                B::Greater,
                B::GreaterOrEqual,
                B::In,
                B::Plus,
                B::Minus,
                B::Times,
                B::Over,
            ]);
            Kind::Binary(op, sub(rng), sub(rng))
        }
    })
}

#[test]
fn what_is_printed_is_read_again() {
    let mut rng = SplitMix64::new(3);
    for i in 0..20_000 {
        let tree = random(&mut rng, 1 + i % 5);
        let text = tree.to_string();
        assert_eq!(read(&text), tree, "{text}");
    }
}

/// Any bytes give a tree or an error that points into the text.
#[test]
fn nothing_panics() {
    let mut rng = SplitMix64::new(4);
    let odd = [
        "＝",
        "（",
        "あ",
        "'",
        "\"",
        "\\",
        "\\u12",
        "9",
        ".",
        "?",
        ":",
        "[",
        ")",
        "\u{0}",
        "−",
        "\r",
        "in",
        "&&",
        "\u{1F600}",
    ];
    for _ in 0..60_000 {
        let mut text = random(&mut rng, 3).to_string();
        for _ in 0..rng.between(1, 4) {
            let mut at = rng.below(text.len() as u32 + 1) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match rng.below(3) {
                0 => text.insert_str(at, rng.pick::<&str>(&odd)),
                1 => text.truncate(at),
                _ => {
                    if at < text.len() {
                        text.remove(at);
                    }
                }
            }
        }
        match parse(&text, 0) {
            Ok(tree) => assert_eq!(read(&tree.to_string()), tree, "{text}"),
            Err(error) => {
                assert!(text.get(error.span.clone()).is_some(), "{text} {error:?}");
            }
        }
    }
}
