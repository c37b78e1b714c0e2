//! A made-up round as plain rows, before it becomes files.

/// One nursery (保育所) of a made-up round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nursery {
    /// 保育所ID.
    pub id: String,
    /// 保育所名; made up unless it came from a calibration table.
    pub name: String,
    /// Kind of facility (施設類型), for pictures only.
    pub kind: String,
    /// Index into [`Town::areas`].
    pub area: u32,
    /// Municipality, counted from 0.
    pub municipality: u32,
    /// Position on a plane, in metres.
    pub x: i32,
    /// Position on a plane, in metres.
    pub y: i32,
    /// New seats (募集人数) by age class 0–5.
    pub seats: [u32; 6],
    /// Whether the nursery has the age class at all; small facilities stop at age 2.
    pub takes: [bool; 6],
}

/// One applying child (申請児童) of a made-up round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// 申請者番号.
    pub id: String,
    /// Index of the family; families are numbered in file order.
    pub family: u32,
    /// Age class 0–5 on 1 April.
    pub age: u8,
    /// 点数 (index) that holds at every nursery not named in `points_at`; larger is better.
    pub points: i64,
    /// 点数 by choice, parallel to `choices`; empty when the same everywhere.
    pub points_at: Vec<i64>,
    /// Indices into [`Town::nurseries`], best first, distinct, without `enrolled`.
    pub choices: Vec<u32>,
    /// Index of the nursery a transfer applicant (転園希望者) attends now.
    pub enrolled: Option<u32>,
    /// きょうだいパターン 1–7; `None` for an only child.
    pub code: Option<u8>,
    /// Home on the plane, in metres.
    pub x: i32,
    /// Home on the plane, in metres.
    pub y: i32,
}

/// A made-up round: one file's worth, of one or several municipalities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Town {
    /// Names of the districts (地区).
    pub areas: Vec<String>,
    /// All nurseries, in file order.
    pub nurseries: Vec<Nursery>,
    /// All children, in file order; the children of one family follow each other.
    pub children: Vec<Child>,
    /// 世帯番号 by family index.
    pub families: Vec<String>,
    /// Choice columns in the children's file.
    pub choice_columns: usize,
    /// Number of municipalities; none shares an id, a nursery or a family with another.
    pub municipalities: u32,
}

impl Town {
    /// The rows of one municipality (counted from 0) with their ids unchanged, to place it by
    /// itself and compare with the placement of the whole file.
    #[must_use]
    pub fn municipality(&self, number: u32) -> Town {
        let mut nursery_at = vec![u32::MAX; self.nurseries.len()];
        let mut area_at = vec![u32::MAX; self.areas.len()];
        let mut part = Town {
            choice_columns: self.choice_columns,
            municipalities: 1,
            ..Town::default()
        };
        for (i, nursery) in self.nurseries.iter().enumerate() {
            if nursery.municipality != number {
                continue;
            }
            nursery_at[i] = part.nurseries.len() as u32;
            let area = &mut area_at[nursery.area as usize];
            if *area == u32::MAX {
                *area = part.areas.len() as u32;
                part.areas.push(self.areas[nursery.area as usize].clone());
            }
            part.nurseries.push(Nursery {
                area: *area,
                municipality: 0,
                ..nursery.clone()
            });
        }
        let mut family_at = None;
        for child in &self.children {
            let here = child
                .choices
                .first()
                .is_some_and(|c| self.nurseries[*c as usize].municipality == number);
            if !here {
                continue;
            }
            if family_at != Some(child.family) {
                family_at = Some(child.family);
                part.families
                    .push(self.families[child.family as usize].clone());
            }
            let mut child = child.clone();
            child.family = part.families.len() as u32 - 1;
            for choice in &mut child.choices {
                *choice = nursery_at[*choice as usize];
            }
            child.enrolled = child.enrolled.map(|e| nursery_at[e as usize]);
            part.children.push(child);
        }
        part
    }

    /// Ranges of `children` that form one family each.
    pub fn family_ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let mut start = 0;
        std::iter::from_fn(move || {
            let family = self.children.get(start)?.family;
            let len = self.children[start..]
                .iter()
                .take_while(|c| c.family == family)
                .count();
            let range = start..start + len;
            start = range.end;
            Some(range)
        })
    }
}
