//! `Gemfile`.
//!
//! <https://bundler.io/man/gemfile.5.html>

use super::framework::{Names, first};
use super::{Draft, Folder, Language, ModuleRole};

const FILE: &str = "Gemfile";

const FRAMEWORKS: &Names = &[
    ("rails", "rails"),
    ("sinatra", "sinatra"),
    ("hanami", "hanami"),
];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let text = folder.text(FILE)?;
    let gems: Vec<&str> = text.lines().filter_map(gem).collect();
    let mut draft = Draft::new(Language::Ruby, FILE);
    draft.framework = first(FRAMEWORKS, |name| gems.contains(&name));
    draft.version = folder.line(".ruby-version");
    if gems.contains(&"jekyll") || gems.contains(&"github-pages") {
        draft.role = ModuleRole::Docs;
    } else if draft.framework.is_none() && !folder.has("config.ru") && !folder.has("Dockerfile") {
        draft.role = ModuleRole::Library;
    }
    Some(draft)
}

/// The name in `gem "rails", "~> 8"`.
fn gem(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("gem")?;
    let rest = rest.trim_start().trim_start_matches('(').trim_start();
    let quote = rest.chars().next().filter(|c| ['"', '\''].contains(c))?;
    rest[1..].split(quote).next()
}
