//! Papers of every kind, whole, disguised and damaged. Everything in them is made up.

mod pdfs;
mod pictures;
mod workbooks;

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
