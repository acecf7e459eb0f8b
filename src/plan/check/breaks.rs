//! Breaks: whoever works takes each of his breaks once, in its window, for its length.

use super::Report;
use super::drive::{Drive, Target};
use crate::model::Break;
use crate::plan::Rule;

pub(super) fn check(drive: &Drive, report: &mut Report) {
    let mut open: Vec<&Break> = drive.shift.breaks.iter().collect();
    let mut strays = 0;
    for n in breaks_by_time(drive) {
        let stop = &drive.route.stops[n];
        let length = stop.end - stop.start;
        // Of the breaks that this one could be, the one whose window closes first: what is left is
        // then open for longer, so no other choice lets more of them match.
        let fits = |pause: &Break| {
            pause.duration == length && pause.earliest <= stop.start && stop.start <= pause.latest
        };
        let candidates = (0..open.len()).filter(|&b| fits(open[b]));
        match candidates.min_by_key(|&b| open[b].latest) {
            Some(b) => _ = open.remove(b),
            None => {
                strays += 1;
                let cause = format!("{length} from {}: no break of the shift is then", stop.start);
                report.broken(Rule::Break, drive.at_stop(n), cause);
            }
        }
    }
    if drive.visits().next().is_some() {
        // A break taken at the wrong time has been reported; it is not missing on top of that.
        for pause in open.iter().skip(strays) {
            let Break { earliest, latest, duration } = pause;
            let cause = format!("the break of {duration} from {earliest} to {latest} is not taken");
            report.broken(Rule::Break, drive.at(), cause);
        }
    }
}

fn breaks_by_time(drive: &Drive) -> Vec<usize> {
    let mut numbers: Vec<usize> =
        (0..drive.targets.len()).filter(|&n| matches!(drive.targets[n], Target::Break)).collect();
    numbers.sort_by_key(|&n| drive.route.stops[n].start);
    numbers
}
