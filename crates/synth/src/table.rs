//! A city's published table of applications and offers, and how it is read.

use std::collections::BTreeMap;

/// A city's table: per facility and age class, how many applications and offers it had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalibrationTable {
    /// Facilities in the order of the table.
    pub facilities: Vec<Facility>,
}

/// One facility (施設) of a published table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// District (地区).
    pub area: String,
    /// Kind of facility (施設類型), as the city writes it.
    pub kind: String,
    /// Name of the facility.
    pub name: String,
    /// Approved number of children (定員), where given.
    pub capacity: Option<u32>,
    /// Figures by age class 0–5; `None` where the facility has no such class.
    pub classes: [Option<ClassFigures>; 6],
}

/// Figures of one facility and age class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassFigures {
    /// Applications counted over choices 1–5: each choice counts, so this is no number of
    /// children.
    pub applications: u32,
    /// Offers (内定); a made-up round takes them as its new seats.
    pub offers: u32,
}

impl CalibrationTable {
    /// Applications and offers by age class, summed over the facilities.
    #[must_use]
    pub fn totals(&self) -> [ClassFigures; 6] {
        let mut totals = [ClassFigures::default(); 6];
        for facility in &self.facilities {
            for (total, class) in totals.iter_mut().zip(facility.classes) {
                let class = class.unwrap_or_default();
                total.applications += class.applications;
                total.offers += class.offers;
            }
        }
        totals
    }
}

/// No published class comes near; a larger number is a slip (and would fill the memory).
const MOST_PER_CLASS: u32 = 10_000;

/// Reads a table with the header `area,kind,facility,capacity,applications_0,offers_0,…,
/// applications_5,offers_5` (any column order; `capacity` may be missing). A class is blank in
/// both cells or in none.
///
/// # Errors
/// All problems at once, each with file, row, column, value, what was expected and how to mend.
pub fn parse_calibration(bytes: &[u8], file_name: &str) -> Result<CalibrationTable, Vec<String>> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec![format!(
            "{file_name}: 文字コードが UTF-8 ではありません。表計算ソフトで「CSV UTF-8」を選んで保存し直してください。"
        )]);
    };
    let mut problems = Vec::new();
    let mut rows = records(
        text.strip_prefix('\u{feff}').unwrap_or(text),
        file_name,
        &mut problems,
    )
    .into_iter()
    .filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty()));
    let Some((header_line, header)) = rows.next() else {
        problems.push(format!(
            "{file_name}: 中身がありません。見出し行（area,kind,facility,capacity,applications_0,offers_0,…）と施設ごとの行が必要です。"
        ));
        return Err(problems);
    };
    let columns = Columns::find(&header, header_line, file_name, &mut problems);
    let mut table = CalibrationTable::default();
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (line, cells) in rows {
        if cells.len() > header.len() {
            problems.push(format!(
                "{file_name} {line}行目: 列が{}個あり、見出しの{}個より多くなっています。余分なカンマを消してください（値にカンマがあるときは「\"」で囲みます）。",
                cells.len(),
                header.len()
            ));
        }
        let mut row = Row {
            file_name,
            line,
            cells: &cells,
            problems: &mut problems,
        };
        let facility = Facility {
            area: row.text(columns.area, "area"),
            kind: row.text(columns.kind, "kind"),
            name: row.text(columns.facility, "facility"),
            capacity: row.number(columns.capacity, "capacity", u32::MAX),
            classes: std::array::from_fn(|age| {
                let [a, o] = columns.classes[age];
                row.class(age, a, o)
            }),
        };
        let key = (facility.area.clone(), facility.name.clone());
        if let Some(first) = seen.insert(key, line)
            && !facility.name.is_empty()
        {
            problems.push(format!(
                "{file_name} {line}行目「facility」列: 「{}」は{first}行目と重複しています。地区と施設名の組は1行だけにしてください。",
                facility.name
            ));
        }
        table.facilities.push(facility);
    }
    if table.facilities.is_empty() {
        problems.push(format!(
            "{file_name}: 見出しの下に施設の行がありません。施設ごとに1行を入れてください。"
        ));
    }
    if problems.is_empty() {
        Ok(table)
    } else {
        Err(problems)
    }
}

/// A table in the layout that [`parse_calibration`] reads.
#[must_use]
pub fn calibration_csv(table: &CalibrationTable) -> Vec<u8> {
    let mut out = b"area,kind,facility,capacity".to_vec();
    for age in 0..6 {
        out.extend_from_slice(format!(",applications_{age},offers_{age}").as_bytes());
    }
    out.push(b'\n');
    for facility in &table.facilities {
        for text in [&facility.area, &facility.kind, &facility.name] {
            crate::csv::field(&mut out, text);
            out.push(b',');
        }
        if let Some(capacity) = facility.capacity {
            out.extend_from_slice(capacity.to_string().as_bytes());
        }
        for class in &facility.classes {
            let cells = class.map(|c| format!(",{},{}", c.applications, c.offers));
            out.extend_from_slice(cells.as_deref().unwrap_or(",,").as_bytes());
        }
        out.push(b'\n');
    }
    out
}

struct Columns {
    area: Option<usize>,
    kind: Option<usize>,
    facility: Option<usize>,
    capacity: Option<usize>,
    classes: [[Option<usize>; 2]; 6],
}

impl Columns {
    fn find(header: &[String], line: usize, file: &str, problems: &mut Vec<String>) -> Self {
        let at = |name: &str| header.iter().position(|h| h.trim() == name);
        let mut missing = Vec::new();
        let mut need = |name: String| {
            let found = at(&name);
            if found.is_none() {
                missing.push(name);
            }
            found
        };
        let columns = Self {
            area: need("area".to_owned()),
            kind: need("kind".to_owned()),
            facility: need("facility".to_owned()),
            capacity: at("capacity"),
            classes: std::array::from_fn(|age| {
                [
                    need(format!("applications_{age}")),
                    need(format!("offers_{age}")),
                ]
            }),
        };
        if !missing.is_empty() {
            problems.push(format!(
                "{file} {line}行目: 見出しに列「{}」がありません。見出しは area,kind,facility,capacity,applications_0,offers_0,…,applications_5,offers_5 です。",
                missing.join("」「")
            ));
        }
        for (i, name) in header.iter().enumerate() {
            if !name.trim().is_empty() && header[..i].iter().any(|h| h.trim() == name.trim()) {
                problems.push(format!(
                    "{file} {line}行目: 見出しに列「{}」が2つあります。どちらかを消してください。",
                    name.trim()
                ));
            }
        }
        columns
    }
}

struct Row<'a> {
    file_name: &'a str,
    line: usize,
    cells: &'a [String],
    problems: &'a mut Vec<String>,
}

impl Row<'_> {
    fn cell(&self, column: Option<usize>) -> &str {
        column
            .and_then(|c| self.cells.get(c))
            .map_or("", |c| c.trim())
    }

    fn problem(&mut self, column: &str, text: &str) {
        self.problems.push(format!(
            "{} {}行目「{column}」列: {text}",
            self.file_name, self.line
        ));
    }

    fn text(&mut self, column: Option<usize>, name: &str) -> String {
        let value = self.cell(column).to_owned();
        // A missing column is told once, at the header.
        if value.is_empty() && column.is_some() {
            self.problem(
                name,
                "値がありません。空欄にできない列です。値を入れてください。",
            );
        }
        value
    }

    fn number(&mut self, column: Option<usize>, name: &str, max: u32) -> Option<u32> {
        let value = self.cell(column).to_owned();
        if value.is_empty() {
            return None;
        }
        let number = value
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| value.parse::<u32>());
        match number {
            Some(Ok(number)) if number <= max => Some(number),
            Some(_) => {
                self.problem(
                    name,
                    &format!("値「{value}」は大きすぎます。{max}以下の整数にしてください。"),
                );
                None
            }
            None => {
                self.problem(
                    name,
                    &format!("値「{value}」は0以上の整数ではありません。半角数字だけで入れてください（そのクラスがなければ空欄）。"),
                );
                None
            }
        }
    }

    fn class(
        &mut self,
        age: usize,
        applications: Option<usize>,
        offers: Option<usize>,
    ) -> Option<ClassFigures> {
        let (a_name, o_name) = (format!("applications_{age}"), format!("offers_{age}"));
        let given = [applications, offers].map(|c| !self.cell(c).is_empty());
        let a = self.number(applications, &a_name, MOST_PER_CLASS);
        let o = self.number(offers, &o_name, MOST_PER_CLASS);
        if given[0] != given[1] && applications.is_some() && offers.is_some() {
            let (blank, other) = if given[0] {
                (&o_name, &a_name)
            } else {
                (&a_name, &o_name)
            };
            self.problem(
                blank,
                &format!("空欄ですが「{other}」列には値があります。クラスがあれば両方に（なければ0を）、なければ両方を空欄にしてください。"),
            );
        }
        Some(ClassFigures {
            applications: a?,
            offers: o?,
        })
    }
}

/// CSV records with the line each begins on. Quoted cells may hold commas and line breaks.
fn records(text: &str, file: &str, problems: &mut Vec<String>) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    let (mut line, mut begins) = (1, 1);
    let (mut row, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            _ if quoted => cell.push(c),
            ',' => row.push(std::mem::take(&mut cell)),
            '\n' => {
                row.push(std::mem::take(&mut cell));
                rows.push((begins, std::mem::take(&mut row)));
                begins = line;
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => cell.push(c),
        }
    }
    if quoted {
        problems.push(format!(
            "{file} {begins}行目: 引用符「\"」が閉じられていません。値の終わりに「\"」を入れてください。"
        ));
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((begins, row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "area,kind,facility,capacity,applications_0,offers_0,applications_1,\
        offers_1,applications_2,offers_2,applications_3,offers_3,applications_4,offers_4,\
        applications_5,offers_5\n";

    fn problems(rows: &str) -> Vec<String> {
        parse_calibration(format!("{HEADER}{rows}").as_bytes(), "表.csv").unwrap_err()
    }

    #[test]
    fn blanks_quotes_bom_and_crlf_are_read() {
        let text = format!("\u{feff}{HEADER}北,保育所,\"あ,い\n園\",,3,1,,,,,,,,,0,0\n\n")
            .replace('\n', "\r\n");
        let table = parse_calibration(text.as_bytes(), "t").unwrap();
        assert_eq!(table.facilities[0].name, "あ,い\r\n園");
        assert_eq!(table.facilities[0].capacity, None);
        assert_eq!(table.facilities[0].classes[1], None);
        assert_eq!(
            table.totals()[0],
            ClassFigures {
                applications: 3,
                offers: 1
            }
        );
        assert_eq!(table.totals()[5], ClassFigures::default());
        let again = parse_calibration(&calibration_csv(&table), "t").unwrap();
        assert_eq!(again, table);
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let told = problems(
            "北,保育所,A,60,-1,1,3,,,,１,0,,,2.5,1\n北,保育所,A,x,,,,,,,,,,,,,9\n,,,,99999,0,,,,,,,,,,\n",
        );
        let text = told.join("\n");
        for part in [
            "表.csv 2行目「applications_0」列: 値「-1」",
            "表.csv 2行目「offers_1」列: 空欄ですが「applications_1」列には値があります",
            "表.csv 2行目「applications_3」列: 値「１」",
            "表.csv 2行目「applications_5」列: 値「2.5」",
            "表.csv 3行目: 列が17個",
            "表.csv 3行目「capacity」列: 値「x」",
            "表.csv 3行目「facility」列: 「A」は2行目と重複",
            "表.csv 4行目「area」列: 値がありません",
            "表.csv 4行目「applications_0」列: 値「99999」は大きすぎます",
        ] {
            assert!(text.contains(part), "{part}\n---\n{text}");
        }
    }

    #[test]
    fn unreadable_files_are_told() {
        let told = |bytes: &[u8]| parse_calibration(bytes, "t").unwrap_err().join("\n");
        assert!(told(b"").contains("中身がありません"));
        assert!(told(&[0x8e, 0x73]).contains("UTF-8"));
        assert!(told(HEADER.as_bytes()).contains("施設の行がありません"));
        assert!(told(b"area,area\n1,2\n").contains("「facility」"));
        assert!(told(b"area,area\n1,2\n").contains("2つあります"));
        assert!(told(format!("{HEADER}\"北").as_bytes()).contains("閉じられていません"));
    }
}
