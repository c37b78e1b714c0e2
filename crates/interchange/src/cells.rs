//! Any table as rows of texts, for files whose columns somebody maps.

use crate::{
    At, Diagnostics, Source,
    certificate::safe_archive,
    diagnostic::kind,
    table::{Row, Table},
    workbook::kind as round,
};
use enmusubi_domain::individual;
use std::ops::ControlFlow;

/// Most rows of a mapped file: more than the children of any municipality.
pub const ROWS_MAX: usize = 1_000_000;

/// The rows of a CSV file (UTF-8 or CP932) or of the first sheet of an XLSX, each with its number as a spreadsheet shows it. Cells are
/// trimmed, blank rows are left out. Every cell that holds an individual number is told, and then nothing is given.
#[must_use]
pub fn rows(source: &Source<'_>) -> (Vec<(u32, Vec<String>)>, Diagnostics) {
    let mut all = Diagnostics::default();
    let mut found = Vec::new();
    if source.bytes.starts_with(b"PK\x03\x04") && !safe_archive(source, &mut all) {
        return (found, all);
    }
    let Some(mut table) = Table::open(source, &mut all) else {
        return (found, all);
    };
    let Some(sheet) = table.sheets().into_iter().next() else {
        all.add(&kind::EMPTY_FILE, source.name, At::default());
        return (found, all);
    };
    let mut held = false;
    table.rows(&sheet, source.name, &mut all, &mut |row: &Row, all| {
        for column in 0..row.len() {
            if individual::holds_one(row.cell(column)) {
                held = true;
                all.add(&round::INDIVIDUAL_NUMBER, source.name, At::row(row.number));
            }
        }
        if found.len() == ROWS_MAX {
            all.add(&kind::TOO_LARGE, source.name, At::default());
            return ControlFlow::Break(());
        }
        if !row.is_blank() && !held {
            let cells = (0..row.len()).map(|c| row.cell(c).to_owned());
            found.push((row.number, cells.collect()));
        }
        ControlFlow::Continue(())
    });
    if held {
        found.clear();
    }
    (found, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_numbers() {
        let bytes = "氏名,額\n\n雲雀,\" 10 \"\n".as_bytes();
        let (rows, all) = rows(&Source {
            name: "a.csv",
            bytes,
        });
        assert!(all.is_empty());
        let want = [(1, vec!["氏名", "額"]), (3, vec!["雲雀", "10"])];
        assert_eq!(rows.len(), want.len());
        for ((n, cells), (row, texts)) in rows.iter().zip(&want) {
            assert_eq!(
                (n, cells.iter().map(String::as_str).collect()),
                (row, texts.clone())
            );
        }
    }

    #[test]
    fn a_file_with_an_individual_number_gives_nothing() {
        // Check digit of the made-up 12345678901x: 8.
        let bytes = "氏名,番号\n雲雀,1\n目白,123456789018\n".as_bytes();
        let (rows, all) = rows(&Source {
            name: "a.csv",
            bytes,
        });
        assert!(rows.is_empty() && all.has_errors());
        let text = all.render(crate::Language::Japanese);
        assert!(
            text.contains("3") && !text.contains("123456789018"),
            "{text}"
        );
    }
}
