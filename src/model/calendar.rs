//! When business is open: a time zone, hours of the week, and days that differ.

use crate::model::{Date, TimeOfDay};
use serde::{Deserialize, Serialize};

/// The hours in which a clock counts, in the local time of one zone.
///
/// On most dates the hours of the week hold. A [special day](SpecialDay) has its own hours, none when it
/// is a holiday: nothing else is open between its two midnights, not even the end of a night shift that
/// began the evening before.
///
/// ```
/// use fieldwright::model::{Agreement, Calendar};
/// let calendar: Calendar = serde_json::from_str(r#"{
///     "id": "office",
///     "zone": "Europe/Berlin",
///     "week": [
///         {"days": ["mon", "tue", "wed", "thu"], "windows": [["08:00", "12:00"], ["13:00", "17:00"]]},
///         {"days": ["fri"], "windows": [["22:00", "06:00"]]}
///     ],
///     "special_days": [
///         {"date": "2026-12-25", "name": "Christmas Day"},
///         {"date": "2026-12-24", "name": "Christmas Eve", "windows": [["08:00", "12:00"]]}
///     ]
/// }"#).unwrap();
/// let agreement = Agreement { calendars: vec![calendar], ..Agreement::default() };
/// assert!(agreement.validate().is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Unique name.
    pub id: String,
    /// IANA name of the time zone, such as `Europe/Berlin` or `UTC`.
    pub zone: String,
    /// Open hours of an ordinary week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub week: Vec<WeekHours>,
    /// Dates with hours of their own: holidays, half days, working Saturdays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_days: Vec<SpecialDay>,
}

/// The same open hours on several days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WeekHours {
    /// On which days they begin.
    pub days: Vec<Weekday>,
    /// The hours.
    pub windows: Vec<LocalWindow>,
}

/// One date that differs from the week, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The local date.
    pub date: Date,
    /// What day it is; ledgers give it as the reason for what is not counted.
    pub name: String,
    /// The hours that begin on it; closed all day when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<LocalWindow>,
}

/// A half-open span of local time, `["08:00", "17:00"]`. One that ends before it begins reaches into
/// the next day (`["22:00", "06:00"]`); the end of the day is `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "(TimeOfDay, TimeOfDay)", into = "(TimeOfDay, TimeOfDay)")]
pub struct LocalWindow {
    /// Open from this time of day on.
    pub from: TimeOfDay,
    /// Closed from this time of day on.
    pub to: TimeOfDay,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// From Monday to Sunday (`ALL[day as usize] == day`).
    pub const ALL: [Self; 7] =
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// From Monday to Friday.
    pub const WORKING: [Self; 5] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri];
}

impl Calendar {
    /// A calendar of this zone that has no hours yet.
    #[must_use]
    pub fn new(id: impl Into<String>, zone: impl Into<String>) -> Self {
        Self { id: id.into(), zone: zone.into(), ..Self::default() }
    }

    /// The same with these hours on these days of the week as well.
    #[must_use]
    pub fn open(mut self, days: &[Weekday], windows: &[LocalWindow]) -> Self {
        self.week.push(WeekHours { days: days.to_vec(), windows: windows.to_vec() });
        self
    }

    /// The same, with a date that has only these hours.
    #[must_use]
    pub fn special(mut self, date: Date, name: &str, windows: &[LocalWindow]) -> Self {
        self.special_days.push(SpecialDay { date, name: name.into(), windows: windows.to_vec() });
        self
    }
}

impl LocalWindow {
    /// The whole day.
    pub const DAY: Self = Self::new(TimeOfDay(0), TimeOfDay(TimeOfDay::DAY));

    /// Open from `from` on, closed from `to` on.
    #[must_use]
    pub const fn new(from: TimeOfDay, to: TimeOfDay) -> Self {
        Self { from, to }
    }

    /// From one full hour to another: `hours(22, 6)` is a night.
    #[must_use]
    pub const fn hours(from: u32, to: u32) -> Self {
        Self::new(TimeOfDay::at(from, 0), TimeOfDay::at(to, 0))
    }
}

impl From<(TimeOfDay, TimeOfDay)> for LocalWindow {
    fn from((from, to): (TimeOfDay, TimeOfDay)) -> Self {
        Self { from, to }
    }
}

impl From<LocalWindow> for (TimeOfDay, TimeOfDay) {
    fn from(window: LocalWindow) -> Self {
        (window.from, window.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_survives_json() {
        let holiday: Date = "2026-12-25".parse().expect("a date");
        let calendar = Calendar::new("night", "Asia/Kolkata")
            .open(&[Weekday::Mon], &[LocalWindow::hours(22, 6), LocalWindow::hours(12, 13)])
            .open(&[Weekday::Sun], &[LocalWindow::DAY])
            .special(holiday, "Christmas", &[]);
        let json = serde_json::to_string(&calendar).expect("serializes");
        assert!(json.contains(r#"["00:00","24:00"]"#), "{json}");
        assert_eq!(serde_json::from_str::<Calendar>(&json).expect("parses"), calendar);
    }

    #[test]
    fn the_days_of_the_week_stand_in_order() {
        for (index, day) in Weekday::ALL.into_iter().enumerate() {
            assert_eq!(day as usize, index);
        }
    }
}
