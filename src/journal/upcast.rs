//! Old events in today's words: one small step for each version of a type that was given up.
//!
//! The log itself stays as it was written, hashes included; only what is read from it is raised.

use super::{Canonical, Error, NotCanonical};
use crate::model::{Code, Issues};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How the data of one version of an event type become those of the next.
#[derive(Clone, Copy, Debug)]
pub struct Upcaster {
    /// The type that is raised, for instance `aftersales.offer.sent.v1`; the next version follows.
    pub from: &'static str,
    /// The data of the next version. It must be total: old logs hold every value that the old
    /// version allowed.
    pub raise: fn(Value) -> Value,
}

type Step = fn(Value) -> Value;

/// The table of all steps. A type that is in no step has version 1 only.
///
/// ```
/// use fieldwright::journal::{Canonical, Upcaster, Upcasters};
/// use serde_json::json;
/// // Version 1 counted minutes, version 2 counts seconds.
/// let table = Upcasters::new(&[Upcaster {
///     from: "aftersales.offer.sent.v1",
///     raise: |old| json!({"seconds": old["minutes"].as_i64().unwrap_or(0) * 60}),
/// }])?;
/// let old = Canonical::of(&json!({"minutes": 30}))?;
/// let (kind, data) = table.raise("aftersales.offer.sent.v1", &old)?;
/// assert_eq!((&*kind, data.as_str()), ("aftersales.offer.sent.v2", r#"{"seconds":1800}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Upcasters {
    /// The steps of each type (without its version), from version 1 on.
    steps: BTreeMap<&'static str, Vec<Step>>,
}

/// The number in `v7`.
pub(super) fn version(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('v')?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| plain)
}

/// A type, and its version.
fn split(kind: &str) -> Option<(&str, u32)> {
    let (name, suffix) = kind.rsplit_once('.')?;
    Some((name, version(suffix)?))
}

impl Upcasters {
    /// A table of these steps, in any order across types and in ascending order within each.
    ///
    /// # Errors
    /// E901 for each step whose type has no version, or whose version does not follow the one before.
    pub fn new(steps: &[Upcaster]) -> Result<Self, Issues> {
        let (mut table, mut issues) = (Self::default(), Issues::default());
        for (at, step) in steps.iter().enumerate() {
            let mut add = |cause| issues.add(Code::EVENT_TYPE, format!("upcasters[{at}]"), cause);
            match split(step.from) {
                None => add(format!("`{}` has no version", step.from)),
                Some((name, from)) => {
                    let known = table.steps.entry(name).or_default();
                    if known.len() + 1 == from as usize {
                        known.push(step.raise);
                    } else {
                        add(format!(
                            "`{}` comes where version {} is due",
                            step.from,
                            known.len() + 1
                        ));
                    }
                }
            }
        }
        issues.or(table)
    }

    /// The type and the data in the latest version; borrowed, at no cost, where nothing changes.
    ///
    /// # Errors
    /// [`Error::Schema`] for a version that no step leads to: a newer release wrote it. [`Error::Io`]
    /// when a step makes data that have no canonical form.
    pub fn raise<'e>(
        &self,
        kind: &'e str,
        data: &'e Canonical,
    ) -> Result<(Cow<'e, str>, Cow<'e, Canonical>), Error> {
        let unknown = |found, known| Error::Schema { of: kind.into(), found, known };
        let (name, found) = split(kind).ok_or_else(|| unknown(0, 1))?;
        let steps = self.steps.get(name).map_or(&[][..], Vec::as_slice);
        let known = steps.len() as u32 + 1;
        if found > known {
            return Err(unknown(found, known));
        }
        if found == known {
            return Ok((Cow::Borrowed(kind), Cow::Borrowed(data)));
        }
        let failed = |error: NotCanonical| Error::Io(Box::new(error));
        let old: Value =
            data.read().map_err(|error| failed(NotCanonical::Json(error.to_string())))?;
        let new = steps[found as usize - 1..].iter().fold(old, |data, step| step(data));
        let data = Canonical::of(&new).map_err(failed)?;
        Ok((Cow::Owned(format!("{name}.v{known}")), Cow::Owned(data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SENT: &str = "aftersales.offer.sent.v";

    fn table() -> Upcasters {
        let list = |old| json!([old]);
        let wrap = |old| json!({"was": old});
        let steps = [
            ("aftersales.offer.sent.v1", list as fn(Value) -> Value),
            ("aftersales.offer.sent.v2", wrap),
        ];
        Upcasters::new(&steps.map(|(from, raise)| Upcaster { from, raise })).expect("in order")
    }

    #[test]
    fn an_event_is_raised_through_every_version_after_its_own() {
        let data = Canonical::of(&7).expect("canonical");
        for (version, expected) in [(1, r#"{"was":[7]}"#), (2, r#"{"was":7}"#), (3, "7")] {
            let kind = format!("{SENT}{version}");
            let (kind, raised) = table().raise(&kind, &data).expect("known");
            assert_eq!((&*kind, raised.as_str()), ("aftersales.offer.sent.v3", expected));
            drop(kind);
        }
    }

    #[test]
    fn an_event_of_a_newer_release_is_not_misread() {
        let data = Canonical::of(&7).expect("canonical");
        for (kind, newest) in [(format!("{SENT}4"), 3), ("aftersales.ticket.opened.v2".into(), 1)] {
            let Err(Error::Schema { known, .. }) = table().raise(&kind, &data) else {
                panic!("{kind} is not known")
            };
            assert_eq!(known, newest);
        }
    }

    #[test]
    fn a_table_with_a_hole_is_refused() {
        let same = |old| old;
        for from in
            ["aftersales.offer.sent.v2", "aftersales.offer.sent", "aftersales.offer.sent.v01"]
        {
            assert!(Upcasters::new(&[Upcaster { from, raise: same }]).is_err(), "{from}");
        }
    }
}
