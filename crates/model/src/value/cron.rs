//! Schedules.

use super::{Invalid, checked_text};

/// A cron schedule of five fields, or one of `@hourly`, `@daily` and so on. The
/// time zone stands beside it, never in it.
///
/// <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cron(Box<str>);
checked_text!(Cron);

const FIELDS: [(&str, u8, u8, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    (
        "month",
        1,
        12,
        &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    ),
    (
        "day of the week",
        0,
        6,
        &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    ),
];
const NAMED: [&str; 7] = [
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
];

impl Cron {
    /// # Errors
    /// When there are not five fields, or one of them is out of its range.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "a cron schedule";
        const HELP: &str = "write minute, hour, day, month and weekday, like `0 3 * * 1-5`";
        let text = text.trim();
        if NAMED.contains(&text) {
            return Ok(Self(text.into()));
        }
        if text.contains("TZ=") {
            return Err(Invalid::new(
                WHAT,
                "it holds a time zone",
                "put the zone into `timezone`",
            ));
        }
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        if fields.len() != FIELDS.len() {
            return Err(Invalid::new(
                WHAT,
                format!("it has {} fields, not five", fields.len()),
                HELP,
            ));
        }
        for (field, (what, low, high, names)) in fields.iter().zip(FIELDS) {
            if !field
                .split(',')
                .all(|part| part_fits(part, low, high, names))
            {
                return Err(Invalid::new(
                    WHAT,
                    format!("`{field}` is no {what} ({low}–{high})"),
                    HELP,
                ));
            }
        }
        Ok(Self(fields.join(" ").into()))
    }
}

fn part_fits(part: &str, low: u8, high: u8, names: &[&str]) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    if step.is_some_and(|step| step.parse::<u8>().map_or(true, |step| step == 0)) {
        return false;
    }
    if range == "*" || range == "?" {
        return true;
    }
    let number = |text: &str| {
        let named = names
            .iter()
            .position(|name| text.eq_ignore_ascii_case(name));
        let value = match named {
            Some(at) => u8::try_from(at).ok()? + low,
            None => text.parse().ok()?,
        };
        (low..=high).contains(&value).then_some(value)
    };
    match range.split_once('-') {
        Some((from, to)) => matches!((number(from), number(to)), (Some(a), Some(b)) if a <= b),
        None => number(range).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_fields_in_range() {
        for good in [
            "0 3 * * *",
            "*/10 * * * *",
            "0 7 * * 1-5",
            "15 3 1,15 jan-mar sun",
            "@daily",
            "0  3 * * 6",
        ] {
            assert!(Cron::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "TZ=UTC 0 3 * * *",
            "@reboot",
            "a * * * *",
        ] {
            assert!(Cron::parse(bad).is_err(), "{bad}");
        }
    }
}
