//! What the name of an instance tells: its class, and whether it is wanted.

/// How a name tells the class, by a rule that holds for a whole set.
#[derive(Clone, Copy, Debug)]
pub enum Class {
    /// Letters and the digit behind them: `C101` is C1, `RC2_4_1` is RC2. Other digits tell nothing.
    Family,
    /// Family and size: `C1_10_2` is C1_10.
    Sized,
    /// Letters only: `U3` is U.
    Letters,
    /// Letters without the number between them: `PR07` is PR, `PR11A` is PRA.
    Suffix,
    /// All before the last dash: `t200-e20-l06-1001` is t200-e20-l06.
    BeforeDash,
    /// Folder and letters: `yagiura2004/d10400` is yagiura2004/d.
    Folder,
}

impl Class {
    /// The class of an instance.
    pub fn of(self, name: &str) -> String {
        if let (Self::Folder, Some((folder, name))) = (self, name.rsplit_once('/')) {
            return format!("{folder}/{}", Self::Letters.of(name));
        }
        let letters: String = name.chars().take_while(|c| c.is_alphabetic()).collect();
        let rest = &name[letters.len()..];
        let digit = rest.chars().next().filter(|c| ['1', '2'].contains(c));
        let family = format!("{letters}{}", digit.map(String::from).unwrap_or_default());
        match self {
            Self::Family => family,
            Self::Sized => match rest.split('_').nth(1) {
                Some(size) => format!("{family}_{size}"),
                None => family,
            },
            Self::Letters | Self::Folder => letters,
            Self::Suffix => {
                let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                format!("{letters}{behind}")
            }
            Self::BeforeDash => name.rsplit_once('-').map_or(name, |(class, _)| class).to_owned(),
        }
    }
}

/// True when a name is as a pattern says, in which `*` stands for any letters. Case does not matter.
pub fn fits(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.to_lowercase(), pattern.to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_all_sets() {
        let cases = [
            (Class::Family, "C101", "C1"),
            (Class::Family, "RC203.100_25-5-5-5", "RC2"),
            (Class::Sized, "RC2_10_1", "RC2_10"),
            (Class::Sized, "C101", "C1"),
            (Class::Letters, "U3", "U"),
            (Class::Letters, "ORTEC-VRPTW-ASYM-dcfe-d1-n304-k21", "ORTEC"),
            (Class::Suffix, "PR07", "PR"),
            (Class::Suffix, "PR11A", "PRA"),
            (Class::BeforeDash, "t200-e20-l06-1001", "t200-e20-l06"),
            (Class::BeforeDash, "world", "world"),
            (Class::Folder, "yagiura2004/d10400", "yagiura2004/d"),
        ];
        for (class, name, expected) in cases {
            assert_eq!(class.of(name), expected, "{name}");
        }
    }

    #[test]
    fn patterns_stand_for_whole_names() {
        let cases = [
            ("C1_2_1", "C1_2_1", true),
            ("c1_2_1", "C1_2_1", true),
            ("C1_2", "C1_2_1", false),
            ("*_2_*", "RC1_2_1", true),
            ("*_2_*", "RC1_10_2", false),
            ("C1*", "RC1_2_1", false),
            ("*", "anything", true),
            ("*_1", "C1_2_1", true),
            ("a*a", "a", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(fits(name, pattern), expected, "{pattern} {name}");
        }
    }
}
