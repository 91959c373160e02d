//! Runs that are killed, interrupted, or in each other's way.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::Workplace;

const SERVICES: usize = 60;
/// How many runs are killed, unless the variable `KUBEWRIGHT_KILLS` says.
const KILLS: usize = 60;

fn kills() -> usize {
    let asked = std::env::var("KUBEWRIGHT_KILLS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(KILLS)
}

/// Two versions of a project; all files but those of claims differ.
fn project() -> Workplace {
    let text = |tag: &str| {
        let service = |n: usize| {
            format!(
                "  s{n}:\n    image: acme/app:{tag}\n    ports: [\"80\"]\n    environment: {{A: {tag}, TOKEN: \"t{tag}\"}}\n"
            )
        };
        let services: String = (0..SERVICES).map(service).collect();
        format!("name: many\nservices:\n{services}")
    };
    // One name for both, so that the headers of manifests do not tell them apart.
    let project = Workplace::new("");
    project.put("in-1/compose.yaml", text("1"));
    project.put("in-2/compose.yaml", text("2"));
    project
}

/// Begins a run of one version into `out`.
fn begin(project: &Workplace, version: &str, out: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_kubewright"))
        .args(["generate", "-q", "-o"])
        .arg(project.path(out))
        .arg("compose.yaml")
        .current_dir(project.path(&format!("in-{version}")))
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts")
}

fn finish(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().expect("the command ends");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// The files of an output folder, without our own beside them.
fn output(project: &Workplace, out: &str) -> BTreeMap<String, String> {
    let prefix = format!("{out}/");
    let files = project.files();
    let found = files.iter().filter_map(|file| file.strip_prefix(&prefix));
    found
        .filter(|file| !file.starts_with(".kubewright"))
        .map(|file| (file.to_owned(), project.read(&format!("{prefix}{file}"))))
        .collect()
}

fn leftovers(project: &Workplace) -> Vec<String> {
    let files = project.files().into_iter();
    files
        .filter(|file| file.contains(".tmp") || file.contains("unfinished"))
        .collect()
}

#[test]
fn after_a_kill_each_file_is_the_old_or_the_new_one_and_the_next_run_repairs() {
    let project = project();
    let versions = ["1", "2"];
    let mut wanted = Vec::new();
    let mut longest = Duration::ZERO;
    for version in versions {
        let begun = Instant::now();
        assert_eq!(
            finish(begin(&project, version, "out")),
            (Some(0), String::new())
        );
        longest = longest.max(begun.elapsed());
        wanted.push(output(&project, "out"));
    }
    assert_eq!(wanted[0].len(), wanted[1].len());
    let count = kills();
    let mut killed = 0;
    for number in 0..count {
        let version = number % 2;
        // Every fourth builds the folder from nothing.
        let is_fresh = number % 4 == 3;
        if is_fresh {
            fs::remove_dir_all(project.path("out")).expect("it is there");
        }
        let mut child = begin(&project, versions[version], "out");
        let delay = longest.mul_f64((number as f64 + 0.5) / count as f64);
        std::thread::sleep(delay);
        child.kill().expect("a child can be killed");
        killed += usize::from(child.wait().expect("it ends").code().is_none());

        let found = output(&project, "out");
        let is_whole = is_fresh && found.is_empty();
        for (path, text) in &found {
            let either = wanted.iter().any(|files| files.get(path) == Some(text));
            assert!(
                either,
                "run {number}: {path} is neither the old nor the new one:\n{text}"
            );
        }
        assert!(
            is_whole || found.len() == wanted[0].len(),
            "run {number}: files are missing"
        );

        let (code, said) = finish(begin(&project, versions[version], "out"));
        assert_eq!((code, said.as_str()), (Some(0), ""), "run {number}");
        assert_eq!(output(&project, "out"), wanted[version], "run {number}");
        assert_eq!(leftovers(&project), Vec::<String>::new(), "run {number}");
    }
    assert!(
        killed > count / 10,
        "only {killed} of {count} runs were still at work"
    );
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let project = project();
    let versions = ["1", "2"];
    let mut wanted = Vec::new();
    let mut longest = Duration::ZERO;
    for version in versions {
        let begun = Instant::now();
        assert_eq!(finish(begin(&project, version, "out")).0, Some(0));
        longest = longest.max(begun.elapsed());
        wanted.push(output(&project, "out"));
    }
    for number in 0..20_u32 {
        let is_fresh = number % 4 == 3;
        if is_fresh {
            fs::remove_dir_all(project.path("out")).expect("it is there");
        }
        let child = begin(&project, versions[number as usize % 2], "out");
        std::thread::sleep(longest.mul_f64(f64::from(number) / 20.0));
        let done = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        done.expect("kill runs");
        let (code, said) = finish(child);
        // None: before anything was written the signal ends the process as such.
        assert!(matches!(code, None | Some(0 | 130)), "{code:?} {said}");
        assert_eq!(
            leftovers(&project),
            Vec::<String>::new(),
            "run {number}: {said}"
        );
        let found = output(&project, "out");
        let is_whole = wanted.contains(&found) || (is_fresh && found.is_empty());
        assert!(is_whole, "run {number}: some files are old and some new");
        if is_fresh {
            assert_eq!(finish(begin(&project, versions[1], "out")).0, Some(0));
        }
    }
}

#[test]
fn two_runs_at_once_leave_one_whole_result() {
    let project = project();
    let mut wanted = Vec::new();
    for version in ["1", "2"] {
        assert_eq!(
            finish(begin(&project, version, version_folder(version))).0,
            Some(0)
        );
        wanted.push(output(&project, version_folder(version)));
    }
    for round in 0..6 {
        if round % 2 == 0 {
            let _ = fs::remove_dir_all(project.path("out"));
        }
        let runs: Vec<Child> = ["1", "2", "1", "2"]
            .map(|version| begin(&project, version, "out"))
            .into();
        for run in runs {
            assert_eq!(finish(run), (Some(0), String::new()), "round {round}");
        }
        assert!(
            wanted.contains(&output(&project, "out")),
            "round {round}: torn"
        );
        assert_eq!(leftovers(&project), Vec::<String>::new(), "round {round}");
    }
}

fn version_folder(version: &str) -> &'static str {
    match version {
        "1" => "alone-1",
        _ => "alone-2",
    }
}
