//! PDFs: text, numbers, what acts by itself, bounds.

use super::*;

#[test]
fn pdf_text_and_numbers() {
    let two = kept(
        &plain(&["(Hours 9-17) Tj", "[(To) -300 (kyo)] TJ"]),
        "a.pdf",
    );
    assert_eq!(two.pages, 2);
    assert_eq!(
        two.text.as_deref().map(str::trim),
        Some("Hours 9-17\n\u{C}To kyo")
    );
    assert_eq!(kept(&plain(&[""]), "a.pdf").remarks, [Remark::NoText]);

    for text in [
        "(123456789018) Tj",
        "(No. 1234-5678-9018 end) Tj",
        "[(1234) -500 (5678) -500 (9018)] TJ",
        "[(12345) 20 (67) -20 (89018)] TJ",
        "(123456) Tj (789018) Tj",
    ] {
        let refused = inspect(&plain(&["(A) Tj", text]), "a.pdf", &Limits::default()).unwrap_err();
        assert_eq!(
            refused,
            Refused::IndividualNumber {
                place: Place::Page(2)
            },
            "{text}"
        );
        let said = refused.text("a.pdf");
        assert!(
            said.ja.contains("2ページ目") && said.ja.contains("黒塗り"),
            "{}",
            said.ja
        );
        let digits = |t: &str| t.chars().filter(char::is_ascii_digit).count();
        assert!(digits(&said.ja) < 12 && digits(&format!("{refused:?}{refused}")) < 12);
    }
    assert_eq!(codes(&plain(&["(123456789010) Tj"]), "a.pdf"), ["kept"]);
    let boxes = "(1) Tj 20 0 Td (2) Tj 20 0 Td (3 4 5 6 7 8 9 0 1 8) Tj";
    assert_eq!(
        kept(&plain(&[boxes]), "a.pdf").remarks,
        [Remark::DigitsApart]
    );
    // In a field, where no page shows it as text.
    let field = pdf(&["(A) Tj"], |document, _| {
        document.add_object(dictionary! {
            "FT" => "Tx", "V" => lopdf::text_string("１２３４５６７８９０１８"),
        });
    });
    assert_eq!(codes(&field, "a.pdf"), ["individual"]);
    // In the name, together with what is wrong inside.
    let name = format!("{NUMBER}.pdf");
    assert_eq!(codes(b"MZ", &name), ["individual", "looks"]);
    let refused = inspect(&plain(&["(A) Tj"]), &name, &Limits::default()).unwrap_err();
    assert!(refused.holds_individual_number() && !refused.text(&name).ja.contains(NUMBER));
}

#[test]
fn japanese_encodings_are_read() {
    let with_font = |encoding: &str, bytes: &[u8]| {
        let hex: String = bytes.iter().map(|b| format!("{b:02X}")).collect();
        pdf(&[&format!("/F2 10 Tf <{hex}> Tj")], |document, _| {
            let font = document.add_object(dictionary! {
                "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Ryumin-Light",
                "Encoding" => encoding,
            });
            let page = document.page_iter().next().unwrap();
            let page = document.get_dictionary_mut(page).unwrap();
            page.set(
                "Resources",
                dictionary! { "Font" => dictionary! { "F2" => font } },
            );
        })
    };
    let (cp932, ..) = encoding_rs::SHIFT_JIS.encode("就労証明書");
    let wide: Vec<u8> = "就労証明書"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    for bytes in [
        with_font("90ms-RKSJ-H", &cp932),
        with_font("UniJIS-UTF16-H", &wide),
    ] {
        let read = kept(&bytes, "a.pdf");
        assert_eq!(read.text.as_deref().map(str::trim), Some("就労証明書"));
        assert_eq!(read.remarks, []);
    }
    assert_eq!(
        kept(&with_font("EUC-H", b"ab"), "a.pdf").remarks,
        [Remark::TextUnread]
    );
}

#[test]
fn pdfs_that_act_by_themselves_are_refused() {
    let script =
        || dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
    let launch = dictionary! { "S" => "Launch", "F" => Object::string_literal("a.exe") };
    let files = dictionary! { "EmbeddedFiles" => dictionary! {} };
    let scripts = dictionary! { "JavaScript" => dictionary! {} };
    for (bytes, code) in [
        (in_catalog("OpenAction", script()), "script"),
        (in_catalog("AA", dictionary! { "WC" => script() }), "script"),
        (in_catalog("Names", scripts), "script"),
        (in_catalog("OpenAction", launch), "launch"),
        (in_catalog("Names", files), "attachment"),
        (plain(&[]), "no-pages"),
    ] {
        assert_eq!(codes(&bytes, "a.pdf"), [code]);
    }
    let behind = pdf(&["(A) Tj"], |document, catalog| {
        let last = document.add_object(script());
        let first = document.add_object(dictionary! { "S" => "GoTo", "Next" => last });
        document
            .get_dictionary_mut(catalog)
            .unwrap()
            .set("OpenAction", first);
    });
    assert_eq!(codes(&behind, "a.pdf"), ["script"]);
    // Formats of fields are in most official forms.
    let form = pdf(&["(A) Tj"], |document, _| {
        document.add_object(dictionary! { "FT" => "Tx", "AA" => dictionary! { "F" => script() } });
    });
    assert_eq!(kept(&form, "a.pdf").remarks, [Remark::FieldScripts]);
    let link = pdf(&["(A) Tj"], |document, _| {
        document.add_object(
            dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.jp") },
        );
    });
    assert_eq!(kept(&link, "a.pdf").remarks, [Remark::LinksOut]);
    // Everything at once is told at once.
    let all = pdf(&[&format!("({NUMBER}) Tj")], |document, catalog| {
        document
            .get_dictionary_mut(catalog)
            .unwrap()
            .set("OpenAction", script());
        document.add_object(dictionary! { "S" => "Launch" });
    });
    assert_eq!(codes(&all, "a.pdf"), ["script", "launch", "individual"]);
}

#[test]
fn pdfs_are_bounded() {
    let limits = Limits {
        pages_max: 2,
        pdf_content_bytes_max: 100_000,
        ..Limits::default()
    };
    let code = |bytes: &[u8]| inspect(bytes, "a.pdf", &limits).map_err(|e| e.code());
    assert_eq!(code(&plain(&["", "", ""])).unwrap_err(), "pages");
    let bomb = pdf(&["(A) Tj"], |document, _| {
        let page = document.page_iter().next().unwrap();
        let mut stream = Stream::new(dictionary! {}, vec![b' '; 1_000_000]);
        stream.compress().unwrap();
        assert!(stream.content.len() < 10_000);
        let content = document.add_object(stream);
        document
            .get_dictionary_mut(page)
            .unwrap()
            .set("Contents", content);
    });
    assert_eq!(code(&bomb).unwrap_err(), "bomb");
    let encrypted = pdf(&["(A) Tj"], |document, _| {
        let lock = dictionary! {
            "Filter" => "Standard", "V" => 1, "R" => 2, "P" => -4,
            "O" => Object::string_literal("x"), "U" => Object::string_literal("x"),
        };
        document.trailer.set("Encrypt", lock);
    });
    assert_eq!(code(&encrypted).unwrap_err(), "encrypted");
    assert_eq!(code(b"%PDF-1.7\nnothing").unwrap_err(), "damaged");
    // A tree of pages that bites its tail.
    let circle = pdf(&["(A) Tj"], |document, catalog| {
        let pages = document
            .get_dictionary(catalog)
            .unwrap()
            .get(b"Pages")
            .unwrap()
            .clone();
        let id = pages.as_reference().unwrap();
        document
            .get_dictionary_mut(id)
            .unwrap()
            .set("Kids", vec![pages]);
    });
    assert_eq!(code(&circle).unwrap_err(), "no-pages");
    let deep = [b"%PDF-1.4\n1 0 obj ".to_vec(), vec![b'['; 200_000]].concat();
    assert_eq!(code(&deep).unwrap_err(), "damaged");
}

#[test]
fn digits_in_boxes() {
    for (text, expect) in [
        ("1 2 3 4 5 6 7 8 9 0 1 8", true),
        ("番号 １ ２ ３ ４\n５ ６ ７ ８ ９ ０ １ ８ 印", true),
        ("1 2 3 4 5 6 7 8 9 0 1 8 1", false),
        ("1 2 3 4 5 6 7 8 9 0 1 7", false),
        ("4 5 6 7 8 9 10 11 12 1 2 3", false),
        ("", false),
    ] {
        assert_eq!(digits_apart(text), expect, "{text}");
    }
}
