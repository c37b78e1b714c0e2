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

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn tables_of_any_bytes(bytes in csv()) {
        for all in [fuzz::children(&bytes), fuzz::nurseries(&bytes), fuzz::combinations(&bytes)] {
            let _ = all.render(Language::Japanese);
        }
    }

    #[test]
    fn toml_of_any_bytes(bytes in toml()) {
        for all in [fuzz::rules(&bytes), fuzz::columns(&bytes)] {
            let _ = all.render(Language::English);
        }
    }

    #[test]
    fn damaged_workbooks(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = workbook();
        let i = at.index(bytes.len());
        bytes[i] = byte;
        let _ = fuzz::xlsx(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = fuzz::xlsx(&bytes);
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
