//! A run over its own result: what it sees without compiling, and what makes it
//! look closer.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{Run, SHOP, Workplace};

const CACHE: &str = "k8s/.kubewright/cache/run";

/// A project that was generated twice, and whose memory says `NOTE` for `note`: a
/// run that says so did not compile.
fn remembered() -> Workplace {
    let shop = Workplace::new(SHOP);
    shop.put("site.toml", "a = 1\n");
    let mounted = SHOP.replace(
        "    depends_on: [db]\n",
        "    depends_on: [db]\n    volumes: [\"./site.toml:/etc/site.toml:ro\"]\n    environment: {LEVEL: \"${LEVEL:-info}\"}\n",
    );
    shop.put("compose.yaml", mounted);
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let bytes = fs::read(shop.path(CACHE)).expect("a memory");
    let marked = replace(&bytes, b"note[moved-to-secret]", b"NOTE[moved-to-secret]");
    fs::write(shop.path(CACHE), marked).expect("it can be written");
    shop
}

fn replace(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|part| part == old);
    let at = at.expect("the memory holds what was said");
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

fn is_repeated(run: &Run) -> bool {
    run.stderr.contains("NOTE[moved-to-secret]")
}

#[test]
fn what_has_not_changed_is_not_compiled() {
    let shop = remembered();
    let ignored = shop.read("k8s/.kubewright/cache/.gitignore");
    assert_eq!(ignored, "*\n");
    let compiled = Workplace::new(SHOP);
    compiled.put("site.toml", "a = 1\n");
    compiled.put("compose.yaml", shop.read("compose.yaml"));
    compiled.run(&["generate"]);
    fs::remove_file(compiled.path(CACHE)).expect("it is there");
    let expected = compiled.run(&["generate"]);
    for _ in 0..2 {
        let run = shop.run(&["generate"]);
        assert!(is_repeated(&run), "{}", run.stderr);
        assert_eq!(
            (run.code, run.stderr.replace("NOTE[", "note[")),
            (0, expected.stderr.clone())
        );
    }
    let run = shop.run(&["generate", "--check"]);
    assert!(is_repeated(&run) && run.code == 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("(nothing was written)"),
        "{}",
        run.stderr
    );
    let run = shop.run(&["diff"]);
    assert!(
        is_repeated(&run) && run.code == 0 && run.stdout.is_empty(),
        "{run:?}"
    );
}

#[test]
fn whatever_changed_is_noticed() {
    type Change = fn(&Workplace);
    let compose: Change = |shop| {
        let text = shop.read("compose.yaml");
        shop.put("compose.yaml", text.replace("1.4.2", "1.4.3"));
    };
    let rows: [(&str, Change, &[&str]); 11] = [
        ("the input", compose, &[]),
        (
            "a file that is mounted",
            |shop| shop.put("site.toml", "a = 2\n"),
            &[],
        ),
        (
            "a new file of variables",
            |shop| shop.put(".env", "LEVEL=debug\n"),
            &[],
        ),
        (
            "a new override",
            |shop| shop.put("compose.override.yaml", "services: {}\n"),
            &[],
        ),
        ("a variable", |_| {}, &["--set-env", "LEVEL=debug"]),
        ("an option", |_| {}, &["--no-config-hash"]),
        ("another policy", |_| {}, &["--policy", "overwrite"]),
        (
            "a file of the output",
            |shop| {
                let path = "k8s/web-deployment.yaml";
                let text = shop.read(path);
                // Of the same length, and with the old time.
                shop.put("old", "");
                touch(&shop.path(path), &shop.path("old"));
                shop.put(path, text.replace("1.4.2", "1.4.9"));
                touch(&shop.path("old"), &shop.path(path));
            },
            &[],
        ),
        (
            "a file that is gone",
            |shop| fs::remove_file(shop.path("k8s/web-service.yaml")).expect("it is there"),
            &[],
        ),
        (
            "the lock",
            |shop| fs::remove_file(shop.path("k8s/.kubewright/lock.json")).expect("it is there"),
            &[],
        ),
        (
            "a run that was cut short",
            |shop| shop.put("k8s/.kubewright/unfinished.json", "{}"),
            &[],
        ),
    ];
    for (name, change, arguments) in rows {
        let shop = remembered();
        change(&shop);
        let run = shop.run(&[&["generate"], arguments].concat());
        assert!(!is_repeated(&run), "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains("note[moved-to-secret]"),
            "{name}: {}",
            run.stderr
        );
    }
    let shop = remembered();
    shop.put(CACHE, "damaged");
    let run = shop.run(&["generate"]);
    assert!(
        run.code == 0 && run.stderr.contains("note[moved"),
        "{}",
        run.stderr
    );
}

#[test]
fn variables_that_nobody_asks_for_change_nothing() {
    let rows = [
        (
            "another caller",
            &[("_", "/bin/x"), ("SHLVL", "7")][..],
            true,
        ),
        ("one that stands in the input", &[("LEVEL", "debug")], false),
        ("the same, and empty", &[("LEVEL", "")], false),
        (
            "which services there are",
            &[("COMPOSE_PROFILES", "x")],
            false,
        ),
        (
            "what the project is called",
            &[("COMPOSE_PROJECT_NAME", "x")],
            false,
        ),
    ];
    for (name, variables, expected) in rows {
        let shop = remembered();
        let run = shop.run_in(&["generate"], variables, "");
        assert_eq!(is_repeated(&run), expected, "{name}: {}", run.stderr);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    }
}

#[test]
fn a_variable_before_that_of_a_file_is_noticed() {
    let shop = remembered();
    shop.put(".env", "LEVEL=debug\nUNUSED=1\n");
    shop.run(&["generate"]);
    let bytes = fs::read(shop.path(CACHE)).expect("a memory");
    let marked = replace(&bytes, b"note[moved-to-secret]", b"NOTE[moved-to-secret]");
    fs::write(shop.path(CACHE), marked).expect("it can be written");
    assert!(is_repeated(&shop.run(&["generate"])));
    let run = shop.run_in(&["generate"], &[("LEVEL", "warn")], "");
    assert!(!is_repeated(&run), "{}", run.stderr);
    assert!(shop.read("k8s/web-config.yaml").contains("LEVEL: warn"));
}

#[test]
fn values_of_variables_are_not_in_the_memory() {
    let shop = Workplace::new(&SHOP.replace(
        "    depends_on: [db]\n",
        "    depends_on: [db]\n    environment: {API_TOKEN: \"${API_TOKEN:-none}\"}\n",
    ));
    let run = shop.run_in(&["generate"], &[("API_TOKEN", "qx7-hidden")], "");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let memory = fs::read(shop.path(CACHE)).expect("a memory");
    let memory = String::from_utf8_lossy(&memory);
    assert!(memory.contains("API_TOKEN") && !memory.contains("qx7-hidden"));
}

/// Gives a file the times of another.
fn touch(from: &Path, to: &Path) {
    let done = Command::new("touch").arg("-r").args([from, to]).status();
    assert!(done.expect("touch runs").success());
}

#[test]
fn files_edited_by_hand_are_named_again() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    let path = "k8s/web-deployment.yaml";
    shop.put(path, shop.read(path) + "# mine\n");
    // Once more, so that the edit is old enough to be told by its time.
    std::thread::sleep(std::time::Duration::from_millis(60));
    let first = shop.run(&["generate"]);
    let second = shop.run(&["generate"]);
    assert_eq!(first.stderr, second.stderr);
    assert!(
        second
            .stderr
            .contains("     kept  k8s/web-deployment.yaml\n"),
        "{}",
        second.stderr
    );
}
