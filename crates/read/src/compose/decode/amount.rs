//! Amounts as compose counts them: bytes in powers of 1024, cores as decimals.

use kubewright_model::{Cpu, Invalid, Located, Memory};

use crate::fields::At;

const BYTES: &str = "write it like `256m`, `1.5g` or `1048576`";

/// An amount of bytes: `256m`, `1gb`, `1.5 GiB`, `1048576`.
pub(super) fn memory(at: &At<'_>) -> Option<Located<Memory>> {
    let text = at.scalar()?;
    let wrong = |why: &str| {
        at.bad(
            format!(
                "`{}` of `{}` is no amount of memory: {why}",
                text.value, at.name
            ),
            BYTES,
        );
    };
    let Some(bytes) = bytes(&text.value) else {
        wrong("it is no number with a unit");
        return None;
    };
    match Memory::from_bytes(bytes) {
        Ok(memory) => Some(Located::new(memory, text.span)),
        Err(Invalid { why, .. }) => {
            wrong(&why);
            None
        }
    }
}

/// Bytes in compose's spelling.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let unit = unit.trim_start().to_ascii_lowercase();
    let shift = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        _ => return None,
    };
    let known = ["", "b", "ib"].iter().any(|tail| {
        unit.strip_suffix(tail)
            .is_some_and(|rest| rest.len() <= 1 && (*tail != "ib" || rest.len() == 1))
    });
    let product = number * f64::from(2u32).powi(shift);
    (known && product.is_finite() && product < 9.2e18).then_some(product as u64)
}

/// Cores: `0.5`, `"2"`, `1.25`. Nothing for 0, which compose takes for no limit.
pub(super) fn cores(at: &At<'_>) -> Option<Located<Cpu>> {
    let text = at.scalar()?;
    let cores: Option<f64> = text.value.trim().parse().ok();
    let millis = cores.filter(|cores| (0.0..1e9).contains(cores));
    let Some(millis) = millis.map(|cores| (cores * 1000.0).ceil() as u64) else {
        at.bad(
            format!("`{}` of `{}` is no number of cores", text.value, at.name),
            "write it like `0.5` or `2`",
        );
        return None;
    };
    if millis == 0 {
        at.note(
            "no-limit",
            format!(
                "`{}: {}` sets nothing: compose takes 0 for no limit",
                at.name, text.value
            ),
            "leave it out",
        );
        return None;
    }
    at.checked(&text, |_| Cpu::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count_in_powers_of_1024() {
        let rows = [
            ("256M", Some(256 << 20)),
            ("256m", Some(256 << 20)),
            ("1g", Some(1 << 30)),
            ("1GiB", Some(1 << 30)),
            ("1.5gb", Some(3 << 29)),
            ("512k", Some(512 << 10)),
            ("100b", Some(100)),
            ("1048576", Some(1 << 20)),
            ("64 mb", Some(64 << 20)),
            ("", None),
            ("m", None),
            ("1x", None),
            ("1mm", None),
            ("1ibb", None),
            ("-1", None),
        ];
        for (text, expected) in rows {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }
}
