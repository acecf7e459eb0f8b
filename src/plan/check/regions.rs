//! Regions: where a ticket is, how its engineer stands to that region, and how many were borrowed.
//!
//! Outlines are searched one after the other: the twin of the tree that planning uses.

use super::Report;
use super::drive::Drive;
use crate::model::{Engineer, Region, RegionFit, Ticket, World};
use crate::plan::Rule;
use geo::{Area, BoundingRect, Coord, Intersects, LineString, MultiPolygon, Point, Polygon, Rect};
use rustc_hash::FxHashMap;

/// The regions of a world and the tickets in them.
pub(super) struct Regions<'w> {
    by_name: FxHashMap<&'w str, &'w Region>,
    /// The region of each ticket that is in one, by the ticket's name.
    of_ticket: FxHashMap<&'w str, &'w Region>,
}

impl<'w> Regions<'w> {
    pub fn of(world: &'w World) -> Self {
        let by_name: FxHashMap<&str, &Region> =
            world.regions.iter().map(|region| (region.id.as_str(), region)).collect();
        let outlines: Vec<Outline> = world.regions.iter().filter_map(Outline::of).collect();
        let region_of = |ticket: &Ticket| match &ticket.region {
            Some(name) => by_name.get(name.as_str()).copied(),
            None => smallest_around(&outlines, ticket.place.point()?),
        };
        let tickets = world.tickets.iter();
        let of_ticket =
            tickets.filter_map(|ticket| Some((ticket.id.as_str(), region_of(ticket)?))).collect();
        Self { by_name, of_ticket }
    }

    /// The region of a ticket: the one it names, or the smallest outline around it.
    pub fn of_ticket(&self, ticket: &Ticket) -> Option<&'w Region> {
        self.of_ticket.get(ticket.id.as_str()).copied()
    }

    /// How the engineer stands to the region, and what a visit of his there costs.
    pub fn fit(&self, engineer: &Engineer, region: Option<&Region>) -> (RegionFit, i64) {
        let (Some(region), Some(home)) = (region, &engineer.region) else {
            return (RegionFit::Home, 0);
        };
        let mut secondary = false;
        let mut around = Some(region);
        while let Some(here) = around {
            if here.id == *home {
                return (RegionFit::Home, 0);
            }
            secondary |= engineer.secondary.contains(&here.id);
            around = here.parent.as_deref().and_then(|parent| self.by_name.get(parent).copied());
        }
        match (secondary, engineer.lendable) {
            (true, _) => (RegionFit::Secondary, region.secondary_cost.0),
            (false, true) => (RegionFit::Borrowed, region.borrow_cost.0),
            (false, false) => (RegionFit::Never, 0),
        }
    }

    pub fn check(&self, drive: &Drive, report: &mut Report) {
        for (n, _, ticket) in drive.visits() {
            let Some(region) = self.of_ticket(ticket) else { continue };
            if self.fit(drive.engineer, Some(region)).0 == RegionFit::Never {
                let id = &drive.engineer.id;
                let cause =
                    format!("it is in region `{}`, to which `{id}` may not be lent", region.id);
                report.broken(Rule::Region, drive.at_stop(n), cause);
            }
        }
    }

    /// Borrowed visits count against the ticket's own region, over the whole plan.
    pub fn check_borrow_caps(&self, drives: &[Drive], report: &mut Report) {
        let mut borrowed: FxHashMap<&str, u32> = FxHashMap::default();
        for drive in drives {
            for (_, _, ticket) in drive.visits() {
                let Some(region) = self.of_ticket(ticket) else { continue };
                if self.fit(drive.engineer, Some(region)).0 == RegionFit::Borrowed {
                    *borrowed.entry(&region.id).or_default() += 1;
                }
            }
        }
        let mut over: Vec<(&str, u32, u32)> = borrowed
            .into_iter()
            .filter_map(|(id, visits)| Some((id, visits, self.by_name[id].borrow_cap?)))
            .filter(|(_, visits, cap)| visits > cap)
            .collect();
        over.sort_unstable();
        for (id, visits, cap) in over {
            let cause = format!("{visits} borrowed visits, at most {cap}");
            report.broken(Rule::BorrowCap, format!("region {id}"), cause);
        }
    }
}

/// A region's polygons, the box around them, and their area in square degrees.
struct Outline<'w> {
    region: &'w Region,
    shape: MultiPolygon,
    bounds: Rect,
    area: f64,
}

impl<'w> Outline<'w> {
    fn of(region: &'w Region) -> Option<Self> {
        let ring = |points: &Vec<[f64; 2]>| -> LineString {
            points.iter().map(|&[x, y]| Coord { x, y }).collect()
        };
        let polygons = region.outline.iter().filter_map(|rings| {
            let (outer, holes) = rings.split_first()?;
            Some(Polygon::new(ring(outer), holes.iter().map(ring).collect()))
        });
        let shape = MultiPolygon(polygons.collect());
        Some(Self { region, bounds: shape.bounding_rect()?, area: shape.unsigned_area(), shape })
    }
}

/// Of the outlines around the point the one of least area; of equals the first in the world. A point
/// on an outline is inside.
fn smallest_around<'w>(outlines: &[Outline<'w>], point: [f64; 2]) -> Option<&'w Region> {
    let point = Point::from(point);
    let around = outlines
        .iter()
        .filter(|outline| outline.bounds.intersects(&point) && outline.shape.intersects(&point));
    around.min_by(|a, b| a.area.total_cmp(&b.area)).map(|outline| outline.region)
}
