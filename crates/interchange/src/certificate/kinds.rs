//! What can be wrong with an employment certificate.

crate::diagnostic::kinds! {
    NO_FORM = "E300" Error
        ja: "就労証明書の様式のシートが見つかりません" / "国の標準的な様式（様式第1号）か、その項目を持つシート" / "ファイルを取り違えていないか確認してください。項目名を書き換えた様式なら、標準的な様式に書き写してください"
        en: "no sheet of the employment certificate was found" / "the national form (様式第1号), or a sheet with its items" / "check that it is the right file; copy a form with other item names into the national one";
    TWO_FORMS = "E301" Error
        ja: "就労証明書の様式のシートが2つ以上あり、どれを読むか決められません" / "1つのブックに1枚" / "1枚ずつのブックに分けるか、記入例のシートを除いてください"
        en: "several sheets hold the form, and it is not clear which to read" / "one form for each workbook" / "split it into workbooks of one form each, or remove the sheet of examples";
    LABEL_MISSING = "E302" Error
        ja: "様式の項目名が見つからず、この行の値を読めません" / "国の様式と同じ項目名が同じ順に並ぶ行" / "元の様式と見比べ、値を手で入力してください"
        en: "the form's labels were not found, so the row could not be read" / "the labels of the national form in its order" / "compare it with the original form and enter the values by hand";
    SEVERAL_VALUES = "E303" Error
        ja: "1つの欄に値が2つ以上あり、どれか決められません" / "1つの欄に1つの値" / "書類を見て、正しい値を1つだけ残してください"
        en: "several values stand where one belongs" / "one value" / "look at the paper and keep the right one";
    PLACES_DISAGREE = "E304" Error
        ja: "項目名から探した欄と、国の様式でのいつものセルとで、値が違います" / "どちらか一方だけに値" / "書類を見て、正しい欄だけに値を残してください"
        en: "the place found by its label and the form's usual cell hold different values" / "a value in one of them" / "look at the paper and keep the value in the right place";
    BAD_MARK = "E305" Error
        ja: "チェック欄の印を読めません" / "□ または ☑（■ ✓ レ ○ も可）" / "書類を見て、□ か ☑ に直してください"
        en: "the mark of a box cannot be read" / "□ or ☑ (also ■ ✓ レ ○)" / "look at the paper and write □ or ☑";
    BAD_NUMBER = "E306" Error
        ja: "数として読めません" / "0以上の整数（全角・半角、文字列・数値のどれでも可）" / "書類を見て、数字だけに直してください"
        en: "not a number" / "a whole number of 0 or more, in any width, as text or number" / "look at the paper and write digits only";
    OUT_OF_RANGE = "E307" Error
        ja: "この欄に書ける範囲の数ではありません" / "" / "書類を見て、数と単位（時間・分・日）を確かめてください"
        en: "the number is outside what this field can hold" / "" / "look at the paper and check number and unit";
    BAD_YEAR = "E308" Error
        ja: "年が西暦4桁ではありません" / "西暦4桁（例：2026）" / "和暦か、西暦の下2桁か、書類と勤務先に確かめて、西暦4桁に直してください"
        en: "the year is not four digits of the common calendar" / "four digits, such as 2026" / "find out whether an era's year or two digits were meant and write four digits";
    BAD_DAY = "E309" Error
        ja: "暦にない日、または年・月・日のどれかが空欄です" / "年・月・日がそろった、暦にある日" / "書類と勤務先に確かめて直してください"
        en: "no day of the calendar, or a part of it is blank" / "year, month and day of a day that exists" / "ask the employer and correct it";
    HALF_BAND = "E310" Error
        ja: "時間帯の始まりか終わりの一方しかありません" / "始まりと終わりの時刻" / "書類と勤務先に確かめて、両方を書いてください"
        en: "a band has only a beginning or only an end" / "both times" / "ask the employer and write both";
    NO_COLUMN = "E311" Error
        ja: "必要な列がありません" / "書類番号、項目、値、確信度" / "列を加えるか、見出しを直してください"
        en: "a required column is missing" / "書類番号, 項目, 値, 確信度" / "add the column or correct its header";
    UNKNOWN_ITEM = "E312" Error
        ja: "就労証明書にない項目の名前です" / "項目のID、または日本語の名前（例：本人氏名、証明日、平日 開始時）" / "読み取りソフトの項目名を、この名前に合わせてください"
        en: "no item of the certificate has this name" / "an item's id or Japanese name" / "make the recognition software use these names";
    ITEM_TWICE = "E313" Error
        ja: "同じ書類に同じ項目が2回あり、値が違います" / "1つの書類に1つの値" / "書類を見て、正しい方だけを残してください"
        en: "one paper has an item twice with different values" / "one value for each item" / "look at the paper and keep the right one";
    BAD_CONFIDENCE = "E314" Error
        ja: "確信度として読めません" / "0〜1、または 0〜100（%）" / "確信度の列を確かめてください"
        en: "not a confidence" / "0 to 1, or 0 to 100 (%)" / "check the column of confidences";
    NOT_IN_TEXT = "E315" Error
        ja: "文字の並びから確かに読み取れる項目がありません" / "就労証明書の文字情報" / "画像だけのPDFなら、書類を見て手で入力してください"
        en: "nothing could be read from the text for certain" / "the text of an employment certificate" / "enter the values by hand where the PDF is only a picture";
    TOO_MANY_CELLS = "E316" Error
        ja: "シートに値が多すぎ、就労証明書として読めません" / "20,000セルまで" / "就労証明書のシートだけを別のブックに保存してください"
        en: "the sheet holds too many values for a certificate" / "at most 20,000 cells" / "save the certificate's sheet as a workbook of its own";
    LABEL_MISSING_OPTIONAL = "W300" Warning
        ja: "様式の項目名が見つからず、この行は読みませんでした" / "" / "必要なら、値を手で入力してください"
        en: "the form's labels were not found; the row was not read" / "" / "enter the values by hand where they are needed";
    BY_CELL = "W301" Warning
        ja: "項目名の一部が違うため、国の様式でのいつものセルから読みました" / "" / "書類と見比べてください"
        en: "a label differs; the value was read from the form's usual cell" / "" / "compare it with the paper";
    OFF_CELL = "W302" Warning
        ja: "いつものセルの隣に書かれていました。項目名の間にあるので、そのまま読みました" / "" / "書類と見比べてください"
        en: "the value stands beside its usual cell, between the same labels; it was read" / "" / "compare it with the paper";
    ERA_YEAR = "W303" Warning
        ja: "年が元号で書かれています。西暦に直して読みました" / "西暦4桁" / "書類と見比べてください"
        en: "the year is written by its era; it was read as a year of the common calendar" / "four digits" / "compare it with the paper";
    MINUTES_BLANK = "W304" Warning
        ja: "時刻の分が空欄です。0分として読みました" / "" / "書類と見比べてください"
        en: "the minutes of a time are blank; read as 0" / "" / "compare it with the paper";
    TWO_TICKED = "W305" Warning
        ja: "1つだけ選ぶところに、チェックが2つ以上あります。この項目は読みませんでした" / "チェックは1つ" / "勤務先に確かめ、正しい方だけを残してください"
        en: "several boxes are ticked where one belongs; the item was not read" / "one tick" / "ask the employer and keep the right one";
    LOW_CONFIDENCE = "W306" Warning
        ja: "読み取りの確信度が低い値です" / "" / "書類と見比べて確かめてください"
        en: "the value was recognised with low confidence" / "" / "compare it with the paper";
    MORE_CHILDREN = "W307" Warning
        ja: "保護者記載欄の児童が4人以上あります。上から3人だけを読みました" / "" / "4人目からは手で入力してください"
        en: "the guardian's box names more than three children; the first three were read" / "" / "enter the others by hand";
    HOURS_DISAGREE = "W320" Warning
        ja: "月間の合計時間が、平日の時間帯 × 月の日数と大きく違います" / "" / "書類と勤務先に確かめてください"
        en: "the monthly hours are far from the weekday band × days of the month" / "" / "ask the employer";
    DAYS_DISAGREE = "W321" Warning
        ja: "週の就労日数が、チェックされた曜日の数と違います" / "" / "書類と勤務先に確かめてください"
        en: "the days of a week differ from the weekdays ticked" / "" / "ask the employer";
    END_BEFORE_START = "W322" Warning
        ja: "期間の終わりが始まりより前です" / "" / "書類と勤務先に確かめてください"
        en: "a period ends before it begins" / "" / "ask the employer";
    LEAVE_WITHOUT_DATES = "W323" Warning
        ja: "休業（または短時間勤務・復職）のチェックと日付の一方しかありません" / "チェックと日付の両方" / "勤務先に確かめてください"
        en: "a leave (reduction, return) has a tick without dates, or dates without a tick" / "both" / "ask the employer";
    TOO_OLD = "W324" Warning
        ja: "証明日が古すぎるか、受付日より後です" / "" / "新しい証明書を求めるか、証明日を確かめてください"
        en: "the certificate is too old, or dated after the day it is judged" / "" / "ask for a new certificate, or check its date";
    TOO_MANY_HOURS = "W325" Warning
        ja: "月の時間が744時間（31日×24時間）を超えています" / "" / "単位（時間・分、月・週）を確かめてください"
        en: "the hours of a month exceed 744 (31 days of 24 hours)" / "" / "check the unit";
    BREAK_TOO_LONG = "W326" Warning
        ja: "休憩時間が、就労時間より長くなっています" / "" / "休憩の単位（分）を確かめてください"
        en: "the break is longer than the hours it is part of" / "" / "check the unit of the break (minutes)";
    RESULTS_LOW = "W327" Warning
        ja: "就労実績が、契約の時間の半分に足りません" / "" / "休業や入社の時期を確かめてください"
        en: "the results are below half of the hours of the contract" / "" / "check leaves and the beginning of the work";
    BIRTH_IMPLAUSIBLE = "W328" Warning
        ja: "本人の生年月日から、証明日に15歳未満か80歳超になります" / "" / "年（和暦を西暦に直したときの誤りなど）を確かめてください"
        en: "by the birth date the person is under 15 or over 80 on the date of the certificate" / "" / "check the year";
    BOTH_KINDS = "W329" Warning
        ja: "固定就労と変則就労の両方が書かれています。就労時間は読み取った事実に入れません" / "どちらか一方" / "勤務先に確かめてください"
        en: "both fixed and variable hours are stated; no hours are taken as facts" / "one of them" / "ask the employer";
}
