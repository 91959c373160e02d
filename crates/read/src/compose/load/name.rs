//! What a project is called.

use std::borrow::Cow;
use std::path::{Component, Path};

use kubewright_source::{Diagnostic, Located, Span};
use kubewright_yaml::{Node, Path as KeyPath, Resolved};

use super::document::LoadRequest;
use super::loader::Loader;
use crate::document::scalars::Interpolation;
use crate::environment::Environment;
use crate::interpolate::Dialect;

const VARIABLE: &str = "COMPOSE_PROJECT_NAME";

impl Loader<'_> {
    /// The project's name: `-p`, `COMPOSE_PROJECT_NAME`, the last `name:`, the
    /// project folder's own name. The first two must be valid, the others are
    /// made so.
    pub(super) fn name(
        &mut self,
        request: &LoadRequest,
        documents: &[Node],
        environment: &Environment,
    ) -> Located<String> {
        if let Some(name) = &request.project_name {
            return Located::nowhere(self.explicit(name, "the project name"));
        }
        if let Some(name) = environment.get(VARIABLE).filter(|name| !name.is_empty()) {
            return Located::nowhere(self.explicit(name, "`COMPOSE_PROJECT_NAME`"));
        }
        let written = documents.iter().rev().find_map(|document| {
            let name = document.get("name")?;
            let text = &name.as_scalar()?.text;
            (!text.is_empty()).then_some(name)
        });
        if let Some(name) = written {
            return self.written(name.clone(), environment);
        }
        Located::nowhere(self.folder_name(request))
    }

    fn explicit(&mut self, name: &str, what: &str) -> String {
        let valid = normalized(name);
        if valid != name || valid.is_empty() {
            let message = format!("{what} is `{name}`: {RULE}");
            let help = match valid.as_str() {
                "" => "choose another".to_owned(),
                valid => format!("write `{valid}`"),
            };
            self.diagnostics
                .push(Diagnostic::error("bad-name", Span::NONE, message).help(help));
        }
        valid
    }

    fn written(&mut self, mut name: Node, environment: &Environment) -> Located<String> {
        let span = name.span;
        let lookup = |name: &str| environment.get(name).map(Cow::Borrowed);
        let root = KeyPath::ROOT;
        let path = root.key("name");
        crate::document::interpolate(
            &mut name,
            &path,
            &mut Interpolation {
                dialect: Dialect::Compose,
                lookup: &lookup,
                missing: &mut self.missing,
                sources: self.sources,
                diagnostics: self.diagnostics,
            },
        );
        let text = name.as_scalar().map_or("", |scalar| &scalar.text);
        let valid = normalized(text);
        let is_string = name
            .as_scalar()
            .is_some_and(|s| s.resolve() == Resolved::String);
        if is_string && valid.is_empty() {
            let message = format!("`{text}` leaves no project name: {RULE}");
            self.diagnostics.push(
                Diagnostic::error("bad-name", span, message)
                    .path("name")
                    .help("choose another"),
            );
        }
        if self.sources.secrets().at(span) {
            // What a secret becomes as a name is as secret.
            self.sources.hold_secret(span, &valid);
        }
        Located::new(valid, span)
    }

    fn folder_name(&mut self, request: &LoadRequest) -> String {
        let folder = request.working_directory.join(&self.directory);
        let name = normalized(&last_component(&folder));
        if name.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(
                    "bad-name",
                    Span::NONE,
                    "the project has no name, and its folder's name does not give one",
                )
                .help("write `name:` at the top of the compose file, or give one with `-p`"),
            );
        }
        name
    }
}

const RULE: &str = "a project name has lower-case letters, digits, `-` and `_` and begins with a letter or a digit";

/// As compose makes a name of any text.
fn normalized(text: &str) -> String {
    let lower = text.to_lowercase();
    let kept = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-');
    let name: String = lower.chars().filter(kept).collect();
    name.trim_start_matches(['_', '-']).to_owned()
}

/// The last name of a path after `.` and `..` were walked.
fn last_component(path: &Path) -> String {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name.to_string_lossy()),
            Component::ParentDir => {
                names.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::CurDir => {}
        }
    }
    names.pop().unwrap_or_default().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_as_compose_makes_them() {
        let rows = [
            ("shop", "shop"),
            ("My Shop.v2", "myshopv2"),
            ("_-a_b-", "a_b-"),
            ("Ünder", "nder"),
            ("...", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(normalized(text), expected, "{text}");
        }
    }

    #[test]
    fn the_folder_is_found_behind_dots() {
        let rows = [
            ("/a/b", "b"),
            ("/a/b/.", "b"),
            ("/a/b/../c/", "c"),
            ("/", ""),
        ];
        for (path, expected) in rows {
            assert_eq!(last_component(Path::new(path)), expected, "{path}");
        }
    }
}
