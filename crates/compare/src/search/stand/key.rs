//! A key of several numbers as one number: comparing it, and moving one of its components, is one step.

/// Where each component lies in the one number, the first highest.
#[derive(Debug)]
pub struct Packing {
    /// By component; `None`: behind those that fit. It decides between equals, of whom there are few, and only estimates
    /// are made of these keys.
    fields: Vec<Option<Field>>,
}

#[derive(Debug, Clone, Copy)]
struct Field {
    shift: u32,
    least: i64,
    guard: i64,
}

/// What a component may be.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Its least number.
    pub least: i64,
    /// Its greatest.
    pub most: i64,
    /// How far it may move, up or down; it is not moved further.
    pub guard: i64,
}

/// Bits of a key at most: a sign, and a bit for the side that comes first among equals, are left.
const BITS: u32 = 126;

impl Packing {
    /// Room for components.
    pub fn of(spans: &[Span]) -> Self {
        let bits = |s: &Span| {
            let range = i128::from(s.most) - i128::from(s.least) + 2 * i128::from(s.guard);
            (i128::BITS - range.max(1).leading_zeros()).max(1)
        };
        let mut left = BITS;
        let fits: Vec<Option<u32>> = (spans.iter())
            .map(|s| {
                // Whatever comes behind one that does not fit does not count either.
                let rest = left.checked_sub(bits(s));
                left = rest.unwrap_or(0);
                rest
            })
            .collect();
        let fields = fits.into_iter().zip(spans).map(|(rest, span)| {
            rest.map(|shift| Field {
                shift,
                least: span.least,
                guard: span.guard,
            })
        });
        Self {
            fields: fields.collect(),
        }
    }

    /// The one number of a key.
    pub fn pack(&self, key: &[i64]) -> i128 {
        let fields = self.fields.iter().zip(key);
        let parts = fields.filter_map(|(field, value)| {
            let field = field.as_ref()?;
            let above = i128::from(*value) - i128::from(field.least) + i128::from(field.guard);
            Some(above << field.shift)
        });
        parts.sum()
    }

    /// What to add to it for a component that moves.
    pub fn moved(&self, component: usize, by: i64) -> i128 {
        let field = self.fields.get(component).copied().flatten();
        field.map_or(0, |f| i128::from(by.clamp(-f.guard, f.guard)) << f.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(least: i64, most: i64, guard: i64) -> Span {
        Span { least, most, guard }
    }

    #[test]
    fn keys_are_ordered_as_their_components_are() {
        let packing = Packing::of(&[span(-5, 5, 10), span(0, 3, 0), span(-1000, 7, 100)]);
        let mut keys = Vec::new();
        for a in -5..=5 {
            for b in 0..=3 {
                for c in [-1000, -1, 0, 7] {
                    keys.push([a, b, c]);
                }
            }
        }
        for x in &keys {
            for y in &keys {
                assert_eq!(packing.pack(x).cmp(&packing.pack(y)), x.cmp(y));
            }
            let moved = packing.pack(x) + packing.moved(0, -10) + packing.moved(2, 3);
            let mut y = [x[0] - 10, x[1], x[2] + 3];
            let far = packing.pack(&[-5, 0, -1000]) - packing.pack(&[-4, 0, -1000]);
            y[0] += 10;
            assert_eq!(moved, packing.pack(&y) + far * 10, "{x:?}");
        }
    }

    #[test]
    fn what_does_not_fit_does_not_count() {
        let wide = span(i64::MIN / 2, i64::MAX / 2, 0);
        let packing = Packing::of(&[wide, wide, span(0, 9, 0)]);
        assert_eq!(packing.pack(&[1, 2, 3]), packing.pack(&[1, 2, 9]));
        assert!(packing.pack(&[1, 2, 3]) < packing.pack(&[1, 3, 0]));
        assert_eq!(packing.moved(2, 1), 0);
    }
}
