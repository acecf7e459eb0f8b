//! One running clock: when it started, what held it up, when it stopped. A plain value that knows no time.

use super::ClockError;
use crate::model::{Commitment, Promise};
use crate::units::Instant;
use serde::{Deserialize, Serialize};

/// A promise in progress, as a record of what happened to it.
///
/// A clock is a value: it carries its own copy of the promise, and what it says follows from the record
/// alone, together with the hours it counts on (see [`Terms::read`](super::Terms::read)). It starts once and
/// stops once. A ticket that is reopened gets new clocks; the old ones stay as they are, with their results.
///
/// ```
/// use fieldwright::clock::{Clock, State, Terms};
/// use fieldwright::model::{Agreement, ClockKind, Promise};
/// use fieldwright::units::{Instant, Seconds};
///
/// let mut promise = Promise::new(ClockKind::Arrival, Seconds(3_600));
/// promise.stops_for = vec!["customer_absent".into()];
/// let mut clock = Clock::start("an hour", promise, Instant(0));
/// clock.pause(Instant(600), "customer_absent")?;
/// clock.resume(Instant(1_600), "customer_absent")?;
///
/// let terms = Terms::compile(&Agreement::default()).expect("nothing is wrong with nothing");
/// let reading = terms.read(&clock)?;
/// assert_eq!(reading.deadline()?, Some(Instant(4_600)));
/// assert_eq!(reading.state(Instant(4_601))?, State::Breached);
/// # Ok::<(), fieldwright::clock::ClockError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The commitment it was started for.
    pub commitment: String,
    /// What was promised when it started.
    pub promise: Promise,
    /// Counted from this moment on.
    pub started_at: Instant,
    /// What may have held it up, in the order in which it was reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// When what was promised had been done, or the clock was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Instant>,
}

/// A half-open interval for which work could not go on, and why. Whether that stops a clock is for its
/// promise to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// What for.
    pub cause: String,
    /// From this moment on.
    pub from: Instant,
    /// Until this moment; it goes on when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
}

impl Clock {
    /// A clock for this promise of this commitment that starts now.
    #[must_use]
    pub fn start(commitment: impl Into<String>, promise: Promise, at: Instant) -> Self {
        let (commitment, pauses) = (commitment.into(), Vec::new());
        Self { commitment, promise, started_at: at, pauses, stopped_at: None }
    }

    /// A clock for this commitment that starts now.
    #[must_use]
    pub fn of(commitment: &Commitment, at: Instant) -> Self {
        Self::start(&commitment.id, commitment.promise.clone(), at)
    }

    /// A pause begins.
    ///
    /// # Errors
    /// [`ClockError::BeforeStart`], [`ClockError::Stopped`]; [`ClockError::AlreadyPaused`] when one for the
    /// same cause goes on. Pauses for other causes may.
    pub fn pause(&mut self, at: Instant, cause: &str) -> Result<(), ClockError> {
        self.is_running_at(at)?;
        if let Some(pause) = self.open_pause(cause) {
            return Err(ClockError::AlreadyPaused { cause: cause.into(), since: pause.from });
        }
        self.pauses.push(Pause { cause: cause.into(), from: at, to: None });
        Ok(())
    }

    /// The pause for this cause ends.
    ///
    /// # Errors
    /// [`ClockError::NotPaused`], [`ClockError::PauseTimes`], [`ClockError::Stopped`].
    pub fn resume(&mut self, at: Instant, cause: &str) -> Result<(), ClockError> {
        self.is_running_at(at)?;
        let Some(pause) = self.open_pause(cause) else {
            return Err(ClockError::NotPaused { cause: cause.into() });
        };
        if at < pause.from {
            return Err(ClockError::PauseTimes { from: pause.from, to: at });
        }
        pause.to = Some(at);
        Ok(())
    }

    /// Takes down a whole pause, in any order: devices report late. Where it overlaps with others, time is
    /// left out once.
    ///
    /// # Errors
    /// [`ClockError::PauseTimes`], [`ClockError::BeforeStart`]; [`ClockError::Stopped`] when it begins
    /// after that.
    pub fn record(&mut self, pause: Pause) -> Result<(), ClockError> {
        self.is_running_at(pause.from)?;
        if let Some(to) = pause.to.filter(|to| *to < pause.from) {
            return Err(ClockError::PauseTimes { from: pause.from, to });
        }
        self.pauses.push(pause);
        Ok(())
    }

    /// What was promised has been done, or no longer needs to be. Pauses that go on end with it.
    ///
    /// # Errors
    /// [`ClockError::BeforeStart`], [`ClockError::Stopped`].
    pub fn stop(&mut self, at: Instant) -> Result<(), ClockError> {
        if let Some(stopped_at) = self.stopped_at {
            return Err(ClockError::Stopped { stopped_at });
        }
        self.is_running_at(at)?;
        self.stopped_at = Some(at);
        Ok(())
    }

    /// Whether a pause for this cause stops it.
    #[must_use]
    pub fn stops_for(&self, cause: &str) -> bool {
        self.promise.stops_for.iter().any(|known| known == cause || known == Promise::ANY_CAUSE)
    }

    fn open_pause(&mut self, cause: &str) -> Option<&mut Pause> {
        self.pauses.iter_mut().find(|pause| pause.to.is_none() && pause.cause == cause)
    }

    fn is_running_at(&self, at: Instant) -> Result<(), ClockError> {
        let started_at = self.started_at;
        match self.stopped_at {
            _ if at < started_at => Err(ClockError::BeforeStart { at, started_at }),
            Some(stopped_at) if stopped_at < at => Err(ClockError::Stopped { stopped_at }),
            _ => Ok(()),
        }
    }
}
