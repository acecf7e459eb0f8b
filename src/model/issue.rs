//! Faults in the input as data: a stable code, where, what is wrong and what to do.

use serde::Serialize;
use std::fmt;

/// The kind of a fault. Codes never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// The number behind the `E`.
    pub number: u16,
    /// What is wrong, in general.
    pub title: &'static str,
    /// What to do about it.
    pub action: &'static str,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $title:literal, $action:literal;)*) => {
        impl Code {
            $(
                #[doc = concat!("E", stringify!($number), ": ", $title, ". To do: ", $action, ".")]
                pub const $name: Self = Self { number: $number, title: $title, action: $action };
            )*

            /// Every code, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

codes! {
    SYNTAX = 1, "the text does not follow the format", "correct the place that is named";
    UNKNOWN_FORMAT = 2, "the format is not known", "name one of the formats that `--help` lists";
    UNSUPPORTED = 3, "the format allows this, but it cannot be planned here", "remove it, or model it in the native format";
    UNREADABLE = 4, "the file cannot be read", "check its name and permissions";
    TOO_LARGE = 5, "there is more of it than can be held", "split the input";
    SCHEMA_VERSION = 101, "the version of the format is not this one", "convert the file, or use a matching release";
    EMPTY_WORLD = 102, "there is nobody to plan", "describe at least one engineer with a shift";
    DUPLICATE_ID = 103, "two things have the same id", "rename one of them";
    EMPTY_ID = 104, "an id is empty", "give it a name";
    OUT_OF_RANGE = 105, "a number is out of range", "use a value within the range that is named";
    UNKNOWN_SKILL = 201, "the skill is not in the world's list", "correct its name or add it to `skills`";
    SKILL_LEVEL = 202, "a skill level is zero", "levels start at 1; leave the skill out instead";
    CONTRADICTING_SKILLS = 203, "a skill is both asked for and ruled out", "remove one of the two";
    EMPTY_GROUP = 204, "a group of skills to choose from is empty", "name at least one skill or remove the group";
    UNKNOWN_REGION = 301, "no region has this name", "correct the name or describe the region";
    OUTLINE = 302, "the outline of a region is not a valid polygon", "give closed rings of at least four points that do not cross themselves, holes inside";
    REGION_CYCLE = 303, "a region contains itself", "break the chain of parents";
    COORDINATES = 304, "the coordinates are not a place on earth", "give latitude within ±90 and longitude within ±180 degrees; they may be swapped";
    NO_COORDINATES = 305, "the place has no coordinates", "give `lat` and `lon`";
    NO_ROW = 306, "the place has no row in the travel matrix", "give `row`";
    ROW = 307, "the row is outside the travel matrix", "give a row below the size of the matrix";
    OFF_ROAD = 308, "no road is near the place", "correct the place, raise `snap_limit`, or extend the network";
    SHIFT_TIMES = 401, "the shift ends before it starts", "give an end after the start";
    BREAK_TIMES = 402, "the break does not fit into its shift", "give `earliest <= latest` and a length that ends within the shift";
    NO_SHIFT = 403, "the engineer has no shift", "give him at least one, or leave him out";
    SHIFT_OVERLAP = 404, "two shifts of one engineer overlap", "end the first, overtime included, before the second starts, or describe two engineers";
    WINDOW_TIMES = 501, "the window ends before it starts", "swap its ends";
    WINDOW_RELEASE = 502, "every window ends before the ticket is released", "move the release or the windows";
    NEGATIVE = 503, "a length, load or count is negative", "use zero or more";
    DUE_RELEASE = 504, "the ticket is due before it is released", "move the release or the due time";
    UNKNOWN_ENGINEER = 505, "no engineer has this id", "correct the id";
    CONTRADICTING_ENGINEERS = 506, "an engineer is both required or preferred and excluded", "remove him from one of the lists";
    UNKNOWN_SHIFT = 507, "no shift has this id", "correct the id";
    UNKNOWN_TICKET = 508, "no ticket has this id", "correct the id";
    PRECEDENCE_CYCLE = 509, "tickets wait for each other in a circle", "remove one of the links";
    PRECEDENCE = 510, "order between tickets cannot be planned yet", "remove `after`, or plan the two in separate runs";
    LOCK_RANK = 511, "two locked visits have the same rank on one shift", "number them 1, 2, 3 and so on";
    LOCK_ENGINEER = 512, "the ticket is locked to a shift of an engineer it may not go to", "change the lock or the lists of engineers";
    LATE_STEPS = 513, "there are steps of lateness and no due time", "give `due`, or remove `late_steps`";
    PREFERRED_WINDOW = 514, "no window lets work start within the preferred window", "move it into one of the windows, or remove it";
    OTHER_PLAN = 515, "the plan is not one of this problem", "give the problem that it was made for, or plan anew and start from it";
    NO_PROFILE = 601, "there is no way to travel", "describe at least one profile or matrix";
    UNKNOWN_PROFILE = 602, "no travel profile has this name", "correct the name or describe the profile";
    MATRIX_SHAPE = 603, "the travel matrix is not square, or differs in size from the others", "give every table the same number of rows and columns";
    SPEED = 604, "the speed is zero", "give a speed above zero";
    ROAD_ARC = 605, "a road leads to a crossing that does not exist", "correct the index";
    UNREACHABLE = 606, "there is no way between two places", "connect them, or leave out the place that is cut off";
    SPEEDS = 607, "the speeds by hour do not make a day", "give at least one, by times of day in ascending order, all before 24:00";
    EMPTY_OBJECTIVE = 701, "nothing is wanted", "give at least one level with a weight";
    OBJECTIVE_LEVELS = 702, "the objective has too many levels", "merge some";
    WEIGHT = 703, "a weight is negative or too large", "use a weight from 0 to 1,000,000,000";
    OVERFLOW = 704, "the score could leave 128 bits", "use smaller weights, fewer levels or coarser units";
    UNKNOWN_ZONE = 801, "no time zone has this name", "give an IANA name such as `Europe/Berlin`";
    EMPTY_CALENDAR = 802, "the calendar is never open", "give it hours, or leave the calendar out where a clock never rests";
    LOCAL_WINDOW = 803, "the opening hours are no span of time", "give two different times, the first before 24:00 and the second not after; ending before the start means the next day";
    HOURS_OVERLAP = 804, "opening hours overlap", "merge them; hours that reach past midnight count for both days";
    SPECIAL_DAY = 805, "a day is described twice", "keep one of the two";
    UNKNOWN_CALENDAR = 806, "no calendar has this name", "correct the name or describe the calendar";
    WARN_POINT = 807, "the warning does not lie between start and deadline", "give a share from 1 to 99 percent, or seconds above zero and below the target";
    COMMITMENT_TIE = 808, "two commitments of one clock ask for the same tickets", "make one of them more specific, or remove it";
    EVENT_TYPE = 901, "the type of an event has another form", "name it `aftersales.<aggregate>.<past verb>.v<version>` in small letters";
    EVENT_NAME = 902, "an id or key of an event is empty, longer than 200 bytes, or holds control characters", "give a short plain one";
    EMPTY_BATCH = 903, "there is nothing to record", "give at least one event";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{:03}", self.number)
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// What kind of fault.
    pub code: Code,
    /// Where in the input: a path such as `tickets[3].windows[0]`, or `file:line`.
    pub at: String,
    /// What exactly is wrong there.
    pub cause: String,
}

impl Issue {
    /// A fault of this kind, at this place, with these particulars.
    #[must_use]
    pub fn new(code: Code, at: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { code, at: at.into(), cause: cause.into() }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, at, cause } = self;
        write!(f, "{code} at {at}: {cause} ({}; to do: {})", code.title, code.action)
    }
}

/// All faults of one input, never empty when it is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Issues(pub Vec<Issue>);

impl Issues {
    /// Notes a fault.
    pub fn add(&mut self, code: Code, at: impl Into<String>, cause: impl Into<String>) {
        self.0.push(Issue::new(code, at, cause));
    }

    /// `value` if there is no fault, otherwise all of them.
    ///
    /// # Errors
    /// The faults, when there are any.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Issue> for Issues {
    fn from(issue: Issue) -> Self {
        Self(vec![issue])
    }
}

impl fmt::Display for Issues {
    /// One line for each fault; after twenty only how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN_MAX: usize = 20;
        for issue in self.0.iter().take(SHOWN_MAX) {
            writeln!(f, "{issue}")?;
        }
        if self.0.len() > SHOWN_MAX {
            writeln!(f, "... and {} more", self.0.len() - SHOWN_MAX)?;
        }
        Ok(())
    }
}

impl std::error::Error for Issues {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number < pair[1].number));
    }
}
