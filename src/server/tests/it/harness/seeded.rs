//! Random moments that are the same in every run.

/// xorshift64* (Vigna 2016), good enough to choose moments.
pub struct Seeded(u64);

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// A number from `low` on and below `high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        low + usize::try_from(drawn).unwrap() % (high - low)
    }
}
