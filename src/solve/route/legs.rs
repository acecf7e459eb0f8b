//! Travel for the inner loop: a table while it fits the cache budget, the oracle beyond.

use crate::problem::{NONE, Problem};
use crate::travel::{Leg, Travel};

/// Sites up to which legs are tabulated: 2,048² pairs of 8 bytes are 32 MiB for each profile. The
/// memory of larger problems stays linear in the sites.
const TABLED_SITES_MAX: usize = 2_048;

/// Travel between sites; an open end is no distance away.
#[derive(Debug)]
pub(super) enum Legs<'p> {
    Tabled { pairs: Vec<[u32; 2]>, sites: usize },
    Oracle(&'p Travel),
}

impl<'p> Legs<'p> {
    pub(super) fn of(problem: &'p Problem) -> Self {
        let sites = problem.places.len();
        let longest = problem.travel.longest_bound();
        let fits = u32::try_from(longest.seconds.max(longest.meters)).is_ok();
        if sites > TABLED_SITES_MAX || !fits {
            return Self::Oracle(&problem.travel);
        }
        let profiles = problem.shifts.iter().map(|shift| shift.profile).max().unwrap_or(0);
        let count = sites as u32;
        let mut pairs = Vec::with_capacity(sites * sites * (usize::from(profiles) + 1));
        for profile in 0..=profiles {
            for from in 0..count {
                pairs.extend((0..count).map(|to| {
                    let leg = problem.travel.leg(profile, from, to);
                    [leg.seconds as u32, leg.meters as u32]
                }));
            }
        }
        Self::Tabled { pairs, sites }
    }

    /// From site to site; to [`NONE`] it is no distance.
    #[inline]
    pub(super) fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        if to == NONE {
            return Leg { seconds: 0, meters: 0 };
        }
        match self {
            Self::Tabled { pairs, sites } => {
                let [seconds, meters] =
                    pairs[(usize::from(profile) * sites + from as usize) * sites + to as usize];
                Leg { seconds: i64::from(seconds), meters: i64::from(meters) }
            }
            Self::Oracle(travel) => travel.leg(profile, from, to),
        }
    }
}
