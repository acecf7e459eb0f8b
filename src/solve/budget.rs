//! When a search stops: seconds, iterations, stall, or somebody else's wish.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Limits of a search; it stops at whichever comes first. Without any it runs for ten seconds.
///
/// With `iterations` and no `seconds` the same input and seed give the same plan on any number of
/// threads and any machine.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// Wall-clock limit.
    pub seconds: Option<f64>,
    /// Limit on ruin-and-recreate steps, over all searches together.
    pub iterations: Option<u64>,
    /// Stops after so many steps of each search without a better plan.
    pub stall: Option<u64>,
    /// Set it from another thread and the search returns the best plan so far.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// Seconds that a search takes when nobody said otherwise.
const SECONDS_DEFAULT: f64 = 10.0;

impl Budget {
    /// So many seconds.
    #[must_use]
    pub fn seconds(seconds: f64) -> Self {
        Self { seconds: Some(seconds), ..Self::default() }
    }

    /// So many iterations.
    #[must_use]
    pub fn iterations(iterations: u64) -> Self {
        Self { iterations: Some(iterations), ..Self::default() }
    }

    pub(super) fn start(&self) -> Watch {
        let unlimited = self.seconds.is_none() && self.iterations.is_none() && self.stall.is_none();
        let seconds = if unlimited { Some(SECONDS_DEFAULT) } else { self.seconds };
        let limit = seconds.map(|s| Duration::try_from_secs_f64(s).unwrap_or(Duration::MAX));
        Watch { started: Instant::now(), limit, cancel: self.cancel.clone() }
    }
}

/// A running budget. Reads the wall clock only where there is a limit in seconds.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    started: Instant,
    limit: Option<Duration>,
    cancel: Option<Arc<AtomicBool>>,
}

impl Watch {
    /// Seconds since the start.
    pub(super) fn elapsed(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// The share of the seconds that is used up; zero without a limit.
    pub(super) fn share(&self) -> f64 {
        self.limit.map_or(0.0, |limit| self.elapsed() / limit.as_secs_f64().max(1e-9))
    }

    /// The limit in seconds, if there is one.
    pub(super) fn limit(&self) -> Option<f64> {
        self.limit.map(|limit| limit.as_secs_f64())
    }

    /// True when somebody cancelled or the seconds are over.
    pub(super) fn is_over(&self) -> bool {
        let cancelled = self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        cancelled || self.limit.is_some_and(|limit| self.started.elapsed() >= limit)
    }

    /// True when there is a limit in seconds.
    pub(super) fn is_timed(&self) -> bool {
        self.limit.is_some()
    }
}
