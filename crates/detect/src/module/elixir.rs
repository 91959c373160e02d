//! `mix.exs`.
//!
//! <https://hexdocs.pm/mix/Mix.Project.html>

use super::{Draft, Folder, Language, ModuleRole};

const FILE: &str = "mix.exs";

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let text = folder.text(FILE)?;
    // An umbrella has its programs below it.
    if text.contains("apps_path:") {
        return None;
    }
    let word = |key: &str, end: char| {
        let (_, rest) = text.split_once(key)?;
        let word = rest
            .trim_start()
            .trim_start_matches(['"', ':'])
            .split(end)
            .next()?;
        let word = word.trim();
        (!word.is_empty() && word.len() <= 80 && !word.contains('\n')).then(|| word.to_owned())
    };
    let mut draft = Draft::new(Language::Elixir, FILE);
    draft.name = word(" app:", ',');
    draft.version = word(" elixir:", '"');
    draft.framework = text.contains("{:phoenix,").then_some("phoenix");
    if draft.framework.is_none() && !text.contains("mod: {") {
        draft.role = ModuleRole::Library;
    }
    Some(draft)
}
