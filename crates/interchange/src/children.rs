//! The children's table.

use crate::{
    Source,
    columns::{
        self, AGE, CHILD_ID, CHILDREN, CHOICE_N, CURRENT, Columns, HOUSEHOLD_ID, Names, RESULT_ID,
        SCORE, SCORE_N, SIBLING_CODE,
    },
    diagnostic::{At, Diagnostics, Text, kind},
    intern::{Ids, Scores},
    nurseries::{Nurseries, also_in, bad_number, whole_number},
    rules::RuleFile,
    table::{Row, Table},
};
use enmusubi_domain::{Child, Choice, FactColumn, Household, Nursery, Round, id};
use hashbrown::HashMap;

/// Children, households and what belongs to them.
#[derive(Default)]
pub(crate) struct Children {
    pub round: Round,
    ids: Ids,
    household_ids: Ids,
    /// Per child: きょうだいパターン, 0 where blank.
    pub codes: Vec<u8>,
    /// Header of the sibling code column.
    pub code_header: Box<str>,
}

impl Children {
    /// Position of a child by the id in a cell.
    pub fn find(&self, cell: &str) -> Option<u32> {
        self.ids
            .find(id::normalise(cell), |i| &self.round.children[i as usize].id)
    }

    /// Position of a household by the id in a cell.
    pub fn find_household(&self, cell: &str) -> Option<u32> {
        self.household_ids.find(id::normalise(cell), |i| {
            &self.round.households[i as usize].id
        })
    }

    fn household(&mut self, cell: &str) -> u32 {
        let household_id = id::normalise(cell);
        if let Some(h) = self.find_household(household_id) {
            return h;
        }
        let position = self.round.households.len() as u32;
        self.round.households.push(Household {
            id: household_id.into(),
            wish: None,
            size: 0,
        });
        let list = &self.round.households;
        self.household_ids
            .insert(household_id, position, |i| &list[i as usize].id);
        position
    }
}

/// Where things are in a row.
struct Layout {
    child: usize,
    household: usize,
    age: usize,
    /// `点数` or `点数1`.
    base: Option<usize>,
    /// Choice columns by N, each with its own column of points.
    choices: Vec<(u32, usize, Option<usize>)>,
    current: Option<usize>,
    code: Option<usize>,
}

/// Reads the children's table; `None` where its columns cannot be found. Without nurseries the
/// ids of nurseries cannot be checked and choices are left out.
pub(crate) fn read(
    source: &Source<'_>,
    names: &Names,
    nurseries: Option<&Nurseries>,
    rules: &RuleFile,
    all: &mut Diagnostics,
) -> Option<Children> {
    let mut table = Table::open(source, all)?;
    let mut columns = columns::find(&mut table, source, &CHILDREN, names, all)?;
    let layout = layout(&columns, source, all)?;
    let mut children = Children {
        code_header: layout
            .code
            .map_or("きょうだいパターン", |c| columns.header(c))
            .into(),
        ..Children::default()
    };
    let mut facts = facts(&mut columns, source, rules, all);
    let mut scores = Scores::default();

    columns::data_rows(&mut table, source, &columns, all, &mut |row, all| {
        let mut reader = RowReader {
            row,
            columns: &columns,
            file: source.name,
            all,
        };
        read_row(
            &mut reader,
            &layout,
            nurseries,
            &mut scores,
            &mut children,
            &mut facts,
        );
    });
    children.round.scores = scores.list;
    children.round.facts = facts.into_iter().map(|f| f.column).collect();
    Some(children)
}

fn layout(columns: &Columns, source: &Source<'_>, all: &mut Diagnostics) -> Option<Layout> {
    for column in columns.named(RESULT_ID) {
        let at = At {
            row: Some(columns.row),
            column: Some(columns.header(column)),
            value: None,
        };
        all.add(&kind::RESULT_COLUMNS_PRESENT, source.name, at);
    }
    let by_number: HashMap<u32, usize> = columns.many(SCORE_N).iter().copied().collect();
    let (plain, first) = (columns.one(SCORE), by_number.get(&1).copied());
    let here = |name| At {
        row: Some(columns.row),
        column: Some(name),
        value: None,
    };
    if let (Some(_), Some(first)) = (plain, first) {
        all.add(
            &kind::SCORE_CONFLICT,
            source.name,
            here(columns.header(first)),
        );
        return None;
    }
    let base = plain.or(first);
    if base.is_none() {
        all.add(&kind::MISSING_COLUMN, source.name, here("点数"));
        return None;
    }
    Some(Layout {
        child: columns.one(CHILD_ID)?,
        household: columns.one(HOUSEHOLD_ID)?,
        age: columns.one(AGE)?,
        base,
        choices: columns
            .many(CHOICE_N)
            .iter()
            .map(|&(n, c)| (n, c, by_number.get(&n).copied()))
            .collect(),
        current: columns.one(CURRENT),
        code: columns.one(SIBLING_CODE),
    })
}

/// A column a rule looks at, while it is read.
struct Fact {
    at: Option<usize>,
    column: FactColumn,
    texts: HashMap<String, u32>,
    last: u32,
}

fn facts(
    columns: &mut Columns,
    source: &Source<'_>,
    rules: &RuleFile,
    all: &mut Diagnostics,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    for wanted in &rules.facts {
        let found = columns.named(&wanted.header);
        match found.as_slice() {
            [] => {
                let at = At {
                    row: Some(wanted.line),
                    column: Some(&wanted.header),
                    value: None,
                };
                all.add(&kind::RULE_COLUMN_MISSING, &rules.file, at);
            }
            [_] => {}
            _ => {
                let at = At {
                    row: Some(columns.row),
                    column: Some(&wanted.header),
                    value: None,
                };
                all.add(&kind::DUPLICATE_HEADER, source.name, at);
            }
        }
        let at = found.first().copied();
        if let Some(column) = at {
            columns.mark(column);
        }
        facts.push(Fact {
            at,
            column: FactColumn {
                header: columns::normal(&wanted.header).into(),
                texts: vec!["".into()],
                of_child: Vec::new(),
            },
            texts: HashMap::from_iter([(String::new(), 0)]),
            last: 0,
        });
    }
    facts
}

impl Fact {
    fn push(&mut self, row: &Row) {
        let text = self.at.map_or("", |c| id::strip_zero_fraction(row.cell(c)));
        if *self.column.texts[self.last as usize] != *text {
            let next = self.column.texts.len() as u32;
            self.last = *self.texts.entry_ref(text).or_insert(next);
            if self.last == next {
                self.column.texts.push(text.into());
            }
        }
        self.column.of_child.push(self.last);
    }
}

/// One row with what is needed to complain about it.
struct RowReader<'a> {
    row: &'a Row,
    columns: &'a Columns,
    file: &'a str,
    all: &'a mut Diagnostics,
}

impl RowReader<'_> {
    fn complain(&mut self, kind: &'static crate::diagnostic::Kind, column: usize) {
        let at = At::cell(
            self.row.number,
            self.columns.header(column),
            self.row.cell(column),
        );
        self.all.add(kind, self.file, at);
    }

    fn complain_with(
        &mut self,
        kind: &'static crate::diagnostic::Kind,
        column: usize,
        detail: impl FnOnce() -> Text,
    ) {
        let at = At::cell(
            self.row.number,
            self.columns.header(column),
            self.row.cell(column),
        );
        self.all.add_with(kind, self.file, at, detail);
    }
}

fn read_row(
    r: &mut RowReader<'_>,
    layout: &Layout,
    nurseries: Option<&Nurseries>,
    scores: &mut Scores,
    children: &mut Children,
    facts: &mut [Fact],
) {
    let row = r.row;
    let child_id = id::normalise(row.cell(layout.child));
    let household_id = row.cell(layout.household);
    for (cell, column) in [(child_id, layout.child), (household_id, layout.household)] {
        if cell.is_empty() {
            r.complain(&kind::BLANK_ID, column);
        }
    }
    let age = whole_number(row.cell(layout.age)).filter(|a| *a <= 5);
    if age.is_none() {
        r.complain(bad_number(row.cell(layout.age), &kind::BAD_AGE), layout.age);
    }
    let base = layout.base.and_then(|c| score(r, c, scores));
    let current = layout.current.and_then(|c| nursery(r, c, nurseries));
    let first = children.round.choices.len();
    choices(
        r,
        layout,
        nurseries,
        scores,
        base,
        current,
        &mut children.round.choices,
    );
    let code = layout.code.map_or(0, |c| code(r, c));

    let known = children.find(child_id);
    if let (Some(known), false) = (known, child_id.is_empty()) {
        let other = &children.round.children[known as usize];
        let same =
            *children.round.households[other.household as usize].id == *id::normalise(household_id);
        let (kind, column) = if same {
            (&kind::DUPLICATE_CHILD, layout.child)
        } else {
            (&kind::CHILD_IN_TWO_HOUSEHOLDS, layout.child)
        };
        let other = other.row;
        r.complain_with(kind, column, || also_in(other));
    }
    if known.is_some() || child_id.is_empty() || household_id.is_empty() {
        children.round.choices.truncate(first);
        return;
    }
    let household = children.household(household_id);
    children.round.households[household as usize].size += 1;
    let position = children.round.children.len() as u32;
    children.round.children.push(Child {
        id: child_id.into(),
        household,
        age: age.unwrap_or(0) as u8,
        current,
        choices: first as u32..children.round.choices.len() as u32,
        score: base,
        row: row.number,
    });
    children.codes.push(code);
    for fact in facts {
        fact.push(row);
    }
    let list = &children.round.children;
    children
        .ids
        .insert(child_id, position, |i| &list[i as usize].id);
}

/// The points in a cell; `None` where it is blank or no integer.
fn score(r: &mut RowReader<'_>, column: usize, scores: &mut Scores) -> Option<u32> {
    let cell = r.row.cell(column);
    if cell.is_empty() {
        return None;
    }
    let score = scores.read(cell);
    if score.is_none() {
        r.complain(bad_number(cell, &kind::BAD_SCORE), column);
    }
    score
}

fn nursery(r: &mut RowReader<'_>, column: usize, nurseries: Option<&Nurseries>) -> Option<u32> {
    let cell = r.row.cell(column);
    if cell.is_empty() {
        return None;
    }
    let nurseries = nurseries?;
    let found = nurseries.find(cell);
    if found.is_none() {
        r.complain_with(&kind::UNKNOWN_NURSERY, column, || {
            near(cell, &nurseries.list)
        });
    }
    found
}

/// The likeliest slip: leading zeros, width, or case.
fn near(cell: &str, nurseries: &[Nursery]) -> Text {
    let loose = |t: &str| columns::normal(t).trim_start_matches('0').to_lowercase();
    let wanted = loose(id::normalise(cell));
    match nurseries.iter().find(|n| loose(&n.id) == wanted) {
        Some(n) => Text::new(
            format!("保育所の表には「{}」があります", n.id),
            format!("the nurseries' table has \"{}\"", n.id),
        ),
        None => Text::new("", ""),
    }
}

fn choices(
    r: &mut RowReader<'_>,
    layout: &Layout,
    nurseries: Option<&Nurseries>,
    scores: &mut Scores,
    base: Option<u32>,
    current: Option<u32>,
    out: &mut Vec<Choice>,
) {
    let first = out.len();
    let mut hole = None;
    let mut any = false;
    let mut no_score = false;
    for &(number, column, own_score) in &layout.choices {
        let cell = r.row.cell(column);
        let own_score = own_score.filter(|c| Some(*c) != layout.base);
        if cell.is_empty() {
            hole = hole.or(Some(column));
            // Points without a choice are read only to report what is no number.
            if let Some(c) = own_score {
                score(r, c, scores);
            }
            continue;
        }
        any = true;
        if let Some(blank) = hole.take() {
            r.complain(&kind::HOLE, blank);
        }
        let points = own_score.and_then(|c| score(r, c, scores)).or(base);
        let Some(found) = nursery(r, column, nurseries) else {
            continue;
        };
        if Some(found) == current {
            r.complain(&kind::OWN_NURSERY_CHOSEN, column);
            continue;
        }
        if out[first..].iter().any(|x| x.nursery == found) {
            r.complain(&kind::DUPLICATE_CHOICE, column);
            continue;
        }
        no_score |= points.is_none();
        out.push(Choice {
            nursery: found,
            score: points.unwrap_or(0),
            number,
        });
    }
    if !any && let Some(&(_, column, _)) = layout.choices.first() {
        r.complain(&kind::NO_CHOICE, column);
    }
    let blank_base = layout.base.filter(|c| r.row.cell(*c).is_empty());
    if let (true, Some(column)) = (no_score || !any, blank_base) {
        r.complain(&kind::NO_SCORE, column);
    }
}

/// きょうだいパターン; 0 where blank or wrong.
fn code(r: &mut RowReader<'_>, column: usize) -> u8 {
    let cell = r.row.cell(column);
    if cell.is_empty() {
        return 0;
    }
    match whole_number(cell) {
        Some(n @ 1..=7) => n as u8,
        _ => {
            r.complain(bad_number(cell, &kind::BAD_CODE), column);
            0
        }
    }
}
