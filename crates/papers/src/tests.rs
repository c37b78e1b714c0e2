//! Papers of every kind, whole, disguised and damaged. Everything in them is made up.

use super::*;
use crate::pdf_text::digits_apart;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use lopdf::{Document, Object, Stream, dictionary};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// Made-up digits with a right check digit.
const NUMBER: &str = "123456789018";

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let of = |x: u32, y: u32| Rgb([(x * 7) as u8, (y * 5) as u8, (x ^ y) as u8]);
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, of))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A PDF with one page for each text; `edit` may add what should not be there.
fn pdf(texts: &[&str], edit: impl FnOnce(&mut Document, lopdf::ObjectId)) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier",
    });
    let kids: Vec<Object> = texts
        .iter()
        .map(|text| {
            let content = format!("BT /F1 12 Tf 50 700 Td {text} ET");
            let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
            let page = dictionary! {
                "Type" => "Page", "Parent" => pages, "Contents" => content,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
                "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
            };
            document.add_object(page).into()
        })
        .collect();
    let count = kids.len() as i64;
    let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(pages, tree.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    edit(&mut document, catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn plain(texts: &[&str]) -> Vec<u8> {
    pdf(texts, |_, _| {})
}

fn in_catalog(key: &'static str, value: impl Into<Object>) -> Vec<u8> {
    pdf(&["(A) Tj"], |document, catalog| {
        document
            .get_dictionary_mut(catalog)
            .unwrap()
            .set(key, value);
    })
}

fn workbook(edit: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    edit(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// A workbook with further parts, or with parts replaced.
fn with_parts(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let base = workbook(|s| {
        s.write(0, 0, "就労証明書").unwrap();
    });
    let mut from = zip::ZipArchive::new(Cursor::new(base)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..from.len() {
        let mut member = from.by_index(i).unwrap();
        let name = member.name().unwrap().into_owned();
        if parts.iter().any(|(n, _)| *n == name) {
            continue;
        }
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        std::io::copy(&mut member, &mut to).unwrap();
    }
    for (name, content) in parts {
        to.start_file(*name, SimpleFileOptions::default()).unwrap();
        to.write_all(content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn codes(bytes: &[u8], name: &str) -> Vec<&'static str> {
    match inspect(bytes, name, &Limits::default()) {
        Ok(_) => vec!["kept"],
        Err(refused) => refused.reasons().iter().map(Refused::code).collect(),
    }
}

fn kept(bytes: &[u8], name: &str) -> Inspected {
    inspect(bytes, name, &Limits::default()).unwrap()
}

#[test]
fn what_is_kept() {
    let whole = [
        (
            picture(40, 30, ImageFormat::Png),
            "a.png",
            Kind::Png,
            Some(Kind::Png),
        ),
        (
            picture(40, 30, ImageFormat::Jpeg),
            "a.JPG",
            Kind::Jpeg,
            Some(Kind::Jpeg),
        ),
        (
            picture(40, 30, ImageFormat::WebP),
            "a.webp",
            Kind::Webp,
            Some(Kind::Png),
        ),
        (
            picture(40, 30, ImageFormat::Tiff),
            "a.tif",
            Kind::Tiff,
            Some(Kind::Png),
        ),
        (plain(&["(Shift: 9-17) Tj"]), "a.pdf", Kind::Pdf, None),
        (with_parts(&[]), "a.xlsx", Kind::Xlsx, None),
    ];
    for (bytes, name, kind, shown) in whole {
        let inspected = kept(&bytes, name);
        assert_eq!(inspected.kind, kind, "{name}");
        assert_eq!(inspected.digest, digest(&bytes));
        assert_eq!(inspected.remarks, [], "{name}");
        assert_eq!(inspected.shown.as_ref().map(|s| s.kind), shown, "{name}");
        for made in inspected.shown.iter().chain(&inspected.thumbnail) {
            let again = image::load_from_memory(&made.bytes).unwrap();
            assert_eq!((again.width(), again.height()), (40, 30));
            assert_eq!(made.digest, digest(&made.bytes));
        }
        // Another name changes nothing but the remark.
        let disguised = kept(&bytes, "証明書.txt");
        let remark = Remark::Ending {
            ending: ".txt".to_owned(),
            kind,
        };
        assert_eq!(disguised.remarks, std::slice::from_ref(&remark));
        assert!(remark.text().ja.contains(".txt") && remark.text().en.contains(".txt"));
        assert_eq!(kept(&bytes, "証明書").remarks, []);
    }
}

#[test]
fn what_is_refused_says_what_it_looks_like() {
    let zip = |names: &[&str]| {
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            to.start_file(*name, SimpleFileOptions::default()).unwrap();
        }
        to.finish().unwrap().into_inner()
    };
    let ole = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    for (bytes, looks, word) in [
        (b"MZ\x90\0\x03".to_vec(), Looks::Program, "プログラム"),
        (b"\x7FELF\x02".to_vec(), Looks::Program, "プログラム"),
        (b"#!/bin/sh\nrm".to_vec(), Looks::Script, "スクリプト"),
        (b"@echo off\r\n".to_vec(), Looks::Script, "スクリプト"),
        (b"  <!DOCTYPE html><p>".to_vec(), Looks::Html, "HTML"),
        (b"<?xml version='1.0'?><svg/>".to_vec(), Looks::Svg, "SVG"),
        (b"<?xml version='1.0'?><a/>".to_vec(), Looks::Xml, "XML"),
        (ole("Workbook"), Looks::OldOffice, ".xls"),
        (ole("EncryptedPackage"), Looks::LockedOffice, "パスワード"),
        (
            zip(&["[Content_Types].xml", "word/document.xml"]),
            Looks::Docx,
            "Word",
        ),
        (
            zip(&["[Content_Types].xml", "ppt/presentation.xml"]),
            Looks::Pptx,
            "PowerPoint",
        ),
        (
            zip(&["[Content_Types].xml", "xl/workbook.bin"]),
            Looks::Xlsb,
            ".xlsb",
        ),
        (
            zip(&["mimetype", "content.xml"]),
            Looks::OpenDocument,
            "OpenDocument",
        ),
        (zip(&["a.exe"]), Looks::Archive, "ZIP"),
        (b"GIF89a".to_vec(), Looks::Picture, "GIF"),
        (b"\0\0\0\x20ftypavif".to_vec(), Looks::Picture, "AVIF"),
        (b"\0\0\0\x20ftypisom".to_vec(), Looks::Video, "動画"),
        (b"{\\rtf1".to_vec(), Looks::RichText, "RTF"),
        ("申込書\n".as_bytes().to_vec(), Looks::Text, "文字だけ"),
        (b"MZ hidden %PDF-1.7".to_vec(), Looks::Program, "プログラム"),
        (b"\0\x01\x02".to_vec(), Looks::Unknown, "知らない"),
    ] {
        let refused = inspect(&bytes, "証明書.pdf", &Limits::default()).unwrap_err();
        assert_eq!(refused, Refused::Looks(looks));
        let text = refused.text("証明書.pdf");
        assert!(text.ja.contains(word), "{}", text.ja);
        assert!(text.ja.starts_with("書類「証明書.pdf」") && text.en.contains("証明書.pdf"));
    }
    let heic = inspect(
        b"\0\0\0\x18ftypheic\0\0\0\0",
        "IMG_1.HEIC",
        &Limits::default(),
    );
    let text = heic.unwrap_err().text("IMG_1.HEIC");
    assert!(text.ja.contains("互換性優先") && text.en.contains("Most Compatible"));
    assert_eq!(codes(b"", "a.pdf"), ["empty"]);
    let small = Limits {
        bytes_max: 4,
        ..Limits::default()
    };
    assert_eq!(
        inspect(b"MZ\0\0\0", "a", &small).unwrap_err().code(),
        "too-big"
    );
}

/// A JPEG with an orientation and a made-up place where it was taken.
fn sideways() -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS-35.0-139.0");
    let plain = picture(60, 20, ImageFormat::Jpeg);
    let mut bytes = plain[..2].to_vec();
    bytes.extend(b"\xFF\xE1");
    bytes.extend(((exif.len() + 2) as u16).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

#[test]
fn pictures_are_upright_bounded_and_without_metadata() {
    let shown = kept(&sideways(), "a.jpg").shown.unwrap();
    assert_eq!((shown.width, shown.height), (20, 60));
    let holds = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|w| w == word);
    assert!(holds(&sideways(), b"GPS-35") && !holds(&shown.bytes, b"GPS-35"));
    assert!(!holds(&shown.bytes, b"Exif"));

    let limits = Limits {
        shown_side_max: 300,
        thumbnail_side_max: 32,
        ..Limits::default()
    };
    let large = inspect(&picture(400, 100, ImageFormat::Png), "a.png", &limits).unwrap();
    let (shown, small) = (large.shown.unwrap(), large.thumbnail.unwrap());
    assert_eq!((shown.width, shown.height), (300, 75));
    assert_eq!((small.width, small.height), (32, 8));

    // Black on nothing is black on white.
    let mut ink = RgbaImage::new(2, 1);
    ink.put_pixel(0, 0, Rgba([0, 0, 0, 255]));
    let mut bytes = Cursor::new(Vec::new());
    ink.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let shown = kept(&bytes.into_inner(), "a.png").shown.unwrap();
    let again = image::load_from_memory(&shown.bytes).unwrap().into_rgb8();
    assert_eq!(
        (again.get_pixel(0, 0).0, again.get_pixel(1, 0).0),
        ([0; 3], [255; 3])
    );
}

#[test]
fn pictures_that_are_too_much_are_refused() {
    let few = Limits {
        pixels_max: 100,
        ..Limits::default()
    };
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Tiff,
    ] {
        let refused = inspect(&picture(40, 30, format), "a", &few).unwrap_err();
        assert_eq!(
            refused,
            Refused::TooManyPixels {
                width: 40,
                height: 30,
                most: 100
            }
        );
        let whole = picture(40, 30, format);
        let cut = &whole[..whole.len() / 3];
        assert_eq!(codes(cut, "a"), ["damaged"], "{format:?}");
    }
    // A header of 60,000 × 60,000 pixels and nothing behind it.
    let mut bomb = picture(1, 1, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    assert!(["pixels", "damaged", "bomb"].contains(&codes(&bomb, "a.png")[0]));
    // Two directories in a TIFF: the first says where the second is.
    let mut two = picture(2, 2, ImageFormat::Tiff);
    let first = u32::from_le_bytes(two[4..8].try_into().unwrap()) as usize;
    let entries = u16::from_le_bytes(two[first..first + 2].try_into().unwrap()) as usize;
    let next = first + 2 + 12 * entries;
    two[next..next + 4].copy_from_slice(&8u32.to_le_bytes());
    assert_eq!(codes(&two, "a.tif"), ["pictures"]);
}

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

fn samples() -> Vec<Vec<u8>> {
    let script = dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("a") };
    vec![
        picture(12, 9, ImageFormat::Png),
        sideways(),
        picture(12, 9, ImageFormat::WebP),
        picture(12, 9, ImageFormat::Tiff),
        plain(&["[(To) -300 (kyo)] TJ", "(9-17) Tj"]),
        in_catalog("OpenAction", script),
        with_parts(&[]),
    ]
}

/// Without the net: a panic in a decoder fails the test.
fn bare(bytes: &[u8]) {
    let limits = Limits {
        pixels_max: 1_000_000,
        decode_bytes_max: 1 << 24,
        ..Limits::default()
    };
    let _ = look_inside(bytes, "a.pdf", &limits);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_changed_bytes_panic(
        which in 0usize..7,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = samples().swap_remove(which);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        bare(&bytes);
    }

    #[test]
    fn no_bytes_behind_a_beginning_panic(
        start in prop::sample::select(vec![
            &b"%PDF-1.7\n"[..], b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF", b"RIFF\x40\0\0\0WEBPVP8X", b"II*\0\x08\0\0\0",
            b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\0\0\0\x20ftyp", b"",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        bare(&[start, &rest].concat());
    }
}
