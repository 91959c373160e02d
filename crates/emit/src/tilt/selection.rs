//! Which environment is meant, where there are several.
//!
//! <https://docs.tilt.dev/tiltfile_config.html>

use std::collections::HashSet;

use super::starlark::{Call, Value, quoted};

/// All calls: those of every environment once, the others where it is theirs.
pub(super) fn written(names: &[&str], calls: Vec<Vec<Call>>) -> String {
    if let ([_], [calls]) = (names, calls.as_slice()) {
        return paragraphs(calls.iter());
    }
    let everywhere = everywhere(&calls);
    let shared = |call: &Call| everywhere.contains(call);
    let mut text = head(names);
    for (place, (name, own)) in names.iter().zip(&calls).enumerate() {
        let word = if place == 0 { "if" } else { "elif" };
        text.push_str(&format!("{word} env == {}:\n", quoted(name)));
        let mut own = own.iter().filter(|call| !shared(call)).peekable();
        if own.peek().is_none() {
            text.push_str("    pass\n");
        }
        own.for_each(|call| text.push_str(&call.written(1)));
    }
    let choice = format!(
        "there is no environment \"%s\"; choose one of {}",
        names.join(", ")
    );
    text.push_str(&format!("else:\n    fail({} % env)\n", quoted(&choice)));
    let first = calls.first().into_iter().flatten();
    text.push_str(&paragraphs(first.filter(|call| shared(call))));
    text
}

/// The calls that every environment has.
fn everywhere(calls: &[Vec<Call>]) -> HashSet<&Call> {
    let Some((first, others)) = calls.split_first() else {
        return HashSet::new();
    };
    let others = others.iter().map(|own| own.iter().collect());
    let others: Vec<HashSet<&Call>> = others.collect();
    let is_everywhere = |call: &&Call| others.iter().all(|own| own.contains(call));
    first.iter().filter(is_everywhere).collect()
}

fn head(names: &[&str]) -> String {
    let first = names.first().copied().unwrap_or_default();
    let usage = format!("the environment: {}", names.join(", "));
    let define = Call::new("config.define_string").with("env");
    let define = define.named("usage", Value::Text(usage));
    format!(
        "\n# Another one: tilt up -- --env {}\n{}env = config.parse().get('env', {})\n\n",
        names.last().copied().unwrap_or_default(),
        define.written(0),
        quoted(first)
    )
}

/// Calls with a line between those that are no plain ones.
fn paragraphs<'a>(calls: impl Iterator<Item = &'a Call>) -> String {
    let mut text = String::new();
    for call in calls {
        text.push('\n');
        text.push_str(&call.written(0));
    }
    text
}
