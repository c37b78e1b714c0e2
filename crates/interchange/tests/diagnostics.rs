//! One small round per problem: which codes, at which row and column.

use enmusubi_interchange::{Diagnostics, Inputs, Language, Severity, Source, read_round};

const N: &str = "保育所ID,保育所名,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\n\
                 A,あさひ,1,1,1,1,1,1\nB,いずみ,2,2,2,2,2,2\nC,うみ,3,3,3,3,3,3\n";
const H: &str = "申請者番号,世帯番号,年齢,点数1,点数2,希望保育園ID_1,希望保育園ID_2,希望保育園ID_3,在籍保育所ID,きょうだいパターン\n";

struct Files<'a> {
    children: (&'a str, Vec<u8>),
    nurseries: (&'a str, Vec<u8>),
    combinations: Option<&'a str>,
    columns: Option<&'a str>,
    rules: Option<&'a str>,
}

impl Default for Files<'_> {
    fn default() -> Self {
        let children = format!("{H}c1,h1,1,10,,A,B,,,\n");
        Self {
            children: ("c.csv", children.into()),
            nurseries: ("n.csv", N.into()),
            combinations: None,
            columns: None,
            rules: None,
        }
    }
}

fn read(f: &Files<'_>) -> (Option<enmusubi_domain::Round>, Diagnostics) {
    let source = |name, t: &Option<&'_ str>| -> Option<(String, Vec<u8>)> {
        t.map(|t| (String::from(name), t.as_bytes().to_vec()))
    };
    let k = source("k.csv", &f.combinations);
    let col = source("col.toml", &f.columns);
    let r = source("r.toml", &f.rules);
    fn at(s: &Option<(String, Vec<u8>)>) -> Option<Source<'_>> {
        s.as_ref().map(|(name, bytes)| Source { name, bytes })
    }
    read_round(&Inputs {
        children: Source {
            name: f.children.0,
            bytes: &f.children.1,
        },
        nurseries: Source {
            name: f.nurseries.0,
            bytes: &f.nurseries.1,
        },
        combinations: at(&k),
        columns: at(&col),
        rules: at(&r),
    })
}

/// Code, row and column of every problem, in order; "" for none.
fn found(f: &Files<'_>) -> Vec<String> {
    let (round, all) = read(f);
    assert_eq!(round.is_some(), all.count(Severity::Error) == 0);
    for language in [Language::Japanese, Language::English] {
        let text = all.render(language);
        assert_eq!(text.is_empty(), all.is_empty());
    }
    all.list()
        .iter()
        .map(|d| {
            let row = d.row.map_or(String::new(), |r| format!(" {r}"));
            let column = d.column.as_ref().map_or(String::new(), |c| format!(" {c}"));
            format!("{}{row}{column}", d.kind.code)
        })
        .collect()
}

#[track_caller]
fn check(f: &Files<'_>, expect: &[&str]) {
    assert_eq!(found(f), expect, "\n{}", read(f).1);
}

#[track_caller]
fn children(rows: &str, expect: &[&str]) {
    let f = Files {
        children: ("c.csv", format!("{H}{rows}").into()),
        ..Files::default()
    };
    check(&f, expect);
}

#[track_caller]
fn raw_children(bytes: &[u8], expect: &[&str]) {
    check(
        &Files {
            children: ("c.csv", bytes.to_vec()),
            ..Files::default()
        },
        expect,
    );
}

#[track_caller]
fn nurseries(rows: &str, expect: &[&str]) {
    let head = N.lines().next().unwrap_or_default();
    let f = Files {
        nurseries: ("n.csv", format!("{head}\n{rows}").into()),
        ..Files::default()
    };
    check(&f, expect);
}

#[track_caller]
fn rules(rules: &str, expect: &[&str]) {
    let children = "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,月齢,区分\nc1,h1,0,5,A,8,市内\nc2,h2,0,5,A,,\n";
    let f = Files {
        children: ("c.csv", children.into()),
        rules: Some(rules),
        ..Files::default()
    };
    check(&f, expect);
}

#[test]
fn a_good_round_says_nothing() {
    check(&Files::default(), &[]);
}

#[test]
fn files_as_a_whole() {
    raw_children(b"", &["E001"]);
    raw_children(b" \r\n\r\n", &["E001"]);
    raw_children(b"\xEF\xBB\xBF", &["E001"]);
    children("", &["E002"]);
    raw_children(b"\xFF\xFE\x31\x00", &["E003"]);
    raw_children(b"\xFE\xFF\x00\x31", &["E003"]);
    raw_children(b"1\x002\x00", &["E004"]);
    raw_children(b"PK\x03\x04 not a zip", &["E008"]);
    raw_children(b"\xD0\xCF\x11\xE0 old", &["E008"]);
    check(
        &Files {
            children: ("c.xlsx", "a,b\n".into()),
            ..Files::default()
        },
        &["E008"],
    );
    raw_children("甲,乙\n1,2\n".as_bytes(), &["E010"]);
}

#[test]
fn broken_rows() {
    children("c1,h1,1,10,,A,\"B,,,\nc2,h2,1,10,,A,,,,\n", &["E006 2"]);
    children("c1,h1,1,10,,A,B,,,,extra\n", &["E007 2"]);
    children("c1,h1,1,10,,A,B,,,,,,\n", &[]);
    children("c1,h1,1,10,,A\n", &["W004 2"]);
    // A quoted line break is one row of a spreadsheet; a blank line is one too.
    children(
        "c1,h1,1,10,,A,B,,,\n\n\"c\n2\",h2,9,10,,A,,,,\nc3,h3,8,10,,A,,,,\n",
        &["E030 4 年齢", "E030 5 年齢"],
    );
    let crlf = format!("{H}c1,h1,7,10,,A,,,,\nc2,h2,8,10,,A,,,,").replace('\n', "\r\n");
    raw_children(crlf.as_bytes(), &["E030 2 年齢", "E030 3 年齢"]);
    let mut bad = format!("{H}c1,h1,1,10,,A,B,,,\nc2,h2,1,10,,").into_bytes();
    bad.extend_from_slice(b"\xFF\xFF,,,,\n");
    raw_children(&bad, &["E005 3 希望保育園ID_1", "E024 3 希望保育園ID_1"]);
}

#[test]
fn headers() {
    raw_children(
        "申請者番号,世帯番号,点数,希望保育園ID_1\nc1,h1,5,A\n".as_bytes(),
        &["E011 1 年齢"],
    );
    raw_children(
        "申請者番号,世帯番号,年齢,希望保育園ID_1\nc1,h1,1,A\n".as_bytes(),
        &["E011 1 点数"],
    );
    raw_children(
        "申請者番号,世帯番号,年齢,年齢,点数,希望保育園ID_1\nc1,h1,1,1,5,A\n".as_bytes(),
        &["E012 1 年齢"],
    );
    raw_children(
        "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,希望保育園ID_１\nc1,h1,1,5,A,B\n".as_bytes(),
        &["E012 1 希望保育園ID_１"],
    );
    raw_children(
        "児童ID,児童番号,世帯ID,年齢,指数,第1希望\nc1,x,h1,1,5,A\n".as_bytes(),
        &["E013 1 児童番号"],
    );
    raw_children(
        "申請者番号,世帯番号,年齢,点数,点数1,希望保育園ID_1\nc1,h1,1,5,5,A\n".as_bytes(),
        &["E014 1 点数1"],
    );
    raw_children(
        "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,入所選考結果保育所ID\nc1,h1,1,5,A,A\n"
            .as_bytes(),
        &["E015 1 入所選考結果保育所ID"],
    );
    // Full width, synonyms, title rows.
    raw_children(
        "令和8年度 申込一覧,,,,\n\n児童ＩＤ,世帯ID,クラス年齢,指数,第１希望\nc1,h1,1,5,A\n"
            .as_bytes(),
        &[],
    );
    let f = Files {
        nurseries: ("n.csv", "保育所ID,0歳募集人数,6歳募集人数\nA,1,1\n".into()),
        ..Files::default()
    };
    let codes = found(&f);
    assert!(
        codes.contains(&"W011 1 6歳募集人数".into())
            && codes.contains(&"E011 1 5歳募集人数".into()),
        "{codes:?}"
    );
}

#[test]
fn own_names_of_columns() {
    let children = "番号,世帯,歳,合計,園1\nc1,h1,1,5,A\n";
    let columns = "[children]\n\"申請者番号\" = \"番号\"\nhousehold_id = \"世帯\"\n\"年齢\" = \"歳\"\n\"点数\" = \"合計\"\n\"希望保育園ID_N\" = \"園N\"\n";
    let f = |columns| Files {
        children: ("c.csv", children.into()),
        columns: Some(columns),
        ..Files::default()
    };
    check(&f(columns), &[]);
    let wrong = "[children]\n\"申請者番\" = \"番号\"\n\n[childs]\nx = 1\n";
    check(&f(wrong), &["E071 2 申請者番", "E071 4 childs", "E010"]);
    check(
        &f("[children]\n\"希望保育園ID_N\" = \"園\"\n\"世帯番号\" = 1\n\"年齢\" = true"),
        &["E072 2 希望保育園ID_N", "E072 4 年齢", "E010"],
    );
}

#[test]
fn ids() {
    children(
        ",h1,1,10,,A,,,,\nc2,,1,10,,A,,,,\n",
        &["E020 2 申請者番号", "E020 3 世帯番号"],
    );
    children(
        "c1,h1,1,10,,A,,,,\nc1,h1,1,10,,A,,,,\n",
        &["E021 3 申請者番号"],
    );
    children(
        "c1,h1,1,10,,A,,,,\nc1,h2,1,10,,A,,,,\n",
        &["E022 3 申請者番号"],
    );
    children(
        "c1,h1,1,10,,A,X,,Y,\n",
        &["E024 2 在籍保育所ID", "E024 2 希望保育園ID_2"],
    );
    nurseries(
        "A,あ,1,1,1,1,1,1\nA.0,い,1,1,1,1,1,1\nB,,1,1,1,1,1,1\n7,,1,1,1,1,1,1\n7.0,,1,1,1,1,1,1\n,,1,1,1,1,1,1\n",
        &["E023 6 保育所ID", "E020 7 保育所ID"],
    );
    let f = Files {
        children: ("c.csv", format!("{H}c1,h1,1,10,,a,,,,\n").into()),
        ..Files::default()
    };
    assert!(
        read(&f)
            .1
            .render(Language::Japanese)
            .contains("保育所の表には「A」があります")
    );
}

#[test]
fn ages_and_points() {
    for age in ["6", "-1", "三", "3歳", "1.5", ""] {
        children(&format!("c1,h1,{age},10,,A,,,,\n"), &["E030 2 年齢"]);
    }
    children("c1,h1,３,10,,A,,,,\n", &["E051 2 年齢"]);
    children("c1,h1,3.0,10.00,,A,,,,\n", &[]);
    let forty = "1234567890123456789012345678901234567890";
    children(&format!("c1,h1,3,{forty},-{forty},A,B,,,\n"), &[]);
    for bad in ["1.5", "10点", "\"1,000\"", "1e3", "-"] {
        children(&format!("c1,h1,3,{bad},,A,,,,\n"), &["E031 2 点数1"]);
    }
    children("c1,h1,3,１０,,A,,,,\n", &["E051 2 点数1"]);
    children("c1,h1,3,,,A,,,,\n", &["E032 2 点数1"]);
    children("c1,h1,3,,5,A,B,,,\n", &["E032 2 点数1"]);
    // Points of the column where the nursery stands; here all choices have their own.
    children("c1,h1,3,,5,,B,,,\n", &["W001 2 希望保育園ID_1"]);
}

#[test]
fn choices() {
    children("c1,h1,3,10,,,,,,\n", &["E033 2 希望保育園ID_1"]);
    children("c1,h1,3,10,,,,,B,\n", &["E033 2 希望保育園ID_1"]);
    children("c1,h1,3,10,,A,B,,B,\n", &["E034 2 希望保育園ID_2"]);
    children("c1,h1,3,10,,A,,B,,\n", &["W001 2 希望保育園ID_2"]);
    children("c1,h1,3,10,,A,A,B,,\n", &["W002 2 希望保育園ID_2"]);
}

#[test]
fn sibling_codes() {
    children(
        "c1,h1,3,10,,A,,,,8\nc2,h1,2,10,,A,,,,4\n",
        &["E035 2 きょうだいパターン"],
    );
    children(
        "c1,h1,3,10,,A,,,,\nc2,h1,2,10,,A,,,,\n",
        &["E036 2 きょうだいパターン"],
    );
    children(
        "c1,h1,3,10,,A,,,,4\nc2,h1,2,10,,A,,,,5\n",
        &["E037 3 きょうだいパターン"],
    );
    children("c1,h1,3,10,,A,,,,4\nc2,h1,2,10,,A,,,,\n", &[]);
    children("c1,h1,3,10,,A,,,,4.0\n", &["W003 2 きょうだいパターン"]);
    for code in 1..=3 {
        children(
            &format!("c1,h1,3,10,,A,,,,{code}\nc2,h1,2,10,,B,,,,\n"),
            &["E038 2 きょうだいパターン"],
        );
        children(
            &format!("c1,h1,3,10,,A,B,,,{code}\nc2,h1,2,10,,B,,,,\n"),
            &[],
        );
    }
    let f = Files {
        children: (
            "c.csv",
            format!("{H}c1,h1,3,10,,A,,,,\nc2,h1,2,10,,A,,,,\n").into(),
        ),
        rules: Some("[wish]\ndefault_code = 7\n"),
        ..Files::default()
    };
    check(&f, &[]);
}

#[test]
fn wish_columns() {
    let rules = "[wish]\ntiming = { column = \"時期\", together = [\"同時\"], need_not = [\"順次\"], other = [\"その他\"] }\nplace = \"same_only\"\n";
    let run = |a: &str, b: &str, expect: &[&str]| {
        let children = format!(
            "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,時期\nc1,h1,3,5,A,{a}\nc2,h1,2,5,A,{b}\n"
        );
        let f = Files {
            children: ("c.csv", children.into()),
            rules: Some(rules),
            ..Files::default()
        };
        check(&f, expect);
    };
    run("同時", "", &[]);
    run("", "", &["E036 2 時期"]);
    run("同時", "順次", &["E037 3 時期"]);
    run("何か", "", &["E039 2 時期"]);
    run("その他", "", &["E040 2 時期"]);
}

#[test]
fn seats() {
    for bad in ["-1", "1.5", "二", "3人"] {
        nurseries(
            &format!("A,あ,1,{bad},1,1,1,1\nB,い,1,1,1,1,1,1\n"),
            &["E050 2 1歳募集人数"],
        );
    }
    nurseries(
        "A,あ,1,２,1,1,1,1\nB,い,1,1,1,1,1,1\n",
        &["E051 2 1歳募集人数"],
    );
    nurseries("A,あ,1,,1,1,1,\nB,い,1,1,1,1,1,1\n", &["W005 2"]);
    nurseries("A,あ,1,0,1,1.0,1,1\nB,い,1,1,1,1,1,1\n", &[]);
}

#[test]
fn combinations() {
    let rows = "c1,h1,3,10,,A,B,,,\nc2,h1,2,,9,,B,,,\nc3,h2,1,5,,A,,,,\n";
    let run = |rows_: &str, expect: &[&str]| {
        let head = "ファミリーコード,総当たり順位,宛名コード1,希望施設1,宛名コード2,希望施設2\n";
        let text = format!("{head}{rows_}");
        let mut want = vec![];
        want.extend_from_slice(expect);
        let f = Files {
            children: ("c.csv", format!("{H}{rows}").into()),
            combinations: Some(&text),
            ..Files::default()
        };
        let got: Vec<String> = found(&f)
            .into_iter()
            .filter(|c| c != "W001 3 希望保育園ID_1")
            .collect();
        assert_eq!(got, want, "\n{}", read(&f).1);
    };
    run("h1,1,c1,A,c2,B\nh1,2,c1,B,c2,\nh1,3,,,,\n", &[]);
    run(
        "hx,1,c1,A,c2,B\nh1,2,c1,A,,\n",
        &["E060 2 ファミリーコード"],
    );
    run("h1,1,cx,A,c2,B\n", &["E061 2 宛名コード1"]);
    run("h1,1,c3,A,c2,B\n", &["E062 2 宛名コード1"]);
    run(
        "h1,0,c1,A,,\nh1,x,c1,B,,\n",
        &["E063 2 総当たり順位", "E063 3 総当たり順位"],
    );
    run("h1,1,c1,A,,\nh1,1,c1,B,,\n", &["E064 3 総当たり順位"]);
    run("h1,1,c1,A,c1,B\n", &["E065 2 宛名コード2"]);
    run("h1,1,c1,A,,B\n", &["E066 2 宛名コード2"]);
    run("h1,1,c2,A,,\n", &["E067 2 希望施設1"]);
    run("h1,1,c1,Q,,\n", &["E024 2 希望施設1"]);
    run("h1,1,c1,C,,\n", &["W009 2 希望施設1"]);
    run("h2,1,c3,A,,\nh1,1,c1,A,,\n", &["W006 2 ファミリーコード"]);
    run("h1,1,c1,A,,\nh1,2,c1,,,\nh1,3,c1,B,,\n", &["W007 4"]);
    run("h1,1,c1,A,c2,\nh1,2,c1,A,,\n", &["W008 3"]);
    let f = Files {
        combinations: Some("ファミリーコード,総当たり順位,宛名コード1,希望施設2\nh1,1,c1,A\n"),
        ..Files::default()
    };
    let codes = found(&f);
    assert_eq!(codes[..2], ["E016 1 宛名コード1", "E016 1 希望施設2"]);
}

#[test]
fn rule_files() {
    rules("disclosure_minimum = 5\n", &[]);
    rules("a = \nb = 1\n", &["E070 1", "E071 1 a", "E071 2 b"]);
    rules(
        "disclosure_minimun = 5\n[[poool]]\nid = 1\n",
        &["E071 1 disclosure_minimun", "E071 2 poool"],
    );
    rules("disclosure_minimum = -1\n", &["E072 1 disclosure_minimum"]);
    rules("[wish]\ndefault_code = 8\n", &["E072 2 default_code"]);
    rules(
        "[[strata]]\nlabel = \"a\"\n",
        &["E073 1 column", "E073 1 order"],
    );
    rules(
        "[common_order]\ncolumn = \"無\"\n",
        &["E074 2 無", "E041 2 無", "E041 3 無"],
    );
    rules(
        "[[no_refill]]\nnurseries = [\"A\", \"Z\"]\nages = [6]\n",
        &["E075 2 nursery", "E072 3 ages"],
    );
    rules(
        "[[group]]\nnursery = \"A\"\nages = [1, 2]\n[[group]]\nnursery = \"A\"\nages = [2]\ncapacity = \"1/0\"\n",
        &["E072 7 capacity", "E076 1 group"],
    );
    rules(
        "[[pool]]\nid = \"p\"\nnursery = \"A\"\nkind = \"hard\"\nseats = { 0 = 2 }\ntarget = [{ column = \"月齢\", min = 6, blank = \"no\" }]\n",
        &["E077 1 pool"],
    );
    rules(
        "[[eligibility]]\nlabel = \"月齢\"\nrequire = [{ column = \"月齢\", min = 6 }]\n",
        &["E041 3 月齢"],
    );
    rules(
        "[[eligibility]]\nlabel = \"x\"\nrequire = [{ column = \"区分\", min = 6, blank = \"yes\" }]\n",
        &["E042 2 区分"],
    );
    rules(
        "[passes]\ncolumn = \"区分\"\norder = [{ label = \"市内\", values = [\"市内\"] }]\n",
        &["E041 3 区分"],
    );
    let f = Files {
        rules: Some("\u{FF}"),
        ..Files::default()
    };
    assert!(found(&f).iter().all(|c| c == "E070 1"));
}

#[test]
fn siblings_of_different_passes() {
    let children = "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,きょうだいパターン,卒園\nc1,h1,3,5,A,7,1\nc2,h1,2,5,A,7,\n";
    let rules = "[passes]\ncolumn = \"卒園\"\norder = [{ label = \"卒園児\", values = [\"1\"] }, { label = \"一般\", others = true }]\n";
    let f = Files {
        children: ("c.csv", children.into()),
        rules: Some(rules),
        ..Files::default()
    };
    check(&f, &["W012 3 卒園"]);
}

#[test]
fn all_problems_at_once_and_in_every_file() {
    let f = Files {
        children: (
            "c.csv",
            format!("{H}c1,h1,9,x,,Q,,,,\nc1,h1,1,1,,A,,,,\n").into(),
        ),
        nurseries: ("n.csv", N.replace("A,あさひ,1", "A,あさひ,-1").into()),
        rules: Some("typo = 1\n"),
        ..Files::default()
    };
    check(
        &f,
        &[
            "E050 2 0歳募集人数",
            "E071 1 typo",
            "E030 2 年齢",
            "E031 2 点数1",
            "E024 2 希望保育園ID_1",
            "E021 3 申請者番号",
        ],
    );
}

#[test]
fn the_example_rule_file_is_right() {
    let rules = include_str!("../../../docs/rules.example.toml");
    let nurseries = format!(
        "{}\n11005,東,5,5,5,5,5,5\n11006,西,5,5,5,5,5,5\n",
        N.lines().next().unwrap_or_default()
    );
    let children = "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,入所時期,入所場所,選考順位,卒園児,住所区分,要支援,小学校区,入所時月齢\n\
                    c1,h1,0,5,11005,,,1,,市内,,第一,7\n";
    let f = Files {
        children: ("c.csv", children.into()),
        nurseries: ("n.csv", nurseries.into()),
        rules: Some(rules),
        ..Files::default()
    };
    check(&f, &[]);
}

/// As a clerk reads it: row by row whatever was looked at first, blanks said to be blank, and what
/// to do at the end.
#[test]
fn messages_follow_the_rows_and_say_what_to_do() {
    let header = "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,きょうだいパターン\n";
    let rows = "1,1,1,5,A,\n2,1,1,5,A,\n3,3,,5,A,\n4,4,7,5,A,\n";
    let file = format!("{header}{rows}");
    let all = enmusubi_interchange::fuzz::children(file.as_bytes());
    let text = all.render(Language::Japanese);
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    // Siblings are looked at when every row has been read.
    assert!(
        at("2行目「きょうだいパターン」") < at("4行目「年齢」"),
        "{text}"
    );
    assert!(at("4行目「年齢」") < at("5行目「年齢」"), "{text}");
    assert!(
        text.contains("4行目「年齢」: 年齢が0〜5の整数ではありません（空欄）"),
        "{text}"
    );
    assert!(text.ends_with("何も書き出していません。直してから、もう一度実行してください。\n"));
}

/// One or two children's figures are withheld from families unless the municipality says otherwise.
#[test]
fn small_classes_are_withheld_by_default() {
    fn minimum(rules: Option<&str>) -> u32 {
        let files = Files {
            rules,
            ..Files::default()
        };
        let round = read(&files).0.expect("a good round");
        round.rules.disclosure_minimum
    }
    assert_eq!(minimum(None), 3);
    assert_eq!(
        minimum(Some("[[no_refill]]\nnurseries = [\"A\"]\nages = [1]\n")),
        3
    );
    assert_eq!(minimum(Some("disclosure_minimum = 0\n")), 0);
}
