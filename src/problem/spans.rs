//! When work on a ticket may start, and when the customer would rather have it.

use super::{NEVER, Span};
use crate::model::{Ticket, Window};

/// The moments at which work may start: windows cut at the release and at a locked start, sorted,
/// overlaps merged. Without any window, from the release on.
///
/// Who comes before a preferred window waits for it, so that of the moments before the last one closes
/// only the preferred ones are left; a locked start asks for none of them.
pub(super) fn spans(ticket: &Ticket) -> Vec<Span> {
    let allowed = allowed(ticket);
    if let Some(start) = ticket.lock.as_ref().and_then(|lock| lock.start) {
        return cut(&allowed, Span { earliest: start.0, latest: start.0 });
    }
    if ticket.preferred_windows.is_empty() {
        return allowed;
    }
    let mut spans = preferred(ticket);
    let closes = spans.last().map_or(-NEVER, |last| last.latest);
    spans.extend(cut(&allowed, Span { earliest: closes, latest: NEVER }));
    merged(spans)
}

/// The moments at which work may start and the customer would rather have it: sorted, disjoint.
pub(super) fn preferred(ticket: &Ticket) -> Vec<Span> {
    if ticket.preferred_windows.is_empty() {
        return Vec::new();
    }
    let allowed = allowed(ticket);
    let wanted = ticket.preferred_windows.iter();
    merged(wanted.flat_map(|window| cut(&allowed, span(window))).collect())
}

/// The windows from the release on.
fn allowed(ticket: &Ticket) -> Vec<Span> {
    let release = ticket.release.map_or(-NEVER, |release| release.0);
    let open = Span { earliest: release, latest: NEVER };
    if ticket.windows.is_empty() {
        return vec![open];
    }
    merged(cut(&ticket.windows.iter().map(span).collect::<Vec<_>>(), open))
}

fn span(window: &Window) -> Span {
    Span { earliest: window.earliest.0, latest: window.latest.0 }
}

/// What of these spans lies within another one.
fn cut(spans: &[Span], within: Span) -> Vec<Span> {
    let cut = spans.iter().map(|span| Span {
        earliest: span.earliest.max(within.earliest),
        latest: span.latest.min(within.latest),
    });
    cut.filter(|span| span.earliest <= span.latest).collect()
}

/// The same moments, sorted, overlaps merged.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.earliest <= last.latest => {
                last.latest = last.latest.max(span.latest)
            }
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Lock, Place};
    use crate::units::{Instant, Seconds};

    fn ticket(windows: &[(i64, i64)]) -> Ticket {
        let mut ticket = Ticket::new("T", Place::at(0.0, 0.0), Seconds(60));
        ticket.windows =
            windows.iter().map(|&(a, b)| Window::new(Instant(a), Instant(b))).collect();
        ticket
    }

    fn check(ticket: &Ticket, expect: &[(i64, i64)]) {
        let got: Vec<_> = spans(ticket).iter().map(|s| (s.earliest, s.latest)).collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn windows_are_sorted_and_merged() {
        check(&ticket(&[(50, 60), (10, 20), (15, 30)]), &[(10, 30), (50, 60)]);
    }

    #[test]
    fn a_release_cuts_windows() {
        let released = Ticket { release: Some(Instant(18)), ..ticket(&[(10, 20), (0, 5)]) };
        check(&released, &[(18, 20)]);
        check(&Ticket { release: Some(Instant(7)), ..ticket(&[]) }, &[(7, NEVER)]);
    }

    #[test]
    fn a_locked_start_leaves_one_moment() {
        let lock = Some(Lock { shift: "S".into(), rank: None, start: Some(Instant(12)) });
        check(&Ticket { lock, ..ticket(&[(10, 20), (30, 40)]) }, &[(12, 12)]);
    }

    fn preferring(windows: &[(i64, i64)], preferred: &[(i64, i64)]) -> Ticket {
        let wanted = ticket(preferred).windows;
        Ticket { preferred_windows: wanted, ..ticket(windows) }
    }

    #[test]
    fn who_comes_before_a_preferred_window_or_between_two_waits_for_it() {
        check(&preferring(&[], &[(50, 60), (20, 30)]), &[(20, 30), (50, NEVER)]);
        check(&preferring(&[(0, 80)], &[(20, 30)]), &[(20, 80)]);
        check(
            &preferring(&[(0, 25), (28, 40), (50, 55)], &[(20, 30)]),
            &[(20, 25), (28, 40), (50, 55)],
        );
        let released =
            Ticket { release: Some(Instant(25)), ..preferring(&[], &[(10, 20), (20, 30)]) };
        check(&released, &[(25, NEVER)]);
    }

    #[test]
    fn a_locked_start_does_not_wait_for_what_is_preferred() {
        let lock = Some(Lock { shift: "S".into(), rank: None, start: Some(Instant(5)) });
        check(&Ticket { lock, ..preferring(&[(0, 80)], &[(20, 30)]) }, &[(5, 5)]);
    }
}
