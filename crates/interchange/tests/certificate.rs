//! Employment certificates: what is read from the form, however a municipality shifts it; what is refused; what the
//! facts say.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_domain::facts::vocabulary::VOCABULARY;
use enmusubi_interchange::{
    Diagnostics, Language, Source,
    certificate::{self, Blank, Certificate, Found, State, Weekdays},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::io::Write as _;

/// Somebody made up who works five days, takes a child-care leave, and comes back with reduced hours.
const VALUES: &[(&str, &str)] = &[
    ("addressee", "架空市長"),
    ("date.y", "2026"),
    ("date.m", "10"),
    ("date.d", "1"),
    ("employer.name", "株式会社はなやま商店"),
    ("employer.representative", "花山 一郎"),
    ("employer.address", "架空市中央1-2-3"),
    ("employer.phone.1", "00"),
    ("employer.phone.2", "0000"),
    ("employer.phone.3", "0001"),
    ("industry.卸売業・小売業", "☑"),
    ("person.kana", "ヤマノ ハナコ"),
    ("person.name", "山野 花子"),
    ("person.birth.y", "1992"),
    ("person.birth.m", "2"),
    ("person.birth.d", "29"),
    ("period.kind.無期", "☑"),
    ("period.from.y", "2018"),
    ("period.from.m", "4"),
    ("period.from.d", "1"),
    ("workplace.name", "はなやま商店 本店"),
    ("workplace.address", "架空市中央1-2-3"),
    ("employment_type.正社員", "☑"),
    ("fixed.days.月", "☑"),
    ("fixed.days.火", "■"),
    ("fixed.days.水", "レ"),
    ("fixed.days.木", "✓"),
    ("fixed.days.金", "○"),
    ("fixed.hours", "160"),
    ("fixed.minutes", "30"),
    ("fixed.break", "1200"),
    ("fixed.days_per_month", "20"),
    ("fixed.days_per_week", "5"),
    ("fixed.weekday.sh", "9"),
    ("fixed.weekday.sm", "0"),
    ("fixed.weekday.eh", "17"),
    ("fixed.weekday.em", "30"),
    ("fixed.weekday.break", "60"),
    ("results.1.y", "2025"),
    ("results.1.m", "6"),
    ("results.1.days", "20"),
    ("results.1.hours", "161"),
    ("results.2.y", "2025"),
    ("results.2.m", "5"),
    ("results.2.days", "19"),
    ("results.2.hours", "150"),
    ("results.3.y", "2025"),
    ("results.3.m", "4"),
    ("results.3.days", "21"),
    ("results.3.hours", "170"),
    ("childcare.state.取得中", "☑"),
    ("childcare.from.y", "2025"),
    ("childcare.from.m", "9"),
    ("childcare.from.d", "10"),
    ("childcare.to.y", "2027"),
    ("childcare.to.m", "3"),
    ("childcare.to.d", "31"),
    ("return.state.復職予定", "☑"),
    ("return.date.y", "2027"),
    ("return.date.m", "4"),
    ("return.date.d", "1"),
    ("reduced.state.取得予定", "☑"),
    ("reduced.from.y", "2027"),
    ("reduced.from.m", "4"),
    ("reduced.from.d", "1"),
    ("reduced.to.y", "2028"),
    ("reduced.to.m", "3"),
    ("reduced.to.d", "31"),
    ("reduced.band.sh", "9"),
    ("reduced.band.sm", "0"),
    ("reduced.band.eh", "16"),
    ("reduced.band.em", "0"),
    ("reduced.band.break", "60"),
    ("childcare_job.無", "☑"),
    ("shorten.可", "☑"),
    ("extend.否", "☑"),
    ("posted.from.y", "2026"),
    ("posted.from.m", "10"),
    ("posted.from.d", "1"),
    ("posted.to.y", "2027"),
    ("posted.to.m", "3"),
    ("posted.to.d", "31"),
    ("remarks", "■第2倉庫 15分前に出勤"),
    ("child.1.name", "山野 小春"),
    ("child.1.birth.y", "2025"),
    ("child.1.birth.m", "7"),
    ("child.1.birth.d", "16"),
    ("child.1.facility", "あさひ保育園"),
    ("child.1.state.申込中（第一希望）", "☑"),
    ("child.2.name", "山野 夏樹"),
    ("child.2.birth.y", "2022"),
    ("child.2.birth.m", "8"),
    ("child.2.birth.d", "3"),
];

const DAY: Date = date(2026, 11, 1);

fn bytes(form: &Blank) -> Vec<u8> {
    form.bytes().unwrap()
}

fn read_bytes(bytes: &[u8]) -> (Option<Certificate>, Diagnostics) {
    certificate::read(&Source {
        name: "就労.xlsx",
        bytes,
    })
}

fn read(form: &Blank) -> (Option<Certificate>, Diagnostics) {
    read_bytes(&bytes(form))
}

fn codes(all: &Diagnostics) -> Vec<&'static str> {
    all.list().iter().map(|d| d.kind.code).collect()
}

/// Everything a certificate says, without its places.
fn said(c: &Certificate) -> Vec<String> {
    let text = format!("{c:#?}");
    let kept = text.lines().filter(|l| {
        let l = l.trim_start();
        !(l.starts_with("name: \"標準") || l.starts_with("name: \"様式") || l.starts_with("row:"))
    });
    kept.map(str::to_owned).collect()
}

/// `name text rule` of the facts.
fn facts(c: &Certificate, day: Date) -> Vec<String> {
    let line = |f: &certificate::ReadFact| {
        let name = VOCABULARY[f.attribute as usize].name;
        format!("{name} {} {:?}", f.text, f.rule)
    };
    certificate::facts(c, day).iter().map(line).collect()
}

#[test]
fn every_field_is_read_where_the_form_has_it() {
    let (c, all) = read(&certificate::fill(VALUES));
    assert!(all.is_empty(), "{all}");
    let c = c.unwrap();
    assert_eq!(c.date.value, Some(date(2026, 10, 1)));
    assert_eq!(
        (&*c.date.place.name, c.date.place.row),
        ("標準的な様式!AA3", 3)
    );
    assert_eq!(c.date.found, Found::Label);
    assert_eq!(c.addressee.value.as_deref(), Some("架空市長"));
    assert_eq!(c.employer_phone.value.as_deref(), Some("00-0000-0001"));
    assert_eq!(c.industry.value, Some("卸売業・小売業"));
    assert_eq!(c.person_name.value.as_deref(), Some("山野 花子"));
    assert_eq!(c.person_birth.value, Some(date(1992, 2, 29)));
    assert_eq!(c.period_kind.value, Some("無期"));
    assert_eq!(c.period.from.value, Some(date(2018, 4, 1)));
    assert!(c.period.to.is_blank());
    assert_eq!(c.employment_type.value, Some("正社員"));
    assert_eq!(c.fixed.days.value, Some(Weekdays(0b0001_1111)));
    assert_eq!(c.fixed.monthly_minutes.value, Some(160 * 60 + 30));
    assert_eq!(&*c.fixed.monthly_minutes.place.name, "標準的な様式!W25");
    assert_eq!(c.fixed.weekday.minutes(), Some(510));
    assert!(c.fixed.saturday.start.is_blank() && !c.variable.is_stated());
    assert_eq!(c.results[1].month.value, Some(date(2025, 5, 1)));
    assert!(c.maternity.state.is_blank() && c.maternity.period.from.is_blank());
    assert_eq!(c.childcare.state.value, Some("取得中"));
    assert_eq!(c.childcare.period.to.value, Some(date(2027, 3, 31)));
    assert_eq!(c.return_state.value, Some("復職予定"));
    assert_eq!(c.reduced_band.minutes(), Some(420));
    assert_eq!(c.childcare_job.value, Some("無"));
    assert!(c.renewal.is_blank());
    assert_eq!((c.shorten.value, c.extend.value), (Some("可"), Some("否")));
    assert_eq!(c.posted.to.value, Some(date(2027, 3, 31)));
    assert_eq!(c.remarks.value.as_deref(), Some("■第2倉庫 15分前に出勤"));
    assert_eq!(c.children[0].name.value.as_deref(), Some("山野 小春"));
    assert_eq!(c.children[0].birth.value, Some(date(2025, 7, 16)));
    assert_eq!(
        c.children[0].facility.value.as_deref(),
        Some("あさひ保育園")
    );
    assert_eq!(c.children[0].state.value, Some("申込中（第一希望）"));
    assert_eq!(c.children[1].birth.value, Some(date(2022, 8, 3)));
    assert!(c.children[1].facility.is_blank() && c.children[2].name.is_blank());
    assert!(certificate::check(&c, "就労.xlsx", DAY, 3).is_empty());
}

#[test]
fn the_facts_are_what_the_paper_says() {
    let c = read(&certificate::fill(VALUES)).0.unwrap();
    let expect = [
        "employment_kind 正社員 Ticked",
        "job_start 2018-04-01 Stated",
        "childcare_job 該当なし Ticked",
        "work_hours_per_month 160.5 Hours",
        "work_days_per_month 20 Stated",
        "work_days_per_week 5 Stated",
        "work_hours_per_day 8.5 BandLength",
        "overtime_break_per_day 1 Hours",
        "works_outside_8_18 いいえ BandOutside",
        "actual_days_per_month 20 AverageOfResults",
        "actual_hours_per_month 481/3 AverageOfResults",
        "reduced_hours_per_month 140 ReducedBandByDays",
        "leave 育児休業 LeaveOnDay",
        "leave_since 2025-09-10 LeaveOnDay",
        "leave_until 2027-03-31 LeaveOnDay",
        "return_date 2027-04-01 Stated",
        "returning_from_leave はい ReturnPlanned",
        "posted_away はい PostedOnDay",
        "posted_months 6 PostedMonths",
    ];
    let got = facts(&c, DAY);
    // The average has no short decimal form; how it is written is the number's own business.
    let exact = |l: &String| !l.starts_with("actual_hours_per_month");
    let expect: Vec<String> = expect.iter().map(|l| (*l).to_owned()).collect();
    assert_eq!(
        got.iter().filter(|l| exact(l)).collect::<Vec<_>>(),
        expect.iter().filter(|l| exact(l)).collect::<Vec<_>>()
    );
    let list = certificate::facts(&c, DAY);
    let leave = list.iter().find(|f| f.text == "育児休業").unwrap();
    assert_eq!(
        (leave.from, leave.to),
        (Some(date(2025, 9, 10)), Some(date(2027, 3, 31)))
    );
    assert_eq!(leave.place, "標準的な様式!L38");
    assert_eq!(list[3].place, "標準的な様式!W25");
    // After the leave there is none, and nothing says more about it.
    let after = facts(&c, date(2027, 4, 1));
    assert!(!after.iter().any(|l| l.starts_with("leave")), "{after:?}");
    // A blank form says nothing.
    let blank = read(&certificate::blank_form());
    assert!(blank.1.is_empty(), "{}", blank.1);
    assert_eq!(facts(&blank.0.unwrap(), DAY), Vec::<String>::new());
}

/// What is written in a field, and what comes of it: `Ok` the facts that must be there, `Err` the code told.
#[test]
fn ways_of_writing() {
    type Case = (
        &'static [(&'static str, &'static str)],
        Result<&'static str, &'static str>,
    );
    let cases: &[Case] = &[
        (
            &[("fixed.hours", "１６０"), ("fixed.minutes", "")],
            Ok("work_hours_per_month 160 Hours"),
        ),
        (
            &[("fixed.hours", "160時間")],
            Ok("work_hours_per_month 160.5 Hours"),
        ),
        (
            &[("fixed.hours", "160:30"), ("fixed.minutes", "")],
            Ok("work_hours_per_month 160.5 Hours"),
        ),
        (
            &[("fixed.hours", "160.5"), ("fixed.minutes", "")],
            Ok("work_hours_per_month 160.5 Hours"),
        ),
        (&[("fixed.hours", "約160")], Err("E306")),
        (&[("fixed.hours", "160.5")], Err("E306")),
        (&[("fixed.hours", "-5")], Err("E306")),
        (&[("fixed.hours", "")], Err("E306")),
        (&[("fixed.minutes", "75")], Err("E307")),
        (
            &[("fixed.days_per_week", "4.5")],
            Ok("work_days_per_week 4.5 Stated"),
        ),
        (&[("fixed.days_per_week", "8")], Err("E307")),
        (
            &[("fixed.days_per_month", "20日")],
            Ok("work_days_per_month 20 Stated"),
        ),
        (
            &[("period.from.y", "平成30")],
            Ok("job_start 2018-04-01 Stated"),
        ),
        (
            &[("period.from.y", "H30")],
            Ok("job_start 2018-04-01 Stated"),
        ),
        (&[("period.from.y", "30")], Err("E308")),
        (&[("period.from.y", "18")], Err("E308")),
        (&[("period.from.y", "平成32")], Err("E309")),
        (&[("period.from.m", "13")], Err("E309")),
        (&[("period.from.d", "")], Err("E309")),
        (
            &[
                ("period.from.y", "2018-04-01"),
                ("period.from.m", ""),
                ("period.from.d", ""),
            ],
            Ok("job_start 2018-04-01 Stated"),
        ),
        (
            &[
                ("fixed.weekday.sh", "22"),
                ("fixed.weekday.eh", "29"),
                ("fixed.weekday.em", "0"),
            ],
            Ok("work_hours_per_day 7 BandLength"),
        ),
        (
            &[("fixed.weekday.eh", "29"), ("fixed.weekday.em", "0")],
            Ok("works_outside_8_18 はい BandOutside"),
        ),
        (&[("fixed.weekday.eh", "30")], Err("E307")),
        (
            &[("fixed.weekday.sh", "9:15"), ("fixed.weekday.sm", "")],
            Ok("work_hours_per_day 8.25 BandLength"),
        ),
        (&[("fixed.weekday.sm", "")], Err("W304")),
        (
            &[("fixed.weekday.eh", ""), ("fixed.weekday.em", "")],
            Err("E310"),
        ),
        (&[("employment_type.役員", "☑")], Err("W305")),
        (&[("employment_type.正社員", "×")], Err("E305")),
        (
            &[("employment_type.正社員", "")],
            Ok("job_start 2018-04-01 Stated"),
        ),
        (&[("period.kind.有期", "☑")], Err("W305")),
    ];
    for (changes, expect) in cases {
        let mut form = certificate::fill(VALUES);
        for (id, text) in *changes {
            assert!(form.set(id, text), "{id}");
        }
        let (c, all) = read(&form);
        let got = facts(&c.unwrap(), DAY);
        match expect {
            Ok(fact) => {
                assert!(got.iter().any(|f| f == fact), "{changes:?}: {got:?}\n{all}");
                assert!(!all.has_errors(), "{changes:?}: {all}");
            }
            Err(code) => assert!(codes(&all).contains(code), "{changes:?}: {all}"),
        }
    }
}

#[test]
fn what_could_not_be_read_is_no_blank_and_no_fact() {
    let mut form = certificate::fill(VALUES);
    form.set("fixed.hours", "だいたい160");
    form.set("childcare.to.y", "9");
    let (c, all) = read(&form);
    let c = c.unwrap();
    assert_eq!(c.fixed.monthly_minutes.state, State::Unread);
    assert_eq!(c.childcare.period.to.state, State::Unread);
    let got = facts(&c, DAY);
    for name in ["work_hours_per_month", "leave ", "leave_until"] {
        assert!(!got.iter().any(|f| f.starts_with(name)), "{name}: {got:?}");
    }
    let text = all.render(Language::Japanese);
    assert!(
        text.contains("標準的な様式!W25") && text.contains("標準的な様式!S39"),
        "{text}"
    );
}

#[test]
fn numbers_are_numbers_however_they_are_kept() {
    let mut form = certificate::fill(VALUES);
    for (id, text) in VALUES {
        if let Ok(number) = text.parse::<f64>() {
            form.set_number(id, number);
        }
    }
    let (c, all) = read(&form);
    assert!(!all.has_errors(), "{all}");
    let plain = read(&certificate::fill(VALUES)).0.unwrap();
    let mut c = c.unwrap();
    // Leading zeros of a telephone number do not survive as numbers.
    c.employer_phone = plain.employer_phone.clone();
    assert_eq!(c, plain);
}

/// Labels of re-issues: other wording, boxes and labels in one cell, a sheet of another name.
#[test]
fn reissues_are_read_the_same() {
    let plain = said(&read(&certificate::fill(VALUES)).0.unwrap());
    for (from, to) in [
        ("本人氏名", "氏　名"),
        ("雇用(予定)期間等", "雇用（予定）\n期間等"),
        ("備考欄", "備考"),
        ("会計年度任用職員", "会計年度\n任用職員"),
        ("一月当たりの就労日数", "１月当たりの就労日数"),
        ("～", "〜"),
        ("西暦", "（西暦）"),
    ] {
        let mut form = certificate::fill(VALUES);
        assert!(form.rename(from, to) > 0, "{from}");
        form.name_sheet("様式第１号");
        let (c, all) = read(&form);
        assert!(!all.has_errors(), "{from}: {all}");
        if from != "西暦" {
            assert!(all.is_empty(), "{from}: {all}");
            assert_eq!(said(&c.unwrap()), plain, "{from}");
        }
    }
    // Box and label in one cell, year and unit in one cell.
    let mut form = certificate::fill(VALUES);
    form.clear_cell(20, 8);
    form.clear_cell(20, 10);
    form.set_cell(20, 9, "☑無期");
    form.set_cell(20, 11, "□ 有期");
    form.clear_cell(42, 15);
    form.set_cell(42, 17, "2027年");
    let (c, all) = read(&form);
    assert!(!all.has_errors(), "{all}");
    let c = c.unwrap();
    assert_eq!(c.period_kind.value, Some("無期"));
    assert_eq!(c.return_date.value, Some(date(2027, 4, 1)));
}

/// A label that is gone takes its values with it, unless another label holds them in their usual cells.
#[test]
fn missing_labels_are_told_and_never_guessed_around() {
    // 月間 is gone: the hours stand left of 時間 in their usual cell. The boxes below have no labels of their own.
    let mut form = certificate::fill(VALUES);
    form.clear_cell(25, 20);
    let (c, all) = read(&form);
    let c = c.unwrap();
    assert_eq!(codes(&all), ["W301", "E302"], "{all}");
    assert_eq!(c.fixed.days.state, State::Unread);
    assert_eq!(
        (c.fixed.monthly_minutes.value, c.fixed.monthly_minutes.found),
        (Some(9630), Found::Cell)
    );
    // The same in a sheet with a column more: nothing vouches for the usual cell.
    form.insert_columns(9, 1);
    let (c, all) = read(&form);
    let c = c.unwrap();
    assert!(codes(&all).contains(&"E302"), "{all}");
    assert_eq!(c.fixed.monthly_minutes.state, State::Unread);
    // The item's own label is gone, in a shifted sheet.
    let mut form = certificate::fill(VALUES);
    form.insert_rows(5, 2);
    form.rename("育児休業の取得※取得予定を含む", "育休のこと");
    let (c, all) = read(&form);
    assert!(codes(&all).contains(&"E302"), "{all}");
    let c = c.unwrap();
    assert_eq!(
        (c.childcare.state.state, c.childcare.period.from.state),
        (State::Unread, State::Unread)
    );
    // A stray number in a usual cell that the labels do not lead to.
    let mut form = certificate::fill(VALUES);
    form.set_cell(39, 11, "7");
    let (c, all) = read(&form);
    assert!(codes(&all).contains(&"E303"), "{all}");
    assert_eq!(c.unwrap().childcare.period.from.state, State::Unread);
    // A value beside its usual cell, between the same labels.
    let mut form = certificate::fill(VALUES);
    form.clear_cell(25, 22);
    form.set_cell(25, 23, "150");
    let (c, all) = read(&form);
    assert_eq!(codes(&all), ["W302"], "{all}");
    let c = c.unwrap();
    assert_eq!(c.fixed.monthly_minutes.value, Some(9030));
    assert!(c.fixed.monthly_minutes.check);
    // A foreign item between two of the form is nobody's.
    let mut form = certificate::fill(VALUES);
    form.insert_rows(38, 1);
    form.set_cell(38, 2, "市独自の項目");
    for (column, text) in [
        (8, "期間"),
        (10, "1999"),
        (12, "年"),
        (13, "1"),
        (15, "月"),
        (16, "1"),
        (18, "日"),
        (20, "～"),
        (25, "年"),
        (28, "月"),
        (31, "日"),
    ] {
        form.set_cell(38, column, text);
    }
    let (c, all) = read(&form);
    assert!(all.is_empty(), "{all}");
    assert!(c.unwrap().maternity.period.from.is_blank());
}

#[test]
fn an_old_value_left_in_a_usual_cell_is_told() {
    let mut form = certificate::fill(VALUES);
    form.insert_rows(28, 1);
    let (row, column) = (28, 10);
    form.set_cell(row, column, "7");
    let (c, all) = read(&form);
    assert_eq!(codes(&all), ["E304"], "{all}");
    assert!(
        all.render(Language::Japanese).contains("標準的な様式!K29"),
        "{all}"
    );
    let c = c.unwrap();
    assert_eq!(c.fixed.weekday.start.state, State::Unread);
    assert!(
        !facts(&c, DAY)
            .iter()
            .any(|f| f.starts_with("work_hours_per_day"))
    );
}

#[test]
fn a_fourth_child_is_told_and_a_sheet_of_everything_refused() {
    let mut form = certificate::fill(VALUES);
    for (column, text) in [
        (8, "児童名"),
        (14, "生年月日"),
        (22, "施設名"),
        (29, "利用中"),
        (32, "申込中（第一希望）"),
    ] {
        form.set_cell(57, column, text);
    }
    let (c, all) = read(&form);
    assert_eq!(codes(&all), ["W307"], "{all}");
    assert_eq!(c.unwrap().children[0].birth.value, Some(date(2025, 7, 16)));
    for row in 100..210 {
        for column in 0..200 {
            form.set_cell(row, column, "x");
        }
    }
    let (c, all) = read(&form);
    assert!(c.is_none());
    assert_eq!(codes(&all), ["E316"], "{all}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Rows and columns inserted anywhere: read the same, or told; never another value.
    #[test]
    fn shifted_forms_are_read_the_same(
        rows in proptest::collection::vec((1u32..60, 1u32..=5), 0..4),
        columns in proptest::collection::vec((0u16..40, 1u16..=5), 0..4),
    ) {
        let plain = read(&certificate::fill(VALUES)).0.unwrap();
        let mut form = certificate::fill(VALUES);
        for (at, count) in &rows {
            form.insert_rows(*at, *count);
        }
        for (at, count) in &columns {
            form.insert_columns(*at, *count);
        }
        let (c, all) = read(&form);
        let c = c.unwrap();
        if all.is_empty() {
            prop_assert_eq!(said(&c), said(&plain));
        } else {
            // Whatever is told: what the facts say is a part of what they said.
            let all_facts = facts(&plain, DAY);
            for fact in facts(&c, DAY) {
                prop_assert!(all_facts.contains(&fact), "{}\n{}", fact, all);
            }
        }
        prop_assert!(all.is_empty(), "blank rows and columns lose nothing: {}", all);
    }

    /// Cells emptied and strange words anywhere: nothing read that was not written.
    #[test]
    fn damaged_forms_say_nothing_else(
        cells in proptest::collection::vec((1u32..57, 0u16..38, prop::sample::select(vec!["", "7", "年", "☑", "月間", "～", "2001", "取得中"])), 1..6),
        rows in proptest::collection::vec((1u32..60, 1u32..=2), 0..2),
    ) {
        let mut form = certificate::fill(VALUES);
        for (row, column, text) in &cells {
            if text.is_empty() {
                form.clear_cell(*row, *column);
            } else if form.ids().all(|id| form.place(id) != Some((*row, *column))) {
                form.set_cell(*row, *column, text);
            }
        }
        for (at, count) in &rows {
            form.insert_rows(*at, *count);
        }
        let (c, all) = read(&form);
        let _ = all.render(Language::Japanese);
        if let Some(c) = c {
            let day = |d: Option<Date>, expect: Date| d.is_none_or(|d| d == expect);
            // Years and months are never mixed up, whichever label is gone.
            prop_assert!(day(c.childcare.period.from.value, date(2025, 9, 10)), "{}", all);
            prop_assert!(day(c.childcare.period.to.value, date(2027, 3, 31)), "{}", all);
            prop_assert!(day(c.return_date.value, date(2027, 4, 1)), "{}", all);
            prop_assert!(day(c.children[0].birth.value, date(2025, 7, 16)), "{}", all);
        }
    }
}

#[test]
fn contradictions_are_told_with_both_cells() {
    type Case = (
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static [&'static str],
    );
    let cases: &[Case] = &[
        (&[("fixed.hours", "120")], "W320", &["W25", "Q27"]),
        (&[("fixed.days_per_week", "4")], "W321", &["AC27", "I26"]),
        (&[("childcare.to.y", "2024")], "W322", &["K39", "S39"]),
        (&[("fixed.weekday.eh", "8")], "W322", &["K28", "T28"]),
        (
            &[("maternity.state.取得予定", "☑")],
            "W323",
            &["I36", "K37"],
        ),
        (&[("return.state.復職予定", "□")], "W323", &["I42", "P42"]),
        (&[("date.m", "5")], "W324", &["AA3"]),
        (&[("date.y", "2027")], "W324", &["AA3"]),
        (&[("fixed.hours", "800")], "W325", &["W25"]),
        (&[("fixed.weekday.break", "600")], "W326", &["AC28", "K28"]),
        (&[("results.2.hours", "60")], "W327", &[]),
        (&[("person.birth.y", "2016")], "W328", &["AD19", "AA3"]),
        (&[("person.birth.y", "1932")], "W328", &["AD19"]),
        (
            &[("variable.hours", "100"), ("variable.total_unit.月間", "☑")],
            "W329",
            &["W25", "S31"],
        ),
    ];
    for (changes, code, cells) in cases {
        let mut form = certificate::fill(VALUES);
        // Reduced hours excuse low results.
        if *code == "W327" {
            for id in form
                .ids()
                .filter(|id| id.starts_with("reduced."))
                .collect::<Vec<_>>()
            {
                form.set(id, if id.contains("state") { "□" } else { "" });
            }
        }
        for (id, text) in *changes {
            assert!(form.set(id, text), "{id}");
        }
        let (c, _) = read(&form);
        let all = certificate::check(&c.unwrap(), "就労.xlsx", DAY, certificate::MONTHS_VALID);
        let found = all.list().iter().find(|d| d.kind.code == *code);
        let found = found.unwrap_or_else(|| panic!("{code}: {all}"));
        let text = found.message(Language::Japanese);
        for cell in *cells {
            assert!(
                text.contains(&format!("標準的な様式!{cell}")),
                "{code} {cell}: {text}"
            );
        }
        assert!(!found.message(Language::English).contains("（分）"));
        assert!(!all.has_errors());
    }
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_refused_and_why() {
    let bomb = vec![b' '; 70 << 20];
    let mut empty = rust_xlsxwriter::Workbook::new();
    empty.add_worksheet();
    for (bytes, code) in [
        (b"".to_vec(), "E008"),
        ("証明日,2026\n".as_bytes().to_vec(), "E008"),
        (b"\xD0\xCF\x11\xE0old".to_vec(), "E008"),
        (b"PK\x03\x04 nothing".to_vec(), "E008"),
        (zip_of(&[("xl/vbaProject.bin", b"x")]), "E104"),
        (zip_of(&[("xl/worksheets/sheet1.xml", &bomb)]), "E009"),
        (empty.save_to_buffer().unwrap(), "E300"),
    ] {
        let (c, all) = read_bytes(&bytes);
        assert!(c.is_none(), "{code}");
        assert_eq!(codes(&all), [code], "{all}");
    }
}

/// Twelve made-up digits with a right check digit.
const NUMBER: &str = "123456789018";

#[test]
fn an_individual_number_anywhere_stops_the_file_and_is_not_quoted() {
    let mut in_one = certificate::fill(VALUES);
    in_one.set("remarks", &format!("番号 {NUMBER}"));
    let mut far_away = certificate::fill(VALUES);
    far_away.set_cell(3000, 400, "1234-5678-9018");
    let mut digits = certificate::fill(VALUES);
    for (n, c) in (0u16..).zip(NUMBER.chars()) {
        digits.set_cell(58, 3 + n, &c.to_string());
    }
    let mut fours = certificate::fill(VALUES);
    for (n, four) in ["1234", "5678", "９０１８"].iter().enumerate() {
        fours.set_cell(58, 3 + 2 * n as u16, four);
    }
    for form in [in_one, far_away, digits, fours] {
        let (c, all) = read(&form);
        assert!(c.is_none());
        assert_eq!(codes(&all), ["E105"]);
        let text = all.render(Language::Japanese) + &all.render(Language::English);
        assert!(
            !text.contains("9018") && !text.contains("９０１８"),
            "{text}"
        );
    }
}

#[test]
fn text_of_a_pdf_is_read_where_it_is_certain() {
    let text = "就労証明書\n証明日 西暦 2026 年 10 月 1 日\n事業所名 株式会社はなやま商店\n代表者名 花山 一郎\n\
        本人氏名 山野　花子 生年月日 1992 年 2 月 29 日\n4 本人就労先事業所 名称 はなやま商店 本店\n\
        5 雇用の形態 ☑ 正社員 □ パート・アルバイト □ 派遣社員 □ 契約社員 □ 会計年度任用職員 □ 非常勤・臨時職員 □ 役員\n\
        □ 自営業主 □ 自営業専従者 □ 家族従業者 □ 内職 □ 業務委託 □ その他( )\n\
        6 就労時間 月 火 水 木 金 土 日 祝日 合計時間 月間 160 時間 30 分（うち休憩時間 1200 分）\n\
        一月当たりの就労日数 月間 20 日 一週当たりの就労日数 週間 5 日\n\
        合計時間 □ 月間 □ 週間 時間 分\n";
    let (read, all) = certificate::from_text("就労.pdf", text);
    assert!(all.is_empty(), "{all}");
    let read = read.unwrap();
    let c = &read.certificate;
    assert_eq!(c.date.value, Some(date(2026, 10, 1)));
    assert_eq!(
        c.employer_name.value.as_deref(),
        Some("株式会社はなやま商店")
    );
    assert_eq!(c.person_name.value.as_deref(), Some("山野　花子"));
    assert_eq!(c.person_birth.value, Some(date(1992, 2, 29)));
    assert_eq!(c.employment_type.value, Some("正社員"));
    assert_eq!(c.fixed.monthly_minutes.value, Some(9630));
    assert_eq!(
        (c.fixed.days_per_month.value, c.fixed.days_per_week.value),
        (Some(20.into_exact()), Some(5.into_exact()))
    );
    assert_eq!((c.date.found, &*c.date.place.name), (Found::Text, "2行目"));
    // What was not read is unread, not blank, and listed.
    assert_eq!(c.childcare.state.state, State::Unread);
    let names = read.names_to_type();
    assert!(
        names.contains(&"育児休業開始 年".to_owned()) && !names.contains(&"証明日 年".to_owned()),
        "{names:?}"
    );
    // Without its mark, or twice: nothing is certain.
    for (from, to, gone) in [
        ("□ 役員", "役員", "employment_type.正社員"),
        ("証明日", "証明日 2026年9月1日\n証明日", "date.y"),
        (
            "合計時間 月間 160",
            "合計時間 月間 160 または",
            "fixed.hours",
        ),
        (
            "本人氏名 山野　花子",
            "本人氏名 フリガナ ヤマノ",
            "person.name",
        ),
    ] {
        let (read, _) = certificate::from_text("就労.pdf", &text.replace(from, to));
        assert!(read.unwrap().to_type.contains(&gone), "{from}");
    }
    for (text, code) in [("何もない", "E315"), ("番号 1234 5678 9018", "E105")] {
        let (read, all) = certificate::from_text("就労.pdf", text);
        assert!(read.is_none());
        assert_eq!(codes(&all), [code]);
    }
}

trait IntoExact {
    fn into_exact(self) -> enmusubi_domain::facts::Exact;
}

impl IntoExact for i64 {
    fn into_exact(self) -> enmusubi_domain::facts::Exact {
        enmusubi_domain::facts::Exact::whole(self)
    }
}

#[test]
fn recognised_values_become_certificates() {
    let table = "書類番号,項目,値,確信度\n\
        D1,証明日,2026年10月1日,0.99\nD1,本人氏名,山野 花子,0.62\nD1,雇用の形態,正社員,0.98\n\
        D1,合計時間,160,0.99\nD1,平日,9:00〜17:30,0.97\nD1,fixed.days_per_month,２０,0.9\nD1,就労曜日,月、火、水,0.9\n\
        D1,育児休業 取得中,☑,1\nD1,生年月日 年,平成4,0.9\nD1,生年月日 月,2,0.9\nD1,生年月日 日,29,0.9\n\
        D2,合計時間,160,0.99\nD2,合計時間,180,0.99\nD2,好きな色,青,0.99\nD2,週間就労日数,5,高い\n";
    let source = Source {
        name: "読取.csv",
        bytes: table.as_bytes(),
    };
    let (papers, all) = certificate::from_rows(&source, 80);
    assert_eq!(papers.len(), 2, "{all}");
    let c = &papers[0].certificate;
    assert_eq!(c.date.value, Some(date(2026, 10, 1)));
    assert_eq!(c.person_name.value.as_deref(), Some("山野 花子"));
    assert!(c.person_name.check && !c.date.check);
    assert_eq!(c.employment_type.value, Some("正社員"));
    assert_eq!(c.fixed.monthly_minutes.value, Some(9600));
    assert_eq!(c.fixed.weekday.minutes(), Some(510));
    assert_eq!(c.fixed.days.value, Some(Weekdays(0b111)));
    assert_eq!(c.childcare.state.value, Some("取得中"));
    assert_eq!(c.person_birth.value, Some(date(1992, 2, 29)));
    assert_eq!((&*c.date.place.name, c.date.found), ("C2", Found::Named));
    // Not named: not known to be blank.
    assert_eq!(
        (c.maternity.state.state, c.return_date.state),
        (State::Unread, State::Unread)
    );
    assert_eq!(
        papers[1].certificate.fixed.monthly_minutes.state,
        State::Unread
    );
    let mut told = codes(&all);
    told.sort_unstable();
    assert_eq!(
        told,
        ["E312", "E313", "E314", "W303", "W306", "W306"],
        "{all}"
    );
    for (table, code) in [
        ("書類番号,項目,値\nD1,証明日,2026-10-01\n", "E011"),
        (
            "書類番号,項目,値,確信度\nD1,備考欄,123456789018,1\n",
            "E105",
        ),
    ] {
        let source = Source {
            name: "読取.csv",
            bytes: table.as_bytes(),
        };
        let (papers, all) = certificate::from_rows(&source, 80);
        assert!(papers.is_empty());
        let code = if code == "E011" { "E311" } else { code };
        assert_eq!(codes(&all), [code], "{all}");
    }
}

/// The real blank form, where it is at hand: it has every label where ours has it, and reads as blank.
#[test]
fn the_published_form_is_read() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let folder = std::env::var("ENMUSUBI_SHARED").unwrap_or_else(|_| format!("{root}/../shared"));
    let Ok(bytes) = std::fs::read(format!("{folder}/data/employment_certificate_form.xlsx")) else {
        return;
    };
    let (c, all) = read_bytes(&bytes);
    assert!(all.is_empty(), "{all}");
    let c = c.unwrap();
    assert_eq!(said(&c), said(&read(&certificate::blank_form()).0.unwrap()));
    assert_eq!(&*c.fixed.monthly_minutes.place.name, "標準的な様式!W25");

    // Filled in, cell by cell.
    use calamine::Reader as _;
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("標準的な様式").unwrap();
    let (top, left) = sheet.start().unwrap();
    let mut filled = certificate::blank_form();
    for id in filled.ids().collect::<Vec<_>>() {
        let (row, column) = filled.place(id).unwrap();
        filled.clear_cell(row, column);
    }
    for (row, column, value) in sheet.used_cells() {
        let (row, column) = (row as u32 + top + 1, (column as u32 + left) as u16);
        filled.set_cell(row, column, &value.to_string());
    }
    for (id, text) in VALUES {
        filled.set(id, text);
    }
    let (c, all) = read(&filled);
    assert!(all.is_empty(), "{all}");
    assert_eq!(c, read(&certificate::fill(VALUES)).0);
}
