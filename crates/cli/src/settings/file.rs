//! Reading `kubewright.toml`.

use std::path::Path;

use kubewright_source::suggest::nearest;
use kubewright_source::{Diagnostic, SourceId, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::option::{Setting, Takes, of_a_run};

/// A setting, its values and its place.
type Read<'s> = Result<(&'s Setting, Vec<String>, Span), Box<Diagnostic>>;

/// Every setting of the file, or what is wrong with it.
pub(super) fn read<'s>(text: &str, source: SourceId, known: &'s [Setting]) -> Vec<Read<'s>> {
    let span = |range: std::ops::Range<usize>| Span::new(source, range.start, range.end);
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let place = error.span().map_or(Span::NONE, span);
            let message = format!("this is no TOML: {}", error.message());
            let said = Diagnostic::error("toml-syntax", place, message);
            let help = "a setting is a line such as `format = [\"helm\"]`";
            return vec![Err(Box::new(said.help(help)))];
        }
    };
    let one = |(key, value): (Spanned<_>, Spanned<DeValue<'_>>)| {
        let place = span(key.span());
        let key: &str = AsRef::as_ref(key.get_ref());
        let setting = known.iter().find(|setting| setting.name == key);
        let setting = setting.ok_or_else(|| unknown(key, place, known))?;
        let place = span(value.span());
        let values = values(setting, value.get_ref()).map_err(|wanted| {
            let message = format!("the setting `{key}` has to be {wanted}");
            Box::new(Diagnostic::error("wrong-type", place, message).help(example(setting)))
        })?;
        Ok((setting, values, place))
    };
    table.into_iter().map(one).collect()
}

fn unknown(key: &str, place: Span, known: &[Setting]) -> Box<Diagnostic> {
    if of_a_run(key) {
        let message = format!("`{key}` is about one run alone and cannot be set");
        let said = Diagnostic::error("unknown-key", place, message);
        return Box::new(said.help(format!("give it to the command: `--{key}`")));
    }
    let message = format!("there is no setting `{key}`");
    let said = Diagnostic::error("unknown-key", place, message);
    let names = known.iter().map(|setting| setting.name.as_str());
    Box::new(said.help(match nearest(key, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`kubewright config` lists all settings".to_owned(),
    }))
}

/// The values as they would stand on the command line, or what is wanted.
fn values(setting: &Setting, value: &DeValue<'_>) -> Result<Vec<String>, &'static str> {
    match (setting.takes, value) {
        (Takes::Switch, DeValue::Boolean(on)) => Ok(vec![on.to_string()]),
        (Takes::Switch, _) => Err("`true` or `false`"),
        (Takes::Several, DeValue::Array(items)) => {
            let items = items.iter().map(|item| scalar(item.get_ref()));
            let values: Option<Vec<String>> = items.collect();
            values.ok_or("a list of strings")
        }
        (Takes::Several, value) => match scalar(value) {
            Some(value) => Ok(vec![value]),
            None => Err("a string or a list of strings"),
        },
        (Takes::One, value) => match scalar(value) {
            Some(value) => Ok(vec![value]),
            None => Err("a string"),
        },
    }
}

/// A string; a number as it is written, since `1.36` is a version.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn example(setting: &Setting) -> String {
    let word = setting.words.first().map_or("…", String::as_str);
    let name = &setting.name;
    match setting.takes {
        Takes::Switch => format!("write `{name} = true`"),
        Takes::One => format!("write `{name} = \"{word}\"`"),
        Takes::Several => format!("write `{name} = [\"{word}\"]`"),
    }
}

/// How the working folder calls the file, and the way to its folder: empty, or
/// `../` as often as it is above.
pub(super) fn way(path: &Path, working_directory: &Path) -> (String, String) {
    let folder = path.parent().unwrap_or(path);
    let below = working_directory
        .strip_prefix(folder)
        .unwrap_or(Path::new(""));
    let up = "../".repeat(below.components().count());
    (format!("{up}{}", super::FILE), up)
}

/// A path of the file, seen from the working folder.
pub(super) fn below(up: &str, path: String) -> String {
    match up.is_empty() || path == "-" || Path::new(&path).is_absolute() {
        true => path,
        false => format!("{up}{path}"),
    }
}
