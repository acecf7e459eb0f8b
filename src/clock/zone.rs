//! Time zones: from local dates and times to instants and back. The only file that asks for zone rules.
//!
//! The rules are those bundled with the crate, never those of the machine.

use crate::model::Date;
use crate::units::Instant;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

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

    /// The first instant at which the clock on the wall shows this time of this date or a later one.
    ///
    /// That is one rule for everything that daylight saving does: a time that was skipped stands for the
    /// end of the gap, a time that comes twice for the first of the two. It never turns order around.
    pub fn first(&self, date: Date, second: u32) -> Option<Instant> {
        let wall = date.days() * DAY + i64::from(second);
        let shown = Offset::UTC.to_datetime(Timestamp::from_second(wall).ok()?);
        let instant = match self.0.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => wall - i64::from(offset.seconds()),
            AmbiguousOffset::Fold { before, .. } => wall - i64::from(before.seconds()),
            AmbiguousOffset::Gap { before, .. } => {
                // By the old offset this would be as far behind the gap's start as `second` is into it.
                let after = Timestamp::from_second(wall - i64::from(before.seconds()) + 1).ok()?;
                self.0.preceding(after).next()?.timestamp().as_second()
            }
        };
        Some(Instant(instant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(zone: &str, date: &str, hour: u32, minute: u32) -> String {
        let zone = Zone::named(zone).expect("a zone");
        let date = date.parse().expect("a date");
        zone.first(date, hour * 3_600 + minute * 60).expect("in range").to_string()
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

    #[test]
    fn nonsense_is_no_zone_and_the_end_of_time_no_date() {
        assert!(Zone::named("Europe/Berlln").is_none());
        assert!(Zone::named("").is_none());
        assert!(Zone::utc().date(Instant(i64::MAX)).is_none());
        assert!(Zone::utc().date(Instant(-(1 << 40))).is_none());
    }
}
