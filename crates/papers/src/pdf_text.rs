//! Text layer of a PDF, page by page, and of the forms (fields, stamps) drawn on its pages.
//!
//! The order is that of the file. Runs are kept together as they were written, so that a number set with narrow
//! or wide spacing is found.

use crate::look::Kind;
use crate::{Limits, Refused};
use encoding_rs::{SHIFT_JIS, UTF_16BE};
use enmusubi_domain::individual::{self, DIGITS};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Encoding, Object};
use std::collections::BTreeMap;

/// What could be read.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// One for each page.
    pub(crate) pages: Vec<String>,
    /// Everything in forms, which may be drawn on any page.
    pub(crate) forms: String,
    /// Some text is in an encoding that is not known.
    pub(crate) unread: bool,
}

/// Fonts whose encoding is worked out; more are in no paper.
const FONTS_MAX: usize = 512;
/// Bytes the table of one font may unpack to.
const FONT_BYTES_MAX: usize = 1024 * 1024;
/// A gap in a run, in thousandths of the font size, that separates words.
const WORD_GAP: f32 = -250.0;

/// Reads all text.
pub(crate) fn read(document: &Document, limits: &Limits) -> Result<Text, Refused> {
    let mut reader = Reader {
        document,
        fonts: BTreeMap::new(),
        left: limits.pdf_content_bytes_max,
        text: Text::default(),
    };
    for page in document.page_iter().take(limits.pages_max as usize) {
        let content = document
            .get_page_content_with_limit(page, reader.left)
            .map_err(|_| BOMB)?;
        let fonts = document.get_page_fonts(page).unwrap_or_default();
        let text = reader.run(&content, &fonts)?;
        reader.text.pages.push(text);
    }
    for object in document.objects.values() {
        let Object::Stream(stream) = object else {
            continue;
        };
        if !stream
            .dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|n| n == b"Form")
        {
            continue;
        }
        let content = match stream.decompressed_content_with_limit(reader.left) {
            Ok(content) => content,
            Err(lopdf::Error::Decompress(_)) => return Err(BOMB),
            Err(_) => continue,
        };
        let fonts = form_fonts(document, &stream.dict);
        let text = reader.run(&content, &fonts)?;
        reader.text.forms.push_str(&text);
        reader.text.forms.push('\n');
    }
    Ok(reader.text)
}

const BOMB: Refused = Refused::Bomb { kind: Kind::Pdf };

fn form_fonts<'d>(
    document: &'d Document,
    form: &'d Dictionary,
) -> BTreeMap<Vec<u8>, &'d Dictionary> {
    let fonts = form
        .get_deref(b"Resources", document)
        .and_then(Object::as_dict)
        .and_then(|r| r.get_deref(b"Font", document))
        .and_then(Object::as_dict);
    let Ok(fonts) = fonts else {
        return BTreeMap::new();
    };
    let named = fonts.iter().filter_map(|(name, value)| {
        let (_, font) = document.dereference(value).ok()?;
        Some((name.clone(), font.as_dict().ok()?))
    });
    named.collect()
}

/// How the bytes of a font become characters.
enum Letters<'d> {
    Known(Encoding<'d>),
    /// CP932, as `90ms-RKSJ-H` names it.
    Cp932,
    /// UTF-16, as `UniJIS-UTF16-H` names it.
    Wide,
    Unknown,
}

struct Reader<'d> {
    document: &'d Document,
    /// By where the dictionary is: pages share fonts, and working out an encoding takes time.
    fonts: BTreeMap<*const Dictionary, Letters<'d>>,
    /// Bytes that may still be unpacked.
    left: usize,
    text: Text,
}

impl<'d> Reader<'d> {
    fn run(
        &mut self,
        content: &[u8],
        fonts: &BTreeMap<Vec<u8>, &'d Dictionary>,
    ) -> Result<String, Refused> {
        self.left = self.left.checked_sub(content.len()).ok_or(BOMB)?;
        let Ok(content) = Content::decode(content) else {
            self.text.unread = true;
            return Ok(String::new());
        };
        let mut out = String::new();
        let mut font: Option<*const Dictionary> = None;
        for operation in &content.operations {
            let operands = operation.operands.as_slice();
            match operation.operator.as_str() {
                "Tf" => {
                    let named = operands.first().and_then(|o| o.as_name().ok());
                    font = match named.and_then(|n| fonts.get(n)) {
                        Some(found) => Some(self.learn(found)?),
                        None => None,
                    };
                }
                "Tj" | "TJ" => self.show(operands, font, &mut out),
                "'" | "\"" => {
                    new_line(&mut out);
                    self.show(
                        operands
                            .last()
                            .map(std::slice::from_ref)
                            .unwrap_or_default(),
                        font,
                        &mut out,
                    );
                }
                "T*" | "ET" => new_line(&mut out),
                "Td" | "TD" => match operands.get(1).and_then(|o| o.as_float().ok()) {
                    Some(0.0) => out.push(' '),
                    _ => new_line(&mut out),
                },
                "Tm" => out.push(' '),
                _ => {}
            }
        }
        Ok(out)
    }

    fn learn(&mut self, font: &'d Dictionary) -> Result<*const Dictionary, Refused> {
        let key: *const Dictionary = font;
        if self.fonts.contains_key(&key) {
            return Ok(key);
        }
        if self.fonts.len() >= FONTS_MAX {
            return Err(BOMB);
        }
        let name = font
            .get_deref(b"Encoding", self.document)
            .and_then(Object::as_name)
            .unwrap_or_default();
        let name = String::from_utf8_lossy(name);
        let letters = if name.contains("RKSJ") {
            Letters::Cp932
        } else if name.starts_with("Uni") && (name.contains("UCS2") || name.contains("UTF16")) {
            Letters::Wide
        } else {
            // A table that is asked for is paid for, whether it is as long as it may be or not.
            if font.has(b"ToUnicode") {
                let packed = font
                    .get_deref(b"ToUnicode", self.document)
                    .and_then(Object::as_stream);
                let size = packed.map_or(0, |s| {
                    s.decompressed_content_with_limit(FONT_BYTES_MAX)
                        .map_or(0, |c| c.len())
                });
                self.left = self.left.checked_sub(size).ok_or(BOMB)?;
            }
            match font.get_font_encoding_with_limit(self.document, FONT_BYTES_MAX) {
                Ok(Encoding::SimpleEncoding(name)) if name != b"WinAnsiEncoding" => {
                    Letters::Unknown
                }
                Ok(encoding) => Letters::Known(encoding),
                Err(lopdf::Error::Decompress(_)) => return Err(BOMB),
                Err(_) => Letters::Unknown,
            }
        };
        self.fonts.insert(key, letters);
        Ok(key)
    }

    fn show(&mut self, operands: &[Object], font: Option<*const Dictionary>, out: &mut String) {
        for operand in operands {
            match operand {
                Object::String(bytes, _) => {
                    let letters = font.and_then(|f| self.fonts.get(&f));
                    let read = match letters {
                        Some(Letters::Known(encoding)) => {
                            encoding.write_to_string(bytes, out).is_ok()
                        }
                        Some(Letters::Cp932) => {
                            out.push_str(&SHIFT_JIS.decode_without_bom_handling(bytes).0);
                            true
                        }
                        Some(Letters::Wide) => {
                            out.push_str(&UTF_16BE.decode_without_bom_handling(bytes).0);
                            true
                        }
                        // Digits have their own codes in nearly every encoding.
                        Some(Letters::Unknown) | None => {
                            out.extend(bytes.iter().map(|b| char::from(*b)));
                            false
                        }
                    };
                    self.text.unread |= !read;
                }
                Object::Array(parts) => {
                    for part in parts {
                        match part {
                            Object::String(..) => self.show(std::slice::from_ref(part), font, out),
                            gap if gap.as_float().is_ok_and(|g| g < WORD_GAP) => out.push(' '),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Whether there is a run of exactly twelve single digits, with nothing but white space between, whose check digit
/// is right: a number written into boxes.
pub(crate) fn digits_apart(text: &str) -> bool {
    let mut run: Vec<u8> = Vec::new();
    let full = |run: &[u8]| <&[u8; DIGITS]>::try_from(run).is_ok_and(individual::is_one);
    for word in text.split_whitespace() {
        let mut letters = word.chars();
        let digit = match (letters.next(), letters.next()) {
            (Some(c @ '0'..='9'), None) => Some(c as u32 - '0' as u32),
            (Some(c @ '０'..='９'), None) => Some(c as u32 - '０' as u32),
            _ => None,
        };
        match digit {
            Some(d) => run.push(d as u8),
            None if full(&run) => return true,
            None => run.clear(),
        }
    }
    full(&run)
}
