//! Colours of routes: hues a golden angle apart, equally light, so that neighbours differ and all
//! are readable on white and on black.
//!
//! Computed in OKLCH, where equal lightness looks equal (Ottosson, "A perceptual color space for
//! image processing", 2020), and written as sRGB, which every SVG reader knows.

/// 360° divided by the golden ratio squared: no two of the first few hundred hues come close.
const GOLDEN_ANGLE: f64 = 137.507_764;
const FIRST_HUE: f64 = 255.0;
/// Lightness and chroma, taken in turn: where hues get dense, neighbours differ in these.
const SHADES: [(f64, f64); 3] = [(0.62, 0.17), (0.70, 0.13), (0.55, 0.14)];

/// The colour of route number `number`, as `#rrggbb`.
pub(super) fn of_route(number: usize) -> String {
    let hue = FIRST_HUE + number as f64 * GOLDEN_ANGLE;
    let (lightness, chroma) = SHADES[number % SHADES.len()];
    hex(lightness, chroma, hue)
}

/// The colour of kind number `number` of `count`: all hues apart, successive ones far apart.
pub(super) fn of_kind(number: usize, count: usize) -> String {
    let divides = |d: usize, step: usize| step.is_multiple_of(d) && count.is_multiple_of(d);
    let is_coprime = |step: usize| !(2..=step).any(|d| divides(d, step));
    let step = (count * 3 / 8..).find(|&step| step > 0 && is_coprime(step)).unwrap_or(1);
    let turn = (number * step) as f64 / count.max(1) as f64;
    hex(SHADES[0].0, SHADES[1].1, FIRST_HUE + 360.0 * turn)
}

fn hex(lightness: f64, chroma: f64, hue: f64) -> String {
    let [red, green, blue] = srgb(lightness, chroma, hue.to_radians());
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn srgb(lightness: f64, chroma: f64, hue: f64) -> [u8; 3] {
    let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
    ]
    .map(gamma)
}

/// Linear light to the stored byte; what lies outside the gamut is cut off.
fn gamma(linear: f64) -> u8 {
    let linear = linear.clamp(0.0, 1.0);
    let stored =
        if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    (stored * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_conversion_agrees_with_published_values() {
        // White, and the sRGB primaries in OKLCH as in Ottosson's article and CSS Color 4.
        assert_eq!(srgb(1.0, 0.0, 0.0), [255, 255, 255]);
        assert_eq!(srgb(0.627_955, 0.257_683, 29.233_88_f64.to_radians()), [255, 0, 0]);
        assert_eq!(srgb(0.452_014, 0.313_214, 264.052_02_f64.to_radians()), [0, 0, 255]);
    }

    #[test]
    fn the_first_forty_routes_and_all_kinds_differ() {
        let colours: BTreeSet<String> = (0..40).map(of_route).collect();
        assert_eq!(colours.len(), 40);
        for count in 1..30 {
            let kinds: BTreeSet<String> = (0..count).map(|kind| of_kind(kind, count)).collect();
            assert_eq!(kinds.len(), count);
        }
    }
}
