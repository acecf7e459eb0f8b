//! What belongs into each column, in a few words for whoever put something else there.

/// What a cell of this column should say. A name means the same in every table.
pub(super) fn expects(column: &str) -> &'static str {
    match column {
        "id" | "skill" | "name" => "a name",
        "start" | "end" | "release" | "due" | "lock_start" | "earliest" | "latest" => {
            "a moment: a datetime with a zone, RFC 3339 with an offset, or whole seconds since 1970"
        }
        "lat" | "end_lat" => "degrees of latitude, from -90 to 90",
        "lon" | "end_lon" => "degrees of longitude, from -180 to 180",
        "row" | "end_row" => "the number of a row of the travel matrix, from 0",
        "service" | "setup" | "worked" | "max_duration" | "overtime" | "fixed" => {
            "whole seconds, 0 or more"
        }
        "skills" => "skills with levels: `boiler:3;gas`, of an engineer also `gas:2@until`",
        "any" => "skills of which one suffices: `gas:2|oil;lift`",
        "none" => "skills with levels: `trainee;gas:3`",
        "windows" | "preferred_windows" => "windows: `earliest/latest`, separated by `;`",
        "breaks" => "breaks: `earliest/latest/seconds`, separated by `;`",
        "late_steps" => "steps: `seconds/cost`, separated by `;`",
        "demand" | "capacity" | "capacity_per_day" => "whole numbers, separated by `;`",
        "priority"
        | "max_tickets"
        | "max_tickets_per_day"
        | "borrow_cap"
        | "lock_rank"
        | "level" => "a count: a whole number, 0 or more",
        "value" | "weight" => "a whole number, 0 or more",
        "max_distance" => "whole metres, 0 or more",
        "meters_per_hour" => "whole metres an hour, above 0",
        "service_percent" | "detour_percent" | "percent" => "whole percent",
        "fixed_cost" | "secondary_cost" | "borrow_cost" => "a cost: a whole number, 0 or more",
        "lendable" | "open" => "yes or no",
        "customer" => "the name of a customer",
        "contract" => "the name of a contract",
        "job" => "the name of a type of job",
        "region" | "parent" => "the id of a region",
        "secondary" => "ids of regions, separated by `;`",
        "profile" => "the name of a way to travel",
        "preferred" | "required" | "excluded" => "ids of engineers, separated by `;`",
        "shift" => "a name that no other shift has",
        "told" | "lock_shift" => "the name of a shift",
        "after" => "ids of tickets, separated by `;`",
        "tools" => "names of tools, separated by `;`",
        "parts" => "spare parts and how many: `pump:2;seal`",
        "time" => "a time of day: `07:00`",
        "criterion" => "the name of a criterion",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::tables::PARTS;

    #[test]
    fn every_column_says_what_belongs_there() {
        let silent: Vec<&str> = PARTS
            .iter()
            .flat_map(|part| part.columns())
            .filter(|column| expects(column).is_empty())
            .collect();
        assert!(silent.is_empty(), "{silent:?}");
    }
}
