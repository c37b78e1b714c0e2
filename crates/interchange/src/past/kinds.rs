//! What can be wrong with lists of a past round.

crate::diagnostic::kinds! {
    COLUMNS_MISSING = "E200" Error
        ja: "必要な列が見つかりません" / "" / "--columns の対応表に、この一覧の列名を書いてください"
        en: "a required column was not found" / "" / "map the list's column name in the --columns file";
    REPEATED = "W200" Warning
        ja: "同じことを書いた行がほかにもあります。1つとして数えました" / "" / ""
        en: "another row says the same; they count as one" / "" / "";
    TWO_DECISIONS = "W201" Warning
        ja: "同じ児童に違う決定があります。この児童は比較から外しました" / "児童ごとに1つの決定" / "決定の記録を確かめ、正しい行だけを残してください"
        en: "a child has different decisions; it is left out of the comparison" / "one decision for each child" / "check the record and keep the right row";
    OUTCOME_UNKNOWN = "W202" Warning
        ja: "決定として読めない言葉です。この児童は比較から外しました" / "内定（承諾・入所・○）、保留（不承諾・待機・×）、取下げ（辞退・対象外）" / "言葉を置き換えてください。内定のあとの辞退は、利用調整で決めたときの決定を書きます"
        en: "not a word for a decision; the child is left out of the comparison" / "内定 (承諾, 入所, ○), 保留 (不承諾, 待機, ×), 取下げ (辞退, 対象外)" / "replace the word; for an offer declined later, write the decision as it was made";
    OUTCOME_BLANK = "W203" Warning
        ja: "決定が空欄です。内定か保留か分からないため、この児童は比較から外しました" / "すべての児童に決定" / "決定を入力してください"
        en: "the decision is blank and may mean either; the child is left out of the comparison" / "a decision for every child" / "enter the decision";
    FACILITY_BLANK = "W204" Warning
        ja: "内定ですが、施設がありません。この児童は比較から外しました" / "内定した児童に施設の番号または名前" / "施設を入力してください。施設の列に別の名前がついているときは --columns で対応づけます"
        en: "placed, but no facility is given; the child is left out of the comparison" / "id or name of the facility of each placed child" / "enter the facility; where its column has another name, map it with --columns";
    FACILITY_UNKNOWN = "W205" Warning
        ja: "この選考回にない施設です。比較から外しました" / "この選考回の施設の番号または名前" / "番号か名前を直してください"
        en: "the round has no such facility; left out of the comparison" / "id or name of a facility of the round" / "correct the id or name";
    FACILITY_AMBIGUOUS = "W206" Warning
        ja: "同じ名前の施設が2つ以上あります。比較から外しました" / "1つの施設だけを指す番号または名前" / "施設の番号で書いてください"
        en: "several facilities have this name; left out of the comparison" / "an id or name of one facility" / "write the facility's id";
    HELD_WITH_FACILITY = "W207" Warning
        ja: "保留ですが、施設が書かれています。保留として読みました" / "" / "内定の書き誤りでないか確かめてください"
        en: "on hold, but a facility is given; read as on hold" / "" / "check that it was not meant to be placed";
    FACILITY_DISAGREES = "W208" Warning
        ja: "施設の番号と名前が違う施設を指しています。比較から外しました" / "同じ施設の番号と名前" / "決定の記録を確かめ、どちらかを直してください"
        en: "id and name are those of different facilities; left out of the comparison" / "id and name of one facility" / "check the record and correct one of them";
    CHILD_BLANK = "W209" Warning
        ja: "児童の番号が空欄です。この行は読みませんでした" / "" / "合計や注記の行ならこのままでかまいません。児童の行なら番号を入力してください"
        en: "the child's id is blank; the row was not read" / "" / "nothing to do for totals and remarks; enter the id where it is a child's row";
    CELL_UNREADABLE = "W210" Warning
        ja: "セルを読み取れません（文字化け、数式エラー、または下の桁を失った数値）。この児童は比較から外しました" / "値" / "元の値を入力し直してください。15桁を超える番号は文字列にします"
        en: "the cell cannot be read (garbled text, a formula error, or a number that lost its last digits); the child is left out of the comparison" / "a value" / "enter the value again; numbers of more than 15 digits as text";
    ROW_SHIFTED = "W211" Warning
        ja: "見出しより多くの列に値があり、列がずれているおそれがあります。この児童は比較から外しました" / "見出しと同じ数の列" / "値の中のコンマは \"…\" で囲んでください"
        en: "values beyond the last header: the columns may be shifted; the child is left out of the comparison" / "as many columns as the header" / "put values that contain commas into \"…\"";
    ZEROS_LOST = "W212" Warning
        ja: "先頭の0が消えた番号と思われます。選考回にある番号として読みました" / "" / "正しければこのままでかまいません。違うときは番号を文字列で入力し直してください"
        en: "the id seems to have lost its leading zeros; read as the id of the round" / "" / "nothing to do where that is right; otherwise enter the id as text";
    CHILD_COLUMN = "W213" Warning
        ja: "児童の番号と思われる列が2つ以上あります。選考回の番号と最もよく合う列を使いました" / "" / "違うときは --columns で指定してください"
        en: "several columns may hold the child's id; the one that fits the round best was used" / "" / "name the right one with --columns where it is another";
    COLUMN_DOUBTFUL = "W214" Warning
        ja: "どの列を使うか決められないため、この項目は読みませんでした" / "1つの項目に1つの列" / "--columns で使う列を指定してください"
        en: "it is not clear which column to use; the item was not read" / "one column for each item" / "name the column to use with --columns";
    SHEETS_NOT_READ = "W215" Warning
        ja: "ほかのシートにも同じような表があります。読みませんでした" / "1つのシートに1つの一覧" / "比較する行を1つのシートにまとめてください"
        en: "other sheets hold such a table too; they were not read" / "one list on one sheet" / "put all rows to be compared on one sheet";
    INDEX_UNREADABLE = "W216" Warning
        ja: "指数として読めません。この行の指数は比較しません" / "1つの数（例：32、-5、10.5）" / "範囲や注記などの言葉を除いてください"
        en: "not an index; the index of this row is not compared" / "one number (32, -5, 10.5)" / "remove ranges and remarks";
    RANK_UNREADABLE = "W217" Warning
        ja: "順位として読めません。この行の順位は比較しません" / "1以上の整数" / "順位を数字で入力してください"
        en: "not a rank; the rank of this row is not compared" / "a whole number of 1 or more" / "enter the rank in digits";
    LINES_WITHOUT_FACILITY = "W218" Warning
        ja: "同じ児童の行が2つ以上ありますが、施設が書かれていません。この児童は指数の比較から外しました" / "1人に1行。施設ごとに指数が違うときは、施設の列" / "施設の列を加えるか、重複した行を除いてください"
        en: "a child has several rows and no facilities; it is left out of the comparison of indices" / "one row for each child; where the index depends on the facility, a column of facilities" / "add the facilities or remove the repeated row";
    TWO_INDEXES = "W219" Warning
        ja: "同じ児童に違う内容の行があります。指数の比較から外しました" / "児童（施設ごとに違うときは児童と施設の組）ごとに1行" / "正しい行だけを残してください"
        en: "rows of one child say different things; left out of the comparison of indices" / "one row for each child (and facility, where the index depends on it)" / "keep the right row";
}
