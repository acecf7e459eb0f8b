//! Where the things of a JSON text stand, for faults that are found after reading. Knows no format.

use rustc_hash::FxHashMap;

/// The line of every object that a list of the text holds, by its path, such as `tickets[3]`.
pub(super) struct Lines(FxHashMap<String, usize>);

impl Lines {
    /// Walks a text that has been read as JSON before; what it makes of any other has no meaning.
    pub fn of(text: &str) -> Self {
        let mut lines = FxHashMap::default();
        let mut open: Vec<Level> = Vec::new();
        let (mut line, mut at) = (1, 0);
        let bytes = text.as_bytes();
        while at < bytes.len() {
            match bytes[at] {
                b'\n' => line += 1,
                b'"' => {
                    let end = end_of_text(bytes, at);
                    line += bytes[at..end].iter().filter(|&&byte| byte == b'\n').count();
                    if let Some(Level::Object { key, .. }) = open.last_mut() {
                        *key = text.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                    }
                    at = end;
                    continue;
                }
                sign @ (b'{' | b'[') => {
                    let path = open.last().map_or_else(String::new, Level::path);
                    if sign == b'{' && matches!(open.last(), Some(Level::List { .. })) {
                        lines.insert(path.clone(), line);
                    }
                    open.push(match sign {
                        b'{' => Level::Object { path, key: "" },
                        _ => Level::List { path, index: 0 },
                    });
                }
                b'}' | b']' => _ = open.pop(),
                b',' => {
                    if let Some(Level::List { index, .. }) = open.last_mut() {
                        *index += 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self(lines)
    }

    /// The line of the innermost thing on this path that stands in the text.
    pub fn line(&self, path: &str) -> Option<usize> {
        let ends = path.char_indices().rev().filter(|(_, sign)| *sign == ']');
        ends.map(|(end, _)| &path[..=end]).find_map(|outer| self.0.get(outer).copied())
    }
}

/// An object or a list that is not closed yet.
enum Level<'a> {
    Object { path: String, key: &'a str },
    List { path: String, index: usize },
}

impl Level<'_> {
    /// The path of the value that stands here now.
    fn path(&self) -> String {
        match self {
            Self::Object { path, key } if path.is_empty() => (*key).to_owned(),
            Self::Object { path, key } => format!("{path}.{key}"),
            Self::List { path, index } => format!("{path}[{index}]"),
        }
    }
}

/// Behind the quote that closes the text that begins at `start`.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_thing_on_a_path_has_its_line() {
        let text = "{\"a\": [{\"b\": \"}]\\\"\",\n \"c\": [1, 2]},\n{\"d\": [\n{}]}], \"e\": {\"f\": [\n{}]}}";
        let lines = Lines::of(text);
        let at = ["a[0].b", "a[1]", "a[1].d[0].x", "a[1].d[7]", "e.f[0]", "a[2]", "z"];
        let found = at.map(|path| lines.line(path));
        assert_eq!(found, [Some(1), Some(3), Some(4), Some(3), Some(5), None, None]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}\",:\\\\ü\n1]{0,80}") {
            let _ = Lines::of(&text).line(&text);
        }
    }
}
