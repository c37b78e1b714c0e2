//! One small round workbook per problem: what is said, word for word, and where.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};
use enmusubi_interchange::{Diagnostics, Language, Severity, Source, kind, workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// Two households: one couple with siblings, one transfer applicant.
const GOOD: &[(&str, &str)] = &[
    (
        "選考回",
        "入所日,選考の回,基準日,申込締切日\n2027-04-01,1,2026-10-23,2026-10-23\n",
    ),
    (
        "施設",
        "施設ID,施設名,施設の種類,最終年齢,連携施設\n101,あさひ,認可保育所,5,\n102,いずみ,小規模保育,2,101\n103,うみ,認定こども園,5,\n",
    ),
    (
        "クラス",
        "施設ID,クラス年齢,枠,募集人数,共有定員\n101,1,,4,乳児室\n101,2,,5,\n102,1,area,2,\n102,1,,3,\n103,3,,0,\n",
    ),
    ("共有定員", "施設ID,共有定員,定員\n101,乳児室,\n"),
    (
        "世帯",
        "世帯ID,居住,生活保護,ひとり親\nh1,市内在住,,\nh2,転入予定,はい,ひとり親\n",
    ),
    (
        "保護者",
        "世帯ID,番号,事由,主な事由,生年月日,日就労時間,月就労日数,月就労時間\n\
         h1,1,就労,,1990-05-01,8,20,160\n\
         h1,2,就労、疾病,疾病,平成2年5月1日,7:30,20,150\n\
         h2,,求職活動,,H1.1.8,,,\n",
    ),
    (
        "児童",
        "児童ID,世帯ID,申込区分,生年月日,出生前\n\
         c1,h1,新規,2025-08-10,\n\
         c2,h1,新規,2024-08-10,\n\
         c3,h2,転園,5050601,\n",
    ),
    (
        "希望",
        "児童ID,希望順位,施設ID,見学済み\n\
         c1,1,101,○\nc1,2,102,×\nc2,1,101,1\nc3,1,101,\n",
    ),
    ("現在の在園", "児童ID,施設ID,入園日\nc3,103,R6.4.1\n"),
    (
        "きょうだいの希望",
        "世帯ID,入所時期,入所場所,どちらを先に\nh1,同時のみ,同じ園のみ,\n",
    ),
];

/// The good tables with one of them replaced, or added; an empty text takes it away.
fn tables(change: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let mut list: Vec<(&str, &str)> = GOOD.to_vec();
    for &(name, text) in change {
        list.retain(|t| t.0 != name);
        if !text.is_empty() {
            list.push((name, text));
        }
    }
    list.into_iter()
        .map(|(name, text)| (format!("{name}.csv"), text.as_bytes().to_vec()))
        .collect()
}

fn read(files: &[(String, Vec<u8>)]) -> (Option<RoundFacts>, Diagnostics) {
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    let (facts, all) = workbook::read(&sources);
    assert_eq!(facts.is_some(), all.count(Severity::Error) == 0, "{all}");
    (facts, all)
}

/// First lines of all messages.
fn said(all: &Diagnostics, language: Language) -> Vec<String> {
    let first = |d: &enmusubi_interchange::Diagnostic| {
        d.message(language).lines().next().unwrap().to_owned()
    };
    all.list().iter().map(first).collect()
}

#[track_caller]
fn check(change: &[(&str, &str)], expect: &[&str]) {
    let (_, all) = read(&tables(change));
    assert_eq!(said(&all, Language::Japanese), expect);
    // English is there for all of them, and says how to mend errors.
    assert_eq!(said(&all, Language::English).len(), expect.len());
}

/// One more row of a good table.
#[track_caller]
fn row(table: &str, row: &str, expect: &[&str]) {
    let good = GOOD.iter().find(|t| t.0 == table).unwrap().1;
    check(&[(table, &format!("{good}{row}\n"))], expect);
}

/// The good table with one text in it replaced.
#[track_caller]
fn cell(table: &str, from: &str, to: &str, expect: &[&str]) {
    let good = GOOD.iter().find(|t| t.0 == table).unwrap().1;
    assert!(good.contains(from), "{from}");
    check(&[(table, &good.replacen(from, to, 1))], expect);
}

fn value(facts: &RoundFacts, entity: Entity, subject: u32, name: &str) -> Value {
    facts.get(subject, find(entity, name).unwrap())
}

#[test]
fn a_good_workbook_says_nothing_and_is_read() {
    let (facts, all) = read(&tables(&[]));
    assert!(all.is_empty(), "{all}");
    let facts = facts.unwrap();
    let g = |name| value(&facts, Entity::Guardian, 1, name);
    assert!(g("work_hours_per_day").is_known());
    assert_eq!(g("main_reason"), Value::Enum(4));
    assert_eq!(*facts.guardians.ids[2], *"1");
    assert_eq!(facts.enrolled, [None, None, Some(2)]);
    assert_eq!(
        value(&facts, Entity::Household, 1, "welfare"),
        Value::Bool(true)
    );
    assert_eq!(
        value(&facts, Entity::Choice, 1, "visited"),
        Value::Bool(false)
    );
    assert_eq!(facts.classes[0].shared, Some(0));
    assert_eq!(facts.classes[2].pool.as_deref(), Some("area"));
}

#[test]
fn encodings_and_order_of_files_do_not_matter() {
    let (expect, _) = read(&tables(&[]));
    let mut files = tables(&[]);
    for (n, (name, bytes)) in files.iter_mut().enumerate() {
        *name = format!("folder/{:02}_{name}", n + 1);
        let text = String::from_utf8(bytes.clone()).unwrap();
        if n % 2 == 0 {
            *bytes = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
        } else {
            *bytes = format!("\u{FEFF}{}", text.replace('\n', "\r\n")).into_bytes();
        }
    }
    files.reverse();
    let (facts, all) = read(&files);
    assert!(all.is_empty(), "{all}");
    assert!(facts == expect);
}

#[test]
fn members_are_grouped_by_household_in_any_order_of_rows() {
    let files = tables(&[(
        "児童",
        "児童ID,世帯ID,申込区分,生年月日\nc3,h2,転園,2024-06-01\nc2,h1,新規,2024-08-10\nc1,h1,新規,2025-08-10\n",
    )]);
    let (facts, all) = read(&files);
    let facts = facts.unwrap_or_else(|| panic!("{all}"));
    let ids: Vec<&str> = facts.children.ids.iter().map(|i| &**i).collect();
    assert_eq!(ids, ["c2", "c1", "c3"]);
    assert_eq!(facts.children.rows, [3, 4, 2]);
    assert_eq!(facts.choices.parents, [0, 1, 1, 2]);
}

#[test]
fn tables_and_files() {
    check(
        &[("世帯", "")],
        &["エラー E100 選考回.csv: 必要な表がありません（値「世帯」）"],
    );
    check(
        &[("備忘", "a\n")],
        &["注意 W100 備忘.csv: 選考回の表の名前でないため、読みませんでした"],
    );
    check(
        &[("同居者祖父母", "世帯ID\n")],
        &[
            "注意 W100 同居者祖父母.csv: 選考回の表の名前でないため、読みませんでした。「同居者・祖父母」のことですか",
        ],
    );
    check(
        &[("2_世帯", "世帯ID\nh9\n")],
        &["エラー E101 2_世帯.csv: 同じ表が2つあります（値「世帯」）"],
    );
    check(
        &[("施設", "施設ID\n")],
        &["エラー E002 施設.csv: 見出しはありますが、データの行がありません"],
    );
    // The table is there, only empty: its ids are not called unknown a thousand times.
    check(
        &[("裁量", "対象,対象のID,基準の行,値,理由,入力者,確認者\n")],
        &[],
    );
    let (_, all) = read(&[("x/notes.csv".into(), b"a,b\n".to_vec())]);
    let expect = [
        "エラー E106 x/notes.csv: 選考回の表が1つも見つかりません",
        "注意 W100 x/notes.csv: 選考回の表の名前でないため、読みませんでした",
    ];
    assert_eq!(said(&all, Language::Japanese), expect);
}

#[test]
fn headers() {
    cell(
        "保護者",
        "月就労時間",
        "月就労時間数",
        &[
            "エラー E103 保護者.csv 1行目 H列「月就労時間数」: この表にない見出しです。「月就労時間」のことですか",
        ],
    );
    cell(
        "保護者",
        "月就労時間",
        "血液型",
        &["エラー E103 保護者.csv 1行目 H列「血液型」: この表にない見出しです"],
    );
    cell("保護者", "月就労時間", "備考（相談の日）", &[]);
    cell("保護者", "月就労時間", "月 就労\u{3000}時間", &[]);
    cell(
        "保護者",
        "月就労時間",
        "月就労日数",
        &[
            "エラー E012 保護者.csv 1行目 H列「月就労日数」: 同じ見出しの列が2つ以上あります。G列にもあります",
        ],
    );
    cell(
        "児童",
        "出生前",
        "クラス年齢",
        &[
            "注意 W101 児童.csv 1行目 E列「クラス年齢」: 計算で求める項目です。この列は読みませんでした",
        ],
    );
    cell(
        "希望",
        "希望順位",
        "希望の順位",
        &[
            "エラー E103 希望.csv 1行目 B列「希望の順位」: この表にない見出しです。「希望順位」のことですか",
            "エラー E102 希望.csv 1行目「希望順位」: 必要な列がありません。似た列: 「希望の順位」",
        ],
    );
    cell(
        "児童",
        ",申込区分",
        ",備考",
        &["エラー E102 児童.csv 1行目「申込区分」: 必要な列がありません"],
    );
    cell(
        "世帯",
        "生活保護,ひとり親\nh1,市内在住,,\nh2,転入予定,はい,ひとり親",
        "ひとり親,\nh1,市内在住,,x\nh2,転入予定,ひとり親,はい",
        &[
            "エラー E007 世帯.csv 2行目: 見出しより多くの列に値があります（値「x」）",
            "エラー E007 世帯.csv 3行目: 見出しより多くの列に値があります（値「はい」）",
        ],
    );
}

#[test]
fn tabs_and_semicolons_are_named_once() {
    for separator in ["\t", ";"] {
        cell(
            "現在の在園",
            "児童ID,施設ID,入園日\nc3,103,R6.4.1",
            &"児童ID,施設ID,入園日\nc3,103,R6.4.1".replace(',', separator),
            &[
                "エラー E107 現在の在園.csv 1行目: 値がコンマで区切られていません（タブまたはセミコロンで区切られています）",
            ],
        );
    }
}

#[test]
fn the_wave_dash_of_cp932_is_a_wave_dash() {
    for dash in ['〜', '～'] {
        cell(
            "保護者",
            ",月就労時間",
            &format!(",月就労時間,8時{dash}18時以外の就労"),
            &[
                "注意 W004 保護者.csv 2行目: 見出しより列の数が少ない行です。足りない列は空欄として読みました",
                "注意 W004 保護者.csv 3行目: 見出しより列の数が少ない行です。足りない列は空欄として読みました",
                "注意 W004 保護者.csv 4行目: 見出しより列の数が少ない行です。足りない列は空欄として読みました",
            ],
        );
    }
}

#[test]
fn guardians_and_what_the_household_says_of_them() {
    cell(
        "世帯",
        ",はい,ひとり親",
        ",はい,",
        &[
            "注意 W113 世帯.csv 3行目 A列「世帯ID」: 保護者の行が1人だけですが、「ひとり親」が「該当なし」または空欄の世帯です。保護者が1人の世帯として計算します（値「h2」）",
        ],
    );
    cell(
        "世帯",
        "h1,市内在住,,",
        "h1,市内在住,,ひとり親",
        &[
            "注意 W114 世帯.csv 2行目 A列「世帯ID」: ひとり親の世帯に、在宅・同居の保護者が2人います（値「h1」）",
        ],
    );
}

#[test]
fn enrolled_children_that_apply_as_new() {
    let told = |facility: &str| {
        let enrolment = format!("児童ID,施設ID,入園日\nc2,{facility},\nc3,103,R6.4.1\n");
        let (_, all) = read(&tables(&[
            ("現在の在園", &enrolment),
            (
                "希望",
                "児童ID,希望順位,施設ID\nc1,1,101\nc2,1,103\nc3,1,101\n",
            ),
        ]));
        all.list().iter().map(|d| d.kind.code).collect::<Vec<_>>()
    };
    // c2 will be two years old: it may stay at 101 (to five) and at 102 (to two).
    assert_eq!(told("101"), ["W115"]);
    assert_eq!(told("102"), ["W115"]);
    let (_, all) = read(&tables(&[
        (
            "施設",
            "施設ID,施設名,施設の種類,最終年齢,連携施設\n101,あさひ,認可保育所,5,\n102,いずみ,小規模保育,1,101\n103,うみ,認定こども園,5,\n",
        ),
        (
            "クラス",
            "施設ID,クラス年齢,枠,募集人数\n101,1,,4\n101,2,,5\n102,1,,3\n103,3,,0\n",
        ),
        ("共有定員", ""),
        (
            "現在の在園",
            "児童ID,施設ID,入園日\nc2,102,\nc3,103,R6.4.1\n",
        ),
        (
            "希望",
            "児童ID,希望順位,施設ID\nc1,1,101\nc2,1,103\nc3,1,101\n",
        ),
    ]));
    assert!(all.is_empty(), "a child that graduates applies anew: {all}");
}

#[test]
fn a_run_of_one_kind_is_advised_about_once() {
    let (_, all) = read(&tables(&[
        (
            "クラス",
            "施設ID,クラス年齢,枠,募集人数\n101,1,,若干名\n101,2,,3人\n102,1,,3\n103,3,,0\n",
        ),
        ("共有定員", ""),
    ]));
    assert_eq!(
        all.render(Language::Japanese),
        "エラー E113 クラス.csv 2行目 D列「募集人数」: 0以上の整数ではありません（値「若干名」）\n\
         エラー E113 クラス.csv 3行目 D列「募集人数」: 0以上の整数ではありません（値「3人」）\n  \
         正しい形: 0以上の整数\n  \
         直し方: 数字だけを書いてください（「人」「約」などの言葉、小数、範囲は付けません）\n\
         エラー2件、注意0件。何も書き出していません。直してから、もう一度実行してください。\n"
    );
}

#[test]
fn cells() {
    for (table, from, to, expect) in [
        (
            "世帯",
            "はい",
            "たぶん",
            "エラー E110 世帯.csv 3行目 C列「生活保護」: 「はい」か「いいえ」で書いてください（値「たぶん」）",
        ),
        (
            "世帯",
            "転入予定",
            "転入",
            "エラー E115 世帯.csv 3行目 B列「居住」: 選択肢にない値です（値「転入」）。「転入予定」のことですか",
        ),
        (
            "保護者",
            ",160",
            ",約160",
            "エラー E111 保護者.csv 2行目 H列「月就労時間」: 数として読めません（値「約160」）",
        ),
        (
            "保護者",
            ",160",
            ",-160",
            "エラー E112 保護者.csv 2行目 H列「月就労時間」: 0より小さい数です（値「-160」）",
        ),
        (
            "保護者",
            ",8,20,160",
            ",8,20,1600",
            "エラー E117 保護者.csv 2行目 H列「月就労時間」: ありえない大きさの数です（値「1600」）",
        ),
        (
            "保護者",
            "平成2年5月1日",
            "平成2年5月",
            "エラー E114 保護者.csv 3行目 E列「生年月日」: 日付として読めません（値「平成2年5月」）",
        ),
        (
            "保護者",
            "H1.1.8",
            "昭和64.1.8",
            "エラー E114 保護者.csv 4行目 E列「生年月日」: 日付として読めません（値「昭和64.1.8」）。その元号の期間にない日付です。平成元年1月8日（1989-01-08）のことですか",
        ),
        (
            "保護者",
            "1990-05-01",
            "32994",
            "エラー E114 保護者.csv 2行目 E列「生年月日」: 日付として読めません（値「32994」）。Excelの日付の番号（1990-05-01）のようです。セルの表示形式を日付にしてください",
        ),
        (
            "保護者",
            "1990-05-01",
            "1990-02-30",
            "エラー E114 保護者.csv 2行目 E列「生年月日」: 日付として読めません（値「1990-02-30」）。暦にない日付です",
        ),
        (
            "保護者",
            "就労、疾病,疾病",
            "就労、病気,就労",
            "エラー E115 保護者.csv 3行目 C列「事由」: 選択肢にない値です（値「就労、病気」）",
        ),
        (
            "保護者",
            "就労、疾病,疾病",
            "就労、疾病,障害",
            "エラー E149 保護者.csv 3行目 D列「主な事由」: 主な事由が、事由の中にありません（値「障害」）",
        ),
        (
            "クラス",
            ",4,",
            ",-4,",
            "エラー E112 クラス.csv 2行目 D列「募集人数」: 0より小さい数です（値「-4」）",
        ),
        (
            "クラス",
            ",4,",
            ",4.5,",
            "エラー E113 クラス.csv 2行目 D列「募集人数」: 0以上の整数ではありません（値「4.5」）",
        ),
        (
            "クラス",
            ",4,",
            ",,",
            "エラー E116 クラス.csv 2行目 D列「募集人数」: 必要な欄が空欄です",
        ),
        (
            "クラス",
            "101,2,",
            "101,6,",
            "エラー E118 クラス.csv 3行目 B列「クラス年齢」: クラス年齢が0〜5の整数ではありません（値「6」）",
        ),
        (
            "クラス",
            "101,2,",
            "110,2,",
            "エラー E121 クラス.csv 3行目 A列「施設ID」: 参照先の表にないIDです（値「110」）。「施設」の表にありません",
        ),
        (
            "希望",
            "c2,1,101",
            "c2,0,101",
            "エラー E063 希望.csv 4行目 B列「希望順位」: 順位が1以上の整数ではありません（値「0」）",
        ),
        (
            "選考回",
            ",1,",
            ",,",
            "エラー E116 選考回.csv 2行目 B列「選考の回」: 必要な欄が空欄です",
        ),
        (
            "選考回",
            "2027-04-01",
            "2027-04-16",
            "注意 W109 選考回.csv 2行目 A列「入所日」: 入所日が月の初日ではありません（値「2027-04-16」）",
        ),
        (
            "共有定員",
            "乳児室,",
            "乳児室,-1",
            "エラー E112 共有定員.csv 2行目 C列「定員」: 0より小さい数です（値「-1」）",
        ),
        (
            "現在の在園",
            "R6.4.1",
            "R6.4.31",
            "エラー E114 現在の在園.csv 2行目 C列「入園日」: 日付として読めません（値「R6.4.31」）。暦にない日付です",
        ),
    ] {
        let extra: &[&str] = match to {
            ",8,20,1600" => &[
                "注意 W102 保護者.csv 2行目 H列「月就労時間」: 月300時間を超える就労です（値「1600」）",
                "注意 W103 保護者.csv 2行目 H列「月就労時間」: 1日の時間×月の日数と、月の時間が大きく食い違っています。どちらも書かれたとおりに読みました（値「1600」）。8時間×20日＝160時間",
            ],
            _ => &[],
        };
        let expect: Vec<&str> = std::iter::once(expect)
            .chain(extra.iter().copied())
            .collect();
        cell(table, from, to, &expect);
    }
}

#[test]
fn ids() {
    row(
        "施設",
        "101,えき,,5,",
        &[
            "エラー E120 施設.csv 5行目 A列「施設ID」: 同じIDの行が2つ以上あります（値「101」）。2行目にもあります",
        ],
    );
    row(
        "世帯",
        "h1,,,",
        &[
            "エラー E120 世帯.csv 4行目 A列「世帯ID」: 同じIDの行が2つ以上あります（値「h1」）。2行目にもあります",
        ],
    );
    row(
        "児童",
        "c1,h2,,2020-01-01,",
        &[
            "エラー E120 児童.csv 5行目 A列「児童ID」: 同じIDの行が2つ以上あります（値「c1」）。2行目にもあります",
        ],
    );
    row(
        "児童",
        ",h2,,2020-01-01,",
        &["エラー E116 児童.csv 5行目 A列「児童ID」: 必要な欄が空欄です"],
    );
    row(
        "保護者",
        "h2,1,就労,,,,,",
        &[
            "エラー E120 保護者.csv 5行目 B列「番号」: 同じIDの行が2つ以上あります（値「1」）。4行目にもあります",
        ],
    );
    row(
        "保護者",
        "H1,1,就労,,,,,",
        &[
            "エラー E121 保護者.csv 5行目 A列「世帯ID」: 参照先の表にないIDです（値「H1」）。「世帯」の表には「h1」があります",
        ],
    );
    row(
        "希望",
        "c1,3,0103,",
        &[
            "エラー E121 希望.csv 6行目 C列「施設ID」: 参照先の表にないIDです（値「0103」）。「施設」の表には「103」があります",
        ],
    );
    row(
        "希望",
        "x9,1,103,",
        &[
            "エラー E121 希望.csv 6行目 A列「児童ID」: 参照先の表にないIDです（値「x9」）。「児童」の表にありません",
        ],
    );
    row(
        "きょうだいの希望",
        "h7,,,",
        &[
            "エラー E121 きょうだいの希望.csv 3行目 A列「世帯ID」: 参照先の表にないIDです（値「h7」）。「世帯」の表にありません",
        ],
    );
    row(
        "現在の在園",
        "c9,103,",
        &[
            "エラー E121 現在の在園.csv 3行目 A列「児童ID」: 参照先の表にないIDです（値「c9」）。「児童」の表にありません",
        ],
    );
    cell(
        "施設",
        ",2,101",
        ",2,101、999",
        &[
            "エラー E121 施設.csv 3行目 E列「連携施設」: 参照先の表にないIDです（値「999」）。「施設」の表にありません",
        ],
    );
    cell(
        "クラス",
        "乳児室",
        "幼児室",
        &[
            "エラー E121 クラス.csv 2行目 E列「共有定員」: 参照先の表にないIDです（値「幼児室」）。「共有定員」の表に、施設「101」のこの名称がありません",
            "注意 W106 共有定員.csv 2行目 B列「共有定員」: どのクラスも使っていない共有定員です（値「乳児室」）",
        ],
    );
    row(
        "共有定員",
        "101,乳児室,",
        &[
            "エラー E120 共有定員.csv 3行目 B列「共有定員」: 同じIDの行が2つ以上あります（値「乳児室」）。2行目にもあります",
        ],
    );
    // A blank number is the first that is free.
    cell("保護者", "h1,1,就労,", "h1,,就労,", &[]);
    // Spreadsheets add a fraction to ids; that changes nothing.
    cell("クラス", "101,2,", "101.0,2,", &[]);
}

/// One household id filled down over many rows.
#[test]
fn a_household_too_large() {
    let many: Vec<String> = (0..30)
        .map(|n| format!("x{n},h1,申込なし,2020-05-01,"))
        .collect();
    row(
        "児童",
        &many.join("\n"),
        &[
            "エラー E151 児童.csv 33行目 B列「世帯ID」: 1つの世帯の人数が多すぎます（値「h1」）",
            "エラー E151 児童.csv 34行目 B列「世帯ID」: 1つの世帯の人数が多すぎます（値「h1」）",
        ],
    );
}

#[test]
fn whole_households() {
    row(
        "保護者",
        "h1,3,就労,,,,,",
        &["エラー E131 保護者.csv 5行目 A列「世帯ID」: 保護者が3人以上います（値「h1」）"],
    );
    row(
        "世帯",
        "h3,,,",
        &[
            "エラー E132 世帯.csv 4行目 A列「世帯ID」: 保護者の行がない世帯です（値「h3」）",
            "注意 W105 世帯.csv 4行目 A列「世帯ID」: 申込児童のいない世帯です（値「h3」）",
        ],
    );
    cell(
        "児童",
        "2025-08-10,",
        "2018-08-10,",
        &[
            "エラー E136 児童.csv 2行目 D列「生年月日」: 申込児童が小学校就学の年齢です（値「2018-08-10」）。2027年4月1日に8歳です",
        ],
    );
    cell(
        "児童",
        "2025-08-10,",
        "2026-12-10,",
        &[
            "エラー E137 児童.csv 2行目 D列「生年月日」: 基準日より後の生年月日ですが、出生前となっていません（値「2026-12-10」）。基準日は2026-10-23です",
        ],
    );
    cell("児童", "2025-08-10,", "2026-12-10,はい", &[]);
    cell(
        "児童",
        "2025-08-10,",
        "2025-08-10,はい",
        &[
            "注意 W108 児童.csv 2行目 D列「生年月日」: 出生前となっていますが、生年月日が基準日以前です（値「2025-08-10」）",
        ],
    );
    check(
        &[("現在の在園", "")],
        &[
            "エラー E134 児童.csv 4行目 A列「児童ID」: 転園の申込みですが、現在の在園がありません（値「c3」）",
        ],
    );
    row(
        "現在の在園",
        "c3,102,",
        &[
            "エラー E133 現在の在園.csv 3行目 A列「児童ID」: 現在の在園が2つ以上あります（値「c3」）。2行目にもあります",
        ],
    );
    cell(
        "希望",
        "c2,1,101,1\n",
        "",
        &["エラー E140 児童.csv 3行目 A列「児童ID」: 申込児童に希望が1つもありません（値「c2」）"],
    );
    row(
        "希望",
        "c3,2,103,",
        &[
            "エラー E135 希望.csv 6行目 C列「施設ID」: 転園の申込みの希望に、在園している施設が入っています（値「103」）",
        ],
    );
    row(
        "現在の在園",
        "c2,101,",
        &[
            "注意 W107 希望.csv 4行目 C列「施設ID」: 新規の申込みの希望に、今通っている施設が入っています（値「101」）",
            "注意 W115 児童.csv 3行目 C列「申込区分」: 現在の在園がある（来年度も在園できる）児童の申込区分が「新規」です。今の園の席は空きとして数えません（値「c2」）",
        ],
    );
    row(
        "希望",
        "c1,2,103,",
        &[
            "エラー E138 希望.csv 6行目 B列「希望順位」: 同じ児童に同じ希望順位が2つ以上あります（値「2」）。3行目にもあります",
        ],
    );
    row(
        "希望",
        "c1,4,103,",
        &[
            "注意 W001 希望.csv 6行目 B列「希望順位」: 希望順位に抜けがあります。詰めて読みました（値「4」）",
        ],
    );
    row(
        "希望",
        "c1,3,101,",
        &[
            "注意 W002 希望.csv 6行目 C列「施設ID」: 同じ保育所を2回希望しています。先の方だけを使いました（値「101」）。2行目にもあります",
        ],
    );
    cell(
        "児童",
        "c2,h1,新規",
        "c2,h1,",
        &[
            "エラー E139 希望.csv 4行目 A列「児童ID」: 申込みのない児童に希望があります（値「c2」）",
            "注意 W110 きょうだいの希望.csv 2行目: 申込児童が1人の世帯に、きょうだいの希望があります。使いません",
        ],
    );
    row(
        "クラス",
        "102,1,area,1,",
        &[
            "エラー E141 クラス.csv 7行目 B列「クラス年齢」: 同じ施設・クラス・枠の行が2つ以上あります（値「1」）。4行目にもあります",
        ],
    );
    row(
        "きょうだいの希望",
        "h1,,,",
        &[
            "エラー E142 きょうだいの希望.csv 3行目 A列「世帯ID」: 1つの世帯に、きょうだいの希望が2行以上あります（値「h1」）。2行目にもあります",
        ],
    );
    row(
        "選考回",
        "2027-04-01,2,2026-10-23,",
        &["エラー E130 選考回.csv 3行目: 「選考回」の表は1行だけです"],
    );
}

#[test]
fn suspicious_things() {
    row(
        "クラス",
        "102,3,,1,",
        &[
            "注意 W112 クラス.csv 7行目 B列「クラス年齢」: 施設の最終年齢より上のクラスに募集人数があります（値「3」）。最終年齢は2です",
        ],
    );
    row("クラス", "102,3,,0,", &[]);
    cell(
        "保護者",
        "8,20,160",
        ",,310",
        &["注意 W102 保護者.csv 2行目 H列「月就労時間」: 月300時間を超える就労です（値「310」）"],
    );
    cell(
        "保護者",
        "8,20,160",
        "8,20,80",
        &[
            "注意 W103 保護者.csv 2行目 H列「月就労時間」: 1日の時間×月の日数と、月の時間が大きく食い違っています。どちらも書かれたとおりに読みました（値「80」）。8時間×20日＝160時間",
        ],
    );
    cell("保護者", "8,20,160", "8,20,171", &[]);
    cell(
        "保護者",
        "1990-05-01",
        "令和2年5月1日",
        &["注意 W104 保護者.csv 2行目 E列「生年月日」: 保護者が15歳未満です（値「2020-05-01」）"],
    );
}

#[test]
fn judged_values() {
    let head = "対象,対象のID,保護者番号,基準の行,値,理由,入力者,確認者\n";
    for (row, expect) in [
        (
            "世帯,h1,,r1,5,面談,甲,乙\n保護者,h1,2,r1,-3,面談,甲,乙\n児童,c1,,r1,2.5,面談,甲,乙",
            vec![],
        ),
        (
            "世帯,h1,,r1,5,面談,甲野,甲 野",
            vec![
                "エラー E143 裁量.csv 2行目 H列「確認者」: 入力者と確認者が同じ人です（値「甲 野」）",
            ],
        ),
        (
            "世帯,h1,,r1,5,,甲,乙",
            vec!["エラー E116 裁量.csv 2行目 F列「理由」: 必要な欄が空欄です"],
        ),
        (
            "世帯,h1,,r1,,面談,甲,乙",
            vec!["エラー E116 裁量.csv 2行目 E列「値」: 必要な欄が空欄です"],
        ),
        (
            "世帯,h1,,r1,多め,面談,甲,乙",
            vec!["エラー E111 裁量.csv 2行目 E列「値」: 数として読めません（値「多め」）"],
        ),
        (
            "施設,101,,r1,5,面談,甲,乙",
            vec![
                "エラー E115 裁量.csv 2行目 A列「対象」: 選択肢にない値です（値「施設」）。選択肢: 世帯、保護者、児童",
            ],
        ),
        (
            "保護者,h1,,r1,5,面談,甲,乙",
            vec!["エラー E116 裁量.csv 2行目 C列「保護者番号」: 必要な欄が空欄です"],
        ),
        (
            "保護者,h1,7,r1,5,面談,甲,乙",
            vec![
                "エラー E121 裁量.csv 2行目 C列「保護者番号」: 参照先の表にないIDです（値「7」）。「保護者」の表の、この世帯にない番号です",
            ],
        ),
        (
            "世帯,h1,,r1,5,面談,甲,乙\n世帯,h1,,r1,6,面談,甲,乙",
            vec![
                "エラー E144 裁量.csv 3行目 D列「基準の行」: 同じ対象と基準の行に、値が2つ以上あります（値「r1」）。2行目にもあります",
            ],
        ),
    ] {
        check(&[("裁量", &format!("{head}{row}\n"))], &expect);
    }
}

#[test]
fn combination_lists() {
    let head = "世帯ID,順位,児童ID1,施設ID1,児童ID2,施設ID2\n";
    for (row, expect) in [
        ("h1,1,c1,101,c2,101\nh1,2,c1,102,c2,", vec![]),
        (
            "h1,1,c1,101,c2,101\nh1,1,c1,102,c2,",
            vec![
                "エラー E064 組み合わせ.csv 3行目 B列「順位」: 同じ世帯に同じ順位が2つ以上あります（値「1」）。2行目にもあります",
            ],
        ),
        (
            "h1,1,c1,101,c3,101",
            vec!["エラー E145 組み合わせ.csv 2行目 E列「児童ID2」: 別の世帯の児童です（値「c3」）"],
        ),
        (
            "h1,1,c1,101,c1,102",
            vec![
                "エラー E146 組み合わせ.csv 2行目 E列「児童ID2」: 1つの行に同じ児童が2回あります（値「c1」）",
            ],
        ),
        (
            "h1,1,c1,101,,102",
            vec![
                "エラー E147 組み合わせ.csv 2行目 E列「児童ID2」: 施設IDがありますが、児童IDが空欄です",
            ],
        ),
        (
            "h1,1,c1,103,c2,101",
            vec![
                "エラー E150 組み合わせ.csv 2行目 D列「施設ID1」: 組み合わせの施設が、その児童の希望にありません（値「103」）",
            ],
        ),
    ] {
        check(&[("組み合わせ", &format!("{head}{row}\n"))], &expect);
    }
    check(
        &[("組み合わせ", "世帯ID,順位,児童ID1,施設ID1,児童ID2\n")],
        &["エラー E148 組み合わせ.csv 1行目「児童ID2」: 児童IDと施設IDの列の番号が一致しません"],
    );
}

/// 12 made-up digits whose check digit is right: found wherever they stand, and never printed.
#[test]
fn individual_numbers_stop_and_are_not_shown() {
    let number = "123456789018";
    let wide = "１２３４５６７８９０１８";
    for (table, from, to, expect) in [
        (
            "世帯",
            "市内在住",
            number,
            "エラー E105 世帯.csv 2行目 B列「居住」: 個人番号（マイナンバー）と思われる12桁の番号があります。値は表示しません",
        ),
        (
            "施設",
            "あさひ",
            wide,
            "エラー E105 施設.csv 2行目 B列「施設名」: 個人番号（マイナンバー）と思われる12桁の番号があります。値は表示しません",
        ),
        (
            "施設",
            "あさひ",
            "あさひ 1234-5678-9018",
            "エラー E105 施設.csv 2行目 B列「施設名」: 個人番号（マイナンバー）と思われる12桁の番号があります。値は表示しません",
        ),
    ] {
        cell(table, from, to, &[expect]);
    }
    // In the place of an id everything about it becomes wrong; still nothing shows it.
    let files = tables(&[(
        "世帯",
        "世帯ID,居住\n123456789018,市内在住\n123456789018,\nh2,\n",
    )]);
    let (_, all) = read(&files);
    for language in [Language::Japanese, Language::English] {
        let text = all.render(language);
        assert!(!text.contains(number), "{text}");
        assert!(text.contains("E105"), "{text}");
    }
    // Ids of twelve digits, of which one in eleven looks like an individual number, are ids.
    let households: String = (0..40).map(|n| format!("4000000000{n:02},\n")).collect();
    let files = tables(&[("世帯", &format!("世帯ID,居住\nh1,\nh2,\n{households}"))]);
    let (_, all) = read(&files);
    assert!(!all.render(Language::Japanese).contains("E105"), "{all}");
}

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

/// The good tables as sheets, every cell as text; guardians by the caller.
fn sheets(guardians: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    book(|book| {
        let cover = book.add_worksheet();
        cover.set_name("使い方").unwrap();
        for (name, text) in GOOD.iter().filter(|t| t.0 != "保護者") {
            let sheet = book.add_worksheet();
            sheet.set_name(*name).unwrap();
            for (r, line) in (0u32..).zip(text.lines()) {
                for (c, cell) in (0u16..).zip(line.split(',')) {
                    sheet.write_string(r, c, cell).unwrap();
                }
            }
        }
        let sheet = book.add_worksheet();
        sheet.set_name("保護者").unwrap();
        guardians(sheet);
    })
}

#[test]
fn cells_of_a_spreadsheet() {
    let bytes = sheets(|s| {
        let heads = [
            "世帯ID",
            "番号",
            "生年月日",
            "日就労時間",
            "月就労時間",
            "月就労日数",
        ];
        for (c, head) in (0u16..).zip(heads) {
            s.write_string(0, c, head).unwrap();
        }
        let date = Format::new().set_num_format("ggge年m月d日");
        let (time, long) = (
            Format::new().set_num_format("h:mm"),
            Format::new().set_num_format("[h]:mm"),
        );
        for (r, id, number) in [(1, "h1", 1), (2, "h1", 2), (3, "h2", 1)] {
            s.write_string(r, 0, id).unwrap();
            s.write_number(r, 1, number).unwrap();
        }
        let day = ExcelDateTime::from_ymd(1990, 5, 1).unwrap();
        s.write_datetime_with_format(1, 2, &day, &date).unwrap();
        s.write_number_with_format(1, 3, 7.5 / 24.0, &time).unwrap();
        s.write_number_with_format(1, 4, 150.0 / 24.0, &long)
            .unwrap();
        s.write_number(1, 5, 20.0).unwrap();
        s.write_number(2, 4, 0.1 + 0.2).unwrap();
    });
    let (facts, all) = read(&[("round.xlsx".into(), bytes)]);
    assert!(all.is_empty(), "{all}");
    let facts = facts.unwrap();
    let at = |g, name| match value(&facts, Entity::Guardian, g, name) {
        Value::Number(n) => n.to_string(),
        Value::Date(d) => d.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(at(0, "birth_date"), "1990-05-01");
    assert_eq!(at(0, "work_hours_per_day"), "7.5");
    assert_eq!(at(0, "work_hours_per_month"), "150");
    assert_eq!(at(0, "work_days_per_month"), "20");
    assert_eq!(at(1, "work_hours_per_month"), "0.3");
    assert_eq!(*facts.guardians.ids[0], *"1");
}

#[test]
fn problems_of_sheets_name_file_and_sheet() {
    let bytes = sheets(|s| {
        for (c, head) in (0u16..).zip(["世帯ID", "月就労時間"]) {
            s.write_string(0, c, head).unwrap();
        }
        s.write_string(1, 0, "h1").unwrap();
        s.write_string(1, 1, "多い").unwrap();
        s.write_string(2, 0, "h1").unwrap();
        s.write_string(3, 0, "h2").unwrap();
    });
    let (_, all) = read(&[("round.xlsx".into(), bytes)]);
    assert_eq!(
        all.render(Language::Japanese),
        "エラー E111 round.xlsx「保護者」 2行目 B列「月就労時間」: 数として読めません（値「多い」）\n  \
         正しい形: 数（例：140、7.5、1/2）。時間は 7:30 や 7時間30分 も可。分からないときは空欄か「不明」\n  \
         直し方: 範囲や「約」などの言葉を除き、1つの数にしてください\n\
         エラー1件、注意0件。何も書き出していません。直してから、もう一度実行してください。\n"
    );
    assert_eq!(
        said(&all, Language::English),
        [
            "error E111 round.xlsx「保護者」, row 2, column B \"月就労時間\": not a number (value \"多い\")"
        ]
    );
}

#[test]
fn workbooks_that_are_not_opened() {
    let code = |name: &str, bytes: &[u8]| {
        let (_, all) = read(&[(name.into(), bytes.to_vec())]);
        all.list()[0].kind.code
    };
    // A password, or the old format.
    assert_eq!(code("r.xlsx", b"\xD0\xCF\x11\xE0 x"), kind::NOT_XLSX.code);
    assert_eq!(code("r.xlsx", b"PK\x03\x04 x"), kind::NOT_XLSX.code);
    assert_eq!(code("r.xlsx", b""), kind::EMPTY_FILE.code);
    // A macro project beside the sheets.
    let plain = sheets(|_| {});
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(plain)).unwrap();
    let mut macros = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        macros
            .raw_copy_file(archive.by_index_raw(i).unwrap())
            .unwrap();
    }
    let options = zip::write::SimpleFileOptions::default();
    macros.start_file("xl/vbaProject.bin", options).unwrap();
    let bytes = macros.finish().unwrap().into_inner();
    assert_eq!(code("r.xlsm", &bytes), workbook::kind::MACROS.code);
}

/// All problems of a badly broken workbook in one reading, not only the first.
#[test]
fn everything_at_once() {
    let (_, all) = read(&tables(&[
        ("施設", "施設ID,施設の種類\n101,保育園\n101,\n"),
        ("希望", "児童ID,希望順位,施設ID\nc1,x,999\nc8,1,101\n"),
        ("クラス", ""),
    ]));
    let codes: Vec<&str> = all.list().iter().map(|d| d.kind.code).collect();
    for code in ["E100", "E115", "E120", "E063", "E121"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}
