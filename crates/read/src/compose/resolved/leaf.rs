//! One scalar: its type, what a string is turned into, what it becomes.

use kubewright_source::Span;
use kubewright_yaml::{Node, Path, Resolved, Scalar};

use super::fault;
use super::number;
use super::shape::{Accepts, Cast, Into, Leaf, Rule};
use super::walk::{Walk, plain};

/// What a scalar means, as far as shapes care.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning<'n> {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'n str),
    /// A date: it passes for a string, and then nothing can be made of it.
    Date,
}

/// What a scalar becomes by its leaf.
pub(super) fn resolved(
    walk: &mut Walk<'_>,
    leaf: &Leaf,
    node: &Node,
    path: &Path<'_>,
) -> Option<Node> {
    let Some(scalar) = node.as_scalar() else {
        walk.wrong_type(node, path, leaf.accepts.words());
        return None;
    };
    let written = meaning(scalar);
    let Some(value) = cast(leaf.cast, written) else {
        let (why, help) = refusal_of_cast(leaf.cast);
        walk.say(fault::bad_value(node.span, path, why, help));
        return None;
    };
    if !leaf.accepts.has(accepted_as(value)) {
        walk.wrong_type(node, path, leaf.accepts.words());
        return None;
    }
    if let Some((why, help)) = broken(&leaf.rule, value) {
        walk.say(fault::bad_value(node.span, path, &why, help));
        return None;
    }
    if value == Meaning::Null && leaf.into == Into::Text && leaf.keeps_zero {
        return Some(Node::string(node.span, ""));
    }
    if value == Meaning::Null && leaf.into != Into::Printed {
        return None;
    }
    match made(leaf, value, scalar, node.span) {
        Ok(made) => made,
        Err((why, help)) => {
            walk.say(fault::bad_value(node.span, path, why, help));
            None
        }
    }
}

/// The type of a scalar.
pub(super) fn types(scalar: &Scalar) -> Accepts {
    accepted_as(meaning(scalar))
}

fn meaning(scalar: &Scalar) -> Meaning<'_> {
    match scalar.resolve() {
        Resolved::Null => Meaning::Null,
        Resolved::Bool(value) => Meaning::Bool(value),
        Resolved::Int(value) => Meaning::Int(value),
        Resolved::Float(value) => Meaning::Float(value),
        Resolved::Timestamp => Meaning::Date,
        Resolved::String => Meaning::Text(&scalar.text),
    }
}

fn accepted_as(value: Meaning<'_>) -> Accepts {
    match value {
        Meaning::Null => Accepts::NULL,
        Meaning::Bool(_) => Accepts::BOOL,
        Meaning::Int(_) => Accepts::INTEGER,
        Meaning::Float(value) if value.fract() == 0.0 => Accepts::INTEGER,
        Meaning::Float(_) => Accepts::NUMBER,
        Meaning::Text(_) | Meaning::Date => Accepts::STRING,
    }
}

fn cast(cast: Cast, value: Meaning<'_>) -> Option<Meaning<'_>> {
    let Meaning::Text(text) = value else {
        return Some(value);
    };
    match cast {
        Cast::None => Some(value),
        Cast::Bool => number::boolean(text).map(Meaning::Bool),
        Cast::Int => number::integer(text).map(|value| Meaning::Int(value.into())),
        Cast::Float => number::float(text).map(Meaning::Float),
        Cast::Umask => number::based(text).map(|value| Meaning::Int(value.into())),
    }
}

fn refusal_of_cast(cast: Cast) -> (&'static str, &'static str) {
    match cast {
        Cast::Bool => ("this is no boolean", "write `true` or `false`"),
        Cast::Int => ("this is no whole number", "write digits, such as `3`"),
        Cast::Float => ("this is no number", "write a number, such as `0.5`"),
        Cast::Umask => ("this is no mask", "write octal digits, such as `077`"),
        Cast::None => ("this value does not fit", "write another"),
    }
}

/// Why a value breaks a rule, and what helps.
fn broken(rule: &Rule, value: Meaning<'_>) -> Option<(String, String)> {
    match (rule, value) {
        (Rule::OneOf(words), Meaning::Text(text)) if !words.contains(&text) => {
            let help = format!(
                "write one of {}",
                kubewright_source::suggest::list(words.iter().copied())
            );
            Some((format!("`{text}` is none of its words"), help))
        }
        (Rule::Text(fits, wanted), Meaning::Text(text)) if !fits(text) => {
            Some((format!("this is not {wanted}"), format!("write {wanted}")))
        }
        (Rule::Between(least, most), Meaning::Int(number)) => outside(number as f64, *least, *most),
        (Rule::Between(least, most), Meaning::Float(number)) => outside(number, *least, *most),
        (Rule::None | Rule::OneOf(_) | Rule::Text(..) | Rule::Between(..), _) => None,
    }
}

fn outside(number: f64, least: f64, most: f64) -> Option<(String, String)> {
    if (least..=most).contains(&number) {
        return None;
    }
    let help = match most.is_finite() {
        true => format!("write a number of {least} to {most}"),
        false => format!("write a number that is not below {least}"),
    };
    Some((format!("{number} is out of its range"), help))
}

type Refusal = (&'static str, &'static str);

/// The first number that 64 bits with a sign do not hold; what Compose makes of
/// such a number depends on the machine.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;
const TOO_LARGE: Refusal = ("this number is too large", "write a smaller number");

/// What a value of the right type becomes.
fn made(
    leaf: &Leaf,
    value: Meaning<'_>,
    scalar: &Scalar,
    span: Span,
) -> Result<Option<Node>, Refusal> {
    if value == Meaning::Date && leaf.into != Into::Printed {
        return Err(("a date without quotes is no string", "put it in quotes"));
    }
    let number = |number: i64| (leaf.keeps_zero || number != 0).then(|| plain(span, number));
    Ok(match leaf.into {
        Into::Text => text(value)?
            .filter(|text| leaf.keeps_zero || !text.is_empty())
            .map(|text| Node::string(span, text)),
        Into::Bool => bool_of(value)?
            .filter(|value| leaf.keeps_zero || *value)
            .map(|value| plain(span, value)),
        Into::OptOut => bool_of(value)?
            .filter(|value| !value)
            .map(|value| plain(span, value)),
        Into::Int => number(integer(value)?),
        Into::Unsigned => {
            let found = match value {
                Meaning::Text(_) => {
                    return Err((
                        "a string cannot stand for this number",
                        "write digits without quotes",
                    ));
                }
                value => integer(value)?,
            };
            if found < 0 {
                return Err(("this number may not be negative", "write 0 or more"));
            }
            number(found)
        }
        Into::Float => float(value)?
            .filter(|value| leaf.keeps_zero || *value != 0.0)
            .map(|value| plain(span, value)),
        Into::Cpus => float(value)?
            .filter(|value| *value != 0.0)
            .map(|value| plain(span, value)),
        Into::Bytes => bytes(value)?
            .filter(|bytes| leaf.keeps_zero || *bytes != 0)
            .map(|bytes| Node::string(span, bytes.to_string())),
        Into::Duration => Some(duration(value)?)
            .filter(|nanoseconds| leaf.keeps_zero || *nanoseconds != 0)
            .map(|nanoseconds| Node::string(span, number::duration(nanoseconds))),
        Into::DeviceCount => number(device_count(value)?),
        Into::FileMode => Some(Node::string(span, format!("0{:o}", file_mode(value)?))),
        Into::Printed => {
            let text = scalar.go_string().unwrap_or_default();
            (leaf.keeps_zero || !text.is_empty()).then(|| Node::string(span, text.into_owned()))
        }
    })
}

fn text(value: Meaning<'_>) -> Result<Option<String>, Refusal> {
    match value {
        Meaning::Text(text) => Ok(Some(text.to_owned())),
        Meaning::Int(number) => Ok(Some(number.to_string())),
        Meaning::Null => Ok(None),
        Meaning::Bool(_) | Meaning::Float(_) | Meaning::Date => {
            Err(("this is no string", "put the value in quotes"))
        }
    }
}

fn bool_of(value: Meaning<'_>) -> Result<Option<bool>, Refusal> {
    match value {
        Meaning::Bool(value) => Ok(Some(value)),
        Meaning::Text(text) => match number::boolean(text) {
            Some(value) => Ok(Some(value)),
            None => Err(refusal_of_cast(Cast::Bool)),
        },
        Meaning::Null | Meaning::Int(_) | Meaning::Float(_) | Meaning::Date => Ok(None),
    }
}

fn integer(value: Meaning<'_>) -> Result<i64, Refusal> {
    let number = match value {
        Meaning::Int(number) => Some(i64::try_from(number).map_err(|_| TOO_LARGE)?),
        Meaning::Float(number) if number.abs() >= BEYOND => return Err(TOO_LARGE),
        Meaning::Float(number) => Some(number as i64),
        Meaning::Text(text) => number::integer(text),
        Meaning::Null | Meaning::Bool(_) | Meaning::Date => None,
    };
    number.ok_or_else(|| refusal_of_cast(Cast::Int))
}

/// A number of single precision, which is what Compose keeps.
fn float(value: Meaning<'_>) -> Result<Option<f32>, Refusal> {
    let number = match value {
        Meaning::Int(number) => Some(number as f32),
        Meaning::Float(number) => Some(number as f32),
        Meaning::Text(text) => number::float(text).map(|number| number as f32),
        Meaning::Null | Meaning::Bool(_) | Meaning::Date => None,
    };
    number.map(Some).ok_or_else(|| refusal_of_cast(Cast::Float))
}

fn bytes(value: Meaning<'_>) -> Result<Option<i64>, Refusal> {
    const WRONG: Refusal = ("this is no size", "write bytes, or a unit such as `512m`");
    match value {
        Meaning::Text(text) => number::bytes(text).map(Some).ok_or(WRONG),
        Meaning::Int(number) => i64::try_from(number).map(Some).map_err(|_| WRONG),
        // Compose takes a number with a point for none.
        Meaning::Float(_) | Meaning::Null | Meaning::Bool(_) | Meaning::Date => Ok(None),
    }
}

fn duration(value: Meaning<'_>) -> Result<i64, Refusal> {
    let nanoseconds = match value {
        Meaning::Text(text) => number::nanoseconds(text),
        Meaning::Null | Meaning::Bool(_) | Meaning::Int(_) | Meaning::Float(_) | Meaning::Date => {
            None
        }
    };
    nanoseconds.ok_or((
        "this is no span of time",
        "write a number with its unit: `30s`, `1m30s`",
    ))
}

fn device_count(value: Meaning<'_>) -> Result<i64, Refusal> {
    let count = match value {
        Meaning::Text(text) if text.eq_ignore_ascii_case("all") => Some(-1),
        Meaning::Text(text) => number::integer(text),
        Meaning::Int(number) => i64::try_from(number).ok(),
        Meaning::Null | Meaning::Bool(_) | Meaning::Float(_) | Meaning::Date => None,
    };
    count.ok_or((
        "this is no number of devices",
        "write a whole number, or `all`",
    ))
}

fn file_mode(value: Meaning<'_>) -> Result<i64, Refusal> {
    let mode = match value {
        Meaning::Text(text) => number::octal(text),
        Meaning::Int(number) => i64::try_from(number).ok(),
        Meaning::Null | Meaning::Bool(_) | Meaning::Float(_) | Meaning::Date => None,
    };
    mode.ok_or((
        "this is no mode of a file",
        "write octal digits, such as `0440`",
    ))
}
