//! All ways in say the same: X → objects equals X → apps.yaml → objects.
//!
//! `KUBEWRIGHT_CASE=name` looks at one case; `KUBEWRIGHT_WRITTEN=folder` leaves what
//! was written of each in a folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kubewright_compile::{
    Form, Format, Input, Outcome, Outside, Request, Written, convert, generate,
};
use kubewright_files::Tree;
use kubewright_model::project::NetworkPolicyMode;
use kubewright_yaml::{Limits, read_document};

use crate::case::{self, Case};

/// How many signs a secret value has that is looked for in the file.
const LONG: usize = 8;

#[test]
fn what_is_written_gives_the_same_objects() {
    let only = std::env::var("KUBEWRIGHT_CASE").ok();
    let cases = case::all();
    let wanted = |case: &&Case| match &only {
        Some(name) => case.name == *name,
        None => !case.is_bad(),
    };
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for case in cases.iter().filter(wanted) {
        let differing: Vec<String> = environments(case)
            .iter()
            .flat_map(|environment| differing(case, environment.as_deref()))
            .collect();
        if !differing.is_empty() {
            wrong.push(format!("{}:\n{}", case.name, differing.join("\n")));
        }
        compared += 1;
    }
    assert!(compared > 200 || only.is_some(), "only {compared} cases");
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} cases:\n{}", wrong.join("\n"));
}

/// A document stays one: all its environments, defaults, templates and variables.
#[test]
fn a_document_that_is_written_gives_the_same_objects() {
    let only = std::env::var("KUBEWRIGHT_CASE").ok();
    let cases = case::all();
    let wanted = |case: &&Case| match &only {
        Some(name) => case.name == *name,
        None => !case.is_bad() && case.input().join("apps.yaml").is_file(),
    };
    let wanted: Vec<&Case> = cases.iter().filter(wanted).collect();
    let different = |case: &&Case| {
        let found = differing_document(case);
        let is_good = found.is_empty();
        (!is_good).then(|| format!("{}:\n{}", case.name, found.join("\n")))
    };
    let wrong: Vec<String> = wanted.iter().filter_map(different).collect();
    let compared = wanted.len();
    assert!(compared > 45 || only.is_some(), "only {compared} cases");
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} cases:\n{}", wrong.join("\n"));
}

/// The files of all environments that differ, each with the first line that does.
fn differing_document(case: &Case) -> Vec<String> {
    let (asked, files, process) = case.asked();
    // Who asks for forms decides something, and the objects say the same in each.
    let request = Request {
        formats: Vec::new(),
        ..asked
    };
    let folder = case.input().canonicalize().expect("the input is there");
    let request = Request {
        project_name: Some(request.project_name.unwrap_or_else(|| case.name.clone())),
        working_directory: folder,
        ..request
    };
    let asked = Request {
        environments: Vec::new(),
        ..request.clone()
    };
    let conversion = convert(&asked, Form::Document, &files, &process);
    let Some(written) = conversion.written else {
        let said = conversion.diagnostics.into_sorted();
        return vec![format!("  not written: {said:?}")];
    };
    if let Some(folder) = std::env::var_os("KUBEWRIGHT_WRITTEN") {
        let path = PathBuf::from(folder).join(format!("{}.yaml", case.name));
        std::fs::write(path, &written.text).expect("the folder is there");
    }
    let values = written.needed.iter().filter_map(|needed| {
        let known = needed.known.as_ref()?.reveal().to_owned();
        Some((needed.variable.clone(), known))
    });
    let written_again = |request: &Request| Request {
        inputs: vec![Input::Text {
            name: "apps.yaml".into(),
            text: written.text.clone(),
        }],
        project_directory: Some("".into()),
        set_env: request
            .set_env
            .iter()
            .cloned()
            .chain(values.clone())
            .collect(),
        ..request.clone()
    };
    let second = convert(&written_again(&asked), Form::Document, &files, &process);
    let second = second.written.map(|written| written.text);
    let second = second.map(|text| without_comments(&text));
    let first = without_comments(&written.text);
    let unstable = difference("apps.yaml of apps.yaml", Some(&first), second.as_ref());
    let direct = generate(&request, &files, &process, &|_, _| {});
    assert!(direct.tree.is_some(), "{}: it is compiled", case.name);
    let again = generate(&written_again(&request), &files, &process, &|_, _| {});
    if again.tree.is_none() {
        let said = again.diagnostics.into_sorted();
        let said = said.iter().map(|one| {
            let place = again.sources.text(one.span).unwrap_or_default();
            format!("  {}: {} ({}) {place}", one.code, one.message, one.path)
        });
        return said.take(5).collect();
    }
    let whole = |outcome: Outcome| {
        let outcome = Outcome {
            has_environments: false,
            ..outcome
        };
        contents(outcome, None)
    };
    let (direct, again) = (whole(direct), whole(again));
    let mut paths: Vec<&String> = direct.keys().chain(again.keys()).collect();
    paths.sort();
    paths.dedup();
    let differing = paths
        .into_iter()
        .filter_map(|path| difference(path, direct.get(path), again.get(path)));
    differing.chain(unstable).chain(shown(&written)).collect()
}

/// The environments of a case's `apps.yaml`; a nameless one else.
fn environments(case: &Case) -> Vec<Option<String>> {
    let text = std::fs::read_to_string(case.input().join("apps.yaml")).unwrap_or_default();
    let id = kubewright_source::Sources::default().add("apps.yaml", text.as_str());
    let root = read_document(&text, id, &Limits::default()).ok().flatten();
    let names = root
        .as_ref()
        .and_then(|root| root.get("environments")?.as_mapping());
    let names: Vec<Option<String>> = names
        .into_iter()
        .flat_map(|names| names.keys())
        .map(|name| Some(name.to_owned()))
        .collect();
    match names.is_empty() {
        true => vec![None],
        false => names,
    }
}

/// The files that differ, each with the first line that does.
fn differing(case: &Case, environment: Option<&str>) -> Vec<String> {
    let (request, files, process) = case.asked();
    // Relative paths of an apps.yaml start from a folder that has to be there.
    let folder = case.input().canonicalize().expect("the input is there");
    let request = Request {
        project_name: Some(request.project_name.unwrap_or_else(|| case.name.clone())),
        working_directory: folder,
        environments: environment.iter().map(|name| (*name).to_owned()).collect(),
        // What is written has no environments, so forms of all of them would be others.
        formats: match environment {
            Some(_) => vec![Format::Manifests],
            None => request.formats.clone(),
        },
        ..request
    };

    let direct = generate(&request, &files, &process, &|_, _| {});
    let conversion = convert(&request, Form::Resolved, &files, &process);
    let Some(written) = conversion.written else {
        let said = conversion.diagnostics.into_sorted();
        return vec![format!("  not written: {said:?}")];
    };
    if let Some(folder) = std::env::var_os("KUBEWRIGHT_WRITTEN") {
        let name = format!("{}-{}.yaml", case.name, environment.unwrap_or_default());
        let path = PathBuf::from(folder).join(name);
        std::fs::write(path, &written.text).expect("the folder is there");
    }
    let again = again(&request, &written);
    let second = convert(&again, Form::Resolved, &files, &process);
    let second = second
        .written
        .map(|written| without_comments(&written.text));
    let unstable = second.and_then(|second| {
        let first = without_comments(&written.text);
        difference("apps.yaml of apps.yaml", Some(&first), Some(&second))
    });
    let again = generate(&again, &files, &process, &|_, _| {});
    if again.tree.is_none() {
        let said = again.diagnostics.into_sorted();
        let said = said.iter().map(|one| {
            let place = again.sources.text(one.span).unwrap_or_default();
            format!("  {}: {} ({}) {place}", one.code, one.message, one.path)
        });
        return said.take(5).collect();
    }
    let (direct, again) = (contents(direct, environment), contents(again, None));
    let mut paths: Vec<&String> = direct.keys().chain(again.keys()).collect();
    paths.sort();
    paths.dedup();
    let differing = paths
        .into_iter()
        .filter_map(|path| difference(path, direct.get(path), again.get(path)));
    differing.chain(unstable).chain(shown(&written)).collect()
}

/// What is written of some cases stands beside them: `converted.yaml` of the document,
/// `converted-E.yaml` of the environment E.
#[test]
fn what_is_written_reads_well() {
    let renews = std::env::var_os("KUBEWRIGHT_RENEW").is_some();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for case in case::all() {
        let files = std::fs::read_dir(&case.folder).expect("the case is there");
        let names = files.map(|file| file.expect("it can be read").file_name());
        for name in names {
            let name = name.to_string_lossy().into_owned();
            let Some(environment) = environment_of(&name) else {
                continue;
            };
            let path = case.folder.join(&name);
            let written = converted(&case, environment);
            let there = std::fs::read_to_string(&path).unwrap_or_default();
            if renews {
                std::fs::write(&path, &written).expect("it can be written");
            } else if there != written {
                let differs = difference(&name, Some(&there), Some(&written));
                wrong.push(format!("{}: {}", case.name, differs.unwrap_or_default()));
            }
            compared += 1;
        }
    }
    assert!(compared > 8, "only {compared} files");
    assert!(
        wrong.is_empty(),
        "KUBEWRIGHT_RENEW=1 renews:\n{}",
        wrong.join("\n")
    );
}

/// The environment in the name of a file; an empty one is none.
fn environment_of(name: &str) -> Option<&str> {
    let name = name.strip_prefix("converted")?.strip_suffix(".yaml")?;
    Some(name.strip_prefix('-').unwrap_or(name))
}

fn converted(case: &Case, environment: &str) -> String {
    let (request, files, process) = case.asked();
    let request = Request {
        environments: match environment {
            "" => Vec::new(),
            name => vec![name.to_owned()],
        },
        ..request
    };
    let conversion = convert(&request, Form::Document, &files, &process);
    let written = conversion.written.expect("it can be converted");
    written.text
}

/// Secret values that the file shows; what is short may be a word of it by chance.
fn shown(written: &Written) -> Vec<String> {
    let values = written.needed.iter().filter_map(|needed| {
        let known = needed.known.as_ref()?.reveal().trim();
        let shows = known.len() >= LONG && written.text.contains(known);
        shows.then(|| format!("  the value of {} is shown", needed.variable))
    });
    values.collect()
}

/// What a file says, without its comments.
fn without_comments(text: &str) -> String {
    let lines = text.lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The same request for what was written: the file alone says how the outside gets
/// in, which policies there are, and whose namespace it is.
fn again(request: &Request, written: &Written) -> Request {
    let values = written.needed.iter().filter_map(|needed| {
        let known = needed.known.as_ref()?.reveal().to_owned();
        Some((needed.variable.clone(), known))
    });
    Request {
        inputs: vec![Input::Text {
            name: "apps.yaml".into(),
            text: written.text.clone(),
        }],
        project_directory: Some("".into()),
        project_name: None,
        profiles: Vec::new(),
        env_files: Vec::new(),
        set_env: values.collect(),
        namespace: None,
        network_policies: NetworkPolicyMode::None,
        security_profile: None,
        kubernetes_version: None,
        outside: Outside::default(),
        ..request.clone()
    }
}

/// All that comes of an input: files without their first line, which says where
/// they came from, where they go, and what is to be made in a vault. Each of several environments has a folder of its own,
/// which does not count.
fn contents(outcome: Outcome, environment: Option<&str>) -> BTreeMap<String, String> {
    let has_folders = outcome.has_environments;
    let files = outcome.tree.map(Tree::into_files).unwrap_or_default();
    let files = files.into_iter().map(|file| (String::new(), file));
    // A chart is made of the same objects, and its files name the input all over.
    let top = outcome.top.into_files().into_iter();
    let top = top.filter(|file| !file.path.as_str().starts_with("charts/"));
    let top = top.map(|file| ("at the top: ".to_owned(), file));
    let files = files.chain(top).map(|(folder, file)| {
        let text = match file.text.split_once('\n') {
            Some((first, rest)) if first.starts_with('#') => rest.to_owned(),
            _ => file.text,
        };
        let own = environment.filter(|_| has_folders && !folder.is_empty());
        let text = match own {
            Some(own) => text.replace(&format!("k8s/{own}/"), "k8s/"),
            None => text,
        };
        let path = file.path.as_str();
        let within = path
            .split_once('/')
            .filter(|_| has_folders && folder.is_empty());
        (folder + within.map_or(path, |(_, path)| path), text)
    });
    let planned = outcome.vault.iter().map(|one| {
        let (service, variable) = (&one.service.value, &one.variable.value);
        format!("{service} {variable} {} {}", one.secret, one.key)
    });
    let planned: Vec<String> = planned.collect();
    let others = [
        ("the folder", format!("{:?}", outcome.output_directory)),
        ("the vault", planned.join("\n")),
    ];
    let others = others.map(|(name, said)| (name.to_owned(), said));
    files.chain(others).collect()
}

fn difference(path: &str, direct: Option<&String>, again: Option<&String>) -> Option<String> {
    let (Some(direct), Some(again)) = (direct, again) else {
        let which = if direct.is_some() { "missing" } else { "new" };
        return Some(format!("  {path}: {which}"));
    };
    let mut lines = direct.lines().zip(again.lines());
    let (old, new) = lines
        .find(|(old, new)| old != new)
        .or_else(|| (direct.len() != again.len()).then_some(("", "longer or shorter")))?;
    Some(format!("  {path}:\n    {old}\n    {new}"))
}
