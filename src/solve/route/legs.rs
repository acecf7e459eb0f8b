//! Travel for the inner loop: a table while it fits the cache budget, the oracle beyond. Where the hour
//! matters it is as fast as at any hour: a bound, and what nearness is told by.

use crate::problem::{NONE, Problem};
use crate::travel::{Leg, Travel};

/// Sites up to which legs are tabulated: 2,048² pairs of 8 bytes are 32 MiB for each profile, half of that where
/// all are short, twice where ways differ by direction. The memory of larger problems stays linear in the sites.
const TABLED_SITES_MAX: usize = 2_048;

/// Travel between sites; an open end is no distance away.
#[derive(Debug)]
pub(super) enum Legs<'p> {
    /// All below 2¹⁶, as within a city: half of the memory is twice as near.
    Narrow(Table<u16>),
    Wide(Table<u32>),
    Oracle(&'p Travel),
}

/// Seconds and metres of one way.
type Pair<N> = [N; 2];

/// Every pair of sites, profile by profile.
#[derive(Debug)]
pub(super) struct Table<N> {
    sites: usize,
    /// Row by row from each site.
    out: Vec<Pair<N>>,
    /// Row by row to each site; empty where ways are as long in both directions.
    back: Vec<Pair<N>>,
}

impl<N: Copy + Into<i64>> Table<N> {
    #[inline]
    fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        let row = usize::from(profile) * self.sites + from as usize;
        widened(self.out[row * self.sites + to as usize])
    }

    /// The rows from one site and to it.
    #[inline]
    fn rows(&self, profile: u8, site: u32) -> [&[Pair<N>]; 2] {
        let row = (usize::from(profile) * self.sites + site as usize) * self.sites;
        let back = if self.back.is_empty() { &self.out } else { &self.back };
        [&self.out, back].map(|all| &all[row..][..self.sites])
    }
}

impl Table<u32> {
    fn of(problem: &Problem) -> Self {
        let sites = problem.places.len();
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
        Self { sites, out, back }
    }

    /// The same in half of the memory, where every number fits.
    fn narrowed(&self) -> Option<Table<u16>> {
        let narrow = |pairs: &[Pair<u32>]| -> Option<Vec<Pair<u16>>> {
            let pair = |&[seconds, meters]: &Pair<u32>| {
                Some([u16::try_from(seconds).ok()?, u16::try_from(meters).ok()?])
            };
            pairs.iter().map(pair).collect()
        };
        Some(Table { sites: self.sites, out: narrow(&self.out)?, back: narrow(&self.back)? })
    }
}

impl<'p> Legs<'p> {
    pub(super) fn of(problem: &'p Problem) -> Self {
        let longest = problem.travel.longest_bound();
        let fits = u32::try_from(longest.seconds.max(longest.meters)).is_ok();
        if problem.places.len() > TABLED_SITES_MAX || !fits {
            return Self::Oracle(&problem.travel);
        }
        let table = Table::of(problem);
        table.narrowed().map_or(Self::Wide(table), Self::Narrow)
    }

    /// From site to site; to [`NONE`] it is no distance.
    #[inline]
    pub(super) fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        if to == NONE {
            return Leg::NONE;
        }
        match self {
            Self::Narrow(table) => table.leg(profile, from, to),
            Self::Wide(table) => table.leg(profile, from, to),
            Self::Oracle(travel) => travel.fastest(profile, from, to),
        }
    }

    /// Travel from and to one site, for many questions about it.
    #[inline]
    pub(super) fn around(&self, profile: u8, site: u32) -> Around<'_> {
        match self {
            Self::Narrow(table) => Around::Narrow(table.rows(profile, site)),
            Self::Wide(table) => Around::Wide(table.rows(profile, site)),
            Self::Oracle(travel) => Around::Oracle { travel, profile, site },
        }
    }
}

/// Travel from one site and to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Around<'l> {
    Narrow([&'l [Pair<u16>]; 2]),
    Wide([&'l [Pair<u32>]; 2]),
    Oracle { travel: &'l Travel, profile: u8, site: u32 },
}

/// The way to a site from the stop before it, and on to the one after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    #[inline(always)]
    pub(super) fn detour(&self, from: u32, to: u32) -> Detour {
        Detour { there: self.from(from), onward: self.to(to) }
    }

    /// On from here; to [`NONE`] it is no distance.
    #[inline(always)]
    pub(super) fn to(&self, to: u32) -> Leg {
        if to == NONE {
            return Leg::NONE;
        }
        match self {
            Self::Narrow([out, _]) => widened(out[to as usize]),
            Self::Wide([out, _]) => widened(out[to as usize]),
            Self::Oracle { travel, profile, site } => travel.fastest(*profile, *site, to),
        }
    }

    /// From there to here.
    #[inline(always)]
    pub(super) fn from(&self, from: u32) -> Leg {
        match self {
            Self::Narrow([_, back]) => widened(back[from as usize]),
            Self::Wide([_, back]) => widened(back[from as usize]),
            Self::Oracle { travel, profile, site } => travel.fastest(*profile, from, *site),
        }
    }
}

#[inline]
fn widened<N: Into<i64>>([seconds, meters]: Pair<N>) -> Leg {
    Leg { seconds: seconds.into(), meters: meters.into() }
}
