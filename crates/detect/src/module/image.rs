//! The version of a language by the image that a Dockerfile builds on.

use super::{Folder, Language};

/// What official images are called that have a language's tools, by the last part
/// of their names.
fn images(language: Language) -> &'static [&'static str] {
    match language {
        Language::Dotnet => &["sdk", "aspnet", "runtime"],
        Language::Elixir => &["elixir"],
        Language::Go => &["golang"],
        Language::Java => &["eclipse-temurin", "amazoncorretto", "openjdk"],
        Language::Node => &["node"],
        Language::Php => &["php"],
        Language::Python => &["python"],
        Language::Ruby => &["ruby"],
        Language::Rust => &["rust"],
        Language::Static => &[],
    }
}

/// The version that the first stage with such an image names: `20` of
/// `node:20-alpine`.
pub(super) fn version(folder: &Folder<'_>, dockerfile: &str, language: Language) -> Option<String> {
    let read = crate::dockerfile::read(&folder.text(dockerfile)?);
    let known = images(language);
    read.stages
        .iter()
        .find_map(|stage| of_image(&stage.from, known))
}

fn of_image(image: &str, known: &[&str]) -> Option<String> {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    let (name, tag) = last.split_once(':')?;
    let is_dotnet = !matches!(name, "sdk" | "runtime") || image.contains("dotnet/");
    if !known.contains(&name) || !is_dotnet {
        return None;
    }
    let end = tag.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let digits = tag[..end.unwrap_or(tag.len())].trim_end_matches('.');
    digits
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_images() {
        let rows = [
            ("node:20-alpine", Language::Node, Some("20")),
            (
                "docker.io/library/python:3.12.1-slim",
                Language::Python,
                Some("3.12.1"),
            ),
            ("golang:1.22@sha256:abc", Language::Go, Some("1.22")),
            (
                "mcr.microsoft.com/dotnet/sdk:8.0",
                Language::Dotnet,
                Some("8.0"),
            ),
            ("acme/sdk:8.0", Language::Dotnet, None),
            ("node:lts", Language::Node, None),
            ("node", Language::Node, None),
            ("acme/node-red:3", Language::Node, None),
            ("python:3.12", Language::Node, None),
        ];
        for (image, language, expected) in rows {
            assert_eq!(
                of_image(image, images(language)).as_deref(),
                expected,
                "{image}"
            );
        }
    }
}
