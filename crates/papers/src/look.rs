//! What a file is, by its content alone.

use std::io::Cursor;

/// Kinds of files that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// TIFF.
    Tiff,
    /// Excel workbook without macros.
    Xlsx,
}

impl Kind {
    /// Media type, as registered with IANA.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Webp => &["webp"],
            Self::Tiff => &["tif", "tiff"],
            Self::Xlsx => &["xlsx"],
        }
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Pdf => "kind-pdf",
            Self::Png => "kind-png",
            Self::Jpeg => "kind-jpeg",
            Self::Webp => "kind-webp",
            Self::Tiff => "kind-tiff",
            Self::Xlsx => "kind-xlsx",
        }
    }
}

/// What a file that is not kept looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Looks {
    /// Windows, Linux, macOS or Java program.
    Program,
    /// Shell, batch, Visual Basic or JavaScript source.
    Script,
    /// HTML.
    Html,
    /// SVG, which can carry scripts.
    Svg,
    /// Other XML.
    Xml,
    /// `.xls`, `.doc` and their kin (OLE).
    OldOffice,
    /// Office file behind a password.
    LockedOffice,
    /// `.docx`.
    Docx,
    /// `.pptx`.
    Pptx,
    /// `.xlsb`.
    Xlsb,
    /// `.odt`, `.ods` and their kin.
    OpenDocument,
    /// ZIP, 7z, RAR, gzip.
    Archive,
    /// GIF, BMP, AVIF, and TIFF of the large kind.
    Picture,
    /// Film or sound.
    Video,
    /// RTF.
    RichText,
    /// PostScript.
    PostScript,
    /// Plain text.
    Text,
    /// Anything else.
    Unknown,
}

impl Looks {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Program => "looks-program",
            Self::Script => "looks-script",
            Self::Html => "looks-html",
            Self::Svg => "looks-svg",
            Self::Xml => "looks-xml",
            Self::OldOffice => "looks-old-office",
            Self::LockedOffice => "looks-locked-office",
            Self::Docx => "looks-docx",
            Self::Pptx => "looks-pptx",
            Self::Xlsb => "looks-xlsb",
            Self::OpenDocument => "looks-open-document",
            Self::Archive => "looks-zip",
            Self::Picture => "looks-picture",
            Self::Video => "looks-video",
            Self::RichText => "looks-rtf",
            Self::PostScript => "looks-postscript",
            Self::Text => "looks-text",
            Self::Unknown => "looks-unknown",
        }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Kept(Kind),
    Heic,
    Other(Looks),
}

/// Bytes at the front that are looked at for text that is a program or markup.
const FRONT: usize = 1024;

/// What a file is, by its first bytes and, for ZIP, by what is inside.
pub(crate) fn content(bytes: &[u8]) -> Content {
    use Content::{Heic, Kept, Other};
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    // A PDF may begin with a byte order mark or white space. One further down is hidden behind something else.
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if text.trim_ascii_start().starts_with(b"%PDF-") {
        return Kept(Kind::Pdf);
    }
    if starts(b"\x89PNG\r\n\x1A\n") {
        return Kept(Kind::Png);
    }
    if starts(b"\xFF\xD8\xFF") {
        return Kept(Kind::Jpeg);
    }
    if starts(b"RIFF") {
        return match bytes.get(8..12) {
            Some(b"WEBP") => Kept(Kind::Webp),
            _ => Other(Looks::Video),
        };
    }
    if starts(b"II*\0") || starts(b"MM\0*") {
        return Kept(Kind::Tiff);
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return archive(bytes);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return match bytes.get(8..12) {
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                Heic
            }
            Some(b"avif" | b"avis") => Other(Looks::Picture),
            _ => Other(Looks::Video),
        };
    }
    Other(looks(bytes))
}

/// Beginnings of files that are not kept.
const BEGINNINGS: &[(&[u8], Looks)] = &[
    (b"MZ", Looks::Program),
    (b"\x7FELF", Looks::Program),
    (b"\xFE\xED\xFA\xCE", Looks::Program),
    (b"\xFE\xED\xFA\xCF", Looks::Program),
    (b"\xCE\xFA\xED\xFE", Looks::Program),
    (b"\xCF\xFA\xED\xFE", Looks::Program),
    (b"\xCA\xFE\xBA\xBE", Looks::Program),
    // A Windows short cut starts programs.
    (b"L\0\0\0\x01\x14\x02\0", Looks::Program),
    (b"#!", Looks::Script),
    (b"II+\0", Looks::Picture),
    (b"MM\0+", Looks::Picture),
    (b"GIF8", Looks::Picture),
    (b"BM", Looks::Picture),
    (b"7z\xBC\xAF\x27\x1C", Looks::Archive),
    (b"Rar!", Looks::Archive),
    (b"\x1F\x8B", Looks::Archive),
    (b"{\\rtf", Looks::RichText),
    (b"%!PS", Looks::PostScript),
    (b"ID3", Looks::Video),
    (b"OggS", Looks::Video),
    (b"\x1A\x45\xDF\xA3", Looks::Video),
];

fn looks(bytes: &[u8]) -> Looks {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // Office puts a document behind a password into the old container.
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let locked = bytes.windows(name.len()).any(|w| w == name);
        return if locked {
            Looks::LockedOffice
        } else {
            Looks::OldOffice
        };
    }
    if let Some((_, looks)) = BEGINNINGS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
    {
        return *looks;
    }
    of_text(bytes).unwrap_or(Looks::Unknown)
}

/// What a text is; `None` if it is none.
fn of_text(bytes: &[u8]) -> Option<Looks> {
    let front = &bytes[..bytes.len().min(FRONT)];
    // UTF-16 is read as its low bytes: enough to see what kind of text it is.
    let wide = front.starts_with(b"\xFF\xFE") || front.starts_with(b"\xFE\xFF");
    let narrow: Vec<u8> = match wide {
        true => front[2..].iter().copied().filter(|b| *b != 0).collect(),
        false => front.to_vec(),
    };
    let text = String::from_utf8_lossy(&narrow).to_lowercase();
    let text = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let starts = |words: &[&str]| words.iter().any(|w| text.starts_with(w));
    if any(&["<svg"]) {
        return Some(Looks::Svg);
    }
    if any(&["<!doctype html", "<html", "<script", "<body", "<iframe"]) {
        return Some(Looks::Html);
    }
    if starts(&["<?xml"]) {
        return Some(Looks::Xml);
    }
    if starts(&[
        "@echo",
        "<?php",
        "<%",
        "param(",
        "set-",
        "dim ",
        "on error resume",
        "rem ",
    ]) || any(&["wscript.", "powershell", "createobject("])
    {
        return Some(Looks::Script);
    }
    let control = |b: &u8| *b < 0x20 && !b"\t\r\n\x0C\x1B".contains(b) || *b == 0x7F;
    (!narrow.is_empty() && !narrow.iter().any(control)).then_some(Looks::Text)
}

/// What a ZIP is, by the names inside.
fn archive(bytes: &[u8]) -> Content {
    let Ok(archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        // Word, Excel and plain archives begin alike; the names are readable in a broken one, too.
        let holds = |name: &[u8]| bytes.windows(name.len()).any(|w| w == name);
        return match holds(b"xl/workbook.xml") || holds(b"xl/worksheets/") {
            true => Content::Kept(Kind::Xlsx),
            false => Content::Other(Looks::Archive),
        };
    };
    let has = |wanted: &str| {
        archive
            .file_names_raw()
            .any(|n| n.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    if has("[Content_Types].xml") {
        if has("xl/workbook.bin") {
            return Content::Other(Looks::Xlsb);
        }
        if has("xl/workbook.xml") {
            return Content::Kept(Kind::Xlsx);
        }
        if has("word/document.xml") {
            return Content::Other(Looks::Docx);
        }
        if has("ppt/presentation.xml") {
            return Content::Other(Looks::Pptx);
        }
    }
    if has("mimetype") && has("content.xml") {
        return Content::Other(Looks::OpenDocument);
    }
    if has("META-INF/MANIFEST.MF") {
        return Content::Other(Looks::Program);
    }
    Content::Other(Looks::Archive)
}

/// The ending of a name, where it belongs to another kind of file; a name without ending says nothing.
pub(crate) fn wrong_ending(name: &str, kind: Kind) -> Option<String> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (_, ending) = file.rsplit_once('.')?;
    let right = kind
        .endings()
        .iter()
        .any(|e| ending.eq_ignore_ascii_case(e));
    (!right && !ending.is_empty()).then(|| format!(".{ending}"))
}
