//! Which region a point lies in: envelopes in an R*-tree, then the exact outline.

use crate::model::Region;
use geo::{Area, BoundingRect, Coord, Intersects, LineString, MultiPolygon, Polygon};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

/// The outlines of regions, ready to be asked which of them a point lies in.
///
/// Outlines are taken as drawn on a plane of longitude and latitude, as GeoJSON does; one that
/// crosses the antimeridian is given in two parts.
#[derive(Clone, Debug)]
pub struct RegionIndex {
    shapes: Vec<MultiPolygon>,
    /// The place of each region when all are sorted by area, then number.
    rank: Vec<u32>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl RegionIndex {
    /// Indexes the regions under their positions in the list. Those without an outline are never
    /// found, nor are those with a coordinate that is not finite, which no built problem has.
    #[must_use]
    pub fn build(regions: &[Region]) -> Self {
        let shapes: Vec<MultiPolygon> = regions.iter().map(shape).collect();
        let envelopes = shapes.iter().zip(0..).filter_map(|(shape, id)| {
            let around = shape.bounding_rect()?;
            let corners = (around.min().into(), around.max().into());
            Some(GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), id))
        });
        let tree = RTree::bulk_load(envelopes.collect());
        let area: Vec<f64> = shapes.iter().map(Area::unsigned_area).collect();
        let mut order: Vec<usize> = (0..shapes.len()).collect();
        order.sort_by(|&a, &b| area[a].total_cmp(&area[b]).then(a.cmp(&b)));
        let mut rank = vec![0; shapes.len()];
        for (place, region) in (0..).zip(order) {
            rank[region] = place;
        }
        Self { shapes, rank, tree }
    }

    /// The region with the smallest outline around `[lon, lat]`, the first one among equals. A
    /// point on an outline, or on that of a hole, is inside.
    #[must_use]
    pub fn at(&self, point: [f64; 2]) -> Option<u32> {
        if !is_finite(&point) {
            return None;
        }
        let coord = Coord::from(point);
        self.tree
            .locate_all_at_point(point)
            .map(|envelope| envelope.data)
            .filter(|&region| self.shapes[region as usize].intersects(&coord))
            .min_by_key(|&region| self.rank[region as usize])
    }
}

fn shape(region: &Region) -> MultiPolygon {
    let ring = |points: &Vec<[f64; 2]>| LineString::from(points.clone());
    let polygon = |rings: &Vec<Vec<[f64; 2]>>| {
        let (outer, holes) = rings.split_first()?;
        Some(Polygon::new(ring(outer), holes.iter().map(ring).collect()))
    };
    if !region.outline.iter().flatten().flatten().all(is_finite) {
        return MultiPolygon(Vec::new());
    }
    MultiPolygon(region.outline.iter().filter_map(polygon).collect())
}

fn is_finite(point: &[f64; 2]) -> bool {
    point.iter().all(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<[f64; 2]> {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    }

    fn region(outline: Vec<Vec<Vec<[f64; 2]>>>) -> Region {
        Region { outline, ..Region::default() }
    }

    /// The twin: asks every region.
    fn brute(regions: &[Region], point: [f64; 2]) -> Option<u32> {
        let shapes: Vec<MultiPolygon> = regions.iter().map(shape).collect();
        (0..regions.len())
            .filter(|&index| shapes[index].intersects(&Coord::from(point)))
            .min_by(|&a, &b| shapes[a].unsigned_area().total_cmp(&shapes[b].unsigned_area()))
            .map(|index| index as u32)
    }

    #[test]
    fn the_smallest_outline_counts_and_the_first_among_equals() {
        let regions = [
            region(vec![vec![square(0.0, 0.0, 10.0)]]),
            region(vec![vec![square(2.0, 2.0, 3.0)]]),
            region(vec![vec![square(2.0, 2.0, 3.0)]]),
            region(Vec::new()),
        ];
        let index = RegionIndex::build(&regions);
        assert_eq!(index.at([1.0, 1.0]), Some(0));
        assert_eq!(index.at([3.0, 3.0]), Some(1));
        assert_eq!(index.at([11.0, 3.0]), None);
    }

    #[test]
    fn a_boundary_is_inside_and_a_hole_is_not() {
        let index =
            RegionIndex::build(&[region(vec![vec![square(0.0, 0.0, 9.0), square(3.0, 3.0, 3.0)]])]);
        for inside in [[0.0, 0.0], [9.0, 4.0], [1.0, 1.0], [3.0, 4.0], [6.0, 6.0]] {
            assert_eq!(index.at(inside), Some(0), "{inside:?}");
        }
        assert_eq!(index.at([4.0, 4.0]), None);
    }

    #[test]
    fn a_region_may_have_several_parts() {
        let parts = vec![vec![square(170.0, 0.0, 10.0)], vec![square(-180.0, 0.0, 5.0)]];
        let index = RegionIndex::build(&[region(parts)]);
        assert_eq!(index.at([179.0, 1.0]), Some(0));
        assert_eq!(index.at([-179.0, 1.0]), Some(0));
        assert_eq!(index.at([0.0, 1.0]), None);
    }

    #[test]
    fn faulty_outlines_are_no_reason_to_panic() {
        let faulty = [
            vec![vec![]],
            vec![vec![vec![]]],
            vec![vec![vec![[0.0, 0.0]]]],
            vec![vec![vec![[f64::NAN, 0.0], [1.0, f64::INFINITY], [2.0, 2.0]]]],
        ];
        let index = RegionIndex::build(&faulty.map(region));
        assert_eq!(index.at([5.0, 5.0]), None);
        assert_eq!(index.at([f64::NAN, 5.0]), None);
    }

    proptest! {
        #[test]
        fn it_agrees_with_asking_every_region(seed: u64, count in 0usize..40) {
            let mut rng = Rng::new(seed, 0);
            let mut any = |high| rng.between(0, high) as f64;
            let regions: Vec<Region> = (0..count)
                .map(|_| region(vec![vec![square(any(9), any(9), any(9))], vec![square(any(9), any(9), 1.0)]]))
                .collect();
            let index = RegionIndex::build(&regions);
            for _ in 0..50 {
                let point = [any(40) / 2.0, any(40) / 2.0];
                prop_assert_eq!(index.at(point), brute(&regions, point));
            }
        }
    }

    #[test]
    fn zip_codes_of_new_york_are_found() {
        let Some(data) = crate::testdata::dir() else { return };
        let text = std::fs::read_to_string(data.join("geo/nyc_zip_simplified.geojson"));
        let map: geojson::FeatureCollection = text.expect("readable").parse().expect("GeoJSON");
        let regions: Vec<Region> = map.features.iter().map(zip_code).collect();
        let index = RegionIndex::build(&regions);
        let name = |lon, lat| index.at([lon, lat]).map(|at| regions[at as usize].id.as_str());
        assert_eq!(name(-74.0060, 40.7127), Some("10007"), "City Hall");
        assert_eq!(name(-73.9855, 40.7580), Some("10036"), "Times Square");
        assert_eq!(name(-74.2, 40.5), None, "the sea");

        let mut rng = Rng::new(1, 0);
        let mut found = 0;
        for _ in 0..2_000 {
            let point = [-74.3 + rng.unit() * 0.6, 40.48 + rng.unit() * 0.45];
            let at = index.at(point);
            assert_eq!(at, brute(&regions, point), "{point:?}");
            found += u32::from(at.is_some());
        }
        assert!(found > 500, "only {found} of 2000 points are in the city");
    }

    fn zip_code(feature: &geojson::Feature) -> Region {
        use geojson::GeometryValue::{MultiPolygon, Polygon};
        let polygons = match &feature.geometry.as_ref().expect("a shape").value {
            Polygon { coordinates } => std::slice::from_ref(coordinates),
            MultiPolygon { coordinates } => coordinates.as_slice(),
            other => panic!("not an area: {other:?}"),
        };
        let ring = |ring: &Vec<geojson::Position>| {
            ring.iter().map(|at| [at.as_slice()[0], at.as_slice()[1]]).collect()
        };
        let id = feature.property("zip").and_then(|zip| zip.as_str()).expect("a name");
        let outline = polygons.iter().map(|rings| rings.iter().map(ring).collect()).collect();
        Region { id: id.into(), ..region(outline) }
    }
}
