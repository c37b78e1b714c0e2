//! Pictures: upright, bounded, without metadata.

use super::*;

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
