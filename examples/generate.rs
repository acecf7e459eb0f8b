//! How do I get a world to try things on?
//!
//! `cargo run --release --example generate -- metro-day > datasets/metro-day/world.json`
//! `cargo run --release --example generate -- engineers=100 tickets=1000 seed=7 > world.json`
//!
//! Also `regions=8` and `days=1`. Equal words give equal files, byte for byte.
#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::sim::City;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut city = City::default();
    for word in std::env::args().skip(1).filter(|word| word != "metro-day") {
        let (key, value) = word.split_once('=').ok_or(format!("`{word}` is not key=value"))?;
        let count = value.parse().map_err(|_| format!("`{value}` is not a whole number"))?;
        match key {
            "engineers" => city.engineers = count,
            "tickets" => city.tickets = count,
            "regions" => city.regions = count,
            "days" => city.days = count,
            "seed" => city.seed = count as u64,
            _ => {
                return Err(
                    format!("`{key}` is none of engineers, tickets, regions, days, seed").into()
                );
            }
        }
    }
    println!("{}", serde_json::to_string(&city.world())?);
    Ok(())
}
