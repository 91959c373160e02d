//! `package.json`.
//!
//! <https://docs.npmjs.com/cli/configuring-npm/package-json>

use kubewright_source::SourceId;
use kubewright_yaml::{Limits, Mapping, Node, read_json};

use super::framework::{Names, first};
use super::{Draft, Folder, Language, ModuleRole};

const FILE: &str = "package.json";

/// What serves requests, or pages that it makes.
const SERVING: &Names = &[
    ("next", "nextjs"),
    ("nuxt", "nuxt"),
    ("@remix-run/node", "remix"),
    ("@remix-run/react", "remix"),
    ("@react-router/node", "remix"),
    ("@sveltejs/kit", "sveltekit"),
    ("@nestjs/core", "nest"),
    ("@adonisjs/core", "adonis"),
    ("fastify", "fastify"),
    ("hono", "hono"),
    ("koa", "koa"),
    ("express", "express"),
];

/// What becomes files that any web server serves.
const BUILT: &Names = &[
    ("astro", "astro"),
    ("gatsby", "gatsby"),
    ("@angular/core", "angular"),
    ("react-scripts", "react"),
    ("@vue/cli-service", "vue"),
];

/// What pages of documents are made with.
const DOCS: &Names = &[
    ("@docusaurus/core", "docusaurus"),
    ("vitepress", "vitepress"),
    ("vuepress", "vuepress"),
];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let text = folder.text(FILE)?;
    let package = read_json(&text, SourceId::NONE, &Limits::default()).ok()?;
    package.as_mapping()?;
    let has = |key: &str| package.get(key).is_some_and(|node| !node.is_null());
    let mut draft = Draft::new(Language::Node, FILE);
    draft.name = string(&package, "name").map(without_scope);
    draft.description = string(&package, "description").unwrap_or_default();
    draft.typescript = folder.has("tsconfig.json") || depends(&package, "typescript");
    draft.version = folder
        .line(".nvmrc")
        .or_else(|| folder.line(".node-version"))
        .or_else(|| string(package.get("engines")?, "node"));

    let starts = script(&package, "start").is_some();
    let docs = first(DOCS, |name| depends(&package, name));
    draft.framework = docs.or_else(|| framework(&package, folder));
    if docs.is_some() {
        draft.role = ModuleRole::Docs;
        return Some(draft);
    }
    let is_published = ["main", "module", "exports", "bin", "types"]
        .into_iter()
        .any(has);
    let is_library = draft.framework.is_none() && !starts;
    if is_library {
        // Neither run nor used: what tools of the repository need.
        if !is_published {
            return None;
        }
        draft.role = ModuleRole::Library;
    }
    let is_workspace = has("workspaces") || folder.has("pnpm-workspace.yaml");
    (!is_workspace || draft.framework.is_some()).then_some(draft)
}

fn framework(package: &Node, folder: &Folder<'_>) -> Option<&'static str> {
    let is_dependency = |name: &str| is_in(package, "dependencies", name);
    let serving = first(SERVING, is_dependency);
    serving
        .or_else(|| first(BUILT, |name| depends(package, name)))
        .or_else(|| vite(package, folder))
}

/// Vite builds pages; libraries are tested with it and say so by having no page.
fn vite(package: &Node, folder: &Folder<'_>) -> Option<&'static str> {
    let is_page = depends(package, "vite") && folder.has("index.html");
    is_page.then_some("vite")
}

fn depends(package: &Node, name: &str) -> bool {
    is_in(package, "dependencies", name) || is_in(package, "devDependencies", name)
}

fn is_in(package: &Node, key: &str, name: &str) -> bool {
    let all = package.get(key).and_then(Node::as_mapping);
    all.is_some_and(|all: &Mapping| all.contains_key(name))
}

fn script(package: &Node, name: &str) -> Option<String> {
    string(package.get("scripts")?, name)
}

fn string(node: &Node, key: &str) -> Option<String> {
    let text = node.get(key)?.as_scalar()?.text.trim();
    (!text.is_empty() && text.len() <= 500).then(|| text.to_owned())
}

/// `web` of `@acme/web`.
fn without_scope(name: String) -> String {
    match name.rsplit_once('/') {
        Some((_, name)) => name.to_owned(),
        None => name,
    }
}
