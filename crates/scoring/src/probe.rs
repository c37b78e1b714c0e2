//! What single rows do in a round: which apply to which choice and what they give ([`Program::contributions`]), and
//! how keys would move if a row gave other points, or a table had one row more ([`Probe`]).
//!
//! Both ask the session, row by row and key by key; nothing of the criteria is worked out here.

use crate::{
    program::Program,
    session::{Gives, Session},
};
use enmusubi_criteria::{
    judgement::Eligible,
    model::Take,
    types::{Element, List},
};
use enmusubi_domain::facts::{Exact, RoundFacts};

/// A row that applies to a choice, after exclusions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// The choice (position in the facts).
    pub choice: u32,
    /// How many times: once, or once for each guardian (adult) in a table over them.
    pub count: u32,
    /// Its points together; groups, bounds and what becomes of the table's points aside.
    pub total: Exact,
}

/// What every row of a file gives in a round; a row that is unknown for a choice is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributions {
    /// By table and row of the file; each list by choice, ascending.
    pub rows: Vec<Vec<Vec<Contribution>>>,
}

impl Contributions {
    /// What a row gives (positions in the file).
    #[must_use]
    pub fn of(&self, table: u32, row: u32) -> &[Contribution] {
        &self.rows[table as usize][row as usize]
    }
}

/// Something that would be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nudge {
    /// The row gives so many points more where it applies (points that are judged by staff stay).
    Row {
        /// Position of the table.
        table: u32,
        /// Position of the row.
        row: u32,
        /// Points more.
        by: Exact,
    },
    /// The row does not apply to anybody.
    Without {
        /// Position of the table.
        table: u32,
        /// Position of the row.
        row: u32,
    },
    /// The table has one more row behind all others, which applies to the child (or to this guardian or adult).
    Added {
        /// Position of the table.
        table: u32,
        /// Position of the guardian (adult) in its table of the facts, for a table over them.
        element: Option<u32>,
        /// Points of the row.
        points: Exact,
    },
}

impl Program {
    /// What every row gives to every choice.
    #[must_use]
    pub fn contributions(&self, facts: &RoundFacts) -> Contributions {
        let tables = &self.code.tables;
        let mut rows: Vec<Vec<Vec<Contribution>>> = tables
            .iter()
            .map(|t| vec![Vec::new(); t.rows.len()])
            .collect();
        let mut session = Session::new(self, facts);
        for choice in 0..facts.choices.len() as u32 {
            session.at(choice);
            for (t, table) in tables.iter().enumerate() {
                let elements = match table.over {
                    None => 0..1,
                    Some(Element::Guardian) => session.span_of(List::Guardians),
                    Some(Element::Adult) => session.span_of(List::Adults),
                };
                for element in elements {
                    let element = table.over.map(|_| element);
                    session.each_row(t as u32, element, |row, points| {
                        let list = &mut rows[t][row];
                        match list.last_mut().filter(|c| c.choice == choice) {
                            Some(c) => {
                                c.count += 1;
                                c.total = c.total.plus(points).unwrap_or(c.total);
                            }
                            None => list.push(Contribution {
                                choice,
                                count: 1,
                                total: points,
                            }),
                        }
                    });
                }
            }
        }
        Contributions { rows }
    }

    /// To whom each row of a table applies, after exclusions: choices, or guardians (adults) in a table over them (as
    /// they are at the first choice of the first child of their household); ascending, by row of the file.
    #[must_use]
    pub fn applying(&self, facts: &RoundFacts, table: u32) -> Vec<Vec<u32>> {
        let code = &self.code.tables[table as usize];
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); code.rows.len()];
        let mut session = Session::new(self, facts);
        let mut before = None;
        for choice in 0..facts.choices.len() as u32 {
            session.at(choice);
            let Some(over) = code.over else {
                session.each_row(table, None, |row, _| rows[row].push(choice));
                continue;
            };
            let members = session.span_of(match over {
                Element::Guardian => List::Guardians,
                Element::Adult => List::Adults,
            });
            if before.replace(members.clone()) == Some(members.clone()) {
                continue;
            }
            for member in members {
                session.each_row(table, Some(member), |row, _| rows[row].push(member));
            }
        }
        for list in &mut rows {
            list.sort_unstable();
            list.dedup();
        }
        rows
    }

    /// Households, ascending, in whose judgement a row (positions in the file) may have a say: it gives something to one
    /// of their children, or nobody can tell. Nobody else's would be another with the row otherwise, or without it.
    #[must_use]
    pub fn concerned(&self, facts: &RoundFacts, (table, row): (u32, u32)) -> Vec<u32> {
        let code = &self.code.tables[table as usize];
        let mut session = Session::new(self, facts);
        let gives = |session: &mut Session<'_>| {
            let mut elements = match code.over {
                None => 0..1,
                Some(Element::Guardian) => session.span_of(List::Guardians),
                Some(Element::Adult) => session.span_of(List::Adults),
            };
            elements.any(|element| {
                let given = session.with_element(element, |s| s.row_alone(code, row as usize));
                given != Ok(Gives::Nothing)
            })
        };
        let mut of_child = |child: u32| {
            // Passes are asked of whoever has no choice, too.
            session.at_child(child);
            let mut choices = facts.index.choices[child as usize].clone();
            choices.is_empty() && gives(&mut session)
                || choices.any(|choice| {
                    session.at(choice);
                    gives(&mut session)
                })
        };
        let households = facts.index.children.iter().zip(0u32..);
        households
            .filter(|(children, _)| (*children).clone().any(&mut of_child))
            .map(|(_, household)| household)
            .collect()
    }

    /// How a table combines its rows, and what it is over.
    #[must_use]
    pub fn shape(&self, table: u32) -> (Take, Option<Element>) {
        let code = &self.code.tables[table as usize];
        (code.take, code.over)
    }
}

/// A program at a round, to be asked what keys would be.
#[derive(Debug)]
pub struct Probe<'p> {
    session: Session<'p>,
    key: Vec<Option<Exact>>,
}

impl<'p> Probe<'p> {
    /// At a round.
    #[must_use]
    pub fn new(program: &'p Program, facts: &'p RoundFacts) -> Self {
        Self {
            session: Session::new(program, facts),
            key: Vec::new(),
        }
    }

    /// Own keys (siblings aside, components as in [`crate::Scores`]) of a child at each of its choices, and whether it may
    /// be placed there, with something otherwise. A component that is unknown or cannot be calculated is `None`.
    pub fn child(
        &mut self,
        child: u32,
        nudge: Option<Nudge>,
        mut each: impl FnMut(u32, &[Option<Exact>], Eligible),
    ) {
        let session = &mut self.session;
        session.nudge(nudge);
        let code = &session.program.code;
        for choice in session.facts.index.choices[child as usize].clone() {
            session.at(choice);
            self.key.clear();
            if !code.strata.is_empty() {
                let stratum = session.stratum().ok().flatten();
                self.key.push(stratum.map(|s| Exact::whole(s.into())));
            }
            for key in 0..code.keys.len() as u32 {
                self.key.push(session.key(key).ok().flatten());
            }
            let eligible = session.eligible().unwrap_or(Eligible::Unknown);
            each(choice, &self.key, eligible);
        }
        session.nudge(None);
    }
}

impl Session<'_> {
    /// Rows of a table that apply, after exclusions, with their points.
    fn each_row(&mut self, table: u32, element: Option<u32>, mut each: impl FnMut(usize, Exact)) {
        let code = &self.program.code.tables[table as usize];
        let element = element.unwrap_or(self.element_at_hand());
        self.with_element(element, |s| {
            let base = s.scratch.len();
            if s.all_rows(code).is_ok() {
                for (row, gives) in s.scratch[base..].iter().enumerate() {
                    if let Gives::Points(points) = gives {
                        each(row, *points);
                    }
                }
            }
            s.scratch.truncate(base);
        });
    }
}
