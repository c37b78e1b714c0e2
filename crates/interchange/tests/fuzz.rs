//! Whatever the bytes: no panic, no hang. Also files nobody should send.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_interchange::{Inputs, Language, Source, fuzz, read_round};
use proptest::{collection::vec, prelude::*};
use rust_xlsxwriter::Workbook;
use std::io::Write as _;

/// Pieces that get past the first checks, mixed with noise.
fn csv() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(
            "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,希望保育園ID_2\n"
                .as_bytes()
                .to_vec()
        ),
        Just(
            "保育所ID,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\n"
                .as_bytes()
                .to_vec()
        ),
        Just(
            "ファミリーコード,総当たり順位,宛名コード1,希望施設1\n"
                .as_bytes()
                .to_vec()
        ),
        Just(b"c1,h1,1,5,A,A\n".to_vec()),
        Just(b"h1,1,c1,A\r\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",,\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(
            "３,－１,１．５,99999999999999999999,1.0,-0\n"
                .as_bytes()
                .to_vec()
        ),
        vec(any::<u8>(), 0..20),
    ];
    vec(piece, 0..12).prop_map(|p| p.concat())
}

fn toml() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "[wish]\n",
        "[[pool]]\n",
        "[[group]]\n",
        "[[eligibility]]\n",
        "[passes]\n",
        "[[strata]]\n",
        "[[no_refill]]\n",
        "[common_order]\n",
        "[children]\n",
        "nursery = \"A\"\n",
        "ages = [1, 2]\n",
        "column = \"年齢\"\n",
        "id = \"p\"\n",
        "kind = \"soft\"\n",
        "seats = { 1 = 1 }\n",
        "target = [{ column = \"年齢\", one_of = [\"1\"], blank = \"no\" }]\n",
        "require = [{}]\n",
        "label = \"x\"\n",
        "order = [{ label = \"a\", others = true }]\n",
        "weights = { 1 = \"1/3\", 2 = \"7/0\" }\n",
        "capacity = \"18446744073709551615\"\n",
        "default_code = 3\n",
        "timing = 1\n",
        "\"年齢\" = \"age\"\n",
        "= ",
        "[",
        "}",
    ]);
    prop_oneof![
        4 => vec(word, 0..14).prop_map(|w| w.concat().into_bytes()),
        1 => vec(any::<u8>(), 0..60),
    ]
}

/// Pieces of lists of recognised values and of the text of a certificate.
fn recognised() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "D1,",
        "D2,",
        "証明日,",
        "本人氏名,",
        "平日,",
        "雇用の形態,",
        "fixed.hours,",
        "合計時間,",
        "就労曜日,",
        "育児休業 取得中,",
        "生年月日 年,",
        "生年月日,",
        "2026年10月1日,",
        "令和8,",
        "9:00〜29:59,",
        "99999999,",
        "-1,",
        "1/0,",
        "正社員,",
        "月、月,",
        "☑,",
        "0.5\n",
        "99%\n",
        "\n",
        "１２３",
        "\"",
        "証明日 西暦2026年10月1日\n",
        "本人氏名 山野 花子 生年月日 1992年2月30日\n",
        "雇用の形態 ☑正社員 □役員\n",
        "就労時間 月間",
        "160時間",
        "30分\n",
        "\u{3000}",
        "ﾚ",
        "事業所名 ",
        "㍿",
    ]);
    prop_oneof![
        4 => vec(word, 0..30).prop_map(|w| w.concat().into_bytes()),
        1 => vec(any::<u8>(), 0..80),
    ]
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["申請者番号", "世帯番号", "年齢", "点数", "希望保育園ID_1"]
        .iter()
        .enumerate()
    {
        sheet.write_string(0, c as u16, *head).unwrap();
    }
    for (c, cell) in ["c1", "h1", "1", "5", "A"].iter().enumerate() {
        sheet.write_string(1, c as u16, *cell).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// A round's table: one of its headers, with cells that get past the first checks.
fn round_table() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "世帯ID,番号,事由,主な事由,生年月日,日就労時間,月就労日数,月就労時間,根拠\n",
        "児童ID,世帯ID,申込区分,生年月日,出生前,先の回の内定施設\n",
        "児童ID,希望順位,施設ID,見学済み\n",
        "施設ID,クラス年齢,枠,募集人数,共有定員,共有定員の重み,転園の空きを補充\n",
        "世帯ID,順位,児童ID1,施設ID1,児童ID2,施設ID2\n",
        "入所日,選考の回,基準日,申込締切日,全国地方公共団体コード\n",
        "対象,対象のID,保護者番号,基準の行,値,理由,入力者,確認者\n",
        "児童ID,施設ID,入園日\n",
        "h,",
        "c,",
        "A,",
        "B,",
        "1,",
        "2,",
        "0,",
        "99999999999,",
        "-1,",
        "1/0,",
        "0.30000000000000004,",
        "340282366920938463463374607431768211455.5,",
        "就労、疾病,",
        "なし,",
        "不明,",
        "転園,",
        "はい,",
        "令和8年4月1日,",
        "令和99999年4月1日,",
        "9999-12-31,",
        "0001-01-01,",
        "5080401,",
        "7:30,",
        "7時間半,",
        "123456789018,",
        "１２３４５６７８９０１８,",
        ",",
        "\n",
        "\r\n",
        "\"",
        "●,",
        "世帯,",
        "保護者,",
    ]);
    (any::<u8>(), vec(piece, 0..40)).prop_map(|(which, pieces)| {
        let mut bytes = vec![which];
        bytes.extend(pieces.concat().into_bytes());
        bytes
    })
}

/// A list of a past round: headers, words and ids that get past the first checks.
fn past() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "申請者番号,結果,内定施設ID,内定施設,枠\n",
        "児童番号,受付番号,選考結果\n",
        "児童番号,施設名,合計指数,順位,適用項目,月齢\n",
        "児童番号,内定園\n",
        "1,",
        "２,",
        "02,",
        "3,",
        "a4,",
        "'=1,",
        "内定,",
        "内定（第２希望）,",
        "保留,",
        "取下げ,",
        "在園継続,",
        "○,",
        "×,",
        "-,",
        "A,",
        "B2 いずみ,",
        "いずみ,",
        "あさひ保育園,",
        "7,",
        "▲１,２３４．５点,",
        "1/0,",
        "99999999999999999999,",
        "第１位,",
        "a；b、c,",
        "123456789018,",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\"",
    ]);
    vec(piece, 0..50).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn tables_of_any_bytes(bytes in csv()) {
        for all in [fuzz::children(&bytes), fuzz::nurseries(&bytes), fuzz::combinations(&bytes)] {
            let _ = all.render(Language::Japanese);
        }
    }

    #[test]
    fn round_tables_of_any_bytes(bytes in round_table(), noise in vec(any::<u8>(), 0..40)) {
        for bytes in [&bytes, &noise] {
            let all = fuzz::round_table(bytes);
            for language in [Language::Japanese, Language::English] {
                let text = all.render(language);
                prop_assert!(!text.contains("123456789018") && !text.contains("１２３４５６７８９０１８"), "{}", text);
            }
        }
    }

    #[test]
    fn past_lists_of_any_bytes(bytes in past(), noise in vec(any::<u8>(), 0..40)) {
        for bytes in [&bytes, &noise] {
            for all in fuzz::past(bytes) {
                for language in [Language::Japanese, Language::English] {
                    prop_assert!(!all.render(language).contains("123456789018"));
                }
            }
        }
    }

    #[test]
    fn toml_of_any_bytes(bytes in toml()) {
        for all in [fuzz::rules(&bytes), fuzz::columns(&bytes)].into_iter().chain(fuzz::signed_rules(&bytes)) {
            let _ = all.render(Language::English);
        }
    }

    #[test]
    fn certificates(bytes in recognised()) {
        for all in fuzz::certificate(&bytes) {
            let _ = all.render(Language::Japanese);
        }
    }

    #[test]
    fn damaged_workbooks(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = workbook();
        let i = at.index(bytes.len());
        bytes[i] = byte;
        let _ = fuzz::xlsx(&bytes);
        let _ = fuzz::round_book(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = fuzz::xlsx(&bytes);
    }
}

/// The filled-in certificate with a byte changed, cut off.
#[test]
fn damaged_certificates() {
    let values = [
        ("date.y", "2026"),
        ("date.m", "10"),
        ("date.d", "1"),
        ("fixed.hours", "160"),
        ("employment_type.役員", "☑"),
    ];
    let good = enmusubi_interchange::certificate::fill(&values)
        .bytes()
        .unwrap();
    assert!(
        fuzz::certificate(&good)
            .iter()
            .any(enmusubi_interchange::Diagnostics::is_empty)
    );
    let mut state = 7u64;
    for _ in 0..60 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let mut bytes = good.clone();
        let at = (state >> 33) as usize % bytes.len();
        bytes[at] ^= (state >> 24) as u8 | 1;
        let _ = fuzz::certificate(&bytes);
        bytes.truncate((state >> 20) as usize % bytes.len());
        let _ = fuzz::certificate(&bytes);
    }
}

/// The empty workbook with a byte changed, cut off: every sheet of it is looked into.
#[test]
fn damaged_round_workbooks() {
    let good = enmusubi_interchange::workbook::template().unwrap();
    let mut state = 1u64;
    for _ in 0..60 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let mut bytes = good.clone();
        let at = (state >> 33) as usize % bytes.len();
        bytes[at] ^= (state >> 24) as u8 | 1;
        let _ = fuzz::round_book(&bytes);
        bytes.truncate((state >> 20) as usize % bytes.len());
        let _ = fuzz::round_book(&bytes);
    }
}

#[test]
fn the_tables_beside_are_good() {
    // Table 9 is replaced by itself, in effect: an optional table that is not there.
    for which in [3u8, 6, 9, 10, 11, 13] {
        let all = fuzz::round_table(&[which]);
        let codes: Vec<&str> = all.list().iter().map(|d| d.kind.code).collect();
        assert_eq!(codes.first(), Some(&"E001"), "{which}: {all}");
        assert!(codes.len() <= 2, "{which}: {all}");
    }
}

#[test]
fn deeply_nested_toml_is_refused() {
    let nested = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(fuzz::rules(nested.as_bytes()).has_errors());
}

#[test]
fn an_undamaged_workbook_is_read() {
    let all = fuzz::xlsx(&workbook());
    assert!(all.is_empty(), "{all}");
}

/// A small archive that unpacks to more than we take.
#[test]
fn a_zip_bomb_is_refused() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/sharedStrings.xml", options.large_file(true))
        .unwrap();
    let chunk = vec![b' '; 1 << 20];
    for _ in 0..1100 {
        zip.write_all(&chunk).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 << 20);
    let all = fuzz::xlsx(&bytes);
    assert_eq!(all.list()[0].kind.code, "E009", "{all}");
}

/// Cells of a sheet that claim to be at its far end must cost nothing.
#[test]
fn a_sheet_with_a_far_cell_is_small() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["申請者番号", "世帯番号", "年齢", "点数", "希望保育園ID_1"]
        .iter()
        .enumerate()
    {
        sheet.write_string(0, c as u16, *head).unwrap();
    }
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let all = fuzz::xlsx(&book.save_to_buffer().unwrap());
    assert_eq!(all.list()[0].row, Some(1_048_576), "{all}");
}

#[test]
fn numbers_of_a_spreadsheet_that_lost_digits() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["申請者番号", "世帯番号", "年齢", "点数", "希望保育園ID_1"]
        .iter()
        .enumerate()
    {
        sheet.write_string(0, c as u16, *head).unwrap();
    }
    for (c, n) in [12.0, 34.0, 1.0, 12345678901234567890.0].iter().enumerate() {
        sheet.write_number(1, c as u16, *n).unwrap();
    }
    sheet
        .write_formula(
            1,
            4,
            rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A"),
        )
        .unwrap();
    let all = fuzz::xlsx(&book.save_to_buffer().unwrap());
    let codes: Vec<&str> = all.list().iter().map(|d| d.kind.code).collect();
    assert!(codes.contains(&"E025"), "{all}");
}

/// 200 MB, nothing but an open quotation mark, then nothing but lines.
#[test]
fn two_hundred_megabytes() {
    let head = "申請者番号,世帯番号,年齢,点数,希望保育園ID_1\n";
    let size = 200 << 20;
    let mut bytes = head.as_bytes().to_vec();
    bytes.push(b'"');
    bytes.resize(size, b'a');
    assert_eq!(fuzz::children(&bytes).list()[0].kind.code, "E006");
    let line = b"c1,h1,1,5,A\n";
    let mut bytes = head.as_bytes().to_vec();
    while bytes.len() < size {
        bytes.extend_from_slice(line);
    }
    let nurseries = "保育所ID,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\nA,1,1,1,1,1,1\n";
    let (round, all) = read_round(&Inputs {
        children: Source {
            name: "c.csv",
            bytes: &bytes,
        },
        nurseries: Source {
            name: "n.csv",
            bytes: nurseries.as_bytes(),
        },
        combinations: None,
        columns: None,
        rules: None,
    });
    assert!(round.is_none());
    assert_eq!(all.list().len(), 20);
    assert!(all.render(Language::Japanese).contains("同じ種類がほかに"));
}
