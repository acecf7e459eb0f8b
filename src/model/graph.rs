//! Chains of references that must not close: parents of regions, and tickets that wait for tickets.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// The circles in a graph of `count` things with these `(from, to)` links, each as sorted indexes.
///
/// A link from a thing to itself is a circle of one. O(things + links), without recursion: a chain
/// may be as long as memory allows (petgraph's `tarjan_scc` leaves the stack at about 100,000 links).
pub(super) fn circles(count: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut graph = DiGraph::<(), ()>::with_capacity(count, links.len());
    let nodes: Vec<_> = (0..count).map(|_| graph.add_node(())).collect();
    for &(from, to) in links {
        graph.add_edge(nodes[from], nodes[to], ());
    }
    let mut found: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|part| part.len() > 1 || graph.contains_edge(part[0], part[0]))
        .map(|part| {
            let mut members: Vec<usize> = part.iter().map(|node| node.index()).collect();
            members.sort_unstable();
            members
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn finds_circles_and_self_loops_but_no_chains() {
        let links = [(0, 1), (1, 2), (2, 0), (3, 4), (5, 5)];
        assert_eq!(circles(6, &links), vec![vec![0, 1, 2], vec![5]]);
    }
}
