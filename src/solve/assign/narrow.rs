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
        let mut few = Few::new(WIDTH);
        for row in 0..all.rows() {
            let total = |(column, cost): (u32, i64)| cost + price[column as usize];
            let mut limit = few.guess(all.row(row).map(total).step_by(SAMPLE));
            loop {
                few.limit = limit;
                for arc in all.row(row) {
                    few.offer(total(arc), arc.0);
                }
                few.cut();
                if few.kept.len() >= WIDTH || limit == i64::MAX {
                    break;
                }
                few.kept.clear();
                limit = i64::MAX;
            }
            unused.push(few.limit);
            used.push(
                few.kept.drain(..).map(|(total, column)| (column, total - price[column as usize])),
            );
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
                few.limit = 0;
                for arc in self.all.row(row) {
                    few.offer(gain(arc), arc.0);
                }
                few.cut();
            }
            let cost = |(gain, column)| (column, gain + value - price[column as usize]);
            wide.push(self.used.row(row).chain(few.kept.drain(..).map(cost)));
        }
        self.used = wide.build();
        lacking
    }
}

/// The cheapest of what is offered.
struct Few {
    width: usize,
    limit: i64,
    kept: Vec<(i64, u32)>,
}

impl Few {
    fn new(width: usize) -> Self {
        Self { width, limit: i64::MAX, kept: Vec::with_capacity(2 * width) }
    }

    /// A limit that some more than `width` costs are below, going by every [`SAMPLE`]th of them.
    fn guess(&mut self, sample: impl Iterator<Item = i64>) -> i64 {
        self.kept.extend(sample.map(|cost| (cost, 0)));
        let place = 2 * self.width / SAMPLE;
        let limit = if self.kept.len() > 2 * place {
            self.kept.select_nth_unstable(place).1.0
        } else {
            i64::MAX
        };
        self.kept.clear();
        limit
    }

    #[inline]
    fn offer(&mut self, cost: i64, column: u32) {
        if cost < self.limit {
            self.kept.push((cost, column));
            if self.kept.len() == 2 * self.width {
                self.cut();
            }
        }
    }

    /// Keeps `width` entries and lowers the limit to the dearest of them.
    fn cut(&mut self) {
        if self.kept.len() > self.width {
            self.kept.select_nth_unstable(self.width - 1);
            self.kept.truncate(self.width);
            self.limit = self.kept[self.width - 1].0;
        }
    }
}
