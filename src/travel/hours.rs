//! Speed by the hour of day: how long a trip takes that starts at a given moment.
//!
//! By each moment a certain length has been driven since the origin, in hundredths of a second at normal
//! speed: a function that grows with the speed of the hour. A trip ends at the first whole second by which
//! its own length more has been driven (Ichoua, Gendreau and Potvin 2003), so who leaves later never arrives
//! earlier, in whole numbers as well.

use crate::model::{TimeOfDay, World};

/// Speeds are in percent.
const NORMAL: i64 = 100;

/// The speeds of a day.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    /// Length of a day.
    day: i64,
    /// By how much local time is ahead.
    ahead: i64,
    /// What is driven in a day.
    daily: i64,
    /// In the order of time; the first begins at midnight.
    pieces: Vec<Piece>,
}

/// A part of the day with one speed.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// When it begins, from midnight.
    from: i64,
    /// What is driven by then, from midnight.
    driven: i64,
    /// The speed.
    percent: i64,
}

impl Hours {
    /// The speeds of a world that has passed its checks.
    pub(super) fn of(speeds: &[(TimeOfDay, u32)], world: &World) -> Self {
        let resolution = i64::from(world.resolution);
        let over_midnight = speeds.last().map(|&(_, percent)| (TimeOfDay(0), percent));
        let first = over_midnight.filter(|_| speeds[0].0 > TimeOfDay(0));
        let day = i64::from(TimeOfDay::DAY) * resolution;
        let mut pieces: Vec<Piece> = Vec::with_capacity(speeds.len() + 1);
        let mut driven = 0;
        for &(time, percent) in first.iter().chain(speeds) {
            let from = i64::from(time.0) * resolution;
            driven += pieces.last().map_or(0, |last| (from - last.from) * last.percent);
            pieces.push(Piece { from, driven, percent: i64::from(percent) });
        }
        let daily = pieces.last().map_or(0, |last| last.driven + (day - last.from) * last.percent);
        Self { day, ahead: world.utc_offset.0 * resolution, daily, pieces }
    }

    /// What has been driven by this moment.
    fn driven(&self, at: i64) -> i64 {
        let local = at + self.ahead;
        let time = local.rem_euclid(self.day);
        let piece = self.pieces[self.pieces.partition_point(|piece| piece.from <= time) - 1];
        local.div_euclid(self.day) * self.daily + piece.driven + (time - piece.from) * piece.percent
    }

    /// The last moment by which no more than this has been driven, and what is missing then.
    fn moment(&self, driven: i64) -> (i64, i64) {
        let rest = driven.rem_euclid(self.daily);
        let piece = self.pieces[self.pieces.partition_point(|piece| piece.driven <= rest) - 1];
        let within = rest - piece.driven;
        let local = driven.div_euclid(self.daily) * self.day + piece.from + within / piece.percent;
        (local - self.ahead, within % piece.percent)
    }

    /// Seconds that a trip of so many seconds at normal speed takes when it starts at `depart`.
    pub(super) fn lasts(&self, seconds: i64, depart: i64) -> i64 {
        let (moment, missing) = self.moment(self.driven(depart) + NORMAL * seconds);
        moment + i64::from(missing > 0) - depart
    }

    /// The latest start of a trip of so many seconds at normal speed that ends by `arrive`.
    pub(super) fn departure(&self, seconds: i64, arrive: i64) -> i64 {
        self.moment(self.driven(arrive) - NORMAL * seconds).0
    }

    /// The least that a trip of so many seconds at normal speed can take.
    pub(super) fn least(&self, seconds: i64) -> i64 {
        let fastest = self.pieces.iter().map(|piece| piece.percent).max().unwrap_or(NORMAL);
        (NORMAL * seconds + fastest - 1) / fastest
    }

    /// The most that a trip of so many seconds at normal speed can take.
    pub(super) fn most(&self, seconds: i64) -> i64 {
        let slowest = self.pieces.iter().map(|piece| piece.percent).min().unwrap_or(NORMAL);
        (NORMAL * seconds + slowest - 1) / slowest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TravelMode;
    use crate::rng::Rng;
    use crate::units::Seconds;

    fn hours(speeds: &[(u32, u32)], utc_offset: i64) -> Hours {
        let mut world = World::new(TravelMode::car(36_000));
        world.utc_offset = Seconds(utc_offset);
        let speeds: Vec<_> =
            speeds.iter().map(|&(time, percent)| (TimeOfDay(time), percent)).collect();
        Hours::of(&speeds, &world)
    }

    /// The brute-force twin: drives second by second.
    fn driven_by_the_second(speeds: &[(u32, u32)], ahead: i64, seconds: i64, depart: i64) -> i64 {
        let (mut left, mut at) = (100 * seconds, depart);
        while left > 0 {
            let time = (at + ahead).rem_euclid(86_400) as u32;
            let now = speeds.iter().rev().find(|&&(from, _)| from <= time).or(speeds.last());
            left -= i64::from(now.expect("speeds").1);
            at += 1;
        }
        at - depart
    }

    #[test]
    fn a_trip_follows_the_speeds_from_piece_to_piece() {
        let rush = hours(&[(25_200, 60), (32_400, 100)], 0);
        assert_eq!(rush.lasts(600, 32_400 - 600), 840);
        assert_eq!(rush.lasts(600, 25_200), 1_000);
        assert_eq!(rush.lasts(600, 40_000), 600);
        assert_eq!(rush.lasts(0, 25_200), 0);
        assert_eq!(rush.lasts(1, 25_200), 2, "rounded up");
        // An hour to the east the rush begins an hour earlier by the clock of the world.
        assert_eq!(hours(&[(25_200, 60), (32_400, 100)], 3_600).lasts(600, 21_600), 1_000);
    }

    #[test]
    fn it_is_what_is_driven_second_by_second() {
        for seed in 0..200 {
            let rng = &mut Rng::new(seed, 0);
            let mut times: Vec<u32> =
                (0..1 + rng.below(5)).map(|_| rng.below(86_400) as u32).collect();
            times.sort_unstable();
            times.dedup();
            let speeds: Vec<(u32, u32)> =
                times.into_iter().map(|time| (time, 10 + rng.below(300) as u32)).collect();
            let ahead = rng.between(-43_200, 43_200);
            let hours = hours(&speeds, ahead);
            for _ in 0..5 {
                let (seconds, depart) = (rng.between(0, 9_000), rng.between(-200_000, 200_000));
                let lasts = hours.lasts(seconds, depart);
                let twin = driven_by_the_second(&speeds, ahead, seconds, depart);
                assert_eq!(lasts, twin, "seed {seed}: {speeds:?} {seconds} {depart}");
                assert!(
                    (hours.least(seconds)..=hours.most(seconds)).contains(&lasts),
                    "seed {seed}"
                );
                let arrives = |depart: i64| depart + hours.lasts(seconds, depart);
                assert!(arrives(depart) <= arrives(depart + 1), "seed {seed}");
                let latest = hours.departure(seconds, arrives(depart));
                assert!(depart <= latest && arrives(latest) <= arrives(depart), "seed {seed}");
                assert!(arrives(latest + 1) > arrives(depart), "seed {seed}");
            }
        }
    }
}
