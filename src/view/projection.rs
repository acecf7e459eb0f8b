//! From coordinates to the drawing: equirectangular with the longitudes shortened by the cosine of
//! the latitude in the middle on earth, and as it is on a plane.

use crate::model::{Place, TravelMode, World};

/// Width of the drawing in its own units; one is about a pixel.
pub(super) const WIDTH: f64 = 1_000.0;
/// Share of the width that stays free around the places.
const MARGIN: f64 = 0.04;
/// The drawing is at least and at most so high.
const HEIGHTS: (f64, f64) = (420.0, 1_300.0);
/// How far outside the drawing background is kept, in widths: what zooming out can reveal.
const SURROUNDINGS: f64 = 0.6;

/// Maps `[x, y]` of the world to the drawing, whose origin is at the upper left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projection {
    scale: [f64; 2],
    origin: [f64; 2],
    pub(super) height: f64,
}

impl Projection {
    /// The projection that shows every place of the world, or `None` when none has coordinates.
    pub(super) fn of(world: &World) -> Option<Self> {
        let shifts = world.engineers.iter().flat_map(|engineer| &engineer.shifts);
        let ends = shifts.flat_map(|shift| [Some(shift.from), shift.to]).flatten();
        let tickets = world.tickets.iter().map(|ticket| ticket.place);
        let depots = world.depots.iter().map(|depot| depot.place);
        let points: Vec<[f64; 2]> =
            ends.chain(tickets).chain(depots).filter_map(|place| finite(&place)).collect();
        let first = *points.first()?;
        let (low, high) = points.iter().fold((first, first), |(low, high), point| {
            let low = [low[0].min(point[0]), low[1].min(point[1])];
            (low, [high[0].max(point[0]), high[1].max(point[1])])
        });
        Some(Self::fit(low, high, is_on_earth(world, low, high)))
    }

    fn fit(low: [f64; 2], high: [f64; 2], on_earth: bool) -> Self {
        let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
        let shrink = if on_earth { middle[1].to_radians().cos().max(0.01) } else { 1.0 };
        let least = if on_earth { 0.005 } else { 1.0 };
        let span = [(high[0] - low[0]) * shrink, high[1] - low[1]];
        let inner = WIDTH * (1.0 - 2.0 * MARGIN);
        let margin = WIDTH * MARGIN;
        let tallest = HEIGHTS.1 - 2.0 * margin;
        let scale = (inner / span[0].max(least)).min(tallest / span[1].max(least));
        let height = (span[1] * scale + 2.0 * margin).clamp(HEIGHTS.0, HEIGHTS.1);
        Self {
            scale: [scale * shrink, -scale],
            origin: [WIDTH / 2.0 - middle[0] * scale * shrink, height / 2.0 + middle[1] * scale],
            height,
        }
    }

    /// Where a place is drawn, if it has coordinates.
    pub(super) fn place(&self, place: &Place) -> Option<[f64; 2]> {
        finite(place).map(|point| self.point(point))
    }

    /// Where `[x, y]`, longitude first, is drawn.
    pub(super) fn point(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.origin[0] + x * self.scale[0], self.origin[1] + y * self.scale[1]]
    }

    /// Degrees of latitude, or units of a plane, for one unit of the drawing.
    pub(super) fn length_per_unit(&self) -> f64 {
        1.0 / self.scale[1].abs()
    }

    /// True when any part of the box around these drawn points is in the drawing or near it.
    pub(super) fn is_near(&self, points: impl IntoIterator<Item = [f64; 2]>) -> bool {
        const FAR: f64 = f64::INFINITY;
        let start = ([FAR, FAR], [-FAR, -FAR]);
        let (low, high) = points.into_iter().fold(start, |(low, high), point| {
            let low = [low[0].min(point[0]), low[1].min(point[1])];
            (low, [high[0].max(point[0]), high[1].max(point[1])])
        });
        let around = WIDTH * SURROUNDINGS;
        low[0] <= WIDTH + around
            && high[0] >= -around
            && low[1] <= self.height + around
            && high[1] >= -around
    }
}

fn finite(place: &Place) -> Option<[f64; 2]> {
    place.point().filter(|point| point.iter().all(|coordinate| coordinate.is_finite()))
}

/// Great circles and roads are on earth; a matrix may come with coordinates of either kind.
pub(super) fn is_on_earth(world: &World, low: [f64; 2], high: [f64; 2]) -> bool {
    let possible = low[0] >= -180.0 && high[0] <= 180.0 && low[1] >= -90.0 && high[1] <= 90.0;
    possible && !matches!(world.travel, TravelMode::Euclid { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Ticket;
    use crate::units::Seconds;

    fn world(travel: TravelMode, points: &[[f64; 2]]) -> World {
        let mut world = World::new(travel);
        for (number, &[x, y]) in points.iter().enumerate() {
            let place = Place::xy(x, y);
            world.tickets.push(Ticket::new(number.to_string(), place, Seconds::ZERO));
        }
        world
    }

    #[test]
    fn north_is_up_and_east_is_right() {
        let world = world(TravelMode::car(36_000), &[[8.0, 50.0], [9.0, 51.0]]);
        let projection = Projection::of(&world).expect("coordinates");
        let (south_west, north_east) =
            (projection.point([8.0, 50.0]), projection.point([9.0, 51.0]));
        assert!(south_west[0] < north_east[0] && south_west[1] > north_east[1]);
    }

    #[test]
    fn a_degree_of_longitude_is_half_as_long_at_sixty_degrees() {
        let world = world(TravelMode::car(36_000), &[[10.0, 59.5], [11.0, 60.5]]);
        let projection = Projection::of(&world).expect("coordinates");
        let (from, to) = (projection.point([10.0, 59.5]), projection.point([11.0, 60.5]));
        let ratio = (to[0] - from[0]) / (from[1] - to[1]);
        assert!((ratio - 0.5).abs() < 1e-9, "{ratio}");
    }

    #[test]
    fn a_plane_keeps_its_shape_and_everything_is_inside() {
        let corners = [[0.0, 0.0], [200.0, 0.0], [200.0, 100.0], [0.0, 100.0]];
        let world = world(TravelMode::Euclid { scale: 1, nearest: true }, &corners);
        let projection = Projection::of(&world).expect("coordinates");
        let drawn = corners.map(|corner| projection.point(corner));
        assert!((drawn[1][0] - drawn[0][0] - 2.0 * (drawn[0][1] - drawn[3][1])).abs() < 1e-9);
        for [x, y] in drawn {
            assert!((0.0..=WIDTH).contains(&x) && (0.0..=projection.height).contains(&y));
        }
    }

    #[test]
    fn a_single_place_is_drawn_and_no_place_is_not() {
        let one = world(TravelMode::car(36_000), &[[8.0, 50.0]]);
        let drawn = Projection::of(&one).expect("coordinates").point([8.0, 50.0]);
        assert!((drawn[0] - WIDTH / 2.0).abs() < 1e-6);
        assert!(Projection::of(&world(TravelMode::car(36_000), &[])).is_none());
        assert!(Projection::of(&world(TravelMode::car(36_000), &[[f64::NAN, 50.0]])).is_none());
    }
}
