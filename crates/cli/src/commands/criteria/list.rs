//! `enmusubi criteria list`.

use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::os_words;
use crate::text_table::TextTable;
use crate::{print, say};
use enmusubi_criteria::{
    Criteria, Severity,
    model::{FileKind, Grade},
};
use std::path::{Path, PathBuf};

/// Folders within folders are followed this far.
const DEPTH_MAX: u32 = 6;

/// The municipalities; made-up files only with `all`, and never among them.
pub fn run(words: &Words, folder: &Path, all: bool) -> Result<Exit, Failure> {
    let mut paths = Vec::new();
    find(words, folder, DEPTH_MAX, &mut paths)?;
    paths.sort();
    let (mut municipalities, mut others, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for path in &paths {
        let file = CriteriaFile::read(words, path)?;
        match file.criteria {
            Some(criteria) if criteria.head.kind == FileKind::Municipality => {
                municipalities.push((path, criteria));
            }
            Some(criteria) => others.push((path, criteria)),
            None => broken.push((path, file.diagnostics.count(Severity::Error))),
        }
    }
    let code = |c: &Criteria| (c.head.municipality.clone(), c.head.fiscal_year);
    municipalities.sort_by_key(|(_, c)| code(c));
    let mut table = TextTable::new(header(words));
    for (path, criteria) in &municipalities {
        table.row(line(words, path, criteria));
    }
    print(&table.text());
    let count = words.say("criteria-list.count", &[("files", &municipalities.len())]);
    print(&format!("{count}\n"));
    if all {
        print(&format!(
            "\n{}\n\n",
            words.say("criteria-list.made_up", &[])
        ));
        let mut table = TextTable::new(header(words));
        for (path, criteria) in &others {
            table.row(line(words, path, criteria));
        }
        print(&table.text());
    }
    for (path, errors) in &broken {
        let said = words.say(
            "criteria-list.broken",
            &[("path", &path.display()), ("errors", errors)],
        );
        say(&format!("{said}\n"));
    }
    Ok(if broken.is_empty() {
        Exit::Done
    } else {
        Exit::BadInput
    })
}

fn find(words: &Words, folder: &Path, depth: u32, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failure = |e: std::io::Error| {
        let detail = os_words(words, &e);
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("path", &folder.display()), ("detail", &detail)];
        Failure::new(Exit::BadInput, words.say("input.unreadable", &values))
            .hint(words.say("criteria-list.folder_hint", &[]))
    };
    for entry in std::fs::read_dir(folder).map_err(failure)? {
        let path = entry.map_err(failure)?.path();
        if path.is_dir() && depth > 0 {
            find(words, &path, depth - 1, into)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            into.push(path);
        }
    }
    Ok(())
}

fn header(words: &Words) -> Vec<String> {
    [
        "criteria-list.code",
        "criteria-list.name",
        "criteria-list.year",
        "criteria-list.title",
        "criteria-list.rows",
        "criteria-list.open",
        "criteria-list.grades",
        "criteria-list.usable",
        "criteria-list.file",
    ]
    .map(|key| words.say(key, &[]))
    .into()
}

fn line(words: &Words, path: &Path, criteria: &Criteria) -> Vec<String> {
    let head = &criteria.head;
    let rows: Vec<Grade> = criteria
        .tables
        .iter()
        .flat_map(|t| &t.rows)
        .map(|r| r.source.grade)
        .collect();
    let of = |grade: Grade| rows.iter().filter(|g| **g == grade).count();
    let open = of(Grade::ToBeFilled)
        + criteria.keys.iter().filter(|k| k.value.is_none()).count()
        + criteria.gaps.len();
    let grades = [
        ("criteria-list.official", of(Grade::Official)),
        ("criteria-list.official_part", of(Grade::OfficialPart)),
        ("criteria-list.third_party", of(Grade::ThirdParty)),
    ];
    let municipality = head.kind == FileKind::Municipality;
    let grades: Vec<String> = grades
        .iter()
        .filter(|(_, n)| *n > 0 && municipality)
        .map(|(key, n)| format!("{} {n}", words.say(key, &[])))
        .collect();
    let usable = if !municipality {
        ""
    } else if criteria.has_holes() {
        "criteria-list.no"
    } else if of(Grade::ThirdParty) > 0 {
        "criteria-list.compare"
    } else {
        "criteria-list.yes"
    };
    vec![
        head.municipality.as_deref().unwrap_or_default().to_owned(),
        head.name.to_string(),
        head.fiscal_year.to_string(),
        head.title.to_string(),
        rows.len().to_string(),
        open.to_string(),
        grades.join("・"),
        if usable.is_empty() {
            String::new()
        } else {
            words.say(usable, &[])
        },
        path.display().to_string(),
    ]
}
