//! Bounds on everything a paper can make us do.

/// What is refused for its size. [`Limits::default`] is generous for a photograph of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an upload.
    pub bytes_max: usize,
    /// Pixels (width × height) of a picture.
    pub pixels_max: u64,
    /// Bytes a decoder may hold at a time.
    pub decode_bytes_max: u64,
    /// Longest side of the picture that is shown, in pixels.
    pub shown_side_max: u32,
    /// Longest side of the thumbnail, in pixels.
    pub thumbnail_side_max: u32,
    /// Bytes up to which a picture is shown as PNG; what would be larger is a photograph, and shown as JPEG.
    pub shown_png_bytes_max: usize,
    /// Pages of a PDF.
    pub pages_max: u32,
    /// Objects of a PDF.
    pub pdf_objects_max: usize,
    /// Object streams of a PDF, each of which is unpacked while it is opened.
    pub pdf_object_streams_max: usize,
    /// Bytes one object stream may unpack to.
    pub pdf_object_stream_bytes_max: usize,
    /// Bytes all that is searched for text in a PDF may unpack to.
    pub pdf_content_bytes_max: usize,
    /// Bytes of text kept of a PDF.
    pub text_bytes_max: usize,
    /// Files inside a workbook.
    pub zip_entries_max: usize,
    /// Bytes a workbook may unpack to.
    pub zip_bytes_max: u64,
    /// How many times its size a part of a workbook may unpack to; small parts are not looked at for it.
    pub zip_ratio_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            bytes_max: 20 * MIB,
            pixels_max: 120_000_000,
            decode_bytes_max: 512 * MIB as u64,
            shown_side_max: 3000,
            thumbnail_side_max: 320,
            shown_png_bytes_max: 8 * MIB,
            pages_max: 100,
            pdf_objects_max: 200_000,
            pdf_object_streams_max: 512,
            pdf_object_stream_bytes_max: 4 * MIB,
            pdf_content_bytes_max: 64 * MIB,
            text_bytes_max: 4 * MIB,
            zip_entries_max: 2000,
            zip_bytes_max: 128 * MIB as u64,
            zip_ratio_max: 200,
        }
    }
}
