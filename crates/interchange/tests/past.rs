//! Lists of a past round as sections keep them: what is read, what is left out, and what is said, word for word.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_domain::past::{Decision, Outcome};
use enmusubi_interchange::{
    Diagnostics, Format, Inputs, Language, Source, csv_bytes,
    past::{
        Counts, Roster, Why,
        decisions::{self, DecisionList},
        staff_index::{self, IndexList},
    },
    read_round, write_result,
};
use enmusubi_synth::{FactOptions, Options, children_csv, facts, nurseries_csv, town};
use rust_xlsxwriter::Workbook;

fn roster() -> Roster {
    Roster::new(
        ["0101", "0102", "0103", "0104", "ａ５"],
        [
            ("A1", "あさひ保育園"),
            ("B2", "いずみ保育園"),
            ("C3", "うみ"),
            ("D4", "うみ"),
            ("007", "えのき"),
        ],
    )
}

fn source<'a>(name: &'a str, bytes: &'a [u8]) -> Source<'a> {
    Source { name, bytes }
}

fn read(text: &str) -> (Option<DecisionList>, Diagnostics) {
    decisions::read(&source("d.csv", text.as_bytes()), None, &roster())
}

fn index(text: &str) -> (Option<IndexList>, Diagnostics) {
    staff_index::read(&source("i.csv", text.as_bytes()), None, &roster())
}

/// A decision on one line.
fn line(d: &Decision) -> String {
    let what = match &d.outcome {
        Outcome::Placed { facility, pool } => match pool {
            Some(pool) => format!("{facility}/{pool}"),
            None => facility.to_string(),
        },
        Outcome::Held => "-".to_owned(),
        Outcome::Withdrawn => "x".to_owned(),
    };
    format!("{} {what} {}", d.child, d.row)
}

fn lines(list: &DecisionList) -> Vec<String> {
    list.decisions.list.iter().map(line).collect()
}

#[track_caller]
fn quiet(text: &str, expect: &[&str]) {
    let (list, all) = read(text);
    assert!(all.is_empty(), "{all}");
    assert_eq!(lines(&list.unwrap()), expect);
}

/// Both languages, with what was left out.
fn said(left_out: &[enmusubi_interchange::past::LeftOut], all: &Diagnostics) -> String {
    let left: String = left_out
        .iter()
        .map(|l| format!("{} {} {}\n", l.child, l.row, l.why.code()))
        .collect();
    let (ja, en) = (
        all.render(Language::Japanese),
        all.render(Language::English),
    );
    format!("{ja}\n{en}\nleft out:\n{left}")
}

#[test]
fn our_own_results_in_both_forms() {
    // `select`: its own table.
    let rows = [
        "申請者番号,世帯番号,クラス年齢,在籍保育所ID,入所選考結果保育所ID,入所選考結果保育所名,枠,結果,決まった希望順位,優先順位を示す希望,指数",
        "0101,h1,1,,A1,あさひ保育園,一般,内定,1,1,30",
        "0102,h1,1,,,,,保留,,1,20",
        "0103,h2,2,B2,B2,いずみ保育園,,在園継続,,1,10",
        "0104,h3,2,B2,A1,あさひ保育園,,転園内定,1,1,10",
    ];
    let table = csv_bytes(rows.iter().map(|r| r.split(',')));
    let (list, all) = decisions::read(&source("result.csv", &table), None, &roster());
    assert!(all.is_empty(), "{all}");
    assert_eq!(
        lines(&list.unwrap()),
        ["0101 A1/一般 2", "0102 - 3", "0103 B2 4", "0104 A1 5"]
    );
    // `match`: the children's table with two more columns.
    quiet(
        "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,在籍保育所ID,入所選考結果保育所ID,入所選考結果保育所名\n\
         0101,h,1,5,A1,,A1,あさひ保育園\n0102,h,1,5,A1,,,\n0103,h,1,5,A1,B2,B2,いずみ保育園\n",
        &["0101 A1 2", "0102 - 3", "0103 B2 4"],
    );
}

#[test]
fn lists_as_sections_keep_them() {
    // Titles above, totals below (told), full-width digits, names, words of several towns.
    let (list, all) = read(
        "令和７年度　一次選考　結果一覧\n\n\
         No,宛名番号,氏名,選考結果,内定施設\n\
         1,０１０１,甲,承諾（第２希望）,あさひ保育園\n\
         2,0102,乙,不承諾,－\n\
         3,0103,丙,取下げ,\n\
         4,Ａ５,丁,○,いずみ　保育園\n\
         ,,合計,2,\n",
    );
    let list = list.unwrap();
    assert_eq!(
        lines(&list),
        ["0101 A1 4", "0102 - 5", "0103 x 6", "A5 B2 7"]
    );
    assert_eq!(
        list.counts,
        Counts {
            rows: 5,
            without_child: 1,
            repeated: 0
        }
    );
    assert_eq!(all.list().len(), 1, "{all}");
    // The round's own id comes back, whatever the width.
    quiet(
        "児童ID,結果\nａ５,保留\n0109.0,保留\n",
        &["ａ５ - 2", "0109 - 3"],
    );
    // No column of decisions.
    quiet(
        "受付番号,内定園\n0101,あさひ保育園\n0102,\n0103,保留\n0104,A1 あさひ保育園\n",
        &["0101 A1 2", "0102 - 3", "0103 - 4", "0104 A1 5"],
    );
    // A facility in the column of decisions; blanks mean what it never says.
    quiet(
        "児童番号,選考結果\n0101,いずみ保育園\n0102,\n0103,辞退\n",
        &["0101 B2 2", "0102 - 3", "0103 x 4"],
    );
    quiet(
        "児童番号,結果,施設ID\n0101,,A1\n0102,,\n0103,取下げ,\n",
        &["0101 A1 2", "0102 - 3", "0103 x 4"],
    );
    // Of several facilities the one of the decision.
    quiet(
        "児童番号,施設ID,内定施設ID,選考結果\n0101,B2,A1,内定\n",
        &["0101 A1 2"],
    );
    // A code is no facility, even where one has it as its id.
    let roster = Roster::new(["a", "b", "c"], [("1", "い"), ("101", "ろ")]);
    let text = "児童番号,結果\na,1\nb,101\nc,ろ\n";
    let (list, _) = decisions::read(&source("d.csv", text.as_bytes()), None, &roster);
    let list = list.unwrap();
    assert_eq!(lines(&list), ["b 101 3", "c 101 4"]);
    assert_eq!(list.left_out[0].why, Why::Outcome);
    // Known to nobody: kept, with its row.
    quiet("児童番号,結果\n9999,保留\n", &["9999 - 2"]);
}

#[test]
fn encodings_and_columns_files() {
    let text = "整理の番号,きめ,どこ\r\n0101,内定,あさひ保育園\r\n0102,保留,\r\n";
    let columns =
        "[decisions]\nchild_id = \"整理の番号\"\n\"結果\" = \"きめ\"\nfacility_name = \"どこ\"\n";
    let columns = source("c.toml", columns.as_bytes());
    let (cp932, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lossy);
    let bom = format!("\u{FEFF}{text}");
    for bytes in [text.as_bytes(), bom.as_bytes(), &cp932] {
        let (list, all) = decisions::read(&source("d.csv", bytes), Some(&columns), &roster());
        assert!(all.is_empty(), "{all}");
        assert_eq!(lines(&list.unwrap()), ["0101 A1 2", "0102 - 3"]);
    }
    // Names of the round's tables are understood, and do not stand alone.
    let columns = source("c.toml", "[children]\nchild_id = \"子の番号\"\n".as_bytes());
    for head in ["子の番号", "児童番号"] {
        let text = format!("{head},結果\n0101,保留\n");
        let (list, all) =
            decisions::read(&source("d.csv", text.as_bytes()), Some(&columns), &roster());
        assert_eq!(lines(&list.unwrap()), ["0101 - 2"], "{all}");
    }
}

fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                match cell.parse::<f64>() {
                    Ok(n) => sheet.write_number(r as u32, c as u16, n).unwrap(),
                    Err(_) => sheet.write_string(r as u32, c as u16, *cell).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn workbooks_and_the_zeros_they_lose() {
    let bytes = book(&[
        ("表紙", &[&["一次選考"]]),
        (
            "結果",
            &[
                &["申込番号", "結果", "内定施設コード"],
                &["101", "内定", "7"],
                &["0102", "保留"],
            ],
        ),
        ("結果（2）", &[&["申込番号", "結果"], &["103", "保留"]]),
    ]);
    let (list, all) = decisions::read(&source("d.xlsx", &bytes), None, &roster());
    let list = list.unwrap();
    assert_eq!(lines(&list), ["0101 007 2", "0102 - 3"]);
    insta::assert_snapshot!(said(&list.left_out, &all));
}

#[test]
fn what_is_uncertain_is_left_out_and_the_rest_is_read() {
    let (list, all) = read(
        "申請者番号,結果,内定施設コード,内定施設,備考\n\
         0101,内定,A1,,\n\
         0102,保留,,,\n\
         0101,内定,B2,,\n\
         0102,保留,,,\n\
         0103,内定辞退,A1,,\n\
         0104,,A1,,\n\
         c1,内定,,,\n\
         c2,内定,,うみ,\n\
         c3,内定,,あさひほいくえん,\n\
         c4,内定,Z9,,\n\
         c5,保留,A1,,\n\
         c6,内定,A1,いずみ保育園,\n\
         c7,内定,A1,,x,y\n\
         0101,保留,,,\n\
         c8,内定,,あさひ保育所,\n\
         c9,内定,,D4,\n",
    );
    let list = list.unwrap();
    assert_eq!(lines(&list), ["0102 - 3", "c5 - 12", "c9 D4 17"]);
    assert_eq!(list.counts.repeated, 1);
    insta::assert_snapshot!(said(&list.left_out, &all));
}

#[test]
fn cells_that_cannot_be_read() {
    let mut bytes = "申請者番号,結果,内定施設\n0101,内定,あさひ保育園\n0102,"
        .as_bytes()
        .to_vec();
    bytes.extend(b"\xE5\xFF,\n0103,");
    bytes.extend("保留,\n".as_bytes());
    let (list, all) = decisions::read(&source("d.csv", &bytes), None, &roster());
    let list = list.unwrap();
    assert_eq!(lines(&list), ["0101 A1 2", "0103 - 4"]);
    assert_eq!(list.left_out[0].why, Why::Unreadable);
    assert!(
        all.render(Language::Japanese)
            .contains("注意 W210 d.csv 3行目「結果」"),
        "{all}"
    );
}

#[test]
fn lists_that_are_none() {
    let mut told = String::new();
    let broken = "申請者番号,結果\n0101,\"保留\n";
    for text in [
        "",
        "申請者番号,結果\n",
        "あ,い,う\n1,2,3\n",
        "番号,結果,施設名\n1,保留,\n",
        "申請者番号,世帯番号,点数\n1,2,3\n",
        "児童番号,受付番号,結果\nx,y,保留\n",
        "児童番号,選考結果,判定結果\n0101,保留,保留\n",
        broken,
        "申請者番号,結果,備考\n0101,保留,番号は123456789018です\n",
    ] {
        let (list, all) = read(text);
        assert!(list.is_none() && all.has_errors(), "{text}");
        assert!(!all.render(Language::English).contains("123456789018"));
        told += &all.render(Language::Japanese);
        told += "\n";
    }
    told += &read("あ,い,う\n1,2,3\n").1.render(Language::English);
    insta::assert_snapshot!(told);
}

/// Two columns of numbers: the round tells which is the child's.
#[test]
fn several_numbers_of_a_child() {
    let (list, all) = read("受付番号,児童番号,結果\n1,0101,保留\n2,0102,保留\n");
    assert_eq!(lines(&list.unwrap()), ["0101 - 2", "0102 - 3"]);
    assert_eq!(all.list().len(), 1);
    assert_eq!(
        all.list()[0]
            .message(Language::Japanese)
            .lines()
            .next()
            .unwrap(),
        "注意 W213 d.csv 1行目「児童番号」: 児童の番号と思われる列が2つ以上あります。選考回の番号と最もよく合う列を使いました。使わなかった列: 「受付番号」"
    );
}

#[test]
fn without_a_roster_ids_are_as_in_the_list() {
    let text = "児童番号,結果,施設名\n０１,内定,どこか園\n";
    let (list, all) = decisions::read(&source("d.csv", text.as_bytes()), None, &Roster::default());
    assert_eq!(lines(&list.unwrap()), ["01 どこか園 2"], "{all}");
}

fn index_lines(list: &IndexList) -> Vec<String> {
    let show = |l: &enmusubi_domain::past::IndexLine| {
        format!(
            "{} {} {} {} {} {:?} {}",
            l.child,
            l.facility.as_deref().unwrap_or("-"),
            l.index.map_or("?".to_owned(), |i| i.to_string()),
            l.rank.map_or("?".to_owned(), |r| r.to_string()),
            l.rows.as_ref().map_or("?".to_owned(), |r| r.join("|")),
            l.values,
            l.row
        )
    };
    list.index.list.iter().map(show).collect()
}

#[test]
fn index_lists_as_sections_keep_them() {
    let (list, all) = index(
        "順位,宛名番号,児童氏名,基準指数,調整指数,合計指数,加点項目,所得階層,備考\n\
         1,０１０１,甲,４０,２,４２点,就労；きょうだい、ひとり親,Ｄ１,x\n\
         2位,0102,乙,40,-1.5,38.5,なし,D2,\n\
         3,0103,丙,0,▲5,▲5,,D3,\n\
         ,0104,丁,,,,\"a\nb\",,\n",
    );
    assert!(all.is_empty(), "{all}");
    let list = list.unwrap();
    assert_eq!(
        list.index.columns.iter().map(|c| &**c).collect::<Vec<_>>(),
        ["基準指数", "調整指数", "所得階層"]
    );
    assert_eq!(
        index_lines(&list),
        [
            "0101 - 42 1 就労|きょうだい|ひとり親 [\"４０\", \"２\", \"Ｄ１\"] 2",
            "0102 - 38.5 2  [\"40\", \"-1.5\", \"D2\"] 3",
            "0103 - -5 3 ? [\"0\", \"▲5\", \"D3\"] 4",
            "0104 - ? ? a|b [\"\", \"\", \"\"] 5",
        ]
    );
    assert_eq!(list.without_index, 1);
    // Of each facility its own index.
    let (list, all) = index("児童番号,施設名,点数\n0101,あさひ保育園,10\n0101,B2,11\n");
    assert!(all.is_empty(), "{all}");
    assert_eq!(
        index_lines(&list.unwrap()),
        ["0101 A1 10 ? ? [] 2", "0101 B2 11 ? ? [] 3"]
    );
    // Parts and sum: the sum. Two sums: neither, and the list is read by its places.
    let (list, _) = index("児童番号,指数,合計\n0101,10,12\n");
    assert_eq!(list.unwrap().index.list[0].index.unwrap().to_string(), "12");
    let (list, all) = index("児童番号,総合計,合計点,順位\n0101,10,12,1\n");
    assert_eq!(list.unwrap().index.list[0].index, None);
    assert_eq!(all.list()[0].kind.code, "W214");
}

#[test]
fn index_lines_that_are_uncertain() {
    let (list, all) = index(
        "申請者番号,施設名,合計,順位\n\
         0101,あさひ保育園,10,1\n\
         0101,あさひ保育園,11,1\n\
         0101,いずみ保育園,12,2\n\
         0101,いずみ保育園,12,2\n\
         0102,あさひ保育園,10,1\n\
         0102,,10,1\n\
         0102,いずみ保育園,10,1\n\
         0103,,約30,1と2\n\
         0104,どこか,10,\n\
         c1,,10%,\n",
    );
    let list = list.unwrap();
    assert_eq!(
        index_lines(&list),
        [
            "0101 B2 12 2 ? [] 4",
            "0103 - ? ? ? [] 9",
            "c1 - ? ? ? [] 11"
        ]
    );
    assert_eq!((list.counts.repeated, list.without_index), (1, 2));
    insta::assert_snapshot!(said(&list.left_out, &all));
}

#[test]
fn index_lists_that_are_none() {
    for (text, code) in [
        ("児童番号,所得,月齢\n1,2,3\n", "E200"),
        ("指数,順位\n1,2\n", "E200"),
        ("児童番号,指数,欄\n0101,10,1234-5678-9018\n", "E105"),
        ("児童番号,合計点,総合計\n0101,10,10\n", "E013"),
    ] {
        let (list, all) = index(text);
        assert!(list.is_none(), "{text}");
        assert_eq!(all.list()[0].kind.code, code, "{all}");
    }
}

/// What `match` writes, as CSV and XLSX, is read as what was decided.
#[test]
fn results_of_a_round_come_back() {
    let town = town(&Options {
        children: 60,
        nurseries: 5,
        seed: 3,
        transfers: 0.3,
        ..Options::default()
    });
    let (children, nurseries) = (children_csv(&town), nurseries_csv(&town));
    let inputs = Inputs {
        children: source("c.csv", &children),
        nurseries: source("n.csv", &nurseries),
        combinations: None,
        columns: None,
        rules: None,
    };
    let round = read_round(&inputs).0.unwrap();
    let placed: Vec<Option<u32>> = (0..round.children.len() as u32)
        .map(|c| (c % 3 > 0).then_some(c % 5))
        .collect();
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = write_result(&inputs.children, None, &round, &placed, format).unwrap();
        let (list, all) = decisions::read(&source("r", &bytes), None, &Roster::from(&round));
        assert!(all.is_empty(), "{all}");
        let list = list.unwrap();
        assert_eq!(list.counts.rows as usize, round.children.len());
        for ((d, child), placed) in list.decisions.list.iter().zip(&round.children).zip(&placed) {
            assert_eq!((&d.child, d.row), (&child.id, child.row));
            let facility = placed.map(|n| round.nurseries[n as usize].id.clone());
            match &d.outcome {
                Outcome::Placed { facility: f, .. } => assert_eq!(Some(f), facility.as_ref()),
                other => assert_eq!((other, facility), (&Outcome::Held, None)),
            }
        }
    }
    // A round of facts: facilities by their names.
    let facts = facts(&town, &FactOptions::default());
    let roster = Roster::from(&facts);
    let child = &facts.children.ids[0];
    let name =
        enmusubi_domain::facts::vocabulary::find(enmusubi_domain::facts::Entity::Facility, "name")
            .unwrap();
    let enmusubi_domain::facts::Value::Symbol(name) = facts.facilities.get(1, name) else {
        unreachable!("made-up facilities have names")
    };
    let text = format!("児童番号,内定園\n{child},{}\n", facts.symbols.text(name));
    let (list, all) = decisions::read(&source("d.csv", text.as_bytes()), None, &roster);
    assert_eq!(
        lines(&list.unwrap()),
        [format!("{child} {} 2", facts.facilities.ids[1])],
        "{all}"
    );
}
