//! An agreement, compiled: which commitment a ticket has, and how its clocks read.

use super::{Clock, ClockError, Hours, Reading};
use crate::model::{Agreement, ClockKind, Commitment, Issues, Region, Selector, Ticket};
use crate::units::Instant;
use rustc_hash::FxHashMap;

/// The commitments and the compiled hours of an agreement that has passed every check.
///
/// ```
/// use fieldwright::clock::{Facts, Terms};
/// use fieldwright::model::{Agreement, ClockKind};
/// use fieldwright::units::Instant;
/// let agreement: Agreement = serde_json::from_str(r#"{"commitments": [
///     {"id": "everybody", "promise": {"clock": "arrival", "within": 43200}},
///     {"id": "acme", "for": {"customer": "acme"}, "promise": {"clock": "arrival", "within": 14400}}
/// ]}"#).unwrap();
/// let terms = Terms::compile(&agreement).expect("a sound agreement");
///
/// let facts = Facts { customer: Some("acme"), ..Facts::default() };
/// let clock = terms.start(ClockKind::Arrival, &facts, Instant(0))?.expect("arrival is promised");
/// assert_eq!(clock.commitment, "acme");
/// assert_eq!(terms.read(&clock)?.deadline()?, Some(Instant(14_400)));
/// assert_eq!(terms.start(ClockKind::Resolution, &facts, Instant(0))?, None); // nobody promised that
/// # Ok::<(), fieldwright::clock::ClockError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Terms {
    commitments: Vec<Commitment>,
    hours: FxHashMap<String, Hours>,
    always: Hours,
}

/// What is known of a ticket when somebody asks what it has been promised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The contract it falls under.
    pub contract: Option<&'a str>,
    /// Whose it is.
    pub customer: Option<&'a str>,
    /// The region it lies in, followed by the regions around that one, outwards.
    pub regions: Vec<&'a str>,
    /// The type of job.
    pub job: Option<&'a str>,
    /// How much it matters.
    pub priority: Option<u32>,
}

impl<'a> Facts<'a> {
    /// What a ticket tells, its region with all regions around that one.
    #[must_use]
    pub fn of(ticket: &'a Ticket, regions: &'a [Region]) -> Self {
        let mut around = Vec::new();
        let mut next = ticket.region.as_deref();
        // A circle of parents is an error of the world, but must not turn here for ever.
        while let Some(region) = next.filter(|region| !around.contains(region)) {
            around.push(region);
            next = regions.iter().find(|it| it.id == region).and_then(|it| it.parent.as_deref());
        }
        Self {
            contract: ticket.contract.as_deref(),
            customer: ticket.customer.as_deref(),
            regions: around,
            job: ticket.job.as_deref(),
            priority: Some(ticket.priority),
        }
    }
}

impl Default for Terms {
    /// Nothing is promised to anybody.
    fn default() -> Self {
        Self { commitments: Vec::new(), hours: FxHashMap::default(), always: Hours::always() }
    }
}

impl Terms {
    /// The agreement, ready for use.
    ///
    /// # Errors
    /// All faults of the agreement at once, those of [`Agreement::validate`].
    pub fn compile(agreement: &Agreement) -> Result<Self, Issues> {
        agreement.validate()?;
        let hours = agreement.calendars.iter();
        Ok(Self {
            commitments: agreement.commitments.clone(),
            hours: hours.map(|it| (it.id.clone(), Hours::build(it))).collect(),
            always: Hours::always(),
        })
    }

    /// What a ticket was promised on this clock: of the commitments that fit it, the one that is more
    /// specific than all others. `None` when none fits.
    ///
    /// One commitment is more specific than another when every ticket it fits would fit the other too. A
    /// customer and a priority say nothing about each other, so where both fit and nothing asks for the two
    /// together, that is an error rather than a guess. O(commitments).
    ///
    /// # Errors
    /// [`ClockError::Tie`], naming two that fit and do not follow from each other.
    pub fn choose(
        &self,
        kind: ClockKind,
        facts: &Facts,
    ) -> Result<Option<&Commitment>, ClockError> {
        let of_kind = self.commitments.iter().filter(|it| it.promise.clock == kind);
        let fitting: Vec<&Commitment> = of_kind.filter(|it| fits(&it.selector, facts)).collect();
        // If one of them implies all others, no other can displace it: one pass finds it if it exists.
        let best = fitting.iter().copied().reduce(|best, next| {
            if implies(&next.selector, &best.selector, facts) { next } else { best }
        });
        let Some(best) = best else { return Ok(None) };
        match fitting.iter().find(|it| !implies(&best.selector, &it.selector, facts)) {
            None => Ok(Some(best)),
            Some(other) => {
                Err(ClockError::Tie { kind, first: best.id.clone(), second: other.id.clone() })
            }
        }
    }

    /// A new clock for what a ticket was promised; `None` when nothing was.
    ///
    /// # Errors
    /// [`ClockError::Tie`].
    pub fn start(
        &self,
        kind: ClockKind,
        facts: &Facts,
        at: Instant,
    ) -> Result<Option<Clock>, ClockError> {
        Ok(self.choose(kind, facts)?.map(|commitment| Clock::of(commitment, at)))
    }

    /// The clock beside the hours of its calendar.
    ///
    /// # Errors
    /// [`ClockError::UnknownCalendar`] when the agreement no longer has that calendar.
    pub fn read<'a>(&'a self, clock: &'a Clock) -> Result<Reading<'a>, ClockError> {
        let hours = match &clock.promise.calendar {
            None => &self.always,
            Some(name) => match self.hours.get(name) {
                Some(hours) => hours,
                None => return Err(ClockError::UnknownCalendar { name: name.clone() }),
            },
        };
        Ok(Reading::new(clock, hours))
    }

    /// The hours of a calendar, by its name.
    #[must_use]
    pub fn hours(&self, calendar: &str) -> Option<&Hours> {
        self.hours.get(calendar)
    }
}

/// Whether a ticket with these facts is meant.
fn fits(selector: &Selector, facts: &Facts) -> bool {
    let Selector { contract, customer, region, job, priority } = selector;
    let same = |asked: &Option<String>, known: Option<&str>| {
        asked.as_deref().is_none_or(|asked| known == Some(asked))
    };
    same(contract, facts.contract)
        && same(customer, facts.customer)
        && same(job, facts.job)
        && priority.is_none_or(|asked| facts.priority == Some(asked))
        && region.as_deref().is_none_or(|asked| facts.regions.contains(&asked))
}

/// Whether one selector, of two that fit these facts, asks for all that the other asks for.
fn implies(one: &Selector, other: &Selector, facts: &Facts) -> bool {
    // Both fit the same ticket, so what both ask for is the same, but for the region: there the inner one
    // implies the outer one.
    let depth = |selector: &Selector| {
        let asked = selector.region.as_deref()?;
        facts.regions.iter().position(|region| *region == asked)
    };
    (one.contract.is_some() || other.contract.is_none())
        && (one.customer.is_some() || other.customer.is_none())
        && (one.job.is_some() || other.job.is_none())
        && (one.priority.is_some() || other.priority.is_none())
        && match (depth(one), depth(other)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), Some(outer)) => inner <= outer,
        }
}
