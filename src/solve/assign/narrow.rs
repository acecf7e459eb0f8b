//! Solving over few arcs where there are many: the cheapest of each row first, and those that the
//! prices call for afterwards (Volgenant, "Linear and semi-assignment problems: a core oriented
//! approach", Computers & OR 1996). In a dense instance few arcs beyond the cheapest ever matter.

use super::arcs::Arcs;

/// Arcs per row to begin with.
const WIDTH: usize = 24;
/// Arcs per row that one round of pricing may add.
const GROWTH: usize = 16;
/// One arc in this many is looked at to guess which costs are among the cheapest of a row.
const SAMPLE: usize = 8;

/// The arcs in use, out of all those of an instance.
pub(super) struct Narrow<'a> {
    all: &'a Arcs,
    used: Arcs,
    /// Prices at which the arcs were chosen.
    chosen_at: Vec<i64>,
    /// No arc of the row that is not in use cost less than this at those prices.
    unused: Vec<i64>,
}

impl<'a> Narrow<'a> {
    /// The cheapest arcs of every row at some prices, or nothing when that would not be far fewer
    /// than all.
    pub fn new(all: &'a Arcs, price: &[i64]) -> Option<Self> {
        if all.len() <= 2 * WIDTH * all.rows() {
            return None;
        }
        let mut used = Arcs::builder(all.columns());
        let mut unused = Vec::with_capacity(all.rows());
        let (mut few, mut sample) = (Few::new(WIDTH), Vec::new());
        for row in 0..all.rows() {
            let total = |(column, cost): (u32, i64)| cost + price[column as usize];
            let likely = guess(WIDTH, all.row(row).map(total), &mut sample);
            for limit in [likely, i64::MAX] {
                few.start(row, limit);
                all.row(row).for_each(|arc| few.offer(total(arc), arc.0));
                if few.kept.len() >= WIDTH {
                    break;
                }
            }
            used.push(few.sorted().map(|(column, total)| (column, total - price[column as usize])));
            unused.push(few.limit.0);
        }
        Some(Self { all, used: used.build(), chosen_at: price.to_vec(), unused })
    }

    /// The arcs in use.
    pub fn arcs(&self) -> &Arcs {
        &self.used
    }

    /// Takes arcs into use that cost less at these prices than the value of their row, the worst
    /// first. Returns how many rows lacked some.
    pub fn widen(&mut self, price: &[i64], value: &[i64]) -> usize {
        let change = price.iter().zip(&self.chosen_at).map(|(now, then)| now - then);
        let fallen = change.min().unwrap_or(0);
        let mut wide = Arcs::builder(self.all.columns());
        let mut few = Few::new(GROWTH);
        let mut lacking = 0;
        for (row, &value) in value.iter().enumerate() {
            let gain = |(column, cost): (u32, i64)| cost + price[column as usize] - value;
            // Most rows of an easy instance need no look at their arcs, most others only a short one.
            let missing = self.unused[row].saturating_add(fallen) < value
                && self.all.row(row).fold(0, |signs, arc| signs | gain(arc)) < 0;
            if missing {
                lacking += 1;
                few.start(row, 0);
                self.all.row(row).for_each(|arc| few.offer(gain(arc), arc.0));
            }
            let cost = |(column, gain)| (column, gain + value - price[column as usize]);
            wide.push(self.used.row(row).chain(few.sorted().map(cost)));
        }
        self.used = wide.build();
        lacking
    }
}

/// The cheapest arcs of one row.
///
/// Arcs of equal cost are told apart by a number that is different for each row; by their column
/// alone all rows would keep the same few.
struct Few {
    width: usize,
    salt: u32,
    limit: (i64, u32),
    kept: Vec<(i64, u32)>,
}

impl Few {
    fn new(width: usize) -> Self {
        Self { width, salt: 0, limit: (0, 0), kept: Vec::with_capacity(2 * width) }
    }

    /// Starts the next row; only arcs below `limit` will be kept.
    fn start(&mut self, row: usize, limit: i64) {
        self.salt = (row as u32).wrapping_mul(0x9e37_79b9);
        self.limit = (limit, 0);
        self.kept.clear();
    }

    #[inline]
    fn offer(&mut self, cost: i64, column: u32) {
        if cost <= self.limit.0 {
            self.consider((cost, column ^ self.salt));
        }
    }

    fn consider(&mut self, arc: (i64, u32)) {
        if arc < self.limit {
            self.kept.push(arc);
            if self.kept.len() == 2 * self.width {
                self.cut();
            }
        }
    }

    /// Keeps `width` arcs and lowers the limit to the dearest of them.
    fn cut(&mut self) {
        if self.kept.len() > self.width {
            self.kept.select_nth_unstable(self.width - 1);
            self.kept.truncate(self.width);
            self.limit = self.kept[self.width - 1];
        }
    }

    /// The arcs kept as (column, cost), by column.
    fn sorted(&mut self) -> impl Iterator<Item = (u32, i64)> + '_ {
        self.cut();
        let salt = self.salt;
        self.kept.iter_mut().for_each(|arc| arc.1 ^= salt);
        self.kept.sort_unstable_by_key(|&(cost, column)| (column, cost));
        self.kept.drain(..).map(|(cost, column)| (column, cost))
    }
}

/// A limit that somewhat more than `width` of a row's costs are below, going by a sample of them.
fn guess(width: usize, costs: impl Iterator<Item = i64>, sample: &mut Vec<i64>) -> i64 {
    sample.clear();
    sample.extend(costs.step_by(SAMPLE));
    let place = 2 * width / SAMPLE;
    if sample.len() <= 2 * place {
        return i64::MAX;
    }
    *sample.select_nth_unstable(place).1
}
