//! Laws of the exact solver: proven by its prices, equal to brute force on small instances and to
//! other solvers on square ones, and untouched by how it was started.

use super::{Arcs, Instance, Matching, Prices, greedy, prove, solve};
use crate::rng::Rng;
use crate::units::LIMIT;
use pathfinding::prelude::{Matrix, kuhn_munkres_min};
use proptest::prelude::*;

/// Rows of (column, cost), capacities, and the cost of leaving each row out.
type Plain = (Vec<Vec<(u32, i64)>>, Vec<u32>, Vec<i64>);

fn instance((rows, capacity, skip): Plain) -> Instance {
    let mut arcs = Arcs::builder(capacity.len());
    for row in rows {
        arcs.row(row).expect("columns and costs in range");
    }
    Instance::new(arcs.build(), capacity, skip).expect("lengths fit")
}

/// An instance in which leaving a row out is the last resort.
fn must_serve(arcs: Arcs, capacity: Vec<u32>) -> Instance {
    let skip = vec![arcs.must_serve(); arcs.rows()];
    Instance::new(arcs, capacity, skip).expect("lengths fit")
}

/// Solves, and checks whatever must hold of every answer.
#[track_caller]
fn solved(instance: &Instance) -> Matching {
    let best = solve(instance, None);
    assert_eq!(prove(instance, &best), Ok(()));
    assert_eq!(best, solve(instance, None), "the same input gives the same answer");
    assert!(best.cost <= greedy(instance).cost, "greedy is no better");
    let warm = solve(instance, Some(&best.prices));
    assert_eq!((prove(instance, &warm), warm.cost), (Ok(()), best.cost), "warm start");
    best
}

/// The least cost by trying every choice of every row.
fn brute_force(instance: &Instance, row: usize, room: &mut [u32]) -> i64 {
    if row == instance.arcs().rows() {
        return 0;
    }
    let mut best = instance.skip()[row] + brute_force(instance, row + 1, room);
    for (column, cost) in instance.arcs().row(row) {
        if room[column as usize] > 0 {
            room[column as usize] -= 1;
            best = best.min(cost + brute_force(instance, row + 1, room));
            room[column as usize] += 1;
        }
    }
    best
}

fn plain(rows: usize, columns: usize, arcs: usize, costs: i64) -> impl Strategy<Value = Plain> {
    (1..=columns).prop_flat_map(move |columns| {
        let arc = (0..columns as u32, -costs..=costs);
        let row = (prop::collection::vec(arc, 0..=arcs), -costs..=2 * costs);
        let capacity = prop::collection::vec(0..4u32, columns);
        (prop::collection::vec(row, 0..=rows), capacity).prop_map(|(rows, capacity)| {
            let (rows, skip) = rows.into_iter().unzip();
            (rows, capacity, skip)
        })
    })
}

proptest! {
    #[test]
    fn equals_brute_force(plain in plain(6, 4, 5, 6)) {
        let instance = instance(plain);
        let best = brute_force(&instance, 0, &mut instance.capacity().to_vec());
        prop_assert_eq!(solved(&instance).cost, best);
    }

    #[test]
    fn is_proven_optimal(plain in plain(60, 25, 12, 1_000)) {
        solved(&instance(plain));
    }

    #[test]
    fn any_prices_are_a_safe_start(
        plain in plain(20, 8, 8, 50),
        columns in prop::collection::vec(prop_oneof![any::<i64>(), -60..120i64], 0..10),
    ) {
        let instance = instance(plain);
        let warm = solve(&instance, Some(&Prices { rows: vec![], columns }));
        prop_assert_eq!(prove(&instance, &warm), Ok(()));
        prop_assert_eq!(warm.cost, solve(&instance, None).cost);
    }

    #[test]
    fn raising_all_choices_of_a_row_raises_the_cost_by_as_much(
        plain in plain(15, 8, 8, 50),
        by in prop::collection::vec(-40..40i64, 15),
    ) {
        let before = solved(&instance(plain.clone())).cost;
        let (mut rows, capacity, mut skip) = plain;
        for ((row, skip), by) in rows.iter_mut().zip(&mut skip).zip(&by) {
            row.iter_mut().for_each(|arc| arc.1 += by);
            *skip += by;
        }
        let raised: i64 = by.iter().take(rows.len()).sum();
        prop_assert_eq!(solved(&instance((rows, capacity, skip))).cost, before + raised);
    }

    #[test]
    fn a_dense_square_equals_kuhn_munkres(
        (side, costs) in (1..24usize).prop_flat_map(|side| {
            (Just(side), prop::collection::vec(-100..100i64, side * side))
        }),
    ) {
        let (expected, _) = kuhn_munkres_min(&Matrix::from_vec(side, side, costs.clone()).unwrap());
        let arcs = Arcs::dense(side, &costs).expect("costs in range");
        prop_assert_eq!(solved(&must_serve(arcs, vec![1; side])).cost, expected);
    }

    #[test]
    fn must_serve_leaves_out_as_few_as_can_be(plain in plain(6, 4, 4, 30)) {
        let (rows, capacity, _) = plain;
        let all_free = rows.iter().map(|row| row.iter().map(|arc| (arc.0, 0)).collect()).collect();
        let skip = vec![1; rows.len()];
        let fewest = instance((all_free, capacity.clone(), skip.clone()));
        let fewest = brute_force(&fewest, 0, &mut capacity.clone());
        let arcs = instance((rows, capacity.clone(), skip)).arcs().clone();
        let best = solved(&must_serve(arcs, capacity));
        prop_assert_eq!(best.column_of.iter().filter(|column| column.is_none()).count() as i64, fewest);
    }
}

/// Points in a square and the rounded-down distances between them, so that neighbours compete.
fn distances(rng: &mut Rng, rows: usize, columns: usize) -> Vec<Vec<(u32, i64)>> {
    let mut points = |count: usize| -> Vec<(i64, i64)> {
        (0..count).map(|_| (rng.between(0, 99_999), rng.between(0, 99_999))).collect()
    };
    let (from, to) = (points(rows), points(columns));
    let distance = |a: (i64, i64), b: (i64, i64)| {
        ((a.0 - b.0).pow(2) as u64 + (a.1 - b.1).pow(2) as u64).isqrt() as i64
    };
    from.iter().map(|&a| (0..).zip(to.iter().map(|&b| distance(a, b))).collect()).collect()
}

fn nearest(rows: &mut [Vec<(u32, i64)>], count: usize) {
    for row in rows {
        row.sort_unstable_by_key(|&(column, cost)| (cost, column));
        row.truncate(count);
    }
}

#[test]
fn larger_instances_of_many_shapes_are_proven_optimal() {
    // Rows, columns, nearest columns kept, capacity, range of skip costs (none: must serve).
    let shapes = [
        (300, 300, 12, 1, None),                      // tight
        (300, 60, 10, 5, None),                       // tight, several seats
        (300, 60, 10, 4, None),                       // too few seats for all
        (300, 60, 10, 4, Some((100, 1_000_000_000))), // too few, and some rows matter far more
        (300, 60, 10, 7, Some((1, 40_000))),          // room to spare, some rows not worth it
        (200, 500, 500, 1, None),                     // dense, wide
        (300, 200, 200, 1, Some((1_000, 90_000))),    // dense, overfull
        (250, 3, 3, 60, Some((1_000, 90_000))),       // few large columns
    ];
    for (shape, (rows, columns, count, capacity, skip)) in shapes.into_iter().enumerate() {
        let mut rng = Rng::new(11, shape as u64);
        let mut plain = distances(&mut rng, rows, columns);
        nearest(&mut plain, count);
        let arcs = instance((plain.clone(), vec![capacity; columns], vec![0; rows])).arcs().clone();
        let skip = match skip {
            None => vec![arcs.must_serve(); rows],
            Some((low, high)) => (0..rows).map(|_| rng.between(low, high)).collect(),
        };
        let before = solved(&instance((plain.clone(), vec![capacity; columns], skip.clone())));
        for row in plain.iter_mut().step_by(7) {
            row.iter_mut().for_each(|arc| arc.1 = (arc.1 * rng.between(80, 120)) / 100);
        }
        let changed = instance((plain, vec![capacity; columns], skip));
        let warm = solve(&changed, Some(&before.prices));
        assert_eq!(prove(&changed, &warm), Ok(()), "shape {shape}");
        assert_eq!(warm.cost, solve(&changed, None).cost, "shape {shape}");
    }
}

#[test]
fn costs_with_few_values_or_none_are_proven_optimal() {
    for (seed, most) in [0, 1, 4, 100].into_iter().enumerate() {
        let mut rng = Rng::new(12, seed as u64);
        let costs: Vec<i64> = (0..120 * 120).map(|_| rng.between(0, most)).collect();
        solved(&must_serve(Arcs::dense(120, &costs).expect("in range"), vec![1; 120]));
        let sparse = |row: usize| -> Vec<(u32, i64)> {
            (0..9).map(|arc| ((row * 31 + arc * arc * 7) as u32 % 400, costs[row + arc])).collect()
        };
        let rows = (0..400).map(sparse).collect();
        solved(&instance((rows, vec![1; 400], vec![most + 3; 400])));
    }
}

#[test]
fn the_or_library_optima_are_found() {
    let Some(dir) = crate::testdata::dir() else { return };
    for (side, optimum) in [(100, 305), (200, 475), (300, 626), (400, 804)] {
        let path = dir.join(format!("assignment/orlib/assign{side}.txt"));
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("skipped: cannot read {}", path.display());
            continue;
        };
        let numbers = text.split_whitespace().map(|word| word.parse().expect("a whole number"));
        let costs: Vec<i64> = numbers.skip(1).collect();
        let best = solved(&must_serve(Arcs::dense(side, &costs).expect("square"), vec![1; side]));
        assert_eq!(best.cost, optimum, "assign{side}");
    }
}

#[test]
fn nothing_to_do_costs_nothing() {
    assert_eq!(solved(&instance((vec![], vec![], vec![]))).cost, 0);
    assert_eq!(solved(&instance((vec![], vec![3, 0], vec![]))).cost, 0);
}

#[test]
fn rows_without_candidates_are_left_out() {
    let best = solved(&instance((vec![vec![], vec![(0, 2)]], vec![1], vec![7, 9])));
    assert_eq!((best.cost, best.column_of), (9, vec![None, Some(0)]));
}

#[test]
fn a_column_without_seats_takes_nobody() {
    let rows = vec![vec![(0, 1), (1, 8)], vec![(0, 1)]];
    let best = solved(&instance((rows, vec![0, 1], vec![50, 60])));
    assert_eq!((best.cost, best.column_of), (68, vec![Some(1), None]));
}

#[test]
fn a_row_cheaper_to_leave_out_is_left_out() {
    let best = solved(&instance((vec![vec![(0, 5)], vec![(0, 6)]], vec![9], vec![4, -3])));
    assert_eq!((best.cost, best.column_of), (1, vec![None, None]));
}

#[test]
fn the_cheaper_of_two_arcs_to_one_column_counts() {
    let best = solved(&instance((vec![vec![(0, 5), (0, 3), (0, 4)]], vec![1], vec![9])));
    assert_eq!(best.cost, 3);
}

#[test]
fn the_row_that_can_move_makes_room_for_the_one_that_cannot() {
    // Row 0 prefers column 0 by 1, row 1 by 80; greedy gives it to row 0.
    let rows = vec![vec![(0, 1), (1, 2)], vec![(0, 2), (1, 82)]];
    let instance = instance((rows, vec![1, 1], vec![1_000; 2]));
    assert_eq!(solved(&instance).cost, 4);
    assert_eq!(greedy(&instance).cost, 83);
}

#[test]
fn the_largest_costs_do_not_overflow() {
    let rows: Vec<_> = (0..40)
        .map(|row| {
            (0..8)
                .map(|arc| ((row + arc * arc) as u32 % 30, LIMIT - 2 * LIMIT * (arc % 2)))
                .collect()
        })
        .collect();
    let skip = vec![Instance::TOTAL / 40; 40];
    solved(&instance((rows.clone(), vec![1; 30], skip)));
    solved(&instance((rows, vec![1; 30], vec![-Instance::TOTAL / 40; 40])));
}

#[test]
fn a_dense_instance_whose_cheapest_arcs_are_all_alike_is_solved() {
    // Every row likes the same 60 columns best: the arcs tried first cannot serve all rows.
    let cost = |row: usize, column: usize| if column < 60 { 0 } else { (row * column % 97) as i64 };
    let costs: Vec<i64> = (0..200 * 200).map(|at| 1 + cost(at / 200, at % 200)).collect();
    let best = solved(&must_serve(Arcs::dense(200, &costs).expect("in range"), vec![1; 200]));
    let (expected, _) = kuhn_munkres_min(&Matrix::from_vec(200, 200, costs).expect("square"));
    assert_eq!(best.cost, expected);
}
