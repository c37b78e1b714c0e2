//! The empty workbook: tables with notes, drop-downs, and a first sheet that explains them.

/// Name of the sheet that explains the others.
pub(super) const GUIDE: &str = "使い方";

/// todo
pub fn template() -> Vec<u8> {
    Vec::new()
}
