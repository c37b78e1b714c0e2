//! How much each condition pulls, as numbers: a logistic model of being placed with a cut-off for each class. A bond keeps conditions out
//! (L1), and is loosened until many pull; at last without it. Where the search for whole points begins, as in sparse integer
//! scores (Liu et al. 2022, FasterRisk): numbers first and whole ones after them. One condition after the other, by steps that cannot
//! overshoot (Genkin, Lewis and Madigan 2007).

use super::sides::Sides;

/// Bonds, from strong to weak: what a condition must do for the likelihood for each unit of its pull.
const BONDS: [f64; 9] = [40.0, 28.0, 20.0, 14.0, 10.0, 7.0, 5.0, 3.5, 2.5];
/// Times that it is asked, for each bond, which conditions would pull.
const LOOKS: usize = 4;
/// Rounds over those that pull, for each bond, and at the end.
const ROUNDS: [usize; 2] = [12, 60];
/// A step is no longer.
const STEP: f64 = 1.5;
/// Pulls are held back a little, so that they stay finite where all are told apart.
const HELD: f64 = 0.02;

/// A column as numbers: entries, and how often it holds there.
pub type Sparse = Vec<(u32, f64)>;

/// A model.
#[derive(Debug, Clone)]
pub struct Pulls {
    /// Of each column; nothing for most.
    pub of: Vec<f64>,
    /// Columns that pull, as they were taken in.
    active: Vec<usize>,
    /// Sum of the pulls of each entry, less the cut-off of its group.
    margin: Vec<f64>,
    share: Vec<f64>,
    /// By column: how far its next step may go, so that the model bends as it is taken to (Genkin, Lewis and Madigan 2007).
    reach: Vec<f64>,
}

/// How much a share may bend within some reach of a margin.
fn bend(margin: f64, reach: f64) -> f64 {
    let beyond = margin.abs() - reach;
    if beyond <= 0.0 {
        return 0.25;
    }
    let e = beyond.exp();
    1.0 / (2.0 + e + 1.0 / e)
}

fn share(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

impl Pulls {
    /// Nothing pulls: cut-offs as many as were placed.
    #[must_use]
    pub fn none(sides: &Sides, columns: usize) -> Self {
        let mut pulls = Self {
            of: vec![0.0; columns],
            active: Vec::new(),
            margin: vec![0.0; sides.entries.len()],
            share: vec![0.5; sides.entries.len()],
            reach: vec![1.0; columns],
        };
        for range in &sides.groups {
            let placed = sides.entries[range.clone()].iter().filter(|e| e.placed);
            let (placed, all) = (placed.count() as f64, range.len() as f64);
            let margin = -((all - placed) / placed).ln();
            for e in range.clone() {
                pulls.margin[e] = margin;
                pulls.share[e] = share(margin);
            }
        }
        pulls
    }

    /// Fits with a bond that keeps out whatever makes the decisions likelier by little, from a strong one to weaker ones, as
    /// long as few pull; then without it.
    pub fn grow(
        &mut self,
        sides: &Sides,
        columns: &[Sparse],
        worth: &dyn Fn(usize) -> f64,
        most: usize,
    ) {
        for bond in BONDS {
            for _ in 0..LOOKS {
                let slope = |j: usize| self.bends(sides, &columns[j]).0.abs();
                let in_question =
                    (0..columns.len()).filter(|&j| self.of[j] != 0.0 || slope(j) > bond * worth(j));
                self.active = in_question.collect();
                let before = self.active.len();
                self.rounds(sides, columns, ROUNDS[0], &|j| bond * worth(j));
                self.active.retain(|j| self.of[*j] != 0.0);
                if self.active.len() == before {
                    break;
                }
            }
            if self.active.len() > most {
                break;
            }
        }
        self.rounds(sides, columns, ROUNDS[1], &|_| 0.0);
    }

    fn add(&mut self, column: &Sparse, by: f64) {
        for (e, x) in column {
            let e = *e as usize;
            self.margin[e] += by * x;
            self.share[e] = share(self.margin[e]);
        }
    }

    /// Fits the pulls of the active ones, held out by some bonds.
    fn rounds(
        &mut self,
        sides: &Sides,
        columns: &[Sparse],
        rounds: usize,
        bond: &dyn Fn(usize) -> f64,
    ) {
        for _ in 0..rounds {
            let mut moved = 0.0f64;
            for j in self.active.clone() {
                let reach = self.reach[j];
                let now = self.of[j];
                let (mut slope, mut most) = (-HELD * now, HELD);
                for (e, x) in &columns[j] {
                    let e = *e as usize;
                    let placed = f64::from(u8::from(sides.entries[e].placed));
                    slope += x * (placed - self.share[e]);
                    most += x * x * bend(self.margin[e], reach * x);
                }
                let bond = bond(j);
                let free = now * most + slope;
                let aim = match free.abs() > bond {
                    true => (free - bond * free.signum()) / most,
                    false => 0.0,
                };
                let by = (aim - now).clamp(-reach, reach);
                if by == 0.0 {
                    continue;
                }
                self.of[j] = if now + by == aim { aim } else { now + by };
                self.add(&columns[j], by);
                self.reach[j] = (2.0 * by.abs()).max(reach / 2.0).clamp(0.02, STEP * 2.0);
                moved = moved.max(by.abs());
            }
            self.recut(sides);
            if moved < 1e-2 {
                break;
            }
        }
    }

    /// Score statistic of a column that does not pull yet: how surprising it would be if it did not.
    #[must_use]
    pub fn statistic(&self, sides: &Sides, column: &Sparse) -> f64 {
        let (slope, bend) = self.bends(sides, column);
        slope * slope / (bend + 0.5)
    }

    fn bends(&self, sides: &Sides, column: &Sparse) -> (f64, f64) {
        let (mut slope, mut bend) = (0.0, 1e-3);
        for (e, x) in column {
            let p = self.share[*e as usize];
            let placed = f64::from(u8::from(sides.entries[*e as usize].placed));
            slope += x * (placed - p);
            bend += x * x * p * (1.0 - p);
        }
        (slope, bend)
    }

    /// Moves each cut-off to where as many are expected above it as were placed.
    fn recut(&mut self, sides: &Sides) {
        for range in &sides.groups {
            let (mut slope, mut most) = (0.0, 1e-3);
            for e in range.clone() {
                slope += f64::from(u8::from(sides.entries[e].placed)) - self.share[e];
                most += bend(self.margin[e], STEP / 2.0);
            }
            let by = (slope / most).clamp(-STEP / 2.0, STEP / 2.0);
            for e in range.clone() {
                self.margin[e] += by;
                self.share[e] = share(self.margin[e]);
            }
        }
    }
}
