"""SciPy on the square instances of assign.rs, made again from the same random numbers.

Run both in the same minutes and compare times and costs (the costs must be equal):
    cargo bench --bench assign
    python benches/compare_scipy.py          # needs numpy and scipy
"""

import statistics
import time

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

SIDE = 100_000


def random(seed, count, bound):
    """The first `count` numbers of SplitMix64 from `seed`, cut to 0..bound by their upper half."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        return ((z >> np.uint64(32)) * np.uint64(bound) >> np.uint64(32)).astype(np.int64)


def geometric(seed, side, count):
    points = random(seed, 4 * side, SIDE).reshape(-1, 2)
    columns = np.empty((side, count), np.int64)
    costs = np.empty((side, count), np.int64)
    for row in range(side):
        squared = ((points[row] - points[side:]) ** 2).sum(1)
        near = np.arange(side)
        if count < side:
            key = squared * side + near
            near = np.argpartition(key, count - 1)[:count]
            if row not in near:
                near[np.argmax(key[near])] = row
            near.sort()
        columns[row] = near
        costs[row] = np.floor(np.sqrt(squared[near].astype(float))).astype(np.int64) + 1
    return columns, costs


def uniform(seed, side, count):
    shifts = list(range(side)) if count == side else [0]
    drawn = iter(random(seed, 100 * count, side).tolist())
    while len(shifts) < count:
        shift = next(drawn)
        if shift not in shifts:
            shifts.append(shift)
    columns = (np.arange(side)[:, None] + np.array(shifts)) % side
    costs = random(seed + 1, side * count, 1_000_000).reshape(side, count) + 1
    order = np.argsort(columns, axis=1)
    return np.take_along_axis(columns, order, 1), np.take_along_axis(costs, order, 1)


def report(name, columns, costs):
    side, count = costs.shape
    if count == side:
        matrix = costs.astype(float)
        solve = lambda: linear_sum_assignment(matrix)
        cost = lambda answer: int(costs[answer].sum())
    else:
        starts = np.arange(0, side * count + 1, count)
        matrix = csr_matrix((costs.ravel().astype(float), columns.ravel(), starts), (side, side))
        solve = lambda: min_weight_full_bipartite_matching(matrix)
        cost = lambda answer: int(matrix[answer].sum())
    times = []
    for _ in range(9):
        start = time.perf_counter()
        answer = solve()
        times.append(time.perf_counter() - start)
    print(f"{name:22} median {1e3 * statistics.median(times):8.2f} ms  cost {cost(answer)}")


if __name__ == "__main__":
    report("uniform 1000 dense", *uniform(1, 1_000, 1_000))
    report("geometric 1000 dense", *geometric(2, 1_000, 1_000))
    report("uniform 5000 x 21", *uniform(3, 5_000, 21))
    report("geometric 5000 x 21", *geometric(4, 5_000, 21))
    report("uniform 10000 x 32", *uniform(3, 10_000, 32))
    report("geometric 10000 x 32", *geometric(4, 10_000, 32))
