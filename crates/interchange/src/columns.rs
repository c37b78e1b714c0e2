//! Which column is which: the public layout's names, common synonyms, and a municipality's own
//! names from `--columns F.toml`.

use crate::{
    Source,
    diagnostic::{At, Diagnostics, Text, kind},
    table::{Note, Row, Table},
};
use std::{collections::HashMap, ops::ControlFlow};
use unicode_normalization::UnicodeNormalization as _;

/// Rows searched for the header.
const HEADER_ROWS: usize = 50;

/// Highest N of a numbered column.
const NUMBER_MAX: u32 = 9999;

/// One item of a table.
pub(crate) struct Field {
    /// Key in a columns file, besides the Japanese name.
    pub key: &'static str,
    /// Name in the public layout; `N` stands for a number where `numbered`.
    pub name: &'static str,
    pub synonyms: &'static [&'static str],
    pub numbered: bool,
    pub required: bool,
}

/// The items of one table.
pub(crate) struct Spec {
    /// Section of the columns file.
    pub section: &'static str,
    pub fields: &'static [Field],
}

pub(crate) const fn one(
    key: &'static str,
    name: &'static str,
    synonyms: &'static [&'static str],
    required: bool,
) -> Field {
    Field {
        key,
        name,
        synonyms,
        numbered: false,
        required,
    }
}

const fn many(
    key: &'static str,
    name: &'static str,
    synonyms: &'static [&'static str],
    required: bool,
) -> Field {
    Field {
        key,
        name,
        synonyms,
        numbered: true,
        required,
    }
}

/// The children's table.
pub(crate) static CHILDREN: Spec = Spec {
    section: "children",
    fields: &[
        one(
            "child_id",
            "申請者番号",
            &[
                "申請者ID",
                "申込者番号",
                "申込者ID",
                "申込番号",
                "児童ID",
                "児童番号",
                "宛名番号",
                "宛名コード",
            ],
            true,
        ),
        one(
            "household_id",
            "世帯番号",
            &["世帯ID", "世帯コード", "ファミリーコード"],
            true,
        ),
        one(
            "age",
            "年齢",
            &["クラス年齢", "年齢区分", "歳児クラス", "入所時年齢"],
            true,
        ),
        one(
            "score",
            "点数",
            &["指数", "スコア", "選考指数", "合計指数"],
            false,
        ),
        many(
            "score_n",
            "点数N",
            &["指数N", "スコアN", "選考指数N"],
            false,
        ),
        many(
            "choice_n",
            "希望保育園ID_N",
            &[
                "希望保育所ID_N",
                "希望施設ID_N",
                "希望園ID_N",
                "第N希望",
                "第N希望ID",
                "第N希望施設ID",
                "第N希望保育所ID",
                "第N希望保育園ID",
                "希望保育園IDN",
                "希望施設IDN",
            ],
            true,
        ),
        one(
            "current",
            "在籍保育所ID",
            &["在籍施設ID", "在籍園ID", "在籍保育園ID", "現在籍施設ID"],
            false,
        ),
        one(
            "sibling_code",
            "きょうだいパターン",
            &["兄弟パターン", "きょうだい条件", "きょうだいコード"],
            false,
        ),
    ],
};

pub(crate) const CHILD_ID: usize = 0;
pub(crate) const HOUSEHOLD_ID: usize = 1;
pub(crate) const AGE: usize = 2;
pub(crate) const SCORE: usize = 3;
pub(crate) const SCORE_N: usize = 4;
pub(crate) const CHOICE_N: usize = 5;
pub(crate) const CURRENT: usize = 6;
pub(crate) const SIBLING_CODE: usize = 7;

/// The nurseries' table.
pub(crate) static NURSERIES: Spec = Spec {
    section: "nurseries",
    fields: &[
        one(
            "nursery_id",
            "保育所ID",
            &[
                "施設ID",
                "保育園ID",
                "園ID",
                "保育所番号",
                "施設番号",
                "施設コード",
                "園コード",
            ],
            true,
        ),
        one(
            "nursery_name",
            "保育所名",
            &["施設名", "保育園名", "園名", "施設名称", "保育所名称"],
            false,
        ),
        many(
            "seats_n",
            "N歳募集人数",
            &[
                "N歳児募集人数",
                "募集人数N歳",
                "募集人数N歳児",
                "募集人数_N歳",
                "N歳空き",
                "N歳児空き",
            ],
            true,
        ),
    ],
};

pub(crate) const NURSERY_ID: usize = 0;
pub(crate) const NURSERY_NAME: usize = 1;
pub(crate) const SEATS_N: usize = 2;

/// The combination table.
pub(crate) static COMBINATIONS: Spec = Spec {
    section: "combinations",
    fields: &[
        one(
            "household_id",
            "ファミリーコード",
            &["世帯番号", "世帯ID", "世帯コード"],
            true,
        ),
        one(
            "rank",
            "総当たり順位",
            &["総当り順位", "組み合わせ順位", "組合せ順位"],
            true,
        ),
        many("child_n", "宛名コードN", &["申請者番号N", "児童IDN"], true),
        many(
            "nursery_n",
            "希望施設N",
            &["希望保育所IDN", "希望施設IDN", "希望保育園IDN"],
            true,
        ),
    ],
};

pub(crate) const C_HOUSEHOLD: usize = 0;
pub(crate) const C_RANK: usize = 1;
pub(crate) const C_CHILD_N: usize = 2;
pub(crate) const C_NURSERY_N: usize = 3;

/// A result table.
pub(crate) static RESULT: Spec = Spec {
    section: "result",
    fields: &[
        one(
            "child_id",
            "申請者番号",
            &[
                "申請者ID",
                "申込者番号",
                "申込者ID",
                "申込番号",
                "児童ID",
                "児童番号",
                "宛名番号",
                "宛名コード",
            ],
            true,
        ),
        one(
            "result_id",
            RESULT_ID,
            &[
                "入所選考結果施設ID",
                "内定保育所ID",
                "内定施設ID",
                "入所保育所ID",
            ],
            true,
        ),
    ],
};

/// Header of the first result column.
pub(crate) const RESULT_ID: &str = "入所選考結果保育所ID";
/// Header of the second result column.
pub(crate) const RESULT_NAME: &str = "入所選考結果保育所名";

/// Own names of a municipality: (section, field) → header pattern.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(pub HashMap<(&'static str, &'static str), String>);

/// Headers compare NFKC-normalised and without white space (Excel headers often hold line
/// breaks). The two wave dashes are one: what Excel saves as CP932 comes back with `～` for `〜`.
pub(crate) fn normal(header: &str) -> String {
    header
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == '〜' { '~' } else { c })
        .collect()
}

/// Columns found in a header row.
#[derive(Debug)]
pub(crate) struct Columns {
    /// Row of the header.
    pub row: u32,
    /// Sheet it is in.
    pub sheet: String,
    /// Headers as received, trimmed.
    pub headers: Vec<String>,
    normal: Vec<String>,
    /// Per field: (N, column); N is 0 for a field without numbers.
    found: Vec<Vec<(u32, usize)>>,
    /// Columns in use.
    used: Vec<bool>,
}

impl Columns {
    /// Columns of a header that somebody else has made sense of; all of them count as used.
    pub fn of_header(row: u32, sheet: &str, headers: Vec<String>) -> Self {
        Self {
            row,
            sheet: sheet.to_owned(),
            normal: headers.iter().map(|h| normal(h)).collect(),
            found: Vec::new(),
            used: vec![true; headers.len()],
            headers,
        }
    }

    /// The column of a field.
    pub fn one(&self, field: usize) -> Option<usize> {
        self.found[field].first().map(|f| f.1)
    }

    /// The columns of a numbered field, by number.
    pub fn many(&self, field: usize) -> &[(u32, usize)] {
        &self.found[field]
    }

    /// Header of a column as received.
    pub fn header(&self, column: usize) -> &str {
        self.headers.get(column).map_or("", String::as_str)
    }

    /// Headers as they are compared.
    pub fn normal_headers(&self) -> &[String] {
        &self.normal
    }

    /// Columns with a header of this name.
    pub fn named(&self, name: &str) -> Vec<usize> {
        let name = normal(name);
        (0..self.normal.len())
            .filter(|&c| self.normal[c] == name)
            .collect()
    }

    /// Marks a column as used, so that what is wrong with its cells is told.
    pub fn mark(&mut self, column: usize) {
        if let Some(used) = self.used.get_mut(column) {
            *used = true;
        }
    }
}

/// Number in a header that follows a pattern with an `N` (the last one).
pub(crate) fn number_in(header: &str, pattern: &str) -> Option<u32> {
    let (before, after) = pattern.rsplit_once('N')?;
    let middle = header.strip_prefix(before)?.strip_suffix(after)?;
    if middle.is_empty() || middle.len() > 4 || !middle.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    middle.parse().ok().filter(|n| *n <= NUMBER_MAX)
}

/// Columns of one field: those of the first name that matches; the second value tells whether
/// different synonyms matched.
fn columns_of(field: &Field, names: &[String], headers: &[String]) -> (Vec<(u32, usize)>, bool) {
    let matches = |name: &String| -> Vec<(u32, usize)> {
        headers
            .iter()
            .enumerate()
            .filter_map(|(c, h)| {
                if field.numbered {
                    number_in(h, name).map(|n| (n, c))
                } else {
                    (h == name).then_some((0, c))
                }
            })
            .collect()
    };
    let mut found = Vec::new();
    let mut several = false;
    for (i, name) in names.iter().enumerate() {
        let here = matches(name);
        if here.is_empty() {
            continue;
        }
        if i == 0 {
            // The layout's own name, or the declared one, leaves no doubt.
            found = here;
            break;
        }
        several |= !found.is_empty();
        found.extend(here);
    }
    found.sort_unstable();
    (found, several)
}

/// Names of a field to look for, the layout's or the declared one first.
fn names_of(spec: &Spec, field: &Field, names: &Names) -> Vec<String> {
    match names.0.get(&(spec.section, field.key)) {
        Some(own) => vec![normal(own)],
        None => std::iter::once(&field.name)
            .chain(field.synonyms)
            .map(|n| normal(n))
            .collect(),
    }
}

/// The row with the header, of the first sheet that has one: the row in which most items are recognised. What each
/// column is for is not in it yet.
pub(crate) fn header_row(
    table: &mut Table<'_>,
    source: &Source<'_>,
    spec: &Spec,
    wanted: &[Vec<String>],
    sheets: &[String],
) -> Option<Columns> {
    let mut best: Option<(usize, Columns)> = None;
    for sheet in sheets {
        let mut seen = 0;
        // What is wrong with the rows themselves is told when they are read for good.
        let mut quiet = Diagnostics::default();
        table.rows(sheet, source.name, &mut quiet, &mut |row, _| {
            seen += 1;
            let headers: Vec<String> = (0..row.len()).map(|c| row.cell(c).to_owned()).collect();
            let normal: Vec<String> = headers.iter().map(|h| normal(h)).collect();
            let recognised = spec
                .fields
                .iter()
                .zip(wanted)
                .filter(|(f, names)| !columns_of(f, names, &normal).0.is_empty())
                .count();
            if recognised >= 2 && best.as_ref().is_none_or(|b| recognised > b.0) {
                let used = vec![false; headers.len()];
                let sheet = sheet.clone();
                let found = Vec::new();
                best = Some((
                    recognised,
                    Columns {
                        row: row.number,
                        sheet,
                        headers,
                        normal,
                        found,
                        used,
                    },
                ));
            }
            if seen >= HEADER_ROWS {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if best.is_some() {
            break;
        }
    }
    best.map(|(_, columns)| columns)
}

/// Finds the header row: of the first rows of the first sheet that has one, the row in which most
/// items are recognised. Reports what is missing or in doubt.
pub(crate) fn find(
    table: &mut Table<'_>,
    source: &Source<'_>,
    spec: &Spec,
    names: &Names,
    all: &mut Diagnostics,
) -> Option<Columns> {
    let wanted: Vec<Vec<String>> = spec
        .fields
        .iter()
        .map(|f| names_of(spec, f, names))
        .collect();
    let sheets = table.sheets();
    let best = header_row(table, source, spec, &wanted, &sheets);
    let Some(mut columns) = best else {
        // A file that cannot be read at all says why.
        let errors = all.count(crate::Severity::Error);
        for sheet in &sheets {
            table.rows(sheet, source.name, all, &mut |_, _| {
                ControlFlow::Continue(())
            });
        }
        if all.count(crate::Severity::Error) == errors {
            all.add_with(&kind::HEADER_NOT_FOUND, source.name, At::default(), || {
                let required: Vec<&str> = spec
                    .fields
                    .iter()
                    .filter(|f| f.required)
                    .map(|f| f.name)
                    .collect();
                let list = required.join("、");
                Text::new(
                    format!("必要な列: {list}"),
                    format!("required columns: {list}"),
                )
            });
        }
        return None;
    };
    if sheets.first() != Some(&columns.sheet) {
        all.add(
            &kind::OTHER_SHEET,
            source.name,
            At {
                value: Some(&columns.sheet),
                ..At::default()
            },
        );
    }
    let mut complete = true;
    for (field, names) in spec.fields.iter().zip(&wanted) {
        let (found, several) = columns_of(field, names, &columns.normal);
        complete &= check(field, names, &found, several, &columns, source.name, all);
        for &(_, c) in &found {
            columns.used[c] = true;
        }
        columns.found.push(found);
    }
    complete.then_some(columns)
}

/// Reports a missing, doubled or doubtful column.
fn check(
    field: &Field,
    names: &[String],
    found: &[(u32, usize)],
    several: bool,
    columns: &Columns,
    file: &str,
    all: &mut Diagnostics,
) -> bool {
    let name = names.first().map_or(field.name, String::as_str);
    if found.is_empty() {
        if field.required {
            let at = At {
                row: Some(columns.row),
                column: Some(name),
                value: None,
            };
            all.add_with(&kind::MISSING_COLUMN, file, at, || {
                let near = columns
                    .normal
                    .iter()
                    .filter(|h| !h.is_empty())
                    .map(|h| (strsim::jaro_winkler(h, name), h))
                    .filter(|(likeness, _)| *likeness > 0.7)
                    .max_by(|a, b| a.0.total_cmp(&b.0));
                match near {
                    Some((_, h)) => Text::new(
                        format!("似た列: 「{h}」"),
                        format!("similar column: \"{h}\""),
                    ),
                    None => Text::new("", ""),
                }
            });
        }
        return !field.required;
    }
    let doubled = found.windows(2).find(|w| w[0].0 == w[1].0);
    if several || doubled.is_some() {
        let (a, b) = doubled.map_or((found[0].1, found[found.len() - 1].1), |w| (w[0].1, w[1].1));
        let same = columns.normal[a] == columns.normal[b];
        let kind = if same {
            &kind::DUPLICATE_HEADER
        } else {
            &kind::AMBIGUOUS_HEADER
        };
        let at = At {
            row: Some(columns.row),
            column: Some(columns.header(b)),
            value: None,
        };
        all.add_with(kind, file, at, || {
            let (x, y) = (columns.header(a), columns.header(b));
            Text::new(
                format!(
                    "「{}」に当たる列: {}「{x}」と{}「{y}」",
                    field.name,
                    letter(a),
                    letter(b)
                ),
                format!(
                    "columns for \"{}\": {} \"{x}\" and {} \"{y}\"",
                    field.name,
                    letter(a),
                    letter(b)
                ),
            )
        });
        return false;
    }
    true
}

/// A column as a spreadsheet names it (A, B … AA).
pub(crate) fn letter(column: usize) -> String {
    let mut n = column + 1;
    let mut out = Vec::new();
    while n > 0 {
        out.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

/// Visits the rows of data below the header. Reports ragged rows, cells that are no values, and
/// a table without rows.
pub(crate) fn data_rows(
    table: &mut Table<'_>,
    source: &Source<'_>,
    columns: &Columns,
    all: &mut Diagnostics,
    visit: &mut dyn FnMut(&Row, &mut Diagnostics),
) {
    let errors = all.count(crate::Severity::Error);
    let count = any_rows(table, source, columns, all, visit);
    // A file that broke off before its first row has already said so.
    if count == 0 && all.count(crate::Severity::Error) == errors {
        all.add(&kind::NO_ROWS, source.name, At::default());
    }
}

/// The same for a table that may be empty. Returns how many rows there are.
pub(crate) fn any_rows(
    table: &mut Table<'_>,
    source: &Source<'_>,
    columns: &Columns,
    all: &mut Diagnostics,
    visit: &mut dyn FnMut(&Row, &mut Diagnostics),
) -> u32 {
    let width = columns.headers.len();
    let csv = matches!(table, Table::Csv(_));
    let mut count = 0u32;
    table.rows(&columns.sheet, source.name, all, &mut |row, all| {
        if row.number <= columns.row || row.is_blank() {
            return ControlFlow::Continue(());
        }
        count += 1;
        if row.len() > width
            && let Some(extra) = (width..row.len()).find(|&c| !row.cell(c).is_empty())
        {
            let at = At {
                row: Some(row.number),
                column: None,
                value: Some(row.cell(extra)),
            };
            all.add(&kind::LONG_ROW, source.name, at);
        } else if csv && row.len() < width {
            all.add(&kind::SHORT_ROW, source.name, At::row(row.number));
        }
        for &(column, note) in &row.notes {
            let kind = match note {
                Note::BadBytes => &kind::BAD_BYTES,
                Note::Inexact | Note::Error if !columns.used.get(column).is_some_and(|u| *u) => {
                    continue;
                }
                Note::Inexact => &kind::INEXACT_NUMBER,
                Note::Error => &kind::CELL_ERROR,
            };
            all.add(
                kind,
                source.name,
                At::cell(row.number, columns.header(column), row.cell(column)),
            );
        }
        visit(row, all);
        ControlFlow::Continue(())
    });
    count
}
