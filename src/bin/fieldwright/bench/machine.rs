//! What a table of figures has to say about where and when it was measured.

/// One line: version, processor, cores, date.
pub fn line() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = model().unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let (version, date) = (env!("CARGO_PKG_VERSION"), jiff::Timestamp::now().strftime("%Y-%m-%d"));
    format!("fieldwright {version}, {cores} cores of {model}, {} UTC", date)
}

/// The name of the processor, where the system tells it.
fn model() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
