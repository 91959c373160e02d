//! `pom.xml`, `build.gradle`, `build.gradle.kts`.
//!
//! <https://maven.apache.org/pom.html>, <https://docs.gradle.org/current/userguide/build_file_basics.html>

use super::{Draft, Folder, Language, ModuleRole, element};

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    maven(folder).or_else(|| gradle(folder))
}

fn maven(folder: &Folder<'_>) -> Option<Draft> {
    let text = folder.text("pom.xml")?;
    if element(&text, "packaging") == Some("pom") {
        return None;
    }
    let mut draft = Draft::new(Language::Java, "pom.xml");
    // What stands in `parent` and `dependencies` is not its own.
    let own = match text.split_once("</parent>") {
        Some((_, own)) => own,
        None => text
            .split_once("<project")
            .map_or(text.as_str(), |(_, own)| own),
    };
    let own = own.split("<dependencies>").next().unwrap_or_default();
    draft.name = element(own, "artifactId").map(str::to_owned);
    draft.description = element(own, "description").unwrap_or_default().to_owned();
    let versions = [
        "java.version",
        "maven.compiler.release",
        "maven.compiler.target",
    ];
    let version = versions.iter().find_map(|name| element(&text, name));
    draft.version = version
        .filter(|text| !text.starts_with('$'))
        .map(str::to_owned);
    draft.framework = framework(&text);
    let runs = [
        "<mainClass>",
        "spring-boot-maven-plugin",
        "exec-maven-plugin",
        "jib-maven-plugin",
    ];
    let runs = runs.iter().any(|word| text.contains(word));
    settle(folder, &mut draft, runs);
    Some(draft)
}

fn gradle(folder: &Folder<'_>) -> Option<Draft> {
    let found_by = ["build.gradle.kts", "build.gradle"]
        .into_iter()
        .find(|name| folder.has(name))?;
    let text = folder.text(found_by)?;
    let mut draft = Draft::new(Language::Java, found_by);
    draft.framework = framework(&text);
    let has_sources = folder.inventory.below(folder.path).any(|path| {
        let rest = path.strip_prefix(folder.path).unwrap_or(path);
        rest.trim_start_matches('/').starts_with("src/")
    });
    // The top of a build of several projects.
    if !has_sources {
        return None;
    }
    let runs = ["application", "com.google.cloud.tools.jib"]
        .iter()
        .any(|id| {
            let forms = [
                format!("id(\"{id}\")"),
                format!("id '{id}'"),
                format!("plugin: '{id}'"),
            ];
            let is_word =
                || *id == "application" && text.lines().any(|line| line.trim() == "application");
            forms.iter().any(|form| text.contains(form.as_str())) || is_word()
        });
    settle(folder, &mut draft, runs);
    Some(draft)
}

/// A framework by the name of the group that publishes it.
fn framework(text: &str) -> Option<&'static str> {
    let groups = [
        ("io.quarkus", "quarkus"),
        ("io.micronaut", "micronaut"),
        ("spring-boot-starter-web", "spring-boot"),
        ("org.springframework.boot", "spring-boot"),
        ("io.ktor", "ktor"),
        ("io.vertx", "vertx"),
        ("io.dropwizard", "dropwizard"),
    ];
    let found = groups.iter().find(|(group, _)| is_word(text, group));
    found.map(|(_, framework)| *framework)
}

/// Whether a name stands in a text by itself, not within a longer one.
fn is_word(text: &str, name: &str) -> bool {
    let part = |c: char| c == '-' || c == '_' || c.is_ascii_alphanumeric();
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at]
            .chars()
            .next_back()
            .is_some_and(|c| part(c) || c == '.');
        let after = text[at + name.len()..].chars().next().is_some_and(part);
        !before && !after
    })
}

fn settle(folder: &Folder<'_>, draft: &mut Draft, runs: bool) {
    if !runs && draft.framework.is_none() && !folder.has("Dockerfile") {
        draft.role = ModuleRole::Library;
    }
}
