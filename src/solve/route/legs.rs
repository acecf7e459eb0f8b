//! Travel for the inner loop: a table while it fits the cache budget, the oracle beyond. Where the hour
//! matters it is as fast as at any hour: a bound, and what nearness is told by.

use crate::problem::{NONE, Problem};
use crate::travel::{Leg, Travel};

/// Sites up to which legs are tabulated: 2,048² pairs of 8 bytes are 32 MiB for each profile, twice
/// that where ways differ by direction. The memory of larger problems stays linear in the sites.
const TABLED_SITES_MAX: usize = 2_048;

/// Travel between sites; an open end is no distance away.
#[derive(Debug)]
pub(super) enum Legs<'p> {
    Tabled(Table),
    Oracle(&'p Travel),
}

/// Seconds and metres of every pair of sites, profile by profile.
#[derive(Debug)]
pub(super) struct Table {
    sites: usize,
    /// Row by row from each site.
    out: Vec<[u32; 2]>,
    /// Row by row to each site; empty where ways are as long in both directions.
    back: Vec<[u32; 2]>,
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
        let tabulate = |leg: &dyn Fn(u8, u32, u32) -> Leg| {
            let mut pairs = Vec::with_capacity(sites * sites * (usize::from(profiles) + 1));
            for profile in 0..=profiles {
                for here in 0..sites as u32 {
                    pairs.extend((0..sites as u32).map(|there| {
                        let leg = leg(profile, here, there);
                        [leg.seconds as u32, leg.meters as u32]
                    }));
                }
            }
            pairs
        };
        let travel = &problem.travel;
        let mut out = tabulate(&|profile, here, there| travel.leg(profile, here, there));
        let mut back = tabulate(&|profile, here, there| travel.leg(profile, there, here));
        if travel.is_hourly() {
            for (number, pair) in out.iter_mut().chain(&mut back).enumerate() {
                let profile = number / (sites * sites) % (usize::from(profiles) + 1);
                pair[0] = travel.least(profile as u8, i64::from(pair[0])) as u32;
            }
        }
        if back == out {
            back = Vec::new();
        }
        Self::Tabled(Table { sites, out, back })
    }

    /// From site to site; to [`NONE`] it is no distance.
    #[inline]
    pub(super) fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        if to == NONE {
            return Leg::NONE;
        }
        match self {
            Self::Tabled(table) => {
                let row = usize::from(profile) * table.sites + from as usize;
                widened(table.out[row * table.sites + to as usize])
            }
            Self::Oracle(travel) => travel.fastest(profile, from, to),
        }
    }

    /// Travel from and to one site, for many questions about it.
    #[inline]
    pub(super) fn around(&self, profile: u8, site: u32) -> Around<'_> {
        match self {
            Self::Tabled(table) => {
                let row = (usize::from(profile) * table.sites + site as usize) * table.sites;
                let back = if table.back.is_empty() { &table.out } else { &table.back };
                Around::Rows {
                    out: &table.out[row..][..table.sites],
                    back: &back[row..][..table.sites],
                }
            }
            Self::Oracle(travel) => Around::Oracle { travel, profile, site },
        }
    }
}

/// Travel from and to one site.
#[derive(Clone, Copy, Debug)]
pub(super) enum Around<'l> {
    Rows { out: &'l [[u32; 2]], back: &'l [[u32; 2]] },
    Oracle { travel: &'l Travel, profile: u8, site: u32 },
}

/// The way to a site from the stop before it, and on to the one after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Detour {
    pub there: Leg,
    pub onward: Leg,
}

impl Detour {
    /// By how much it is longer than the way without it.
    #[inline]
    pub(super) fn longer_than(&self, straight: Leg) -> Leg {
        Leg {
            seconds: self.there.seconds + self.onward.seconds - straight.seconds,
            meters: self.there.meters + self.onward.meters - straight.meters,
        }
    }
}

impl Around<'_> {
    /// From one site through here to another; to [`NONE`] it is no distance.
    #[inline]
    pub(super) fn detour(&self, from: u32, to: u32) -> Detour {
        Detour { there: self.from(from), onward: self.to(to) }
    }

    /// On from here; to [`NONE`] it is no distance.
    #[inline]
    pub(super) fn to(&self, to: u32) -> Leg {
        if to == NONE {
            return Leg::NONE;
        }
        match self {
            Self::Rows { out, .. } => widened(out[to as usize]),
            Self::Oracle { travel, profile, site } => travel.fastest(*profile, *site, to),
        }
    }

    /// From there to here.
    #[inline]
    pub(super) fn from(&self, from: u32) -> Leg {
        match self {
            Self::Rows { back, .. } => widened(back[from as usize]),
            Self::Oracle { travel, profile, site } => travel.fastest(*profile, from, *site),
        }
    }
}

#[inline]
fn widened([seconds, meters]: [u32; 2]) -> Leg {
    Leg { seconds: i64::from(seconds), meters: i64::from(meters) }
}
