//! Time zones: from local dates and times to instants and back. The only file that asks for zone rules.
//!
//! The rules are those bundled with the crate, never those of the machine.

use crate::model::Date;
use crate::units::Instant;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use std::ops::Range;

const DAY: i64 = 86_400;

/// One time zone.
#[derive(Clone, Debug)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// The zone of this IANA name.
    pub fn named(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().map(Self)
    }

    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The date there at this moment; `None` outside the years 1 to 9998.
    pub fn date(&self, at: Instant) -> Option<Date> {
        let offset = self.0.to_offset(Timestamp::from_second(at.0).ok()?).seconds();
        Date::from_days((at.0 + i64::from(offset)).div_euclid(DAY))
    }

    /// A clock on the wall there, to ask for many local times close to each other.
    pub fn wall(&self) -> Wall<'_> {
        Wall { zone: &self.0, offset: 0, steady: 0..0 }
    }
}

/// Finds the instants of local times. It remembers the rules between the last two changes of clocks, so that
/// only the first question of a walk, and those around the next change, are put to the zone.
pub(super) struct Wall<'z> {
    zone: &'z TimeZone,
    /// Seconds ahead of UTC.
    offset: i64,
    /// Local times, in seconds as if in UTC, that are shown once, with this offset.
    steady: Range<i64>,
}

impl Wall<'_> {
    /// The first instant at which the clock on the wall shows this time of this date or a later one.
    ///
    /// That is one rule for everything that daylight saving does: a time that was skipped stands for the
    /// end of the gap, a time that comes twice for the first of the two. It never turns order around.
    pub fn first(&mut self, date: Date, second: u32) -> Option<Instant> {
        let wall = date.days() * DAY + i64::from(second);
        if self.steady.contains(&wall) {
            return Some(Instant(wall - self.offset));
        }
        let shown = Offset::UTC.to_datetime(Timestamp::from_second(wall).ok()?);
        let instant = match self.zone.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => wall - i64::from(offset.seconds()),
            AmbiguousOffset::Fold { before, .. } => wall - i64::from(before.seconds()),
            AmbiguousOffset::Gap { before, .. } => {
                // By the old offset this would be as far behind the gap's start as `second` is into it.
                let after = Timestamp::from_second(wall - i64::from(before.seconds()) + 1).ok()?;
                self.zone.preceding(after).next()?.timestamp().as_second()
            }
        };
        self.remember(instant)?;
        Some(Instant(instant))
    }

    fn remember(&mut self, instant: i64) -> Option<()> {
        let offset = |at: i64| {
            let at = Timestamp::from_second(at).ok()?;
            Some(i64::from(self.zone.to_offset(at).seconds()))
        };
        let (now, next) = (instant, Timestamp::from_second(instant + 1).ok()?);
        let own = offset(now)?;
        // A time that is skipped or shown twice where a period begins lies before the later of two readings of
        // that moment, one where it ends after the earlier.
        let begins = self.zone.preceding(next).next().map(|it| it.timestamp().as_second());
        let begins = begins.and_then(|at| Some(at + own.max(offset(at - 1)?)));
        let at = Timestamp::from_second(now).ok()?;
        let ends = self.zone.following(at).next().map(|it| it.timestamp().as_second());
        let ends = ends.and_then(|at| Some(at + own.min(offset(at)?)));
        self.offset = own;
        self.steady = begins.unwrap_or(i64::MIN)..ends.unwrap_or(i64::MAX);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(zone: &str, date: &str, hour: u32, minute: u32) -> String {
        let zone = Zone::named(zone).expect("a zone");
        let date = date.parse().expect("a date");
        zone.wall().first(date, hour * 3_600 + minute * 60).expect("in range").to_string()
    }

    /// Each expectation follows from the rule of the zone, named beside it.
    #[test]
    fn a_gap_ends_at_its_end_and_an_overlap_counts_once() {
        for (zone, date, (hour, minute), instant) in [
            // Berlin: 02:00 to 03:00 is skipped at 01:00 UTC, 03:00 to 02:00 repeated at 01:00 UTC.
            ("Europe/Berlin", "2026-03-29", (1, 59), "2026-03-29T00:59:00Z"),
            ("Europe/Berlin", "2026-03-29", (2, 0), "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-03-29", (2, 30), "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-03-29", (3, 0), "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-10-25", (2, 30), "2026-10-25T00:30:00Z"),
            ("Europe/Berlin", "2026-10-25", (3, 0), "2026-10-25T02:00:00Z"),
            // Lord Howe: +10:30, in summer +11: half an hour, from 02:00 to 02:30, is skipped.
            ("Australia/Lord_Howe", "2026-10-04", (2, 15), "2026-10-03T15:30:00Z"),
            ("Australia/Lord_Howe", "2026-10-04", (2, 30), "2026-10-03T15:30:00Z"),
            // Cairo: the last Friday of April begins at 01:00 (+3 instead of +2).
            ("Africa/Cairo", "2026-04-24", (0, 0), "2026-04-23T22:00:00Z"),
            ("Africa/Cairo", "2026-04-23", (24, 0), "2026-04-23T22:00:00Z"),
            // Santiago: at 24:00 of the first Saturday of April it is 23:00 again (-3, then -4).
            ("America/Santiago", "2026-04-04", (23, 30), "2026-04-05T02:30:00Z"),
            ("America/Santiago", "2026-04-05", (0, 0), "2026-04-05T04:00:00Z"),
            // Apia went from the 29th to the 31st of December 2011: the 30th never was.
            ("Pacific/Apia", "2011-12-30", (12, 0), "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-31", (0, 0), "2011-12-30T10:00:00Z"),
            ("Asia/Kolkata", "2026-01-01", (0, 0), "2025-12-31T18:30:00Z"),
        ] {
            assert_eq!(first(zone, date, hour, minute), instant, "{zone} {date} {hour}:{minute}");
        }
    }

    /// One wall that is asked for every half hour in turn says what a new one says each time.
    #[test]
    fn what_is_remembered_is_what_the_zone_says() {
        for name in
            ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"]
        {
            let zone = Zone::named(name).expect("a zone");
            let mut wall = zone.wall();
            let days = "2026-01-01".parse::<Date>().expect("a date").days();
            for half_hours in 0..365 * 48 {
                let date = Date::from_days(days + half_hours / 48).expect("in range");
                let second = u32::try_from(half_hours % 48 * 1_800).expect("a time of day");
                assert_eq!(
                    wall.first(date, second),
                    zone.wall().first(date, second),
                    "{name} {date}"
                );
            }
        }
    }

    #[test]
    fn nonsense_is_no_zone_and_the_end_of_time_no_date() {
        assert!(Zone::named("Europe/Berlln").is_none());
        assert!(Zone::named("").is_none());
        assert!(Zone::utc().date(Instant(i64::MAX)).is_none());
        assert!(Zone::utc().date(Instant(-(1 << 40))).is_none());
    }
}
