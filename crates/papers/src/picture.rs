//! Pictures: decoded under limits, turned upright, and encoded anew without anything but the picture.
//!
//! What a camera writes beside the picture (place, time, device, a preview of what was cropped away) and what
//! somebody hid behind its end is in the original only.

use crate::look::Kind;
use crate::{Inspected, Limits, Refused, Shown, digest};
use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, RgbImage};
use std::io::Cursor;

/// Quality of photographs that are encoded anew, of 100: writing stays legible.
const QUALITY: u8 = 88;

/// Fills in what is shown of a picture.
pub(crate) fn look(bytes: &[u8], limits: &Limits, into: &mut Inspected) -> Result<(), Refused> {
    let kind = into.kind;
    if several(bytes, kind) {
        return Err(Refused::SeveralPictures { kind });
    }
    let picture = flat(decode(bytes, kind, limits)?);
    let photograph = kind == Kind::Jpeg || kind == Kind::Webp && !lossless(bytes);
    let shown = fit(&picture, limits.shown_side_max);
    let shown = encode(&shown, photograph, limits.shown_png_bytes_max, kind)?;
    let small = picture.thumbnail(
        limits.thumbnail_side_max.min(picture.width()),
        limits.thumbnail_side_max.min(picture.height()),
    );
    let small = encode(&small, shown.kind == Kind::Jpeg, usize::MAX, kind)?;
    into.shown = Some(shown);
    into.thumbnail = Some(small);
    Ok(())
}

/// The picture, upright.
fn decode(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<DynamicImage, Refused> {
    let damaged = |_| Refused::Damaged { kind };
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Webp => ImageFormat::WebP,
        Kind::Tiff => ImageFormat::Tiff,
        Kind::Png | Kind::Pdf | Kind::Xlsx => ImageFormat::Png,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.decode_bytes_max);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|e| refusal(&e, kind))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    // Not every decoder keeps to the bound itself.
    if pixels > limits.pixels_max || decoder.total_bytes() > limits.decode_bytes_max {
        return Err(Refused::TooManyPixels {
            width,
            height,
            most: limits.pixels_max,
        });
    }
    if pixels == 0 {
        return Err(Refused::Damaged { kind });
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| refusal(&e, kind))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refusal(error: &ImageError, kind: Kind) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::Bomb { kind },
        _ => Refused::Damaged { kind },
    }
}

/// Grey or colour with eight bits. What shows through is white, as on paper: black writing on nothing would be
/// shown on whatever the page's ground is.
fn flat(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return match picture.color().has_color() {
            true => DynamicImage::ImageRgb8(picture.into_rgb8()),
            false => DynamicImage::ImageLuma8(picture.into_luma8()),
        };
    }
    let with_alpha = picture.into_rgba8();
    let mut plain = RgbImage::new(with_alpha.width(), with_alpha.height());
    for (to, from) in plain.pixels_mut().zip(with_alpha.pixels()) {
        let [colour @ .., alpha] = from.0;
        let over = |c: u8| {
            let (c, alpha) = (u32::from(c), u32::from(alpha));
            ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        to.0 = colour.map(over);
    }
    DynamicImage::ImageRgb8(plain)
}

fn fit(picture: &DynamicImage, side_max: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side_max {
        return picture.clone();
    }
    picture.resize(side_max, side_max, FilterType::Triangle)
}

fn encode(
    picture: &DynamicImage,
    photograph: bool,
    png_bytes_max: usize,
    kind: Kind,
) -> Result<Shown, Refused> {
    let failed = |_| Refused::Damaged { kind };
    let mut bytes = Vec::new();
    let mut made = Kind::Png;
    if !photograph {
        picture
            .write_with_encoder(PngEncoder::new(&mut bytes))
            .map_err(failed)?;
    }
    if photograph || bytes.len() > png_bytes_max {
        bytes.clear();
        made = Kind::Jpeg;
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        picture.write_with_encoder(encoder).map_err(failed)?;
    }
    Ok(Shown {
        kind: made,
        digest: digest(&bytes),
        width: picture.width(),
        height: picture.height(),
        bytes,
    })
}

/// Whether a WebP was encoded without loss, as drawings and pictures of screens are.
fn lossless(bytes: &[u8]) -> bool {
    // RIFF chunks behind the 12 bytes of the header: name, length, data padded to even length.
    let mut at = 12;
    while let Some([n0, n1, n2, n3, l0, l1, l2, l3]) = bytes.get(at..at + 8) {
        match &[*n0, *n1, *n2, *n3] {
            b"VP8L" => return true,
            b"VP8 " => return false,
            _ => {}
        }
        let length = u32::from_le_bytes([*l0, *l1, *l2, *l3]) as usize;
        at = at.saturating_add(8).saturating_add(length + length % 2);
        if at >= bytes.len() {
            break;
        }
    }
    false
}

/// Whether a file holds more than one picture, all but the first of which a decoder leaves away.
fn several(bytes: &[u8], kind: Kind) -> bool {
    match kind {
        // Animation flag of the VP8X chunk.
        Kind::Webp => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|f| f & 2 != 0)
        }
        Kind::Png => animated(bytes),
        Kind::Tiff => next_directory(bytes).is_some(),
        Kind::Jpeg | Kind::Pdf | Kind::Xlsx => false,
    }
}

/// Whether a PNG has an `acTL` chunk, which stands before the picture's data.
fn animated(bytes: &[u8]) -> bool {
    let mut at = 8usize;
    while let Some([l0, l1, l2, l3, name @ ..]) = bytes.get(at..at.saturating_add(8)) {
        match name {
            b"acTL" => return true,
            b"IDAT" | b"IEND" => return false,
            _ => {}
        }
        let length = u32::from_be_bytes([*l0, *l1, *l2, *l3]) as usize;
        // Length, name and checksum around the data.
        at = at.saturating_add(12).saturating_add(length);
    }
    false
}

/// Where the second directory of a TIFF begins, if there is one. A reduced copy of the first page
/// (`NewSubfileType`, bit 0) counts as well: whoever writes both is asked for a PDF rather than guessed about.
fn next_directory(bytes: &[u8]) -> Option<usize> {
    let little = bytes.starts_with(b"II");
    let u16_at = |at: usize| {
        let b: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(b)
        } else {
            u16::from_be_bytes(b)
        } as usize)
    };
    let u32_at = |at: usize| {
        let b: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little {
            u32::from_le_bytes(b)
        } else {
            u32::from_be_bytes(b)
        } as usize)
    };
    let first = u32_at(4)?;
    let next = u32_at(first.checked_add(2 + 12 * u16_at(first)?)?)?;
    (next != 0).then_some(next)
}
