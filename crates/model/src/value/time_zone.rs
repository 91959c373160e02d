//! Time zones.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{Invalid, checked_text};

/// The names of the time zone database, 2025b: <https://www.iana.org/time-zones>.
static NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("time_zones.txt").lines().collect());

/// The name of a time zone: `UTC`, `Europe/Berlin`. API servers know those of the
/// time zone database, in its spelling, and no others.
///
/// <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(Box<str>);
checked_text!(TimeZone);

impl TimeZone {
    /// # Errors
    /// When the database has no zone of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if NAMES.contains(text) {
            return Ok(Self(text.into()));
        }
        let other_case = NAMES.iter().find(|name| name.eq_ignore_ascii_case(text));
        let city = |name: &&&str| {
            let last = name.rsplit('/').next().unwrap_or_default();
            !text.is_empty() && last.eq_ignore_ascii_case(&text.replace(' ', "_"))
        };
        let near = other_case.or_else(|| NAMES.iter().find(city));
        let help = match near {
            Some(near) => format!("write `{near}`"),
            None => "write it like `UTC` or `Europe/Berlin`".to_owned(),
        };
        let why = "the time zone database has none of that name";
        Err(Invalid::new("a time zone", why, help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_database() {
        for (text, help) in [
            ("UTC", None),
            ("Europe/Berlin", None),
            ("Etc/GMT+1", None),
            ("America/Argentina/Buenos_Aires", None),
            ("Europe/berlin", Some("write `Europe/Berlin`")),
            ("berlin", Some("write `Europe/Berlin`")),
            ("new york", Some("write `America/New_York`")),
            ("Local", Some("write it like `UTC` or `Europe/Berlin`")),
            ("UTC+1", Some("write it like `UTC` or `Europe/Berlin`")),
            ("", Some("write it like `UTC` or `Europe/Berlin`")),
        ] {
            let found = TimeZone::parse(text).err().map(|invalid| invalid.help);
            assert_eq!(found.as_deref(), help, "{text}");
        }
    }
}
