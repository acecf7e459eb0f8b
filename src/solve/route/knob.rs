//! TEMPORARY knobs.
pub(super) fn knob(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}
#[derive(Debug,Clone)]
pub(super) struct Knobs { pub s: f64, pub e: f64, pub s0: f64, pub e0: f64, pub r: usize, pub na: usize, pub wo: usize, pub den: usize, pub l: usize, pub empty: usize, pub mult: usize, pub rnd: usize, pub blink: usize, pub share: f64 }
pub(super) fn k() -> &'static Knobs {
    static K: std::sync::OnceLock<Knobs> = std::sync::OnceLock::new();
    K.get_or_init(|| Knobs { s: knob("FW_S", 2.0), e: knob("FW_E", 0.02), s0: knob("FW_S0", 2.0), e0: knob("FW_E0", 0.02), r: knob("FW_R", 10.) as usize, na: knob("FW_NA", 12.) as usize, wo: knob("FW_WO", 2.) as usize, den: knob("FW_DEN", 0.) as usize, l: knob("FW_L", 10.) as usize, empty: knob("FW_EMPTY", 6.) as usize, mult: knob("FW_MULT", 3.) as usize, rnd: knob("FW_RND", 4.) as usize, blink: knob("FW_BLINK", 100.) as usize, share: knob("FW_SHARE", 0.6) })
}
