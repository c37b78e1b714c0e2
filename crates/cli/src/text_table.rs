//! Tables for terminals, aligned by the width of what is shown, and for the web (Markdown).

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Rows of cells below a header.
#[derive(Debug, Clone, Default)]
pub struct TextTable {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Widest cell in a terminal; longer ones are broken.
const WIDTH_MAX: usize = 48;

impl TextTable {
    /// A table without rows.
    pub fn new(header: Vec<String>) -> Self {
        Self {
            header,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.header.len());
        self.rows.push(cells);
    }

    /// Columns that hold something.
    fn used(&self) -> Vec<usize> {
        (0..self.header.len())
            .filter(|&c| self.rows.iter().any(|r| !r[c].is_empty()))
            .collect()
    }

    /// Aligned, two blanks between columns; empty columns are left out.
    pub fn text(&self) -> String {
        let used = self.used();
        let cells = |row: &[String]| -> Vec<Vec<String>> {
            used.iter().map(|&c| lines(&row[c], WIDTH_MAX)).collect()
        };
        let header = cells(&self.header);
        let rows: Vec<_> = self.rows.iter().map(|r| cells(r)).collect();
        let widths: Vec<usize> = (0..used.len())
            .map(|c| {
                let all = std::iter::once(&header).chain(&rows);
                let widest = |row: &Vec<Vec<String>>| row[c].iter().map(|l| l.width()).max();
                all.filter_map(widest).max().unwrap_or(0)
            })
            .collect();
        let mut out = String::new();
        let rule: Vec<Vec<String>> = widths.iter().map(|w| vec!["─".repeat(*w)]).collect();
        for row in [&header, &rule].into_iter().chain(&rows) {
            let height = row.iter().map(Vec::len).max().unwrap_or(0);
            for i in 0..height {
                let mut line = String::new();
                for (cell, width) in row.iter().zip(&widths) {
                    let text = cell.get(i).map_or("", String::as_str);
                    line.push_str(text);
                    line.push_str(&" ".repeat(width.saturating_sub(text.width()) + 2));
                }
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
        out
    }

    /// Markdown; empty columns are left out.
    pub fn markdown(&self) -> String {
        let used = self.used();
        let mut out = String::new();
        let mut line = |row: &[String]| {
            let cells: Vec<String> = used.iter().map(|&c| escaped(&row[c])).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        };
        line(&self.header);
        line(&vec!["---".to_owned(); self.header.len()]);
        for row in &self.rows {
            line(row);
        }
        out
    }
}

/// Text that Markdown shows as it is.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // The rule below a header is no text.
    if text == "---" { text.to_owned() } else { out }
}

/// Lines no wider than `most`, broken at blanks where there are any near the end.
fn lines(text: &str, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    for paragraph in text.split('\n') {
        // An address in two lines cannot be followed.
        if paragraph.starts_with("http") {
            all.push(paragraph.to_owned());
            continue;
        }
        let (mut line, mut width) = (String::new(), 0);
        for c in paragraph.chars() {
            let own = c.width().unwrap_or(0);
            if width + own > most {
                let blank = line.rfind(' ').filter(|at| line[*at..].width() < most / 3);
                let rest = blank.map_or_else(String::new, |at| line.split_off(at));
                all.push(line.trim_end().to_owned());
                line = rest.trim_start().to_owned();
                width = line.width();
            }
            line.push(c);
            width += own;
        }
        all.push(line);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = TextTable::new(vec!["ID".into(), "名称".into(), "空".into(), "点".into()]);
        table.row(vec!["a".into(), "就労".into(), String::new(), "10".into()]);
        table.row(vec!["bb|".into(), "x\ny".into(), String::new(), "9".into()]);
        assert_eq!(
            table.text(),
            "ID   名称  点\n───  ────  ──\na    就労  10\nbb|  x     9\n     y\n"
        );
        assert_eq!(
            table.markdown(),
            "| ID | 名称 | 点 |\n| --- | --- | --- |\n| a | 就労 | 10 |\n| bb\\| | x<br>y | 9 |\n"
        );
        let long = lines(
            "保護者が就労している かつ 世帯が「生活保護」に当てはまる",
            30,
        );
        assert_eq!(
            long,
            [
                "保護者が就労している かつ",
                "世帯が「生活保護」に当てはまる"
            ]
        );
        assert_eq!(lines("aaaa", 3), ["aaa", "a"]);
    }
}
