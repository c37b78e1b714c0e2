//! What can be wrong with a round workbook.

crate::diagnostic::kinds! {
    TABLE_MISSING = "E100" Error
        ja: "必要な表がありません" / "" / "シート（CSVなら「表の名前.csv」）を加えてください。ひな形は enmusubi round template で作れます"
        en: "a required table is missing" / "" / "add the sheet (for CSV a file of the table's name); enmusubi round template makes an empty one";
    TABLE_TWICE = "E101" Error
        ja: "同じ表が2つあります" / "表ごとに1つのシートまたはファイル" / "使わない方を除くか、名前を変えてください"
        en: "a table is there twice" / "one sheet or file for each table" / "remove or rename the one that is not meant";
    COLUMN_MISSING = "E102" Error
        ja: "必要な列がありません" / "" / "列を加えるか、見出しを直してください"
        en: "a required column is missing" / "" / "add the column or correct its header";
    COLUMN_UNKNOWN = "E103" Error
        ja: "この表にない見出しです" / "ひな形にある見出し" / "見出しを直してください。選考に使わない列なら、見出しを「備考」で始めると読み飛ばします"
        en: "the table has no column of this name" / "a header of the template" / "correct the header; a column that is not used may begin with 備考";
    MACROS = "E104" Error
        ja: "マクロつきのブックは読みません" / "Excelブック（.xlsx）" / "Excelで開き、「Excel ブック（.xlsx）」として保存し直してください"
        en: "a workbook with macros is not read" / "an Excel workbook (.xlsx)" / "open it in Excel and save it as \"Excel Workbook (.xlsx)\"";
    INDIVIDUAL_NUMBER = "E105" Error
        ja: "個人番号（マイナンバー）と思われる12桁の番号があります。値は表示しません" / "個人番号のない表" / "このセルを消すか伏せてから、もう一度実行してください。元のファイルの扱いは、個人番号の取扱いの定めに従ってください"
        en: "the cell holds what looks like an individual number (My Number); it is not shown" / "no individual numbers" / "remove or mask it and run again; handle the original file by your rules for individual numbers";
    NO_TABLES = "E106" Error
        ja: "選考回の表が1つも見つかりません" / "「選考回」「施設」「世帯」「児童」などの名前のシートまたはCSVファイル" / "フォルダーかファイルを取り違えていないか確認してください。ひな形は enmusubi round template で作れます"
        en: "no table of a round was found" / "sheets or CSV files named 選考回, 施設, 世帯, 児童 …" / "check that it is the right folder or file; enmusubi round template makes an empty workbook";
    NOT_COMMAS = "E107" Error
        ja: "値がコンマで区切られていません（タブまたはセミコロンで区切られています）" / "コンマ区切りのCSV、または XLSX" / "Excelの「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存し直してください"
        en: "the values are separated by tabs or semicolons" / "CSV separated by commas, or XLSX" / "save it again from Excel as \"CSV UTF-8 (comma delimited)\"";
    BAD_BOOL = "E110" Error
        ja: "「はい」か「いいえ」で書いてください" / "はい・いいえ（○・×、1・0、TRUE・FALSE も可）。分からないときは「不明」" / "申込書や書類を確かめて直してください"
        en: "neither yes nor no" / "はい or いいえ (also ○ ×, 1 0, TRUE FALSE); 不明 where nobody knows" / "check the form or paper and correct it";
    BAD_NUMBER = "E111" Error
        ja: "数として読めません" / "数（例：140、7.5、1/2）。時間は 7:30 や 7時間30分 も可。分からないときは空欄か「不明」" / "範囲や「約」などの言葉を除き、1つの数にしてください"
        en: "not a number" / "a number (140, 7.5, 1/2); hours also 7:30 or 7時間30分; blank or 不明 where nobody knows" / "write one number, without ranges or words";
    NEGATIVE = "E112" Error
        ja: "0より小さい数です" / "0以上の数" / "数を直してください"
        en: "the number is below zero" / "a number of zero or more" / "correct the number";
    NOT_WHOLE = "E113" Error
        ja: "0以上の整数ではありません" / "0以上の整数" / "数字だけを書いてください（「人」「約」などの言葉、小数、範囲は付けません）"
        en: "no whole number of zero or more" / "a whole number of zero or more" / "write digits only, without words, decimals or ranges";
    BAD_DATE = "E114" Error
        ja: "日付として読めません" / "2026-04-01、2026/4/1、令和8年4月1日、R8.4.1、5080401 のいずれか" / "日付を直してください。分からないときは空欄にします"
        en: "not a date" / "2026-04-01, 2026/4/1, 令和8年4月1日, R8.4.1 or 5080401" / "correct the date; leave it blank where nobody knows";
    BAD_CHOICE = "E115" Error
        ja: "選択肢にない値です" / "ひな形の選択肢（いくつも書けるところは「、」で区切る）" / "選択肢のとおりに直してください"
        en: "the value is not in the list" / "an entry of the template's list (several separated by 、 where allowed)" / "correct it to an entry of the list";
    CELL_BLANK = "E116" Error
        ja: "必要な欄が空欄です" / "" / "値を入力してください。セルの結合は解いて、どの行にも書きます。合計や注記など、データでない行は除いてください"
        en: "a required cell is blank" / "" / "enter a value; undo merged cells and fill every row; remove rows that are not data, such as totals";
    IMPOSSIBLE = "E117" Error
        ja: "ありえない大きさの数です" / "1日24時間・週7日・月31日に収まる数" / "単位（日・週・月）と小数点を確かめてください"
        en: "the number cannot be that large" / "what fits into 24 hours a day, 7 days a week, 31 days a month" / "check the unit and the decimal point";
    BAD_CLASS = "E118" Error
        ja: "クラス年齢が0〜5の整数ではありません" / "0〜5" / "4月1日時点のクラス年齢に直してください"
        en: "the class is no whole number from 0 to 5" / "0 to 5" / "correct it to the age class on 1 April";
    BAD_CODE = "E119" Error
        ja: "全国地方公共団体コードが6桁の数字ではありません" / "6桁の数字（例：142051）" / "先頭の0が消えていないか確認し、文字列として入力してください"
        en: "the municipality's code has not six digits" / "six digits, such as 142051" / "check for a lost leading zero and enter it as text";
    ID_TWICE = "E120" Error
        ja: "同じIDの行が2つ以上あります" / "IDは1つずつ" / "重複した行を除くか、IDを直してください"
        en: "two or more rows have the same id" / "each id once" / "remove the repeated row or correct the id";
    DANGLING = "E121" Error
        ja: "参照先の表にないIDです" / "参照先の表にあるID（先頭の0や全角・半角も同じもの）" / "IDを直すか、参照先の表に行を加えてください。Excelで先頭の0が消えたときは、列の表示形式を「文字列」にしてから入れ直します。合計や注記など、データでない行は除いてください"
        en: "the id is not in the table it refers to" / "an id of that table (leading zeros and width count)" / "correct the id, or add the row to that table; where Excel dropped a leading zero, format the column as text and enter it again; remove rows that are not data, such as totals and remarks";
    ROUND_ROWS = "E130" Error
        ja: "「選考回」の表は1行だけです" / "見出しの下に1行" / "この選考の行だけを残してください"
        en: "the table 選考回 has exactly one row" / "one row below the header" / "keep only the row of this round";
    GUARDIANS_MANY = "E131" Error
        ja: "保護者が3人以上います" / "1世帯に1人または2人" / "祖父母などは「同居者・祖父母」の表に書いてください"
        en: "more than two guardians" / "one or two of a household" / "put grandparents and others into the table 同居者・祖父母";
    GUARDIANS_NONE = "E132" Error
        ja: "保護者の行がない世帯です" / "1世帯に1人または2人" / "「保護者」の表に行を加えてください。保護者がいない場合も、状況を「不存在」とした行を書きます"
        en: "the household has no guardian" / "one or two of a household" / "add rows to the table 保護者; where nobody is there, a row with 状況 = 不存在";
    ENROLLED_TWICE = "E133" Error
        ja: "現在の在園が2つ以上あります" / "1人に1つ" / "主に通っている施設の行だけを残してください"
        en: "two or more current enrolments" / "one of each child" / "keep the row of the facility the child mainly attends";
    TRANSFER_NOWHERE = "E134" Error
        ja: "転園の申込みですが、現在の在園がありません" / "「現在の在園」の表に行" / "在園している施設の行を加えるか、申込区分を「新規」にしてください"
        en: "a transfer applicant without a current enrolment" / "a row in the table 現在の在園" / "add that row, or change 申込区分 to 新規";
    OWN_FACILITY = "E135" Error
        ja: "転園の申込みの希望に、在園している施設が入っています" / "転園先だけを希望に書く（移れないときは自動的に今の園に残ります）" / "希望から在園している施設を除いてください"
        en: "a transfer applicant has chosen the facility it attends" / "only other facilities (a child that cannot move stays)" / "remove that facility from the choices";
    TOO_OLD = "E136" Error
        ja: "申込児童が小学校就学の年齢です" / "クラス年齢0〜5の児童" / "生年月日を確かめてください。就学するきょうだいなら申込区分を「申込なし」にします"
        en: "the applicant is of school age" / "children of classes 0 to 5" / "check the birth date; a sibling at school has 申込区分 = 申込なし";
    NOT_BORN = "E137" Error
        ja: "基準日より後の生年月日ですが、出生前となっていません" / "基準日以前の生年月日、または出生前＝はい" / "生年月日を確かめるか、「出生前」を「はい」にしてください"
        en: "the birth date is after the base date, but the child is not marked as unborn" / "a birth date up to the base date, or 出生前 = はい" / "check the date, or set 出生前 to はい";
    RANK_TWICE = "E138" Error
        ja: "同じ児童に同じ希望順位が2つ以上あります" / "希望順位は1つずつ" / "希望順位を直すか、重複した行を除いてください"
        en: "a child has the same choice rank twice" / "each rank once" / "correct the rank or remove the repeated row";
    CHOICE_OF_NOBODY = "E139" Error
        ja: "申込みのない児童に希望があります" / "申込区分が新規または転園" / "「児童」の表の申込区分を直すか、希望の行を除いてください"
        en: "a child that does not apply has choices" / "申込区分 新規 or 転園" / "correct 申込区分 in the table 児童, or remove the choices";
    APPLICANT_NO_CHOICE = "E140" Error
        ja: "申込児童に希望が1つもありません" / "1つ以上の希望" / "「希望」の表に行を加えるか、申込区分を「申込なし」にしてください"
        en: "an applicant has no choice" / "at least one choice" / "add rows to the table 希望, or set 申込区分 to 申込なし";
    SEATS_TWICE = "E141" Error
        ja: "同じ施設・クラス・枠の行が2つ以上あります" / "施設・クラス・枠ごとに1行" / "重複した行を除くか、人数を1行にまとめてください"
        en: "two or more rows of one facility, class and pool" / "one row of each" / "remove the repeated row or join the seats in one row";
    WISH_TWICE = "E142" Error
        ja: "1つの世帯に、きょうだいの希望が2行以上あります" / "1世帯に1行" / "申込書を確かめ、1行にしてください"
        en: "two or more sibling wishes of one household" / "one row of each household" / "check the form and keep one row";
    SAME_PERSON = "E143" Error
        ja: "入力者と確認者が同じ人です" / "別の2人" / "別の職員が値を確かめ、その名前を書いてください"
        en: "entered and signed by the same person" / "two different people" / "have another person check the value and write that name";
    JUDGED_TWICE = "E144" Error
        ja: "同じ対象と基準の行に、値が2つ以上あります" / "対象と基準の行ごとに1つ" / "正しい値の行だけを残してください"
        en: "two or more values of one subject and row of the criteria" / "one of each" / "keep the right one";
    NOT_OF_HOUSEHOLD = "E145" Error
        ja: "別の世帯の児童です" / "この世帯の児童" / "児童IDまたは世帯IDを直してください"
        en: "the child belongs to another household" / "a child of this household" / "correct the child's or the household's id";
    CHILD_TWICE = "E146" Error
        ja: "1つの行に同じ児童が2回あります" / "1行に各児童1回" / "児童IDを直してください"
        en: "a row names the same child twice" / "each child once per row" / "correct the ids";
    FACILITY_WITHOUT_CHILD = "E147" Error
        ja: "施設IDがありますが、児童IDが空欄です" / "児童IDと施設IDの組" / "児童IDを入力してください"
        en: "a facility is given but the child's id is blank" / "a child's id beside each facility" / "enter the child's id";
    UNPAIRED = "E148" Error
        ja: "児童IDと施設IDの列の番号が一致しません" / "番号ごとに「児童IDN」と「施設IDN」の組" / "足りない列を加えてください"
        en: "the numbers of the columns of children and facilities differ" / "one pair of columns for each number" / "add the missing column";
    MAIN_REASON = "E149" Error
        ja: "主な事由が、事由の中にありません" / "事由に挙げたもののうちの1つ" / "書類を確かめ、事由か主な事由を直してください"
        en: "the main reason is not among the reasons" / "one of the reasons" / "check the papers and correct one of the two";
    RANK_NOT_LISTED = "E150" Error
        ja: "組み合わせの施設が、その児童の希望にありません" / "その児童の希望、または在園している施設" / "「希望」に加えるか、組み合わせを直してください"
        en: "the facility of a combination is not among the child's choices" / "a choice of the child, or the facility it attends" / "add the choice or correct the combination";
    HOUSEHOLD_LARGE = "E151" Error
        ja: "1つの世帯の人数が多すぎます" / "児童、同居者・祖父母はそれぞれ30人まで" / "別の世帯の行に同じ世帯IDが入っていないか確認してください"
        en: "too many people in one household" / "up to 30 children, and up to 30 adults" / "check whether rows of other households have the same id";
    BOOK_FAILED = "E160" Error
        ja: "ブックを作れませんでした" / "" / ""
        en: "the workbook could not be made" / "" / "";
    FILE_UNUSED = "W100" Warning
        ja: "選考回の表の名前でないため、読みませんでした" / "" / "名前を直すか、選考に関係のないファイル・シートなら別の場所に移してください"
        en: "not named as a table of a round, and not read" / "" / "correct the name, or move what does not belong here";
    DERIVED_COLUMN = "W101" Warning
        ja: "計算で求める項目です。この列は読みませんでした" / "" / ""
        en: "this is computed; the column was not read" / "" / "";
    LONG_HOURS = "W102" Warning
        ja: "月300時間を超える就労です" / "" / "単位と小数点を確かめてください"
        en: "more than 300 working hours a month" / "" / "check the unit and the decimal point";
    HOURS_DISAGREE = "W103" Warning
        ja: "1日の時間×月の日数と、月の時間が大きく食い違っています。どちらも書かれたとおりに読みました" / "" / "就労証明書などを確かめてください"
        en: "hours a day × days a month are far from the hours a month; both were read as written" / "" / "check the certificate";
    YOUNG_GUARDIAN = "W104" Warning
        ja: "保護者が15歳未満です" / "" / "生年月日（元号）を確かめてください"
        en: "the guardian is under 15" / "" / "check the birth date and its era";
    NOBODY_APPLIES = "W105" Warning
        ja: "申込児童のいない世帯です" / "" / "「児童」の表の世帯IDと申込区分を確かめてください"
        en: "no child of the household applies" / "" / "check 世帯ID and 申込区分 in the table 児童";
    SHARED_UNUSED = "W106" Warning
        ja: "どのクラスも使っていない共有定員です" / "" / "「クラス」の表の「共有定員」を確かめてください"
        en: "no class uses these shared seats" / "" / "check the column 共有定員 of the table クラス";
    ATTENDS_CHOSEN = "W107" Warning
        ja: "新規の申込みの希望に、今通っている施設が入っています" / "" / "1号認定からの変更などでなければ、申込区分と希望を確かめてください"
        en: "a new applicant has chosen the facility it attends" / "" / "unless its certification changes, check 申込区分 and the choices";
    ALREADY_BORN = "W108" Warning
        ja: "出生前となっていますが、生年月日が基準日以前です" / "" / "「出生前」を「いいえ」にするか、出産予定日を確かめてください"
        en: "marked as unborn, but the birth date is not after the base date" / "" / "set 出生前 to いいえ, or check the expected date";
    ENTRY_DAY = "W109" Warning
        ja: "入所日が月の初日ではありません" / "" / "月齢や年度の判断に使うため、確かめてください"
        en: "the day of entry is not the first of a month" / "" / "check it: months of age and the fiscal year depend on it";
    WISH_ALONE = "W110" Warning
        ja: "申込児童が1人の世帯に、きょうだいの希望があります。使いません" / "" / "きょうだいの行が抜けていないか確認してください"
        en: "an only applicant has a sibling wish; it is not used" / "" / "check that no sibling's row is missing";
    AFTER_ENTRY = "W111" Warning
        ja: "入所日より後の日付です" / "" / "年度（元号）を確かめてください"
        en: "the day is after the day of entry" / "" / "check the year and era";
    BEYOND_LAST_AGE = "W112" Warning
        ja: "施設の最終年齢より上のクラスに募集人数があります" / "" / "クラス年齢か、「施設」の表の最終年齢を確かめてください（卒園の判断に使います）"
        en: "seats in a class above the facility's last age" / "" / "check the class, or 最終年齢 in the table 施設 (graduation depends on it)";
    LONE_GUARDIAN = "W113" Warning
        ja: "保護者の行が1人だけですが、「ひとり親」が「該当なし」または空欄の世帯です。保護者が1人の世帯として計算します" / "" / "もう1人の保護者の行が抜けていないか、ひとり親に当てはまらないかを確かめてください"
        en: "one guardian only, but ひとり親 is 該当なし or blank; it is counted as a household of one guardian" / "" / "check whether the other guardian's row is missing, or ひとり親 should be stated";
    SINGLE_WITH_TWO = "W114" Warning
        ja: "ひとり親の世帯に、在宅・同居の保護者が2人います" / "" / "「世帯」の表の「ひとり親」か、「保護者」の表の「状況」を確かめてください"
        en: "a single parent's household with two guardians at home" / "" / "check ひとり親 in the table 世帯, or 状況 in the table 保護者";
    ENROLLED_NEW = "W115" Warning
        ja: "現在の在園がある（来年度も在園できる）児童の申込区分が「新規」です。今の園の席は空きとして数えません" / "" / "別の園に移りたい申込みなら、申込区分を「転園」にしてください"
        en: "the child attends a facility it need not leave, but applies as 新規; the seat it has is not counted as freed" / "" / "where it wishes to move, set 申込区分 to 転園";
}
