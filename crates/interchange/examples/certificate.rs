//! Writes a filled employment certificate of a made-up person as a workbook, for trying the office out and for its browser tests:
//! `cargo run -p enmusubi-interchange --example certificate -- FILE.xlsx NAME KANA YYYY-MM-DD`.

use enmusubi_interchange::{Language, certificate::fill};

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, name, kana, birth] = &args[..] else {
        eprintln!("FILE.xlsx NAME KANA YYYY-MM-DD");
        std::process::exit(2);
    };
    let parts: Vec<&str> = birth.split('-').collect();
    let number = |n: usize| {
        let part = parts.get(n).copied().unwrap_or_default();
        part.trim_start_matches('0')
    };
    let (year, month, day) = (number(0), number(1), number(2));
    let form = fill(&[
        ("date.y", "2026"),
        ("date.m", "11"),
        ("date.d", "10"),
        ("employer.name", "わかば商事"),
        ("employer.address", "園むすび市みどり町2-3"),
        ("person.name", name),
        ("person.kana", kana),
        ("person.birth.y", year),
        ("person.birth.m", month),
        ("person.birth.d", day),
        ("period.kind.無期", "☑"),
        ("period.from.y", "2019"),
        ("period.from.m", "4"),
        ("period.from.d", "1"),
        ("employment_type.正社員", "☑"),
        ("fixed.days.月", "☑"),
        ("fixed.days.火", "☑"),
        ("fixed.days.水", "☑"),
        ("fixed.days.木", "☑"),
        ("fixed.days.金", "☑"),
        ("fixed.hours", "160"),
        ("fixed.minutes", "0"),
        ("fixed.days_per_month", "20"),
        ("fixed.days_per_week", "5"),
    ]);
    let bytes = form
        .bytes()
        .map_err(|wrong| std::io::Error::other(wrong.render(Language::English)))?;
    std::fs::write(file, bytes)
}
