//! The last component of a key: what decides between children the criteria leave equal.

use super::{hex, lottery_number};
use crate::compiled::{KeyComponent, KeyKind, Ties};

/// The tie-break of a round.
#[derive(Default)]
pub(crate) struct TieBreak {
    /// The component it adds to the key, if any.
    pub component: Option<KeyComponent>,
    /// Per child: place among all, or 0 where nothing is decided.
    pub place: Vec<u32>,
    /// Per child: what people see; empty where there is no component.
    pub text: Vec<Box<str>>,
}

impl TieBreak {
    /// Of children with these ids and these rows (as a spreadsheet shows them), in file order.
    pub fn of<'a>(
        ties: &Ties,
        count: usize,
        id: impl Fn(usize) -> &'a str,
        row: impl Fn(usize) -> u32,
    ) -> Self {
        let component = |label: &str, kind| {
            Some(KeyComponent {
                label: label.to_owned(),
                kind,
            })
        };
        match ties {
            Ties::Stop | Ties::Equal => Self {
                component: None,
                place: vec![0; count],
                text: Vec::new(),
            },
            Ties::RowOrder => Self {
                component: component("受付順（ファイルの行）", KeyKind::Row),
                place: (0..count as u32).collect(),
                text: (0..count).map(|c| row(c).to_string().into()).collect(),
            },
            Ties::Lottery(seed) => {
                let numbers: Vec<[u8; 32]> =
                    (0..count).map(|c| lottery_number(seed, id(c))).collect();
                let mut by_number: Vec<u32> = (0..count as u32).collect();
                by_number.sort_unstable_by(|&a, &b| {
                    let (a, b) = (a as usize, b as usize);
                    numbers[a].cmp(&numbers[b]).then_with(|| id(a).cmp(id(b)))
                });
                let mut place = vec![0; count];
                for (at, &c) in by_number.iter().enumerate() {
                    place[c as usize] = at as u32;
                }
                Self {
                    component: component("抽選", KeyKind::Lottery),
                    place,
                    text: numbers.iter().map(|n| hex(n).into()).collect(),
                }
            }
        }
    }
}
