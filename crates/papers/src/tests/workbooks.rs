//! Workbooks: numbers, programs, what they unpack to.

use super::*;

#[test]
fn workbooks_are_searched() {
    let in_text = workbook(|s| {
        s.write(1, 1, format!("番号 {NUMBER}")).unwrap();
    });
    let place = Place::Part("xl/sharedStrings.xml".to_owned());
    let found = inspect(&in_text, "a.xlsx", &Limits::default()).unwrap_err();
    assert_eq!(found, Refused::IndividualNumber { place });
    let in_number = workbook(|s| {
        s.write(2, 3, 123_456_789_018_f64).unwrap();
    });
    let found = inspect(&in_number, "a.xlsx", &Limits::default()).unwrap_err();
    let place = Place::Cell {
        part: "xl/worksheets/sheet1.xml".to_owned(),
        cell: "D3".to_owned(),
    };
    assert_eq!(found, Refused::IndividualNumber { place });
    assert!(found.text("a.xlsx").ja.contains("D3"));
    for numbers in [true, false] {
        let apart = workbook(|s| {
            for (column, digit) in (0u16..).zip(NUMBER.chars()) {
                match numbers {
                    true => s.write(0, column, digit.to_digit(10).unwrap()).unwrap(),
                    false => s.write(0, column, digit.to_string()).unwrap(),
                };
            }
        });
        assert_eq!(
            kept(&apart, "a.xlsx").remarks,
            [Remark::DigitsApart],
            "{numbers}"
        );
    }
    let escaped = format!(
        "<worksheet><c r='A1'><is><t>&#49;{}</t></is></c></worksheet>",
        &NUMBER[1..]
    );
    let escaped = with_parts(&[("xl/worksheets/sheet9.xml", escaped.as_bytes())]);
    assert_eq!(codes(&escaped, "a.xlsx"), ["individual"]);

    assert_eq!(
        codes(&with_parts(&[("xl/vbaProject.bin", b"x")]), "a.xlsx"),
        ["macros"]
    );
    let types = b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>";
    assert_eq!(
        codes(&with_parts(&[("[Content_Types].xml", types)]), "a.xlsx"),
        ["macros"]
    );
    let link = with_parts(&[("xl/externalLinks/externalLink1.xml", b"<a/>")]);
    assert_eq!(kept(&link, "a.xlsx").remarks, [Remark::LinksOut]);
    for path in ["../a.xml", "/a.xml", "xl\\a.xml", "XL/WORKBOOK.XML"] {
        assert_eq!(
            codes(&with_parts(&[(path, b"<a/>")]), "a.xlsx"),
            ["odd-path"],
            "{path}"
        );
    }
    let bomb = with_parts(&[("xl/media/a.xml", &vec![b' '; 4_000_000])]);
    assert_eq!(codes(&bomb, "a.xlsx"), ["bomb"]);
    let few = Limits {
        zip_entries_max: 3,
        ..Limits::default()
    };
    assert_eq!(
        inspect(&with_parts(&[]), "a.xlsx", &few)
            .unwrap_err()
            .code(),
        "bomb"
    );
    let little = Limits {
        zip_bytes_max: 500,
        ..Limits::default()
    };
    assert_eq!(
        inspect(&with_parts(&[]), "a.xlsx", &little)
            .unwrap_err()
            .code(),
        "bomb"
    );
    let whole = with_parts(&[]);
    assert_eq!(codes(&whole[..whole.len() - 30], "a.xlsx"), ["damaged"]);
}

/// The published form of the certificate of employment, where it is at hand: it is what most people send.
#[test]
fn the_published_form_is_kept() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/employment_certificate_form.xlsx"
    );
    let Ok(bytes) = std::fs::read(path) else {
        return;
    };
    assert_eq!(codes(&bytes, "就労証明書.xlsx"), ["kept"]);
}
