//! Sections and fields of a criteria file. Reading, writing the canonical text, the Excel workbook, the
//! comparison of two files and `docs/criteria-format.md` all follow this one list.

/// A section: `[name]` (single) or `[[name]]` in TOML, a sheet in Excel.
#[derive(Debug, PartialEq, Eq)]
pub struct SectionSchema {
    /// Name in TOML.
    pub name: &'static str,
    /// Name of the sheet.
    pub label: &'static str,
    /// One row only.
    pub single: bool,
    /// Rows are written below the row of this section that their field of the same name names (a `row`
    /// below its `table`); file order counts within it.
    pub within: Option<&'static str>,
    /// Fields, in canonical order.
    pub fields: &'static [FieldSchema],
    /// What it is for.
    pub doc: &'static str,
}

/// A field.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldSchema {
    /// Name in TOML.
    pub name: &'static str,
    /// Header in the workbook.
    pub label: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Must be there.
    pub required: bool,
    /// Meaning.
    pub doc: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// An id: an identifier (`A1`, `single_parent`) or words joined by hyphens (`work-140`).
    Id,
    /// Text for people.
    Text,
    /// An expression.
    Expression,
    /// A whole number, or an expression.
    IntegerOrExpression,
    /// A whole number, or a decimal as text (`"0.5"`).
    Number,
    /// A whole number.
    Integer,
    /// はい／いいえ.
    Bool,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Texts or ids.
    List,
    /// Nested facts of an example.
    Inline,
}

macro_rules! sections {
    ($($name:literal $label:literal $shape:ident $(in $within:literal)? $doc:literal { $($field:literal $flabel:literal $req:ident $kind:expr, $fdoc:literal;)* })*) => {
        /// All sections, in canonical order.
        pub static SECTIONS: &[SectionSchema] = &[$(SectionSchema {
            name: $name,
            label: $label,
            single: sections!(@single $shape),
            within: sections!(@within $($within)?),
            doc: $doc,
            fields: &[$(FieldSchema {
                name: $field,
                label: $flabel,
                kind: { use FieldKind::*; $kind },
                required: sections!(@required $req),
                doc: $fdoc,
            }),*],
        }),*];
    };
    (@single one) => { true };
    (@single many) => { false };
    (@within) => { None };
    (@within $w:literal) => { Some($w) };
    (@required must) => { true };
    (@required may) => { false };
}

sections! {
"criteria" "基準" one "どの自治体の、いつの基準か。" {
    "kind" "種類" must OneOf(&["municipality", "example", "structure"]), "自治体の基準、見本、または仕組みの試験用。";
    "municipality" "自治体コード" may Text, "全国地方公共団体コード（6桁）。";
    "name" "名称" must Text, "自治体の名前。";
    "fiscal_year" "年度" must Integer, "入所年度（西暦）。";
    "title" "題名" must Text, "基準の題名。";
    "note" "備考" may Text, "備考。";
}
"document" "出典" many "数値の出典。" {
    "id" "ID" must Id, "出典のID。";
    "title" "文書名" must Text, "文書の名前。";
    "url" "所在" may Text, "公開されている場所。";
    "grade" "確度" must OneOf(&["official", "official-part", "third-party"]), "原典を通読、原典の一部、第三者の転記。";
}
"condition" "条件" many "名前をつけた条件。ほかの式から名前で使う。" {
    "id" "ID" must Id, "式の中で使う名前。";
    "label" "名称" must Text, "人が読む名前。";
    "when" "条件" must Expression, "条件式。";
}
"table" "表" many "点数の表。" {
    "id" "ID" must Id, "式の中で使う名前。";
    "label" "名称" must Text, "人が読む名前。";
    "over" "対象" may OneOf(&["guardian", "adult", "application"]), "保護者ごと、同居者ごと、または申込みごと（既定）。";
    "take" "合成" must OneOf(&["sum", "highest", "lowest", "first"]), "当てはまる行の合成: 合計、最高、最低、先の行。";
    "otherwise" "該当なし" may IntegerOrExpression, "どの行も当てはまらないときの点。合計の表では0。ほかの表で省くと判定できない扱い。";
    "at_most" "上限" may IntegerOrExpression, "表の点の上限。";
    "at_least" "下限" may IntegerOrExpression, "表の点の下限。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
    "note" "備考" may Text, "備考。";
}
"band" "区分" many in "table" "量を区切る物差し。行の from と below がその目盛り。" {
    "id" "ID" must Id, "区分のID（表の中で一つ）。";
    "table" "表" must Id, "表のID。";
    "label" "名称" must Text, "人が読む名前。";
    "when" "条件" may Expression, "この区分の行すべての前提。";
    "by" "量" must Expression, "区切る量。";
    "unit" "単位" may Text, "量の単位（hours_per_month など）。単位のない数なら省く。";
    "by2" "量2" may Expression, "二つ目の量（日数×時間の表）。";
    "unit2" "単位2" may Text, "二つ目の量の単位。";
    "partition" "すき間なし" may Bool, "最も低い from から上にすき間がないことを検査する。";
}
"group" "組" many in "table" "一つだけを数える行の組。" {
    "id" "ID" must Id, "組のID（表の中で一つ）。";
    "table" "表" must Id, "表のID。";
    "label" "名称" must Text, "人が読む名前。";
    "take" "合成" must OneOf(&["sum", "highest", "lowest", "first"]), "組の中の合成。";
    "at_most" "上限" may IntegerOrExpression, "組の点の上限。";
    "at_least" "下限" may IntegerOrExpression, "組の点の下限。";
}
"row" "行" many in "table" "表の行。" {
    "id" "ID" must Id, "行のID（ファイルの中で一つ）。";
    "table" "表" must Id, "表のID。";
    "label" "名称" must Text, "人が読む名前。";
    "parents" "保護者向け" may Text, "保護者に見せる名前。省くと名称と同じ。";
    "group" "組" may Id, "組のID。";
    "band" "区分" may Id, "区分のID。";
    "from" "以上" may Number, "区分の下端（含む）。";
    "below" "未満" may Number, "区分の上端（含まない）。";
    "from2" "以上2" may Number, "二つ目の量の下端（含む）。";
    "below2" "未満2" may Number, "二つ目の量の上端（含まない）。";
    "when" "条件" may Expression, "条件式。省くといつも当てはまる。";
    "points" "点" may IntegerOrExpression, "点数、または式。裁量の行と未記入の行では省く。";
    "discretion" "裁量" may OneOf(&["required", "optional"]), "職員が判断して記入する値。必ず記入、または必要なときだけ。";
    "min" "裁量の下限" may Number, "裁量の値の下限。";
    "max" "裁量の上限" may Number, "裁量の値の上限。";
    "excludes" "打ち消す行" may List, "この行が当てはまるとき数えない行のID。";
    "if_unknown" "不明のとき" may OneOf(&["undecided", "applies", "not"]), "条件が判断できないとき: 判定できない（既定）、当てはまる、当てはまらない。";
    "fill" "未記入" may Bool, "点数がまだ原典で確かめられていない。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
    "note" "備考" may Text, "備考。";
}
"value" "値" many "名前をつけた数（指数など）。" {
    "id" "ID" must Id, "式の中で使う名前。";
    "label" "名称" must Text, "人が読む名前。";
    "value" "式" must IntegerOrExpression, "表や前の値から作る式。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
    "note" "備考" may Text, "備考。";
}
"change" "修正" many in "value" "値への修正。書いた順に働く。" {
    "id" "ID" must Id, "修正のID（ファイルの中で一つ）。";
    "value" "値" must Id, "値のID。";
    "label" "名称" must Text, "人が読む名前。";
    "parents" "保護者向け" may Text, "保護者に見せる名前。";
    "when" "条件" may Expression, "条件式。省くといつも働く。";
    "set" "置き換え" may IntegerOrExpression, "この値にする。";
    "add" "加える" may IntegerOrExpression, "この数を加える。";
    "multiply" "掛ける" may IntegerOrExpression, "この数を掛ける。";
    "at_most" "上限" may IntegerOrExpression, "この数を超えない。";
    "at_least" "下限" may IntegerOrExpression, "この数を下回らない。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
}
"stratum" "優先区分" many "点数より先に比べる区分。上から順に、最初に当てはまるものに入る。" {
    "id" "ID" must Id, "区分のID。";
    "label" "名称" must Text, "人が読む名前。";
    "when" "条件" may Expression, "条件式。省くと残りすべて（最後の一つだけ）。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
}
"key" "優先順位" many "比べる順。上から順に比べ、最初に違うところで決まる。" {
    "id" "ID" must Id, "順位のID。";
    "label" "名称" must Text, "人が読む名前。";
    "value" "値" may IntegerOrExpression, "比べる値。未記入のときだけ省く。";
    "order" "並び" may OneOf(&["higher", "lower"]), "高い方が先（既定）、低い方が先。";
    "show" "表示" may List, "値の見せ方（9=A のように）。";
    "together" "同時入所" may Bool, "きょうだいが同時に入所できるかどうかを比べる。value はその対象となる世帯か。";
    "fill" "未記入" may Bool, "原典でまだ確かめられていない。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
}
"pass" "先行選考" many "選考の段階。上から順に、最初に当てはまる段階で選考する。" {
    "id" "ID" must Id, "段階のID。";
    "label" "名称" must Text, "人が読む名前。";
    "when" "条件" may Expression, "条件式。省くと残りすべて（最後の一つだけ）。";
}
"pool" "枠" many "対象を決めた枠。席の数は選考回のクラス表にある。" {
    "id" "ID" must Id, "枠のID（クラス表と同じ）。";
    "label" "名称" must Text, "人が読む名前。";
    "target" "対象" must Expression, "枠の対象となる条件。";
    "hard" "対象外不可" may Bool, "対象外の児童は入れない（省くと対象の児童が先）。";
    "after_ordinary" "一般の後" may Bool, "一般の席の後に試す（省くと先）。";
    "within" "内数" may Bool, "枠の席はクラスの募集人数に含まれる（省くと外数）。";
    "parents" "保護者向け" may Text, "対象外のときの説明の文。";
}
"eligibility" "受入要件" many "選考の対象となる条件。" {
    "id" "ID" must Id, "要件のID。";
    "label" "名称" must Text, "対象とならない理由（職員向け）。";
    "require" "要件" must Expression, "満たすべき条件。";
    "parents" "保護者向け" may Text, "対象とならない理由の文。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
    "grade" "確度" may OneOf(&["official", "official-part", "third-party"]), "出典と異なるとき。";
}
"siblings" "きょうだい" one "きょうだいの希望の扱い。" {
    "timing" "時期の既定" may OneOf(&["together", "need-not"]), "無回答の世帯の入所時期。";
    "place" "場所の既定" may OneOf(&["same-only", "prefer-same", "choice-order"]), "無回答の世帯の入所場所。";
    "first" "順の既定" may OneOf(&["older", "younger", "either"]), "無回答の世帯の、同時でないときの順。";
    "coupling" "点の連動" may OneOf(&["none", "highest", "average"]), "きょうだいの点数: それぞれ（既定）、高い方にそろえる、平均。";
    "coupled" "連動する順位" may List, "連動する優先順位のID。";
    "first_pass" "先の段階で選考" may Bool, "段階の異なるきょうだいを先の段階で選考する（省くと後の段階）。";
}
"answer" "きょうだいの回答" many "様式の回答の意味。" {
    "question" "問い" must OneOf(&["code", "timing", "place", "first"]), "一つの符号で答える様式か、どの問いか。";
    "answer" "回答" must Text, "様式に書かれた回答。";
    "timing" "入所時期" may OneOf(&["together", "need-not"]), "同時のみ、順次でよい。";
    "place" "入所場所" may OneOf(&["same-only", "prefer-same", "choice-order"]), "同じ園のみ、同じ園を優先、希望順位を優先。";
    "first" "順" may OneOf(&["older", "younger", "either"]), "上の子から、下の子から、どちらでも。";
    "staff" "職員が判断" may Bool, "自由記載。職員が読み取るまで選考できない。";
}
"transfers" "転園" one "転園希望者の扱い。" {
    "refill" "空きを埋める" may Bool, "転園で空いた席を同じ選考で埋める（既定は、はい）。";
    "refusable" "辞退可" may Bool, "転園の内定を辞退できる（既定は、いいえ）。";
    "withdrawable" "取下げ可" may Bool, "締切後に取り下げられる（既定は、いいえ）。";
}
"ties" "同順位" one "すべて同じときの扱い。必ず書く。" {
    "left" "扱い" must OneOf(&["stop", "lottery", "equal", "staff"]), "決めるまで止める、抽選、同じとみなす、職員が決める。";
}
"selection" "選考" one "席の決め方。" {
    "mechanism" "方式" may OneOf(&["stable", "index-order", "choice-order"]), "優先順位が先（既定）、指数順に一巡、希望順位が先。";
    "disclosure_minimum" "少数の秘匿" may Integer, "これより少ない人数にもとづく数値は保護者に示さない（既定は3）。";
}
"conversion" "換算" one "就労証明書の換算を国の標準と変えるとき。" {
    "weeks_per_month" "月の週数" may Number, "週から月への換算（国の標準は4）。";
    "break_at_most" "休憩の上限" may Number, "1日のうち就労時間に数える休憩の上限（時間）。";
}
"monotone" "有利な事実" many "この事実が増えても順位が下がらないという約束。検査で確かめる。" {
    "fact" "事実" must Text, "属性（household.welfare など）。";
    "better" "有利な向き" must OneOf(&["more", "less"]), "多い（はい）方が有利か、少ない（いいえ）方が有利か。";
}
"gap" "不明な点" many "公表資料から読み取れなかったこと。" {
    "id" "ID" must Id, "ID。";
    "label" "内容" must Text, "何が分からないか。";
    "note" "備考" may Text, "備考。";
}
"example" "計算例" many "事実または順位と、期待される結果。criteria test が確かめる。" {
    "id" "ID" must Id, "例のID。";
    "label" "名称" must Text, "人が読む名前。";
    "round" "選考回" may Inline, "選考回の事実。";
    "household" "世帯" may Inline, "世帯の事実。";
    "guardians" "保護者" may Inline, "保護者の事実の並び。";
    "adults" "同居者" may Inline, "同居者・祖父母の事実の並び。";
    "child" "児童" may Inline, "申込児童の事実。";
    "siblings" "きょうだい" may Inline, "ほかの児童の事実の並び。";
    "declines" "辞退" may Inline, "過去の辞退の並び。";
    "facility" "施設" may Inline, "希望する施設の事実。";
    "choice" "希望" may Inline, "希望の事実（rank など）。";
    "discretion" "裁量の値" may Inline, "行のIDと値。";
    "expect" "期待" may Inline, "表・値・順位のIDと期待される値、outcome。";
    "order" "並べる例" may Inline, "名前と順位の値の並び。先のものほど優先。";
    "document" "出典" may Id, "出典のID。";
    "page" "頁" may Text, "頁または条項。";
}
}

/// The schema of a section.
#[must_use]
pub fn section(name: &str) -> Option<&'static SectionSchema> {
    SECTIONS.iter().find(|s| s.name == name)
}
