//! Solving over few arcs where there are many: the cheapest of each row first, and those that the
//! prices call for afterwards (Volgenant, "Linear and semi-assignment problems: a core oriented
//! approach", Computers & OR 1996). In a dense instance few arcs beyond the cheapest ever matter.

use super::arcs::Arcs;

/// Arcs per row to begin with.
const WIDTH: usize = 24;
/// Arcs per row that one round of pricing may add.
const GROWTH: usize = 8;

/// An arc that is to be added: its row, column and cost.
type Extra = (u32, u32, i64);

/// The cheapest arcs of every row and of every column, or nothing when that would not be far
/// fewer.
pub(super) fn cheapest(arcs: &Arcs) -> Option<Arcs> {
    if arcs.len() <= 2 * WIDTH * arcs.rows() {
        return None;
    }
    let mut narrow = Arcs::builder(arcs.columns());
    let mut best = vec![(i64::MAX, 0); arcs.columns()];
    let mut kept = Vec::with_capacity(2 * WIDTH);
    for row in 0..arcs.rows() {
        let mut limit = i64::MAX;
        for (column, cost) in arcs.row(row) {
            if cost < best[column as usize].0 {
                best[column as usize] = (cost, row as u32);
            }
            if cost < limit {
                kept.push((cost, column));
                if kept.len() == 2 * WIDTH {
                    limit = keep_cheapest(&mut kept, WIDTH);
                }
            }
        }
        keep_cheapest(&mut kept, WIDTH);
        kept.sort_unstable();
        narrow.push(kept.drain(..).map(|(cost, column)| (column, cost)));
    }
    let extra = (0..).zip(best).filter(|&(_, (cost, _))| cost < i64::MAX);
    Some(widened(&narrow.build(), extra.map(|(column, (cost, row))| (row, column, cost)).collect()))
}

/// Keeps the `width` least entries, in no order; returns the greatest kept.
fn keep_cheapest(kept: &mut Vec<(i64, u32)>, width: usize) -> i64 {
    if kept.len() > width {
        kept.select_nth_unstable(width - 1);
        kept.truncate(width);
    }
    kept.last().map_or(i64::MAX, |last| last.0)
}

/// The arcs that cost less at these prices than the value of their row: the worst of each row.
pub(super) fn missing(arcs: &Arcs, price: &[i64], value: &[i64]) -> Vec<Extra> {
    let mut extra = Vec::new();
    let mut found = Vec::new();
    for (row, &value) in value.iter().enumerate() {
        let reduced = |(column, cost)| (cost + price[column as usize] - value, column, cost);
        found.extend(arcs.row(row).map(reduced).filter(|&(reduced, ..)| reduced < 0));
        found.sort_unstable();
        extra.extend(found.drain(..).take(GROWTH).map(|(_, column, cost)| (row as u32, column, cost)));
    }
    extra
}

/// The narrow arcs together with extra ones.
pub(super) fn widened(narrow: &Arcs, mut extra: Vec<Extra>) -> Arcs {
    extra.sort_unstable();
    let mut extra = extra.into_iter().peekable();
    let mut wide = Arcs::builder(narrow.columns());
    let mut added = Vec::new();
    for row in 0..narrow.rows() {
        while let Some((_, column, cost)) = extra.next_if(|&(at, ..)| at as usize == row) {
            if !narrow.row(row).any(|(known, _)| known == column) {
                added.push((column, cost));
            }
        }
        wide.push(narrow.row(row).chain(added.drain(..)));
    }
    wide.build()
}
