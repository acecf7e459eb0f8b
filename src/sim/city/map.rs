//! Where people live: the quarters of Berlin, a simple outline around them, and its division into
//! regions. Knows nothing of engineers and tickets.
//!
//! Plain arithmetic only (no sine, no logarithm): the same bits on every machine.

use super::chance::weighted;
use crate::model::Place;
use crate::rng::Rng;

/// Tickets of a day in the city at its true size.
const TRUE_SIZE_TICKETS: f64 = 400.0;
/// The middle of the map, `[lon, lat]`.
const MIDDLE: [f64; 2] = [13.40, 52.51];
/// Kilometres of a degree of longitude (in Berlin) and of latitude.
const DEGREE_KM: [f64; 2] = [67.7, 111.2];

/// A part of the city where people live close together.
struct Quarter {
    name: &'static str,
    /// Thousands of people who live in and around it.
    people: usize,
    /// Its middle, `[lon, lat]`.
    at: [f64; 2],
    /// Nobody lives farther than so many kilometres east, west, north or south of it; most live
    /// within a third of that.
    reach_km: f64,
}

const fn quarter(name: &'static str, people: usize, at: [f64; 2], reach_km: f64) -> Quarter {
    Quarter { name, people, at, reach_km }
}

/// Quarters by borough. The people of a borough add up to its population in the residents' register
/// at the end of 2023 (Amt für Statistik Berlin-Brandenburg), in thousands; how they divide among
/// the quarters, and the positions, are rounded. The first eight lie apart: the default regions.
#[rustfmt::skip]
const QUARTERS: [Quarter; 25] = [
    quarter("Mitte",            107, [13.39, 52.52], 4.0), // borough of Mitte: 397
    quarter("Charlottenburg",   183, [13.30, 52.51], 5.0), // Charlottenburg-Wilmersdorf: 343
    quarter("Pankow",           154, [13.40, 52.57], 6.5), // borough of Pankow: 424
    quarter("Lichtenberg",      182, [13.50, 52.51], 5.5), // borough of Lichtenberg: 312
    quarter("Neukölln",         170, [13.44, 52.48], 4.0), // borough of Neukölln: 330
    quarter("Steglitz",         190, [13.33, 52.45], 5.5), // Steglitz-Zehlendorf: 310
    quarter("Köpenick",         144, [13.58, 52.45], 8.0), // Treptow-Köpenick: 294
    quarter("Spandau",          257, [13.19, 52.54], 8.0), // borough of Spandau: 257
    quarter("Wedding",          190, [13.36, 52.55], 4.0), // Mitte
    quarter("Moabit",           100, [13.34, 52.53], 3.0), // Mitte
    quarter("Wilmersdorf",      160, [13.31, 52.48], 4.5), // Charlottenburg-Wilmersdorf
    quarter("Prenzlauer Berg",  165, [13.42, 52.54], 4.0), // Pankow
    quarter("Weißensee",        105, [13.46, 52.56], 6.0), // Pankow
    quarter("Hohenschönhausen", 130, [13.51, 52.56], 5.0), // Lichtenberg
    quarter("Gropiusstadt",     160, [13.47, 52.43], 5.5), // Neukölln
    quarter("Zehlendorf",       120, [13.25, 52.43], 7.0), // Steglitz-Zehlendorf
    quarter("Treptow",          150, [13.50, 52.46], 6.5), // Treptow-Köpenick
    quarter("Kreuzberg",        153, [13.40, 52.50], 3.5), // Friedrichshain-Kreuzberg: 293
    quarter("Friedrichshain",   140, [13.45, 52.51], 3.5), // Friedrichshain-Kreuzberg
    quarter("Schöneberg",       160, [13.35, 52.48], 4.0), // Tempelhof-Schöneberg: 356
    quarter("Mariendorf",       196, [13.39, 52.43], 6.5), // Tempelhof-Schöneberg
    quarter("Marzahn",          150, [13.56, 52.54], 5.5), // Marzahn-Hellersdorf: 292
    quarter("Hellersdorf",      142, [13.61, 52.52], 5.5), // Marzahn-Hellersdorf
    quarter("Reinickendorf",    150, [13.35, 52.58], 5.5), // borough of Reinickendorf: 269
    quarter("Tegel",            119, [13.28, 52.60], 7.5), // Reinickendorf
];

/// A convex outline around the city, counterclockwise, `[lon, lat]`.
const OUTLINE: [[f64; 2]; 11] = [
    [13.11, 52.39],
    [13.62, 52.33],
    [13.74, 52.38],
    [13.77, 52.45],
    [13.66, 52.57],
    [13.53, 52.66],
    [13.45, 52.69],
    [13.28, 52.68],
    [13.14, 52.62],
    [13.08, 52.53],
    [13.07, 52.44],
];

/// The city, stretched to keep its density, and divided into regions.
pub(super) struct Map {
    stretch: f64,
    outline: Vec<[f64; 2]>,
    /// The middle of each region; a place belongs to the nearest.
    middles: Vec<[f64; 2]>,
    names: Vec<String>,
}

impl Map {
    /// The city for so many tickets a day, in so many regions.
    pub fn new(tickets: usize, regions: usize, rng: &mut Rng) -> Self {
        let stretch = (tickets.max(1) as f64 / TRUE_SIZE_TICKETS).sqrt();
        let outline = OUTLINE.iter().map(|&at| kilometres(at, stretch)).collect();
        let mut map = Self { stretch, outline, middles: Vec::new(), names: Vec::new() };
        for number in 0..regions {
            let quarter = &QUARTERS[number % QUARTERS.len()];
            let (middle, name) = match number / QUARTERS.len() {
                0 => (kilometres(quarter.at, stretch), quarter.name.to_owned()),
                round => (map.around(quarter, rng), format!("{} {}", quarter.name, round + 1)),
            };
            map.middles.push(middle);
            map.names.push(name);
        }
        map
    }

    /// Somewhere in the city, in kilometres: where many live more often than where few do.
    pub fn draw(&self, rng: &mut Rng) -> [f64; 2] {
        let quarter = weighted(rng, &QUARTERS.each_ref().map(|quarter| quarter.people));
        self.around(&QUARTERS[quarter], rng)
    }

    /// Somewhere in a quarter and within the outline. Every quarter's middle is well inside, so
    /// more than half of all draws are.
    fn around(&self, quarter: &Quarter, rng: &mut Rng) -> [f64; 2] {
        let middle = kilometres(quarter.at, self.stretch);
        loop {
            let place = middle.map(|at| at + bell(rng) * quarter.reach_km * self.stretch);
            if self.contains(place) {
                return place;
            }
        }
    }

    /// The place at this longitude and latitude of the true city.
    pub fn fixed(&self, at: [f64; 2]) -> Place {
        place(kilometres(at, self.stretch))
    }

    fn contains(&self, [x, y]: [f64; 2]) -> bool {
        edges(&self.outline)
            .all(|([ax, ay], [bx, by])| (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0)
    }

    /// The region of a place and the one that is next to it: the two nearest middles.
    pub fn two_regions(&self, place: [f64; 2]) -> (Option<&str>, Option<&str>) {
        let mut order: Vec<usize> = (0..self.middles.len()).collect();
        order.sort_by(|&a, &b| {
            square(place, self.middles[a]).total_cmp(&square(place, self.middles[b]))
        });
        let name = |rank: usize| order.get(rank).map(|&region| self.names[region].as_str());
        (name(0), name(1))
    }

    /// Each region with its ring: what is nearer to its middle than to any other (a Voronoi cell),
    /// cut out of the outline half-plane by half-plane. O(regions²).
    pub fn cells(&self) -> impl Iterator<Item = (&str, Vec<[f64; 2]>)> {
        self.names.iter().zip(&self.middles).map(|(name, &middle)| {
            let mut cell = self.outline.clone();
            for &other in self.middles.iter().filter(|&&other| other != middle) {
                cell = nearer_half(&cell, middle, other);
            }
            let mut ring: Vec<[f64; 2]> = cell.into_iter().map(degrees).collect();
            ring.extend(ring.first().copied());
            ring.dedup();
            (name.as_str(), ring)
        })
    }
}

/// The part of a convex polygon that is nearer to `own` than to `other`.
fn nearer_half(polygon: &[[f64; 2]], own: [f64; 2], other: [f64; 2]) -> Vec<[f64; 2]> {
    let excess = |at: [f64; 2]| square(at, own) - square(at, other);
    let mut half = Vec::with_capacity(polygon.len() + 1);
    for (a, b) in edges(polygon) {
        let (from, to) = (excess(a), excess(b));
        if from <= 0.0 {
            half.push(a);
        }
        if (from < 0.0 && to > 0.0) || (from > 0.0 && to < 0.0) {
            let share = from / (from - to);
            half.push([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
        }
    }
    half
}

/// Pairs of neighbouring corners, the last with the first.
fn edges(polygon: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().copied().zip(next.copied())
}

fn square(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])
}

/// From -1 to 1, mostly near 0: the mean of three even draws.
fn bell(rng: &mut Rng) -> f64 {
    (rng.unit() + rng.unit() + rng.unit()) / 1.5 - 1.0
}

fn kilometres(at: [f64; 2], stretch: f64) -> [f64; 2] {
    std::array::from_fn(|axis| (at[axis] - MIDDLE[axis]) * DEGREE_KM[axis] * stretch)
}

/// `[lon, lat]` to five decimals, about a metre.
fn degrees(at: [f64; 2]) -> [f64; 2] {
    std::array::from_fn(|axis| ((at[axis] / DEGREE_KM[axis] + MIDDLE[axis]) * 1e5).round() / 1e5)
}

/// The place at these kilometres east and north of the middle.
pub(super) fn place(at: [f64; 2]) -> Place {
    let [lon, lat] = degrees(at);
    Place::at(lat, lon)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The publication gives 3,878 thousand; its boroughs, rounded one by one, add up to 3,877.
    #[test]
    fn the_people_of_the_quarters_add_up_to_those_of_the_city() {
        assert_eq!(QUARTERS.iter().map(|quarter| quarter.people).sum::<usize>(), 3_877);
    }

    #[test]
    fn the_outline_is_convex_and_holds_every_quarter() {
        let map = Map::new(400, 0, &mut Rng::new(1, 0));
        for corner in 0..OUTLINE.len() {
            let [a, b, c] = [0, 1, 2].map(|next| map.outline[(corner + next) % OUTLINE.len()]);
            let turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
            assert!(turn > 0.0, "corner {corner}");
        }
        for quarter in &QUARTERS {
            assert!(map.contains(kilometres(quarter.at, 1.0)), "{}", quarter.name);
        }
    }
}
