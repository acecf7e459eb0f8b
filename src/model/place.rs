//! Where something is: a point, a row of a travel matrix, or both.

use serde::{Deserialize, Serialize};

/// A place on the map, in a travel matrix, or in both.
///
/// Matrices need `row`, every other kind of travel needs the coordinates; a place that has both
/// travels by the matrix and is drawn on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Latitude in degrees (WGS 84), or `y` on a plane.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "y")]
    pub lat: Option<f64>,
    /// Longitude in degrees (WGS 84), or `x` on a plane.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "x")]
    pub lon: Option<f64>,
    /// Row and column of this place in every travel matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
}

impl Place {
    /// The point at this latitude and longitude, in degrees.
    #[must_use]
    pub const fn at(lat: f64, lon: f64) -> Self {
        Self { lat: Some(lat), lon: Some(lon), row: None }
    }

    /// The point `(x, y)` of a plane.
    #[must_use]
    pub const fn xy(x: f64, y: f64) -> Self {
        Self::at(y, x)
    }

    /// The place that stands in this row of the travel matrix.
    #[must_use]
    pub const fn row(row: u32) -> Self {
        Self { lat: None, lon: None, row: Some(row) }
    }

    /// The same place, known to the travel matrix under this row.
    #[must_use]
    pub const fn in_row(self, row: u32) -> Self {
        Self { row: Some(row), ..self }
    }

    /// The coordinates as `[x, y]` (longitude first), if there are any.
    #[must_use]
    pub fn point(&self) -> Option<[f64; 2]> {
        Some([self.lon?, self.lat?])
    }
}
