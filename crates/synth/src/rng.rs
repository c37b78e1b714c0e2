//! Random numbers that are the same on every machine and for ever.
//!
//! SplitMix64 seeds xoshiro256++ (Blackman and Vigna, public domain). Everything drawn is an
//! integer: floating-point comparisons would tie the bytes of a round to the machine's rounding.

/// A seeded stream of random integers.
#[derive(Clone, Debug)]
pub struct Rng {
    s: [u64; 4],
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream `stream` of `seed`. Separate streams for separate jobs keep one job's draws
    /// from shifting another's when an option changes.
    #[must_use]
    pub fn stream(seed: u64, stream: u64) -> Self {
        let mut state = seed;
        let first = split_mix(&mut state);
        let mut state = first ^ stream.wrapping_mul(0xd6e8_feb8_6659_fd93);
        Self {
            s: std::array::from_fn(|_| split_mix(&mut state)),
        }
    }

    /// The next 64 bits.
    #[expect(
        clippy::should_implement_trait,
        reason = "a stream without end is no iterator here"
    )]
    pub fn next(&mut self) -> u64 {
        let s = &mut self.s;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Uniform in `0..n` (0 when `n` is 0). Multiply and shift; the bias of at most n / 2^64
    /// cannot be seen here and costs no rejection loop.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// Uniform index of a slice of length `len`.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// True in `per_thousand` of a thousand draws.
    pub fn chance(&mut self, per_thousand: u64) -> bool {
        self.below(1000) < per_thousand
    }

    /// Bell-shaped around 0, never beyond ± 2 × `spread`; standard deviation about 0.58 × `spread`.
    pub fn bell(&mut self, spread: i64) -> i64 {
        let width = (spread.max(0) as u64) + 1;
        (0..4).map(|_| self.below(width) as i64).sum::<i64>() - 2 * spread.max(0)
    }

    /// Index drawn in proportion to `weights`; 0 when all are 0.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, w) in weights.iter().enumerate() {
            if left < *w {
                return i;
            }
            left -= w;
        }
        0
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.index(i + 1));
        }
    }
}

/// Splits `total` in proportion to `weights` by largest remainders (earlier index first on equal
/// remainders), so that the parts add up exactly. All zero when no weight is positive.
pub(crate) fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (i, w) in weights.iter().enumerate() {
        let exact = u128::from(total) * u128::from(*w);
        parts.push((exact / sum) as u64);
        remainders.push((std::cmp::Reverse(exact % sum), i));
    }
    let given: u64 = parts.iter().sum();
    remainders.sort_unstable();
    for (_, i) in remainders.into_iter().take((total - given) as usize) {
        parts[i] += 1;
    }
    parts
}

/// `share` (0 to 1, clamped) of `of`, rounded to the nearest whole. The share is read in
/// millionths first, so that the result cannot depend on floating-point rounding.
pub(crate) fn share_of(share: f64, of: usize) -> usize {
    let ppm = millionths(share.clamp(0.0, 1.0));
    ((of as u128 * u128::from(ppm) + 500_000) / 1_000_000) as usize
}

/// A number as whole millionths; not-a-number and negatives read as 0.
pub(crate) fn millionths(value: f64) -> u64 {
    // One multiplication and one rounding are exact operations in IEEE 754: equal everywhere.
    // The cast saturates.
    (value * 1_000_000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        let mut rng = Rng::stream(1, 0);
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        let again: Vec<u64> = {
            let mut rng = Rng::stream(1, 0);
            (0..3).map(|_| rng.next()).collect()
        };
        assert_eq!(first, again);
        assert_ne!(first[0], Rng::stream(1, 1).next());
        assert_ne!(first[0], Rng::stream(2, 0).next());
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(apportion(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(apportion(5, &[0, 3, 0]), [0, 5, 0]);
        assert_eq!(apportion(5, &[0, 0]), [0, 0]);
    }

    #[test]
    fn shares_are_clamped_and_rounded() {
        assert_eq!(share_of(0.15, 1000), 150);
        assert_eq!(share_of(2.0, 10), 10);
        assert_eq!(share_of(f64::NAN, 10), 0);
        assert_eq!(share_of(-1.0, 10), 0);
    }
}
