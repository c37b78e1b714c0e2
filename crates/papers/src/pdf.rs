//! PDFs: opened under limits, and searched for what runs, starts or hides something and for individual numbers.

use crate::look::Kind;
use crate::refused::{Active, Place};
use crate::{Inspected, Limits, Refused, Remark, pdf_text};
use enmusubi_domain::individual;
use lopdf::{Dictionary, Document, LoadOptions, Object};
use std::collections::BTreeSet;

/// Fills in pages and text of a PDF.
pub(crate) fn look(bytes: &[u8], limits: &Limits, into: &mut Inspected) -> Result<(), Refused> {
    let document = open(bytes, limits)?;
    let mut reasons = Vec::new();
    let pages = document.page_iter().take(limits.pdf_objects_max).count() as u64;
    if pages == 0 {
        reasons.push(Refused::NoPages);
    }
    if pages > u64::from(limits.pages_max) {
        reasons.push(Refused::TooManyPages {
            pages,
            most: limits.pages_max,
        });
        return Err(Refused::of(reasons));
    }
    into.pages = u32::try_from(pages).unwrap_or(u32::MAX);

    let mut walk = Walk::default();
    for object in document.objects.values() {
        walk.object(object, false);
    }
    walk.dictionary(&document.trailer, false);
    if let Ok(catalog) = document.catalog() {
        // `Names` → `JavaScript` runs when the file is opened, whatever its entries are.
        let names = document.get_dict_in_dict(catalog, b"Names");
        if names.is_ok_and(|n| n.has(b"JavaScript")) {
            walk.active.insert(Active::Script);
        }
        let opened = catalog
            .get_deref(b"OpenAction", &document)
            .and_then(Object::as_dict);
        let acts = catalog
            .get_deref(b"AA", &document)
            .and_then(Object::as_dict);
        let mut at_once = Walk::default();
        for dictionary in opened.iter().chain(&acts) {
            at_once.follow(dictionary, &document, 0);
        }
        if at_once.scripts {
            walk.active.insert(Active::Script);
        }
    }
    reasons.extend(walk.active.into_iter().map(Refused::Active));
    into.remarks.extend(walk.remarks);
    if walk.scripts {
        into.remarks.push(Remark::FieldScripts);
    }

    let text = pdf_text::read(&document, limits)?;
    let number = text.pages.iter().position(|t| individual::holds_one(t));
    let place = match number {
        Some(page) => Some(Place::Page(u32::try_from(page + 1).unwrap_or(u32::MAX))),
        None if walk.number || individual::holds_one(&text.forms) => Some(Place::Fields),
        None => None,
    };
    reasons.extend(place.map(|place| Refused::IndividualNumber { place }));
    if !reasons.is_empty() {
        return Err(Refused::of(reasons));
    }
    let all = text.pages.iter().chain([&text.forms]);
    if all.clone().all(|t| t.trim().is_empty()) {
        into.remarks.push(Remark::NoText);
    }
    if all.clone().any(|t| pdf_text::digits_apart(t)) {
        into.remarks.push(Remark::DigitsApart);
    }
    if text.unread {
        into.remarks.push(Remark::TextUnread);
    }
    let mut joined = text.pages.join("\u{C}");
    if joined.len() > limits.text_bytes_max {
        let end = (0..=limits.text_bytes_max)
            .rev()
            .find(|at| joined.is_char_boundary(*at));
        joined.truncate(end.unwrap_or(0));
    }
    into.text = Some(joined);
    Ok(())
}

fn open(bytes: &[u8], limits: &Limits) -> Result<Document, Refused> {
    let kind = Kind::Pdf;
    // Each is unpacked while the file is opened, so their number bounds the work together with the size of one.
    let packed = count(bytes, b"ObjStm");
    if packed > limits.pdf_object_streams_max {
        return Err(Refused::Bomb { kind });
    }
    let options = LoadOptions {
        max_decompressed_size: Some(limits.pdf_object_stream_bytes_max),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options);
    let locked = |d: &Document| d.is_encrypted() || d.was_encrypted() || d.trailer.has(b"Encrypt");
    match document {
        Ok(document) if locked(&document) => Err(Refused::Encrypted),
        Ok(document) if document.objects.len() > limits.pdf_objects_max => {
            Err(Refused::Bomb { kind })
        }
        Ok(document) => Ok(document),
        Err(lopdf::Error::Decompress(_)) => Err(Refused::Bomb { kind }),
        Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => Err(Refused::Encrypted),
        Err(_) if count(bytes, b"/Encrypt") > 0 => Err(Refused::Encrypted),
        Err(_) => Err(Refused::Damaged { kind }),
    }
}

fn count(bytes: &[u8], word: &[u8]) -> usize {
    bytes.windows(word.len()).filter(|w| *w == word).count()
}

/// What is found on the way through all objects.
#[derive(Default)]
struct Walk {
    active: BTreeSet<Active>,
    remarks: BTreeSet<Remark>,
    /// JavaScript anywhere; most official forms have it at their fields.
    scripts: bool,
    /// An individual number in a string: field values, annotations, titles.
    number: bool,
}

/// References followed from an action that runs at once.
const FOLLOWED_MAX: usize = 16;

impl Walk {
    fn object(&mut self, object: &Object, in_field: bool) {
        match object {
            Object::Dictionary(d) => self.dictionary(d, in_field),
            Object::Stream(s) => self.dictionary(&s.dict, in_field),
            Object::Array(all) => {
                for one in all {
                    self.object(one, in_field);
                }
            }
            Object::String(bytes, _) => {
                self.number |= lopdf::decode_text_string(object)
                    .is_ok_and(|t| individual::holds_one(&t))
                    || individual::holds_one(&String::from_utf8_lossy(bytes));
            }
            _ => {}
        }
    }

    fn dictionary(&mut self, dictionary: &Dictionary, in_field: bool) {
        let name = |key: &[u8]| {
            dictionary
                .get(key)
                .and_then(Object::as_name)
                .unwrap_or_default()
        };
        let is_field = in_field || dictionary.has(b"FT") || name(b"Subtype") == b"Widget";
        match name(b"S") {
            b"JavaScript" | b"Rendition" => self.scripts = true,
            b"Launch" => {
                self.active.insert(Active::Launch);
            }
            b"URI" | b"GoToR" | b"SubmitForm" | b"ImportData" => {
                self.remarks.insert(Remark::LinksOut);
            }
            _ => {}
        }
        self.scripts |= dictionary.has(b"JS");
        // Scripts of a page or the whole file run without anybody touching a field.
        let at_page = matches!(name(b"Type"), b"Page" | b"Catalog");
        if at_page && dictionary.get(b"AA").is_ok_and(has_script) {
            self.active.insert(Active::Script);
        }
        let embeds = dictionary.has(b"EF") || dictionary.has(b"EmbeddedFiles");
        if embeds || matches!(name(b"Type"), b"EmbeddedFile") || dictionary.has(b"RichMediaContent")
        {
            self.active.insert(Active::Attachment);
        }
        if dictionary.has(b"XFA") {
            self.remarks.insert(Remark::DynamicForm);
        }
        for (key, value) in dictionary {
            // Identifiers and signatures are bytes that mean nothing to people.
            if !matches!(
                key.as_slice(),
                b"ID" | b"Contents" | b"Cert" | b"ByteRange" | b"O" | b"U"
            ) || is_annotation_text(dictionary, key)
            {
                self.object(value, is_field);
            }
        }
    }

    /// Follows the references of an action and of what comes after it.
    fn follow(&mut self, dictionary: &Dictionary, document: &Document, depth: usize) {
        self.dictionary(dictionary, false);
        if depth >= FOLLOWED_MAX {
            // So long a chain of actions is written by nobody who means well.
            self.scripts = true;
            return;
        }
        for (key, value) in dictionary {
            let leads = matches!(
                key.as_slice(),
                b"Next" | b"WC" | b"WS" | b"DS" | b"WP" | b"DP" | b"O" | b"C"
            );
            if leads && let Ok((_, Object::Dictionary(next))) = document.dereference(value) {
                self.follow(next, document, depth + 1);
            }
        }
    }
}

/// `Contents` is the text of an annotation, and the bytes of a signature.
fn is_annotation_text(dictionary: &Dictionary, key: &[u8]) -> bool {
    key == b"Contents" && !dictionary.has(b"ByteRange")
}

/// Whether an additional action has a script right in it, or might have one behind a reference.
fn has_script(actions: &Object) -> bool {
    let mut walk = Walk::default();
    walk.object(actions, false);
    let behind = match actions {
        Object::Reference(_) => true,
        Object::Dictionary(d) => d.iter().any(|(_, v)| matches!(v, Object::Reference(_))),
        _ => false,
    };
    walk.scripts || behind
}
