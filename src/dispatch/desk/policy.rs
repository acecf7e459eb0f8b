//! The rules for offers, as plain data.

use super::case::EMERGENCY;
use super::member::Member;
use crate::clock::Hours;
use crate::model::{Calendar, Code, Issues, LocalWindow, TimeOfDay, Weekday, World};
use crate::units::{Instant, LIMIT, Seconds};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How engineers are asked. The defaults are the promises of the product.
///
/// ```
/// use fieldwright::dispatch::desk::OfferPolicy;
/// use fieldwright::units::Seconds;
/// let policy: OfferPolicy = serde_json::from_str(r#"{"expiry": 600}"#).unwrap();
/// assert_eq!((policy.expiry, policy.dispatch), (Seconds(600), Seconds(1_800)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OfferPolicy {
    /// Somebody must have been asked so long after the request: the dispatch timer.
    pub dispatch: Seconds,
    /// An engineer has so long to answer.
    pub expiry: Seconds,
    /// A manager, or whoever picks from a list, has so long to act; then a manager is called, again and again.
    pub attention: Seconds,
    /// He must have accepted so long before the last moment at which he can leave.
    pub margin: Seconds,
    /// Who declined or did not answer is asked again for that ticket after so long, and only when
    /// nobody else is left: then at that moment, where [`retry_escalated`](Self::retry_escalated) says so.
    pub cool_down: Seconds,
    /// What follows when nobody answers in time.
    pub on_timeout: OnTimeout,
    /// What follows when less than one full round is left before he would have to leave.
    pub short_of_time: ShortOfTime,
    /// What an answer is worth that comes after the offer has lapsed.
    pub late_accept: LateAccept,
    /// Whether a ticket that a manager was called for is offered again by itself when somebody who could take
    /// it comes on duty, gets free or has answered what else he was asked, or has refused it and had time to think.
    pub retry_escalated: bool,
    /// What an emergency that nobody reaches in time may push out; nothing when absent.
    pub displacement: Option<Displacement>,
    /// When nobody is asked.
    pub quiet: Option<QuietHours>,
    /// Whether it counts how often somebody accepts.
    pub odds: Option<Odds>,
    /// An engineer is asked at most so many questions at once.
    pub offers_at_once: u32,
    /// So many of the nearest who are qualified are looked at; where nobody of these fits four times as many, and so on.
    pub shortlist: u32,
    /// So many alternatives are written down with each decision.
    pub alternatives: u32,
    /// Customers are called when their visit moves by more than this.
    pub tolerance: Seconds,
    /// For one ticket that is put between other visits at most so many customers may be called who were told when
    /// somebody comes, and only where nobody has room for it otherwise. With 0 what was told stands: a full day takes
    /// less, and a ticket may come later, or to somebody further away. That is the default, since a
    /// call costs the time of two people and some of the customer's trust, and nobody has agreed to that beforehand.
    /// Emergencies, whoever a manager puts in against the rules, and delays that cannot be helped are not bound by it.
    ///
    /// With `null` what was told binds nobody: visits go where they cost least, and whoever has to be called is. So it was
    /// before there was this rule, and so it stays in logs from then.
    pub calls: Option<u32>,
    /// When to try again after nobody opened the door.
    pub absent_review: Seconds,
    /// Who stops his work goes on with it within so long, or says that he cannot; then a manager is called.
    pub pause: Seconds,
    /// For so long a repeated command gets the first answer.
    pub remember_keys: Seconds,
}

/// What follows when nobody answers in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeout {
    /// The next engineer is asked.
    Redispatch,
    /// A manager is called.
    Escalate,
    /// Silence is consent: of several who are asked at once the best has it, when his time is over. Others whose
    /// time is over before his need not answer any more.
    AutoAccept,
}

/// What follows when time is too short for one full round with the best of those who can be in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ShortOfTime {
    /// Several are asked at once; the first valid answer wins.
    Parallel {
        /// At most so many.
        width: u32,
        /// No more than are needed for one of them to accept with this chance, in thousandths. Counts
        /// where [`OfferPolicy::odds`] are kept.
        confidence: u32,
    },
    /// A manager is called, once there is no full round left with anybody. Until then the best is asked alone, for as
    /// long as he has.
    Escalate,
}

/// What an answer is worth that comes after the offer has lapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateAccept {
    /// Nothing.
    Never,
    /// He gets it as long as nobody holds it and nobody else has been asked since.
    WhileNobodyHolds,
}

/// What an emergency may push out of one engineer's day. It asks somebody else when that pushes out less.
///
/// What is under way stays, and what matters as much, what is locked, and what a manager put there against a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Displacement {
    /// At most so many visits.
    pub visits: u32,
    /// At most so many whose customers were told when somebody comes; they have to be called.
    pub told: u32,
    /// Visits of this priority and above stay.
    pub unless_priority: u32,
}

/// A part of the day in which nobody is asked, in local time: that of its zone, or by the world's `utc_offset`. Where
/// clocks change, a time that was skipped stands for the end of the gap, one that comes twice for the first of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From here on.
    pub from: TimeOfDay,
    /// Until here; past midnight when that is earlier.
    pub to: TimeOfDay,
    /// Tickets of this priority and above do not wait.
    pub unless_priority: u32,
    /// IANA name of the time zone, such as `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// Acceptance odds: a Beta prior, counted up by answers. An engineer who accepted `a` of `n` questions
/// has (`a` + `prior_accepts`) / (`n` + `prior_offers`); declined and unanswered ones count alike, also where silence
/// is consent. Another time counts as accepted once the customer agrees to it. Where a chance is given, nothing is
/// counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Odds {
    /// Accepted questions that everybody is credited with.
    pub prior_accepts: u32,
    /// Questions that everybody is credited with.
    pub prior_offers: u32,
    /// With so many rounds left or fewer, who is likelier to accept is asked before who scores better.
    pub within_rounds: u32,
    /// So many levels of the score still come before the odds.
    pub levels_first: u32,
    /// The chances of engineers that are known otherwise, in thousandths by their ids: they stand in place of what
    /// was counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<String, u32>,
}

impl Default for OfferPolicy {
    fn default() -> Self {
        Self {
            dispatch: Seconds(1_800),
            expiry: Seconds(1_800),
            attention: Seconds(900),
            margin: Seconds(300),
            cool_down: Seconds(4 * 3_600),
            on_timeout: OnTimeout::Redispatch,
            short_of_time: ShortOfTime::Parallel { width: 3, confidence: 900 },
            late_accept: LateAccept::WhileNobodyHolds,
            retry_escalated: true,
            displacement: Some(Displacement { visits: 2, told: 2, unless_priority: EMERGENCY }),
            quiet: None,
            odds: None,
            offers_at_once: 3,
            shortlist: 24,
            alternatives: 8,
            tolerance: Seconds(900),
            calls: Some(0),
            absent_review: Seconds(86_400),
            pause: Seconds(3_600),
            remember_keys: Seconds(86_400),
        }
    }
}

impl OfferPolicy {
    /// Looks for rules that cannot be kept.
    ///
    /// # Errors
    /// E105 for each number out of range, E801 for a time zone that there is not.
    pub fn validate(&self) -> Result<(), Issues> {
        let mut issues = Issues::default();
        let mut check = |name: &str, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                let cause = format!("{name} is {value}, not within {least} to {most}");
                issues.add(Code::OUT_OF_RANGE, format!("policy.{name}"), cause);
            }
        };
        // Every wait is at least a second, so that no deadline causes itself again.
        for (name, length) in [
            ("dispatch", self.dispatch),
            ("expiry", self.expiry),
            ("attention", self.attention),
            ("absent_review", self.absent_review),
            ("pause", self.pause),
            ("remember_keys", self.remember_keys),
        ] {
            check(name, length.0, 1, LIMIT);
        }
        for (name, length) in
            [("margin", self.margin), ("cool_down", self.cool_down), ("tolerance", self.tolerance)]
        {
            check(name, length.0, 0, LIMIT);
        }
        check("shortlist", self.shortlist.into(), 1, 10_000);
        check("alternatives", self.alternatives.into(), 1, 1_000);
        check("offers_at_once", self.offers_at_once.into(), 1, 1_000);
        if let ShortOfTime::Parallel { width, confidence } = self.short_of_time {
            check("short_of_time.width", width.into(), 1, 100);
            check("short_of_time.confidence", confidence.into(), 0, 1_000);
        }
        if let Some(odds) = &self.odds {
            check("odds.prior_offers", odds.prior_offers.into(), 1, 1_000_000);
            check("odds.prior_accepts", odds.prior_accepts.into(), 0, odds.prior_offers.into());
            for (engineer, chance) in &odds.given {
                check(&format!("odds.given.{engineer}"), (*chance).into(), 0, 1_000);
            }
        }
        if let Some(displacement) = &self.displacement {
            check("displacement.visits", displacement.visits.into(), 1, 4);
            check("displacement.told", displacement.told.into(), 0, displacement.visits.into());
        }
        if let Some(quiet) = &self.quiet {
            let day = i64::from(TimeOfDay::DAY) - 1;
            check("quiet.from", quiet.from.0.into(), 0, day);
            check("quiet.to", quiet.to.0.into(), 0, day);
            let faults = quiet.zone.as_ref().and_then(|zone| quiet.hours(zone).err());
            let unknown = faults.into_iter().flat_map(|faults| faults.0);
            for fault in unknown.filter(|fault| fault.code == Code::UNKNOWN_ZONE) {
                issues.add(fault.code, "policy.quiet.zone", fault.cause);
            }
        }
        issues.or(())
    }
}

/// A policy that was written down: rules that there were not by then bind nobody.
pub(super) fn recorded<'d, D: Deserializer<'d>>(from: D) -> Result<Box<OfferPolicy>, D::Error> {
    let mut rules = Map::deserialize(from)?;
    rules.entry("calls").or_insert(Value::Null);
    serde_json::from_value(Value::Object(rules)).map_err(D::Error::custom)
}

impl QuietHours {
    /// When the quiet hours end that this moment lies in.
    pub(super) fn end_after(&self, world: &World, now: Instant) -> Option<Instant> {
        let day = i64::from(TimeOfDay::DAY);
        if let Some(zone) = &self.zone {
            // Three days hold the end also where clocks skip all that lies between two nights.
            let windows = self.hours(zone).ok()?.windows(now, now + Seconds(3 * day)).ok()?;
            return windows.first().filter(|(from, _)| *from == now).map(|&(_, to)| to);
        }
        let time = (now.0 + world.utc_offset.0).rem_euclid(day);
        let length = (i64::from(self.to.0) - i64::from(self.from.0)).rem_euclid(day);
        let since = (time - i64::from(self.from.0)).rem_euclid(day);
        (since < length).then(|| now + Seconds(length - since))
    }

    /// These hours of every day in a zone.
    fn hours(&self, zone: &str) -> Result<Hours, Issues> {
        let window = LocalWindow::new(self.from, self.to);
        Hours::compile(&Calendar::new("quiet", zone).open(&Weekday::ALL, &[window]))
    }
}

impl Odds {
    /// The chance that an engineer accepts, in thousandths: as given, or as he has answered so far.
    pub(super) fn of(&self, member: &Member) -> u32 {
        let given = self.given.get(&member.engineer.id).copied();
        given.unwrap_or_else(|| self.per_mille(member.accepted, member.asked))
    }

    /// The chance that somebody accepts who has accepted so many of so many questions, in thousandths.
    #[must_use]
    pub fn per_mille(&self, accepted: u32, asked: u32) -> u32 {
        let accepts = u64::from(accepted) + u64::from(self.prior_accepts);
        let offers = (u64::from(asked) + u64::from(self.prior_offers)).max(1);
        (accepts * 1_000 / offers).min(1_000) as u32
    }
}
