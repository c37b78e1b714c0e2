//! What is wrong with a file, where, and how to mend it.
//!
//! A reading never stops at the first problem. [`Diagnostics`] collects all of them; of one kind
//! in one file the first [`SHOWN_PER_KIND`] are kept in full and the rest are counted, so a file
//! with a hundred thousand bad rows gives a message a person can read.

use std::fmt::{self, Write as _};

/// Problems of one kind in one file that are shown in full.
pub const SHOWN_PER_KIND: usize = 20;

/// Characters of a value shown in a message.
const VALUE_SHOWN: usize = 40;

/// What is shown of a value that holds an individual number.
const MASKED: &str = "●●●●●●●●●●●●";

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The round cannot be read.
    Error,
    /// The round can be read; somebody should look.
    Warning,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

/// One text in the languages we speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text in both languages.
    #[must_use]
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ja: ja.into(),
            en: en.into(),
        }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Japanese => &self.ja,
            Language::English => &self.en,
        }
    }
}

/// A kind of problem: its stable code and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Stable code for machines and manuals (`E012`, `W003`); never reused.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    pub(crate) ja: Wording,
    pub(crate) en: Wording,
}

/// What is wrong, what was expected, how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    pub(crate) what: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) mend: &'static str,
}

impl Kind {
    fn wording(&self, language: Language) -> &Wording {
        match language {
            Language::Japanese => &self.ja,
            Language::English => &self.en,
        }
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn what(&self, language: Language) -> &'static str {
        self.wording(language).what
    }

    /// What was expected.
    #[must_use]
    pub fn expected(&self, language: Language) -> &'static str {
        self.wording(language).expected
    }

    /// How to mend it.
    #[must_use]
    pub fn mend(&self, language: Language) -> &'static str {
        self.wording(language).mend
    }
}

/// One problem: what, where, which value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kind of problem.
    pub kind: &'static Kind,
    /// File, as the caller named it.
    pub file: Box<str>,
    /// Row as a spreadsheet shows it (line of a TOML file), 1-based.
    pub row: Option<u32>,
    /// Letters of the column as a spreadsheet shows them (`F`), where known.
    pub letter: Option<Box<str>>,
    /// Header of the column as the file has it (key of a TOML file).
    pub column: Option<Box<str>>,
    /// The value, shortened.
    pub value: Option<Box<str>>,
    /// What is particular to this case.
    pub detail: Option<Text>,
}

impl Diagnostic {
    /// Whether the round cannot be read because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.kind.severity == Severity::Error
    }

    /// The message, one to three lines: where and what; expected; how to mend.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        self.head(language) + &self.advice(language)
    }

    /// Where and what, on one line.
    fn head(&self, language: Language) -> String {
        let ja = language == Language::Japanese;
        let mut m = String::new();
        let severity = match (self.kind.severity, ja) {
            (Severity::Error, true) => "エラー",
            (Severity::Warning, true) => "注意",
            (Severity::Error, false) => "error",
            (Severity::Warning, false) => "warning",
        };
        let _ = write!(m, "{severity} {} {}", self.kind.code, self.file);
        if let Some(row) = self.row {
            let _ = if ja {
                write!(m, " {row}行目")
            } else {
                write!(m, ", row {row}")
            };
        }
        let letter = self.letter.as_deref();
        if let Some(column) = &self.column {
            let _ = match (ja, letter) {
                (true, None) => write!(m, "「{column}」"),
                (true, Some(letter)) => write!(m, " {letter}列「{column}」"),
                (false, None) => write!(m, ", column \"{column}\""),
                (false, Some(letter)) => write!(m, ", column {letter} \"{column}\""),
            };
        }
        let _ = write!(m, ": {}", self.kind.what(language));
        // "A required cell is blank (blank)" would say it twice.
        let said_blank = self
            .kind
            .what(language)
            .contains(if ja { "空欄" } else { "blank" });
        if let Some(value) = &self.value {
            let _ = if value.is_empty() && said_blank {
                Ok(())
            } else if value.is_empty() {
                m.write_str(if ja { "（空欄）" } else { " (blank)" })
            } else if ja {
                write!(m, "（値「{value}」）")
            } else {
                write!(m, " (value \"{value}\")")
            };
        }
        if let Some(detail) = self.detail.as_ref().filter(|d| !d.ja.is_empty()) {
            let _ = if ja {
                write!(m, "。{}", detail.get(language))
            } else {
                write!(m, "; {}", detail.get(language))
            };
        }
        m
    }

    /// What is expected and how to mend it, each on a line of its own: the same for all of a kind.
    fn advice(&self, language: Language) -> String {
        let ja = language == Language::Japanese;
        let mut m = String::new();
        let (expected, mend) = (self.kind.expected(language), self.kind.mend(language));
        if !expected.is_empty() {
            let _ = if ja {
                write!(m, "\n  正しい形: {expected}")
            } else {
                write!(m, "\n  expected: {expected}")
            };
        }
        if !mend.is_empty() {
            let _ = if ja {
                write!(m, "\n  直し方: {mend}")
            } else {
                write!(m, "\n  hint: {mend}")
            };
        }
        m
    }
}

/// All problems of one reading, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    counts: Vec<Count>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Count {
    kind: &'static Kind,
    file: Box<str>,
    count: u64,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct At<'a> {
    /// Row as a spreadsheet shows it.
    pub row: Option<u32>,
    /// Header of the column.
    pub column: Option<&'a str>,
    /// The value there.
    pub value: Option<&'a str>,
}

impl<'a> At<'a> {
    /// A row.
    #[must_use]
    pub fn row(row: u32) -> Self {
        Self {
            row: Some(row),
            ..Self::default()
        }
    }

    /// A cell and its value.
    #[must_use]
    pub fn cell(row: u32, column: &'a str, value: &'a str) -> Self {
        Self {
            row: Some(row),
            column: Some(column),
            value: Some(value),
        }
    }
}

impl Diagnostics {
    /// Reports a problem.
    pub fn add(&mut self, kind: &'static Kind, file: &str, at: At<'_>) {
        if self.counted(kind, file) {
            self.push(kind, file, at, None);
        }
    }

    /// Reports a problem with what is particular to it; the text is made only where it is shown.
    pub fn add_with(
        &mut self,
        kind: &'static Kind,
        file: &str,
        at: At<'_>,
        detail: impl FnOnce() -> Text,
    ) {
        if self.counted(kind, file) {
            self.push(kind, file, at, Some(detail()));
        }
    }

    /// Reports a problem of a cell in a column of which also the letters are to be shown.
    pub(crate) fn add_lettered(
        &mut self,
        kind: &'static Kind,
        file: &str,
        at: At<'_>,
        letter: Box<str>,
        detail: impl FnOnce() -> Text,
    ) {
        if self.counted(kind, file) {
            self.push(kind, file, at, Some(detail()));
            if let Some(last) = self.list.last_mut() {
                last.letter = Some(letter);
            }
        }
    }

    /// Counts a problem; whether it is still shown in full.
    fn counted(&mut self, kind: &'static Kind, file: &str) -> bool {
        // Problems come in runs of one kind: look from the end.
        let found = self
            .counts
            .iter_mut()
            .rev()
            .find(|c| c.kind == kind && *c.file == *file);
        match found {
            Some(c) => {
                c.count += 1;
                c.count <= SHOWN_PER_KIND as u64
            }
            None => {
                self.counts.push(Count {
                    kind,
                    file: file.into(),
                    count: 1,
                });
                true
            }
        }
    }

    fn push(&mut self, kind: &'static Kind, file: &str, at: At<'_>, detail: Option<Text>) {
        // What is particular may quote what stands in the file.
        let harmless = |t: &Text| !enmusubi_domain::individual::holds_one(&t.ja);
        let detail = detail.filter(harmless);
        self.list.push(Diagnostic {
            kind,
            file: file.into(),
            row: at.row,
            letter: None,
            column: at.column.map(shorten),
            value: at.value.map(shorten),
            detail,
        });
    }

    /// The problems shown in full, in the order they were found.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Kind, file and number of problems beyond those shown in full.
    pub fn more(&self) -> impl Iterator<Item = (&'static Kind, &str, u64)> {
        self.counts.iter().filter_map(|c| {
            let rest = c
                .count
                .checked_sub(SHOWN_PER_KIND as u64)
                .filter(|&n| n > 0)?;
            Some((c.kind, &*c.file, rest))
        })
    }

    /// Number of problems of a severity, those not shown in full included.
    #[must_use]
    pub fn count(&self, severity: Severity) -> u64 {
        self.counts
            .iter()
            .filter(|c| c.kind.severity == severity)
            .map(|c| c.count)
            .sum()
    }

    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.counts
            .iter()
            .any(|c| c.kind.severity == Severity::Error)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// All messages, errors first, with the advice once for neighbours of a kind, the number of further ones
    /// of a kind, and a last line with the totals. Empty where nothing was found.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let mut out = String::new();
        if self.is_empty() {
            return out;
        }
        // Row by row, as somebody goes through the table; problems are found kind by kind.
        let mut files: Vec<&str> = Vec::new();
        for d in &self.list {
            if !files.contains(&&*d.file) {
                files.push(&d.file);
            }
        }
        let mut list: Vec<&Diagnostic> = self.list.iter().collect();
        list.sort_by_key(|d| (files.iter().position(|f| *f == &*d.file), d.row));
        for severity in [Severity::Error, Severity::Warning] {
            let mut rest = list
                .iter()
                .filter(|d| d.kind.severity == severity)
                .peekable();
            while let Some(d) = rest.next() {
                // A run of one kind is advised about once, below it.
                let advice = match rest.peek() {
                    Some(next) if next.kind.code == d.kind.code => String::new(),
                    _ => d.advice(language),
                };
                let _ = writeln!(out, "{}{advice}", d.head(language));
            }
            for (kind, file, rest) in self.more().filter(|(k, ..)| k.severity == severity) {
                let _ = match language {
                    Language::Japanese => {
                        writeln!(
                            out,
                            "  … {} {file}: 同じ種類がほかに{rest}件あります",
                            kind.code
                        )
                    }
                    Language::English => {
                        writeln!(out, "  … {} {file}: {rest} more of this kind", kind.code)
                    }
                };
            }
        }
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        let _ = match language {
            Language::Japanese => write!(out, "エラー{errors}件、注意{warnings}件"),
            Language::English => {
                let s = |n: u64| if n == 1 { "" } else { "s" };
                let (e, w) = (s(errors), s(warnings));
                write!(out, "{errors} error{e}, {warnings} warning{w}")
            }
        };
        out += match (errors > 0, language) {
            (false, _) => "\n",
            (true, Language::Japanese) => {
                "。何も書き出していません。直してから、もう一度実行してください。\n"
            }
            (true, Language::English) => {
                ". Nothing was written. Correct them and run the command again.\n"
            }
        };
        out
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Language::Japanese))
    }
}

/// The first characters of a value, control characters made visible: a message must neither fill
/// the screen nor move its cursor, nor carry an individual number (個人番号) away.
pub(crate) fn shorten(value: &str) -> Box<str> {
    if enmusubi_domain::individual::holds_one(value) {
        return MASKED.into();
    }
    let mut shown = String::new();
    for (i, c) in value.chars().enumerate() {
        if i == VALUE_SHOWN {
            shown.push('…');
            break;
        }
        match c {
            '\n' => shown.push('⏎'),
            c if c.is_control() => shown.push('\u{FFFD}'),
            c => shown.push(c),
        }
    }
    shown.into()
}

macro_rules! kinds {
    ($($name:ident = $code:literal $severity:ident
        ja: $jw:literal / $je:literal / $jm:literal
        en: $ew:literal / $ee:literal / $em:literal;)*) => {
        /// Every kind of problem.
        pub mod kind {
            use $crate::diagnostic::{Kind, Severity, Wording};
            $(
                #[doc = $ew]
                pub static $name: Kind = Kind {
                    code: $code,
                    severity: Severity::$severity,
                    ja: Wording { what: $jw, expected: $je, mend: $jm },
                    en: Wording { what: $ew, expected: $ee, mend: $em },
                };
            )*
            /// All kinds.
            pub static ALL: &[&Kind] = &[$(&$name),*];
        }
    };
}
pub(crate) use kinds;

kinds! {
    EMPTY_FILE = "E001" Error
        ja: "ファイルが空です" / "見出し行と1行以上のデータ" / "正しいファイルを指定しているか確認してください"
        en: "the file is empty" / "a header row and at least one row of data" / "check that this is the right file";
    NO_ROWS = "E002" Error
        ja: "見出しはありますが、データの行がありません" / "1行以上のデータ" / "データを含むファイルを指定してください"
        en: "there is a header but no row of data" / "at least one row of data" / "use the file that holds the data";
    UTF16 = "E003" Error
        ja: "文字コードがUTF-16です" / "UTF-8 または CP932（Shift_JIS）のCSV、または XLSX" / "Excelの「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存し直してください"
        en: "the file is UTF-16" / "CSV in UTF-8 or CP932, or XLSX" / "save it again from Excel as \"CSV UTF-8 (comma delimited)\"";
    NUL_BYTES = "E004" Error
        ja: "文字でないデータ（NULバイト）が含まれています" / "CSVまたはXLSX" / "別の形式のファイルや壊れたファイルでないか確認し、元のソフトから出力し直してください"
        en: "the file contains NUL bytes" / "CSV or XLSX" / "check that the file is not of another format or damaged, and export it again";
    BAD_BYTES = "E005" Error
        ja: "文字コードとして読めないバイトがあります" / "全体がUTF-8、または全体がCP932" / "文字化けしている箇所を入力し直し、UTF-8で保存してください"
        en: "some bytes are not valid in the file's encoding" / "UTF-8 throughout, or CP932 throughout" / "retype the garbled text and save as UTF-8";
    UNBALANCED_QUOTE = "E006" Error
        ja: "引用符（\"）が閉じられないままファイルが終わっています" / "\"…\" の組" / "この行から始まる引用符を探し、閉じるか取り除いてください。値の中の引用符は \"\" と2つ重ねます"
        en: "a quotation mark (\") is never closed" / "pairs of \"…\"" / "find the quotation mark that opens in this row and close or remove it; inside a value write it twice";
    LONG_ROW = "E007" Error
        ja: "見出しより多くの列に値があります" / "見出しと同じ数の列" / "値の中のコンマは \"…\" で囲んでください。列がずれていないか確認してください"
        en: "the row has values beyond the last header" / "as many columns as the header" / "put values that contain commas into \"…\"; check that columns are not shifted";
    NOT_XLSX = "E008" Error
        ja: "XLSXとして読めません" / "Excelブック（.xlsx）" / "Excelで開き、「Excel ブック（.xlsx）」として保存し直してください。CSVなら拡張子を .csv にしてください"
        en: "the file cannot be read as XLSX" / "an Excel workbook (.xlsx)" / "open it in Excel and save it as \"Excel Workbook (.xlsx)\"; a CSV file should be named .csv";
    TOO_LARGE = "E009" Error
        ja: "ファイル、または展開した中身が大きすぎます" / "展開後1GiB以内" / "不要なシートや書式を除くか、CSVで保存し直してください"
        en: "the file, or what it unpacks to, is too large" / "at most 1 GiB unpacked" / "remove unneeded sheets and formats, or save as CSV";
    HEADER_NOT_FOUND = "E010" Error
        ja: "見出し行が見つかりません" / "先頭50行までに見出し行" / "表を取り違えていないか、区切りがコンマか（タブやセミコロンでないか）、列名が合っているかを確認してください。自治体独自の列名は --columns で対応づけられます"
        en: "no header row was found" / "a header row within the first 50 rows" / "check that it is the right table, that commas separate its cells (not tabs or semicolons), and its column names; your own names can be mapped with --columns";
    MISSING_COLUMN = "E011" Error
        ja: "必要な列がありません" / "" / "列を加えるか、列名が違う場合は --columns で対応づけてください"
        en: "a required column is missing" / "" / "add the column, or map its name with --columns";
    DUPLICATE_HEADER = "E012" Error
        ja: "同じ見出しの列が2つ以上あります" / "見出しは列ごとに1つ（全角・半角の違いは同じとみなします）" / "使わない方の列の見出しを変えてください"
        en: "two or more columns have the same header" / "one column per header (full and half width count as the same)" / "rename the column that is not meant";
    AMBIGUOUS_HEADER = "E013" Error
        ja: "どの列を使うか決められません" / "1つの項目に1つの列" / "--columns で使う列を指定してください"
        en: "it is not clear which column to use" / "one column for each item" / "name the column to use with --columns";
    SCORE_CONFLICT = "E014" Error
        ja: "「点数」と「点数1」の両方があります" / "どちらか一方" / "使わない方の列を除くか、見出しを変えてください"
        en: "there is both a column of points and one of points 1" / "one of the two" / "remove or rename the column that is not meant";
    RESULT_COLUMNS_PRESENT = "E015" Error
        ja: "選考結果の列がすでにあります" / "選考前の申請者の表" / "結果の列を除いた、元の申請者の表を指定してください"
        en: "the table already has result columns" / "the children's table before selection" / "use the original table, without the result columns";
    UNPAIRED_NUMBER = "E016" Error
        ja: "宛名コードと希望施設の列の番号が一致しません" / "番号ごとに「宛名コードN」と「希望施設N」の組" / "足りない列を加えてください"
        en: "the numbers of child and nursery columns differ" / "one pair of columns for each number" / "add the missing column";
    BLANK_ID = "E020" Error
        ja: "番号が空欄です" / "すべての行に番号" / "番号を入力してください。合計などデータでない行は除いてください"
        en: "the id is blank" / "an id in every row" / "enter the id; remove rows that are not data, such as totals";
    DUPLICATE_CHILD = "E021" Error
        ja: "同じ申請者番号の行が2つ以上あります" / "申請者番号は1人に1つ" / "重複した行を除くか、番号を直してください"
        en: "two or more rows have the same child id" / "one row per child" / "remove the repeated row or correct the id";
    CHILD_IN_TWO_HOUSEHOLDS = "E022" Error
        ja: "同じ申請者が2つの世帯にあります" / "1人の申請者は1つの世帯" / "正しい世帯番号を確かめ、もう一方の行を除いてください"
        en: "one child is in two households" / "each child in one household" / "find the right household and remove the other row";
    DUPLICATE_NURSERY = "E023" Error
        ja: "同じ保育所IDの行が2つ以上あります" / "保育所IDは1施設に1つ" / "重複した行を除くか、IDを直してください"
        en: "two or more rows have the same nursery id" / "one row per nursery" / "remove the repeated row or correct the id";
    UNKNOWN_NURSERY = "E024" Error
        ja: "保育所の表にない保育所IDです" / "保育所の表にあるID（先頭の0や全角・半角も同じもの）" / "IDを直すか、保育所の表に加えてください"
        en: "the nursery id is not in the nurseries' table" / "an id of that table (leading zeros and width count)" / "correct the id, or add the nursery to its table";
    INEXACT_NUMBER = "E025" Error
        ja: "Excelの数値として保存されているため、下の桁が失われているおそれがあります" / "15桁を超える番号や点数は文字列" / "列の書式を「文字列」にして、元の値を入力し直してください"
        en: "stored as an Excel number, the value may have lost its last digits" / "more than 15 digits as text" / "format the column as text and enter the original value again";
    CELL_ERROR = "E026" Error
        ja: "Excelの数式エラーが入っています" / "値" / "数式を直すか、値として貼り付けてください"
        en: "the cell holds an Excel formula error" / "a value" / "mend the formula or paste the value";
    BAD_AGE = "E030" Error
        ja: "年齢が0〜5の整数ではありません" / "4月1日時点のクラス年齢を半角の 0〜5 で" / "「3歳」「３」などは 3 に直してください。6以上は対象外です"
        en: "the age is no whole number from 0 to 5" / "the age class on 1 April, 0 to 5" / "write 3 for \"3歳\" or \"３\"; 6 and more are out of scope";
    BAD_SCORE = "E031" Error
        ja: "点数が整数ではありません" / "半角数字の整数（桁数は自由、負の数は先頭に -）" / "小数、全角数字、桁区切りのコンマ、単位を除いてください"
        en: "the points are no whole number" / "an integer in ASCII digits, of any length, with - for negative" / "remove fractions, full-width digits, separators and units";
    NO_SCORE = "E032" Error
        ja: "点数が空欄です" / "点数1（点数）、または希望した列すべての点数" / "点数を入力してください"
        en: "the points are blank" / "points 1, or points for every choice" / "enter the points";
    NO_CHOICE = "E033" Error
        ja: "希望する保育所が1つもありません" / "1つ以上の希望" / "希望を入力するか、行を除いてください"
        en: "the child has no choice at all" / "at least one choice" / "enter a choice or remove the row";
    OWN_NURSERY_CHOSEN = "E034" Error
        ja: "在籍している保育所が希望に入っています" / "転園先だけを希望に書く（移れないときは自動的に今の園に残ります）" / "希望から在籍の保育所を除いてください"
        en: "the child's own nursery is among its choices" / "only other nurseries (a child that cannot move stays)" / "remove its own nursery from the choices";
    BAD_CODE = "E035" Error
        ja: "きょうだいパターンが1〜7ではありません" / "1〜7 の整数" / "正しいコードに直してください"
        en: "the sibling code is not 1 to 7" / "a whole number from 1 to 7" / "correct the code";
    NO_CODE = "E036" Error
        ja: "きょうだいで申し込む世帯に、きょうだい条件がありません" / "世帯の誰か1人以上に1〜7（空欄の扱いは --rules の [wish] で定められます）" / "きょうだい条件を入力してください"
        en: "siblings apply without a sibling wish" / "1 to 7 for at least one of them (or a default under [wish] in --rules)" / "enter the sibling wish";
    CODES_DIFFER = "E037" Error
        ja: "同じ世帯の中で、きょうだい条件が異なります" / "世帯の全員に同じ値" / "申込書を確かめ、同じ値にしてください"
        en: "the sibling wish differs within one household" / "the same value for the whole household" / "check the application form and make them equal";
    NO_COMMON_NURSERY = "E038" Error
        ja: "同じ園を条件とする世帯に、共通の希望園がありません" / "きょうだい全員が希望する園が1つ以上" / "希望園またはきょうだい条件を見直してください"
        en: "the household requires one nursery but its children share none" / "at least one nursery that all siblings chose" / "review the choices or the sibling wish";
    WISH_UNKNOWN = "E039" Error
        ja: "きょうだい条件の値がルールファイルにありません" / "--rules の [wish] にある値" / "値を直すか、ルールファイルに加えてください"
        en: "the sibling wish's value is not in the rule file" / "a value listed under [wish] in --rules" / "correct the value or add it to the rule file";
    WISH_OTHER = "E040" Error
        ja: "きょうだい条件が「その他」です。職員の確認が必要です" / "確認後の値、または組み合わせ表" / "世帯に確認し、値を入れるか組み合わせ表に書いてください"
        en: "the sibling wish is \"other\": staff must decide" / "a value after asking, or rows in the combination table" / "ask the household, then enter a value or use the combination table";
    RULE_BLANK = "E041" Error
        ja: "ルールが使う列が空欄で、どう扱うか定められていません" / "値、または --rules の blank" / "値を入力するか、ルールファイルに空欄の扱い（blank）を書いてください"
        en: "a column a rule uses is blank, and what a blank means is not declared" / "a value, or blank = … in --rules" / "enter the value, or declare what a blank means";
    RULE_VALUE = "E042" Error
        ja: "ルールが使う列の値を判断できません" / "ルールファイルにある値、または整数" / "値を直すか、ルールファイルに加えてください"
        en: "the value of a column a rule uses cannot be decided" / "a value the rule file lists, or a whole number" / "correct the value or add it to the rule file";
    BAD_SEATS = "E050" Error
        ja: "募集人数が0以上の整数ではありません" / "半角数字の 0 以上の整数" / "負の数・小数・単位・桁区切り・大きすぎる数を直してください"
        en: "the seats are no whole number of 0 or more" / "a whole number in ASCII digits" / "correct negative numbers, fractions, units, separators and too large numbers";
    FULL_WIDTH_NUMBER = "E051" Error
        ja: "全角の数字です" / "半角数字" / "半角に直してください（Excelなら ASC関数で変換できます）"
        en: "the digits are full-width" / "ASCII digits" / "change them to half-width (in Excel: the ASC function)";
    UNKNOWN_HOUSEHOLD = "E060" Error
        ja: "申請者の表にない世帯です" / "申請者の表にある世帯番号" / "ファミリーコードを直すか、行を除いてください"
        en: "the household is not in the children's table" / "a household of that table" / "correct the code or remove the row";
    UNKNOWN_CHILD = "E061" Error
        ja: "申請者の表にない申請者です" / "申請者の表にある申請者番号" / "番号を直してください"
        en: "the child is not in the children's table" / "a child of that table" / "correct the id";
    CHILD_OF_OTHER_HOUSEHOLD = "E062" Error
        ja: "別の世帯の申請者です" / "この世帯の申請者" / "宛名コードまたはファミリーコードを直してください"
        en: "the child belongs to another household" / "a child of this household" / "correct the child's or the household's code";
    BAD_RANK = "E063" Error
        ja: "順位が1以上の整数ではありません" / "1以上の整数" / "順位を直してください"
        en: "the rank is no whole number of 1 or more" / "a whole number of 1 or more" / "correct the rank";
    REPEATED_RANK = "E064" Error
        ja: "同じ世帯に同じ順位が2つ以上あります" / "順位は世帯の中で1つずつ" / "順位を直すか、重複した行を除いてください"
        en: "a household has the same rank twice" / "each rank once per household" / "correct the rank or remove the repeated row";
    REPEATED_CHILD = "E065" Error
        ja: "1つの行に同じ申請者が2回あります" / "1行に各申請者1回" / "宛名コードを直してください"
        en: "a row names the same child twice" / "each child once per row" / "correct the ids";
    NURSERY_WITHOUT_CHILD = "E066" Error
        ja: "希望施設がありますが、宛名コードが空欄です" / "宛名コードと希望施設の組" / "宛名コードを入力してください"
        en: "a nursery is given but the child's id is blank" / "a child's id beside each nursery" / "enter the child's id";
    COMBINATION_SCORE = "E067" Error
        ja: "組み合わせ表の施設は申請者の希望になく、点数1（点数）も空欄です" / "希望にある施設、または点数1" / "施設を希望に加えるか、点数1を入力してください"
        en: "the nursery is not among the child's choices and points 1 is blank" / "a chosen nursery, or points 1" / "add the nursery to the choices or enter points 1";
    TOML_SYNTAX = "E070" Error
        ja: "TOMLとして読めません" / "TOML" / "この行の書き方を直してください。日本語のキーと文字の値は \"…\" で囲みます"
        en: "the file is not valid TOML" / "TOML" / "correct this line; put Japanese keys and text values into \"…\"";
    UNKNOWN_KEY = "E071" Error
        ja: "知らないキーです" / "" / "つづりを確認してください"
        en: "unknown key" / "" / "check the spelling";
    BAD_VALUE = "E072" Error
        ja: "キーの値が正しくありません" / "" / "値を直してください"
        en: "the key's value is not right" / "" / "correct the value";
    MISSING_KEY = "E073" Error
        ja: "必要なキーがありません" / "" / "キーを加えてください"
        en: "a required key is missing" / "" / "add the key";
    RULE_COLUMN_MISSING = "E074" Error
        ja: "ルールが使う列が申請者の表にありません" / "申請者の表の列名" / "列名を直すか、申請者の表に列を加えてください"
        en: "a column a rule uses is not in the children's table" / "a header of the children's table" / "correct the name or add the column";
    RULE_NURSERY = "E075" Error
        ja: "ルールの保育所IDが保育所の表にありません" / "保育所の表にあるID" / "IDを直してください"
        en: "a nursery id of a rule is not in the nurseries' table" / "an id of that table" / "correct the id";
    RULE_CONFLICT = "E076" Error
        ja: "ルールどうしが矛盾しています" / "" / "どちらか一方にしてください"
        en: "two rules contradict each other" / "" / "keep one of them";
    POOL_TOO_LARGE = "E077" Error
        ja: "枠の人数の合計が、その年齢の募集人数より多くなっています" / "募集人数以内（外数の枠は counted = \"extra\"）" / "人数を直してください"
        en: "the pools have more seats than the class" / "no more than the class's seats (or counted = \"extra\")" / "correct the seats";
    RESULT_CHILD_MISSING = "E080" Error
        ja: "結果の表に載っていない申請者がいます" / "申請者の表の全員" / "結果の表に行を加えてください（入所できない場合は保育所IDを空欄に）"
        en: "a child is missing from the result" / "every child of the children's table" / "add its row (blank nursery id where it has no place)";
    UNMAPPABLE = "E081" Error
        ja: "CP932では書けない文字があります" / "CP932にある文字" / "出力をXLSXにするか、申請者の表をUTF-8で保存し直してください"
        en: "a character cannot be written in CP932" / "characters of CP932" / "write XLSX instead, or save the children's table as UTF-8";
    WRITE_FAILED = "E082" Error
        ja: "結果の表を作れませんでした" / "" / ""
        en: "the result table could not be made" / "" / "";
    HOLE = "W001" Warning
        ja: "希望順位に抜けがあります。詰めて読みました" / "" / ""
        en: "the choices have a hole; it was closed up" / "" / "";
    DUPLICATE_CHOICE = "W002" Warning
        ja: "同じ保育所を2回希望しています。先の方だけを使いました" / "" / ""
        en: "a nursery is chosen twice; the first was kept" / "" / "";
    CODE_ON_ONLY_CHILD = "W003" Warning
        ja: "1人で申し込む世帯に、きょうだい条件があります。使いません" / "" / "きょうだいの行が抜けていないか確認してください"
        en: "an only child has a sibling wish; it is not used" / "" / "check that no sibling's row is missing";
    SHORT_ROW = "W004" Warning
        ja: "見出しより列の数が少ない行です。足りない列は空欄として読みました" / "" / "行が途中で切れていないか確認してください"
        en: "the row has fewer columns than the header; the rest was read as blank" / "" / "check that the row is not cut off";
    SEATS_BLANK = "W005" Warning
        ja: "希望者がいるクラスの募集人数が空欄です。0として読みました" / "" / "募集しないなら 0 を、募集するなら人数を入力してください"
        en: "a class that children chose has blank seats; read as 0" / "" / "enter 0 or the number of seats";
    COMBINATION_ONLY_CHILD = "W006" Warning
        ja: "1人で申し込む世帯は組み合わせ表を使いません。この行は読み飛ばしました" / "" / ""
        en: "the combination table is for two or more children; the row was skipped" / "" / "";
    UNREACHABLE_COMBINATION = "W007" Warning
        ja: "全員が今のままの行より後の組み合わせは使いません" / "" / ""
        en: "combinations after a row that leaves everybody as now are not used" / "" / "";
    REPEATED_COMBINATION = "W008" Warning
        ja: "同じ組み合わせが前の順位にあります。先の方だけを使いました" / "" / ""
        en: "the same combination has an earlier rank; the first was kept" / "" / "";
    COMBINATION_NOT_CHOSEN = "W009" Warning
        ja: "組み合わせ表の施設が、申請者の希望にありません。点数1を使い、希望の最後に加えました" / "" / "希望または組み合わせ表を確認してください"
        en: "the combination table names a nursery the child did not choose; it was added after its choices, with points 1" / "" / "check the choices or the combination table";
    OTHER_SHEET = "W010" Warning
        ja: "先頭以外のシートを読みました" / "" / ""
        en: "a sheet other than the first was read" / "" / "";
    UNUSED_HEADER = "W011" Warning
        ja: "0〜5歳以外の募集人数の列は使いません" / "" / ""
        en: "seats of ages other than 0 to 5 are not used" / "" / "";
    PASSES_DIFFER = "W012" Warning
        ja: "きょうだいの先行選考の段階が異なります。世帯の全員を1つの段階で決めます" / "" / "先（first）か後（last）かは --rules の [passes] siblings で定められます"
        en: "siblings belong to different passes; the family is decided whole in one" / "" / "declare siblings = \"first\" or \"last\" under [passes] in --rules";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_agree_with_the_severity() {
        let all = || {
            let more = crate::workbook::kind::ALL.iter();
            let more = more.chain(crate::past::kind::ALL);
            let more = more.chain(crate::signed_rules::kind::ALL);
            let more = more.chain(crate::certificate::kind::ALL);
            kind::ALL.iter().chain(more)
        };
        let mut codes: Vec<_> = all().map(|k| k.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all().count());
        for k in all() {
            let error = k.severity == Severity::Error;
            assert_eq!(k.code.starts_with('E'), error, "{}", k.code);
            for language in [Language::Japanese, Language::English] {
                assert!(!k.what(language).is_empty(), "{}", k.code);
            }
        }
    }

    #[test]
    fn a_kind_repeated_thousands_of_times_is_grouped() {
        let mut all = Diagnostics::default();
        for row in 2..5002 {
            all.add(&kind::BAD_AGE, "children.csv", At::cell(row, "年齢", "6"));
        }
        all.add(&kind::HOLE, "children.csv", At::row(3));
        assert_eq!(all.list().len(), SHOWN_PER_KIND + 1);
        assert_eq!(all.count(Severity::Error), 5000);
        let text = all.render(Language::Japanese);
        assert!(text.starts_with(
            "エラー E030 children.csv 2行目「年齢」: 年齢が0〜5の整数ではありません（値「6」）\nエラー E030 "
        ));
        assert_eq!(text.matches("正しい形: ").count(), 1);
        assert!(text.contains("… E030 children.csv: 同じ種類がほかに4980件あります"));
        assert!(text.contains("\nエラー5000件、注意1件。何も書き出していません。"));
        let text = all.render(Language::English);
        assert!(text.contains("error E030 children.csv, row 2, column \"年齢\": the age is"));
    }

    #[test]
    fn values_are_shortened_and_harmless() {
        assert_eq!(&*shorten("a\nb\u{1b}[2J"), "a⏎b\u{FFFD}[2J");
        assert_eq!(shorten(&"あ".repeat(1000)).chars().count(), VALUE_SHOWN + 1);
    }
}
