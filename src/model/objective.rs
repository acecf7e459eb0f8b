//! What is wanted: levels of weighted criteria, most important level first.

use crate::model::unique;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Something a plan is judged by. What each one measures, and how, stands in
/// [`score::criteria`](crate::score::criteria), one file each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Worth of the tickets left out.
    Unserved,
    /// Seconds by which work starts after its due time.
    Lateness,
    /// Seconds short of an hour between the start of work and its due time.
    Slack,
    /// Seconds of travel.
    Travel,
    /// Metres of travel.
    Distance,
    /// Seconds from departure to return, the departure delayed as far as that costs nothing.
    Work,
    /// Seconds of waiting before visits and breaks.
    Wait,
    /// Shifts that are used at all.
    Shifts,
    /// Fixed cost of the shifts that are used.
    Fixed,
    /// Cost of visits outside the home region.
    Region,
    /// Skill levels above what the ticket asked for.
    Overskill,
    /// Visits by somebody else than the engineers the customer prefers.
    Preference,
    /// Pairs of visits on one shift: the n-th visit of a shift counts n - 1.
    Load,
    /// Seconds worked after the regular end of a shift.
    Overtime,
    /// Cost of starts that are later than due by more than a step allows.
    Penalty,
    /// Visits by another shift than the customer was told.
    Changes,
    /// Seconds between the start of work and the nearest moment that the customer prefers.
    OffWindow,
    /// Square minutes by which work adds to what its engineers have worked: least when it is spread.
    Balance,
}

impl Criterion {
    /// How many criteria there are.
    pub const COUNT: usize = 18;

    /// Every criterion, in the order of their declaration (`ALL[c as usize] == c`).
    pub const ALL: [Self; Self::COUNT] = [
        Self::Unserved,
        Self::Lateness,
        Self::Slack,
        Self::Travel,
        Self::Distance,
        Self::Work,
        Self::Wait,
        Self::Shifts,
        Self::Fixed,
        Self::Region,
        Self::Overskill,
        Self::Preference,
        Self::Load,
        Self::Overtime,
        Self::Penalty,
        Self::Changes,
        Self::OffWindow,
        Self::Balance,
    ];

    /// Its name in JSON, in tables and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unserved => "unserved",
            Self::Lateness => "lateness",
            Self::Slack => "slack",
            Self::Travel => "travel",
            Self::Distance => "distance",
            Self::Work => "work",
            Self::Wait => "wait",
            Self::Shifts => "shifts",
            Self::Fixed => "fixed",
            Self::Region => "region",
            Self::Overskill => "overskill",
            Self::Preference => "preference",
            Self::Load => "load",
            Self::Overtime => "overtime",
            Self::Penalty => "penalty",
            Self::Changes => "changes",
            Self::OffWindow => "off_window",
            Self::Balance => "balance",
        }
    }
}

/// One level: the weight of each criterion in it. Within a level, weights trade off.
pub type Level = BTreeMap<Criterion, i64>;

/// Levels compared from left to right: a gain on one never pays for a loss on an earlier one.
///
/// ```
/// use fieldwright::model::Objective;
/// let own: Objective = serde_json::from_str(r#"[{"unserved": 1}, {"travel": 1, "region": 2}]"#).unwrap();
/// assert_eq!(own.levels.len(), 2);
/// assert!(Objective::named("working-time").is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Objective {
    /// The levels, most important first.
    #[serde(deserialize_with = "levels")]
    pub levels: Vec<Level>,
}

/// A list of levels, none of which names a criterion twice.
fn levels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Level>, D::Error> {
    #[derive(Deserialize)]
    struct Unique(#[serde(deserialize_with = "unique::map")] Level);
    let levels = Vec::<Unique>::deserialize(deserializer)?;
    Ok(levels.into_iter().map(|Unique(level)| level).collect())
}

impl Objective {
    /// An objective may have at most so many levels.
    pub const LEVELS_MAX: usize = 6;

    /// The ready-made objectives: name, what it wants, and its levels.
    #[must_use]
    pub fn presets() -> [(&'static str, &'static str, Self); 5] {
        use Criterion::{
            Changes, Distance, Fixed, Lateness, Load, OffWindow, Overskill, Overtime, Penalty,
            Preference, Region, Shifts, Slack, Travel, Unserved, Wait, Work,
        };
        [
            (
                "dispatch",
                "serve what matters most, then be punctual, then save travel, overtime, starts outside preferred windows, borrowing, overload and changes of what was told",
                Self::of(&[
                    &[(Unserved, 1)],
                    &[(Lateness, 1), (Penalty, 1)],
                    &[
                        (Travel, 10),
                        (Wait, 1),
                        (Overtime, 15),
                        (Fixed, 10),
                        (Region, 10),
                        (Slack, 1),
                        (OffWindow, 5),
                        (Overskill, 300),
                        (Preference, 6_000),
                        (Load, 300),
                        (Changes, 3_000),
                    ],
                ]),
            ),
            (
                "travel",
                "serve what matters most, then be punctual, then the least travel time",
                Self::of(&[&[(Unserved, 1)], &[(Lateness, 1), (Penalty, 1)], &[(Travel, 1)]]),
            ),
            (
                "distance",
                "serve what matters most, then be punctual, then the shortest way",
                Self::of(&[&[(Unserved, 1)], &[(Lateness, 1), (Penalty, 1)], &[(Distance, 1)]]),
            ),
            (
                "working-time",
                "serve what matters most, then be punctual, then the least time from departure to return",
                Self::of(&[&[(Unserved, 1)], &[(Lateness, 1), (Penalty, 1)], &[(Work, 1)]]),
            ),
            (
                "shifts-first",
                "serve what matters most, then be punctual, then the fewest shifts, then the shortest way",
                Self::of(&[
                    &[(Unserved, 1)],
                    &[(Lateness, 1), (Penalty, 1)],
                    &[(Shifts, 1)],
                    &[(Distance, 1)],
                ]),
            ),
        ]
    }

    /// The preset with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::presets().into_iter().find(|(known, ..)| *known == name).map(|(.., levels)| levels)
    }

    /// The objective with these levels of `(criterion, weight)`.
    #[must_use]
    pub fn of(levels: &[&[(Criterion, i64)]]) -> Self {
        Self { levels: levels.iter().map(|level| level.iter().copied().collect()).collect() }
    }
}

impl Default for Objective {
    /// The preset `dispatch`.
    fn default() -> Self {
        let [(.., dispatch), ..] = Self::presets();
        dispatch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_criteria_is_in_order_and_named_as_in_json() {
        for (index, criterion) in Criterion::ALL.into_iter().enumerate() {
            assert_eq!(criterion as usize, index);
            let json = serde_json::to_string(&criterion).expect("serializes");
            assert_eq!(json, format!("\"{}\"", criterion.name()));
        }
    }
}
