//! From files to a market: what the specification says, row by row.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_domain::Round;
use enmusubi_interchange::{Format, Inputs, Source, read_result, read_round, write_result};
use enmusubi_market::{Slot, TieReading, Wish};
use enmusubi_selection::{
    compile::{compile, hex, lottery_number},
    compiled::{CompiledRound, KeyKind, Ties},
    digest::input_digest,
};
use rust_xlsxwriter::Workbook;

const N: &str = "保育所ID,保育所名,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\n\
                 B,いずみ,2,2,2,2,2,2\nA,あさひ,1,1,1,1,1,1\nC,うみ,3,3,3,3,3,3\n";
const H: &str = "申請者番号,世帯番号,年齢,点数,点数2,希望保育園ID_1,希望保育園ID_2,希望保育園ID_3,在籍保育所ID,きょうだいパターン,区分\n";

fn round(rows: &str, combinations: Option<&str>, rules: Option<&str>) -> Round {
    let children = format!("{H}{rows}");
    let (round, all) = read_round(&Inputs {
        children: Source {
            name: "c.csv",
            bytes: children.as_bytes(),
        },
        nurseries: Source {
            name: "n.csv",
            bytes: N.as_bytes(),
        },
        combinations: combinations.map(|t| Source {
            name: "k.csv",
            bytes: t.as_bytes(),
        }),
        columns: None,
        rules: rules.map(|t| Source {
            name: "r.toml",
            bytes: t.as_bytes(),
        }),
    });
    round.unwrap_or_else(|| panic!("{all}"))
}

fn compiled(
    rows: &str,
    combinations: Option<&str>,
    rules: Option<&str>,
    ties: &Ties,
) -> CompiledRound {
    let c = compile(&round(rows, combinations, rules), ties).unwrap();
    c.market.validate().unwrap();
    c
}

/// `child: nursery[/pool]@rank#priority …`, one line per child.
fn choices(c: &CompiledRound) -> Vec<String> {
    let m = &c.market;
    (0..m.children.len() as u32)
        .map(|i| {
            let list: Vec<String> = m
                .choices_of(i)
                .iter()
                .map(|x| {
                    let class = &m.classes[x.class as usize];
                    let pool = class
                        .pool
                        .as_ref()
                        .map_or(String::new(), |p| format!("/{p}"));
                    format!(
                        "{}{pool}@{}#{}",
                        m.nurseries[class.nursery as usize].id, x.rank, x.priority
                    )
                })
                .collect();
            format!("{}: {}", m.children[i as usize].id, list.join(" "))
        })
        .collect()
}

#[test]
fn everything_is_sorted_and_choices_are_closed_up() {
    let rows =
        "c9,h2,1,50,60,C,B,,,,\nc2,h1,3,70,,B,,A,,4,\nc10,h1,3,70,,B,A,,,,\nc1,h1,4,80,,A,,,C,,\n";
    let c = compiled(rows, None, None, &Ties::Stop);
    let m = &c.market;
    let nurseries: Vec<&str> = m.nurseries.iter().map(|n| &*n.id).collect();
    assert_eq!(nurseries, ["A", "B", "C"]);
    // Age class descending, then id ascending by bytes: c10 before c2.
    // Points: 80, 70, 60, 50 give 1 to 4.
    assert_eq!(
        choices(&c),
        [
            "c1: A@1#1",
            "c10: B@1#2 A@2#2",
            "c2: B@1#2 A@2#2",
            "c9: C@1#4 B@2#3"
        ]
    );
    assert_eq!(c.rows, [3, 2, 1, 0]);
    assert_eq!(c.numbers, [1, 1, 2, 1, 3, 1, 2]);
    let current = m.children[0].current.map(|k| {
        m.nurseries[m.classes[k as usize].nursery as usize]
            .id
            .clone()
    });
    assert_eq!(current.as_deref(), Some("C"));
    // The lowest child decides the family's place in the common order.
    assert_eq!(
        m.families
            .iter()
            .map(|f| f.common_order)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    assert!(c.priority_depends_on_nursery());
    assert_eq!(m.ties, TieReading::Strict);
    let c = compiled(rows, None, None, &Ties::RowOrder);
    assert_eq!(
        choices(&c),
        [
            "c1: A@1#1",
            "c2: B@1#2 A@2#2",
            "c10: B@1#3 A@2#3",
            "c9: C@1#5 B@2#4"
        ]
    );
}

#[test]
fn forty_digits_are_compared_exactly() {
    let rows = "a,1,1,1234567890123456789012345678901234567890,,A,,,,,\n\
                b,2,1,1234567890123456789012345678901234567891,,A,,,,,\n\
                c,3,1,-5,,A,,,,,\nd,4,1,-5.0,,A,,,,,\n";
    let c = compiled(rows, None, None, &Ties::Equal);
    assert_eq!(
        choices(&c),
        ["a: A@1#2", "b: A@1#1", "c: A@1#3", "d: A@1#3"]
    );
    assert_eq!(c.market.ties, TieReading::Equal);
}

#[test]
fn the_lottery_can_be_checked_by_hand() {
    // printf '%s' '2026:c1' | sha256sum
    let by_hand = "c1586655";
    assert_eq!(hex(&lottery_number("2026", "c1"))[..8], *by_hand);
    let rows = "c1,1,1,5,,A,B,,,,\nc2,2,1,5,,A,,,,,\nc3,3,1,9,,A,,,,,\n";
    let c = compiled(rows, None, None, &Ties::Lottery("2026".into()));
    let (one, two) = (lottery_number("2026", "c1"), lottery_number("2026", "c2"));
    let first = c.market.choices_of(0)[0].priority;
    let second = c.market.choices_of(1)[0].priority;
    assert_eq!(first < second, one < two);
    assert_eq!(first.min(second), 2);
    assert_eq!(
        c.key_components.iter().map(|k| k.kind).collect::<Vec<_>>(),
        [KeyKind::Points, KeyKind::Lottery]
    );
    assert_eq!(c.keys.of(0).collect::<Vec<_>>(), ["5", &hex(&one)]);
}

#[test]
fn groups_pools_strata_and_eligibility() {
    let rules = r#"
        disclosure_minimum = 3
        [passes]
        column = "区分"
        order = [{ label = "先", values = ["先"] }, { label = "後", others = true }]
        [[strata]]
        label = "市外"
        column = "区分"
        order = [{ label = "市内", others = true }, { label = "市外", values = ["外"] }]
        [[pool]]
        id = "硬"
        nursery = "B"
        kind = "hard"
        seats = { 1 = 1 }
        target = [{ column = "区分", one_of = ["先"], blank = "no" }]
        [[pool]]
        id = "軟"
        nursery = "B"
        kind = "soft"
        counted = "extra"
        place = "after"
        seats = { 1 = 4 }
        target = [{ column = "区分", one_of = ["先"], blank = "no" }]
        [[eligibility]]
        label = "Cは市外不可"
        parent_text = "市内の方が対象です。"
        nursery = "C"
        require = [{ column = "区分", none_of = ["外"], blank = "yes" }]
        [[group]]
        nursery = "A"
        ages = [1, 2]
        weights = { 1 = "1/6", 2 = "1/15" }
        [[group]]
        nursery = "C"
        ages = [3, 4, 5]
        capacity = 7
        [[no_refill]]
        nursery = "C"
        ages = [1]
    "#;
    let rows = "c1,h1,1,5,,A,B,C,,,外\nc2,h2,1,5,,C,B,,,,先\nc3,h3,1,9,,C,B,,,,\n";
    let c = compiled(rows, None, Some(rules), &Ties::Stop);
    // (soft pool, stratum, points): c3 inside 9 → 1, c2 inside 5 → 2, outside the city 5 → 3;
    // at the soft pool c2 is of the target group, the others come after everybody.
    assert_eq!(
        choices(&c),
        [
            "c1: A@1#3 B@2#3 B/軟@2#5",
            "c2: C@1#2 B/硬@2#2 B@2#2 B/軟@2#2",
            "c3: C@1#1 B@2#1 B/軟@2#4"
        ]
    );
    let m = &c.market;
    assert_eq!(
        m.families.iter().map(|f| f.pass).collect::<Vec<_>>(),
        [1, 0, 1]
    );
    let refused: Vec<String> = c
        .refusals
        .iter()
        .map(|r| {
            format!(
                "{} {} {} {:?} {}",
                m.children[r.child as usize].id, r.nursery, r.rank, r.pool, r.rule
            )
        })
        .collect();
    assert_eq!(
        refused,
        [
            "c1 B 2 Some(\"硬\") 硬の対象外",
            "c1 C 3 None Cは市外不可",
            "c3 B 2 Some(\"硬\") 硬の対象外"
        ]
    );
    let class = |nursery: &str, age: u8, pool: Option<&str>| {
        m.classes
            .iter()
            .find(|k| {
                *m.nurseries[k.nursery as usize].id == *nursery
                    && k.age == age
                    && k.pool.as_deref() == pool
            })
            .unwrap()
    };
    let (one, two) = (class("A", 1, None), class("A", 2, None));
    let group = &m.groups[one.group as usize];
    assert_eq!(
        (one.weight, two.weight, group.unit, group.seats),
        (5, 2, 30, 7)
    );
    assert_eq!(one.group, two.group);
    let seats = |nursery, age, pool| m.groups[class(nursery, age, pool).group as usize].seats;
    assert_eq!(
        (
            seats("B", 1, None),
            seats("B", 1, Some("硬")),
            seats("B", 1, Some("軟"))
        ),
        (1, 1, 4)
    );
    assert_eq!(seats("C", 4, None), 7);
    assert!(!class("C", 1, None).refill && class("C", 2, None).refill);
    assert_eq!(c.disclosure_minimum, 3);
    assert_eq!(c.key_components[0].label, "枠の対象");
    assert_eq!(c.keys.of(2).collect::<Vec<_>>(), ["対象外", "市外", "5"]);
}

#[test]
fn combination_rows_become_tuples() {
    let rows = "c1,h1,3,5,,A,B,,,,\nc2,h1,2,5,,B,,,A,,\n";
    let head = "ファミリーコード,総当たり順位,宛名コード1,希望施設1,宛名コード2,希望施設2\n";
    let list = |text: &str| {
        let c = compiled(rows, Some(&format!("{head}{text}")), None, &Ties::Stop);
        let m = c.market;
        let Wish::Listed(list) = &m.families[0].wish else {
            panic!("not listed")
        };
        list.iter()
            .map(|t| {
                let names: Vec<String> = t
                    .iter()
                    .map(|s| match s {
                        Slot::AsNow => "-".into(),
                        Slot::Choice(x) => m.nurseries
                            [m.classes[m.choices[*x as usize].class as usize].nursery as usize]
                            .id
                            .to_string(),
                    })
                    .collect();
                names.join(" ")
            })
            .collect::<Vec<_>>()
    };
    // Out of order, a blank nursery, an omitted child, the current nursery, a repetition.
    assert_eq!(
        list("h1,2,c2,B,c1,A\nh1,1,c1,B,,\nh1,3,c1,A,c2,\nh1,4,c1,A,c2,A\n"),
        ["B -", "A B", "A -"]
    );
    assert_eq!(list("h1,1,c1,B,,\nh1,2,,,,\nh1,3,c1,A,,\n"), ["B -"]);
    assert_eq!(list("h1,1,c1,B,,\nh1,2,c2,A,c1,\nh1,3,c1,A,,\n"), ["B -"]);
    // Not among the choices: after them, with the points of 点数.
    assert_eq!(list("h1,1,c1,C,,\n"), ["C -"]);
}

fn shuffled(text: &str, k: usize) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let n = lines.len() - 1;
    lines[1..].rotate_left(k % n);
    lines[1..].swap(0, k % n);
    lines.join("\n") + "\n"
}

fn xlsx(text: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .merge_range(
            0,
            0,
            0,
            3,
            "令和8年度　一覧",
            &rust_xlsxwriter::Format::new(),
        )
        .unwrap();
    for (r, line) in text.lines().enumerate() {
        for (c, cell) in line.split(',').enumerate() {
            let (r, c) = (r as u32 + 2, c as u16);
            match cell.parse::<f64>() {
                Ok(n) if cell.len() < 10 && !cell.starts_with('0') => {
                    sheet.write_number(r, c, n).unwrap()
                }
                _ => sheet.write_string(r, c, cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn form_and_order_of_the_files_change_nothing() {
    let n = N.replace("B,", "11005,").replace("A,", "0042,");
    let rows = "101,h1,3,1234567890123456789012345678901234567890,,11005,0042,,C,,\n\
                102,h2,2,60,,11005,,,,7,\n103,h2,2,60,,0042,11005,,,,\n104,h3,0,70,80,C,0042,,,,\n";
    let c = format!("{H}{rows}");
    let read = |c: &[u8], n: &[u8]| {
        let (round, all) = read_round(&Inputs {
            children: Source {
                name: "c",
                bytes: c,
            },
            nurseries: Source {
                name: "n",
                bytes: n,
            },
            combinations: None,
            columns: None,
            rules: None,
        });
        let round = round.unwrap_or_else(|| panic!("{all}"));
        let digest = input_digest(&round);
        (
            digest,
            compile(&round, &Ties::Lottery("s".into())).unwrap().market,
        )
    };
    let cp932 = |t: &str| encoding_rs::SHIFT_JIS.encode(t).0.into_owned();
    let expect = read(c.as_bytes(), n.as_bytes());
    for k in 1..6 {
        assert_eq!(
            read(shuffled(&c, k).as_bytes(), shuffled(&n, k).as_bytes()),
            expect
        );
    }
    let bom = |t: &str| [b"\xEF\xBB\xBF", t.as_bytes()].concat();
    assert_eq!(read(&bom(&c.replace('\n', "\r\n")), &bom(&n)), expect);
    assert_eq!(read(&cp932(&c), &cp932(&n)), expect);
    assert_eq!(read(&xlsx(&c), &xlsx(&n)), expect);
    assert_eq!(
        read(
            c.replace("11005", "\"　11005.0 \"").as_bytes(),
            n.as_bytes()
        ),
        expect
    );
    // And every fact does.
    for (from, to) in [
        ("60,,11005", "61,,11005"),
        ("104,h3,0", "104,h3,1"),
        ("0042,11005", "0042,C"),
        (",7,", ",6,"),
        ("890,,", "891,,"),
    ] {
        assert_ne!(
            read(c.replacen(from, to, 1).as_bytes(), n.as_bytes()).0,
            expect.0,
            "{from}"
        );
    }
    assert_ne!(
        read(
            c.as_bytes(),
            n.replace("3,3,3,3,3,3", "3,3,4,3,3,3").as_bytes()
        )
        .0,
        expect.0
    );
}

#[test]
fn results_keep_the_file_as_it_is() {
    let n = N.replace("あさひ", "あさひ, 第一");
    let n = n.replace("あさひ, 第一", "\"あさひ, 第一\"");
    let c =
        format!("題名\n{H}c1,h1,1,5,,A,,,,,\"改\n行\"\nc2,h2,1,5,,A,,,,\n\n c3 ,h3,1,5,,B,,,,,\n");
    let write = |name: &str, c: &[u8], format| {
        let (nurseries, children) = (
            Source {
                name: "n",
                bytes: n.as_bytes(),
            },
            Source { name, bytes: c },
        );
        let (round, all) = read_round(&Inputs {
            children,
            nurseries,
            combinations: None,
            columns: None,
            rules: None,
        });
        let round = round.unwrap_or_else(|| panic!("{all}"));
        let placed = [Some(1), None, Some(0)];
        let out = write_result(&children, None, &round, &placed, format)
            .unwrap_or_else(|e| panic!("{e}"));
        let (back, all) = read_result(
            &Source {
                name: "r",
                bytes: &out,
            },
            None,
            &round,
        );
        assert_eq!(back.as_deref(), Some(&placed[..]), "{all}");
        out
    };
    let head = H.trim_end();
    let expect = format!(
        "題名\n{head},入所選考結果保育所ID,入所選考結果保育所名\nc1,h1,1,5,,A,,,,,\"改\n行\",A,\"あさひ, 第一\"\nc2,h2,1,5,,A,,,,,,,\n c3 ,h3,1,5,,B,,,,,,B,いずみ\n"
    );
    assert_eq!(
        String::from_utf8(write("c.csv", c.as_bytes(), Format::Csv)).unwrap(),
        expect
    );
    let cp932 = encoding_rs::SHIFT_JIS
        .encode(&c.replace('\n', "\r\n"))
        .0
        .into_owned();
    let out = write("c.csv", &cp932, Format::Csv);
    assert_eq!(
        encoding_rs::SHIFT_JIS.decode(&out).0,
        expect.replace('\n', "\r\n")
    );
    write("c.csv", c.as_bytes(), Format::Xlsx);
    let out = write(
        "c.xlsx",
        &xlsx(&format!(
            "{H}001,h1,1,5,,A,,,,,\nc2,h2,1,5,,A,,,,,\nc3,h3,1,5,,B,,,,,\n"
        )),
        Format::Csv,
    );
    assert!(out.starts_with(b"\xEF\xBB\xBF") && out.ends_with("B,いずみ\r\n".as_bytes()));
}

#[test]
fn a_name_cp932_does_not_have_is_an_error() {
    let n = N.replace("あさひ", "𠮷野");
    let c = encoding_rs::SHIFT_JIS
        .encode(&format!("{H}c1,h1,1,5,,A,,,,,\n"))
        .0
        .into_owned();
    let (nurseries, children) = (
        Source {
            name: "n",
            bytes: n.as_bytes(),
        },
        Source {
            name: "c.csv",
            bytes: &c,
        },
    );
    let (round, _) = read_round(&Inputs {
        children,
        nurseries,
        combinations: None,
        columns: None,
        rules: None,
    });
    let round = round.unwrap();
    let e = write_result(&children, None, &round, &[Some(1)], Format::Csv).unwrap_err();
    assert_eq!(e.list()[0].kind.code, "E081");
    assert!(write_result(&children, None, &round, &[Some(0)], Format::Csv).is_ok());
}
