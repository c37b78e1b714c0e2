//! The first sheet: how to read and change the others.

use super::layout::GUIDE;
use enmusubi_criteria::{Document, schema::SECTIONS};
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

/// What everybody needs to know, in the order in which it is needed.
const LINES: &[&str] = &[
    "このブックは、利用調整基準のファイルをExcelで読み書きするためのものです。シート一つが基準の一つの部分、行一つが基準の一行です。",
    "直したら保存し、「enmusubi criteria import このブック.xlsx --out 基準.toml」で取り込みます。誤りがあれば、シートとセルの番地で示し、何も書き込みません。",
    "見出しの※は、必ず書く列です。見出しの2行目は、誤りの説明で使う項目の名前です。見出しにカーソルを合わせると、その列の説明が出ます。",
    "灰色の「（言葉）」の列は、左の式を日本語にしたものです。読むための列で、取り込むときは読みません。",
    "点数表は「表」「区分」「組」「行」の4枚に分かれます。「行」のシートの「表」の列が、どの表の行かを示します。行の順は、上にあるものが先です。",
    "「区分」は時間や日数の目盛りです。行の「以上」はその値を含み、「未満」は含みません。",
    "点数を原典で確かめられない行は、「点」を空欄にして「未記入」を「はい」にします。空欄のまま0点になることはありません。",
    "行を加えるときは、シートの下の空いた行に書きます。行の途中の空白行は読み飛ばします。IDは英数字で、ファイルの中で重ならないようにします。",
    "文字のセルは表示形式が「文字列」になっています。「=」で始まる文字も式とはみなしません。別の表から貼り付けるときは「値のみ」を選んでください（日付などに変わるのを防ぎます）。",
    "列の順は変えてもかまいません。見出しのない列や、ここにない見出しの列、シートを加えることはできません。覚え書きは「備考」の列に書きます。",
];

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, document: &Document) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = wrap.clone().set_bold();
    sheet.set_name(GUIDE)?;
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 5)?;
    sheet.set_column_width(1, 20)?;
    sheet.set_column_width(2, 90)?;
    let name = document
        .rows("criteria")
        .first()
        .and_then(|r| r.text("title"))
        .unwrap_or("利用調整基準");
    sheet.write_string_with_format(0, 0, name, &title)?;
    let mut row = 2;
    for (i, line) in LINES.iter().enumerate() {
        sheet.write_number_with_format(row, 0, i as f64 + 1.0, &wrap)?;
        sheet.merge_range(row, 1, row, 2, line, &wrap)?;
        // Merged cells do not grow by themselves: two lines of about 55 characters.
        sheet.set_row_height(row, if line.chars().count() > 52 { 36 } else { 18 })?;
        row += 1;
    }
    row += 1;
    for (at, text) in ["", "シート", "内容"].iter().enumerate() {
        sheet.write_string_with_format(row, at as u16, *text, &bold)?;
    }
    for schema in SECTIONS {
        row += 1;
        let count = document.rows(schema.name).len();
        let link = format!("internal:'{}'!A1", schema.label);
        sheet.write_url_with_text(row, 1, link.as_str(), schema.label)?;
        let lines = if schema.single { "1行だけ。" } else { "" };
        let text = format!("{}{lines}（いま{count}行）", schema.doc);
        sheet.write_string_with_format(row, 2, text, &wrap)?;
    }
    Ok(())
}
