//! What `generate` does when something is wrong: a clear error with its place,
//! exit code 2 or 3, nothing written, nothing lost.

use std::os::unix::fs::symlink;

use crate::command::{Run, SHOP, Workplace};

fn refused(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{}", run.stderr);
    for word in words {
        assert!(
            run.stderr.contains(word),
            "`{word}` is missing in\n{}",
            run.stderr
        );
    }
    assert!(
        run.stderr.contains("help: "),
        "no way out in\n{}",
        run.stderr
    );
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

#[test]
fn no_input() {
    let empty = Workplace::new(SHOP);
    std::fs::remove_file(empty.path("compose.yaml")).expect("it is there");
    refused(&empty.run(&["generate"]), 2, &["compose.yaml"]);
    refused(
        &empty.run(&["generate", "missing.yaml"]),
        2,
        &["missing.yaml"],
    );
}

#[test]
fn bad_texts() {
    let rows: [(&str, &[&str]); 6] = [
        ("services:\n\tweb: {}\n", &["compose.yaml:2", "tab"]),
        (
            "services:\n  web:\n    image: nginx:1\n    prots: [80]\n",
            &["unknown-key", "compose.yaml:4:5", "ports"],
        ),
        ("services: [\n", &["compose.yaml:"]),
        (
            "services:\n  web:\n    image: nginx:1\n    deploy: {replicas: two}\n",
            &["compose.yaml:4", "two"],
        ),
        (
            "services:\n  ../../x:\n    image: nginx:1\n",
            &["compose.yaml:2:3"],
        ),
        (
            "services:\n  web:\n    image: nginx:1\n    env_file: no.env\n",
            &["no.env", "compose.yaml:4"],
        ),
    ];
    for (text, words) in rows {
        let project = Workplace::new(text);
        let run = project.run(&["generate"]);
        refused(&run, 2, words);
        assert_eq!(project.files(), ["compose.yaml"], "{text}");
    }
}

#[test]
fn invalid_utf_8() {
    let project = Workplace::new("");
    project.put("compose.yaml", b"services:\n  web:\n    image: \"\xff\"\n");
    refused(&project.run(&["generate"]), 2, &["compose.yaml"]);
}

#[test]
fn a_hundred_megabytes() {
    let project = Workplace::new("");
    project.put("compose.yaml", vec![b'a'; 100 << 20]);
    refused(&project.run(&["generate"]), 2, &["compose.yaml"]);
}

#[test]
fn deep_nesting_and_many_aliases() {
    let deep = Workplace::new(&format!(
        "x-a: {}{}\nservices: {{}}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    ));
    refused(&deep.run(&["generate"]), 2, &["compose.yaml:1"]);
    let mut bomb = "x-0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        bomb.push_str(&format!(
            "x-{level}: &a{level} [{}]\n",
            vec![below; 9].join(", ")
        ));
    }
    let bomb = Workplace::new(&(bomb + "services: {}\n"));
    refused(&bomb.run(&["generate"]), 2, &["yaml-alias-bomb"]);
}

#[test]
fn the_output_folder_is_a_file() {
    let shop = Workplace::new(SHOP);
    shop.put("k8s", "mine");
    refused(&shop.run(&["generate"]), 2, &["k8s"]);
    assert_eq!(shop.read("k8s"), "mine");
}

#[test]
fn the_output_folder_leads_out_of_the_project() {
    let shop = Workplace::new(SHOP);
    let elsewhere = Workplace::new("mine");
    symlink(elsewhere.path(""), shop.path("k8s")).expect("a link");
    refused(&shop.run(&["generate"]), 2, &["k8s"]);
    assert_eq!(elsewhere.files(), ["compose.yaml"]);
}

#[test]
fn the_disk_cannot_be_written() {
    let shop = Workplace::new(SHOP);
    refused(
        &shop.run(&["generate", "-o", "/proc/kubewright"]),
        3,
        &["/proc"],
    );
}

#[test]
fn two_wishes_for_standard_output() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate", "--json", "-o", "-"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stdout.contains("both want standard output"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_lock_that_is_damaged_or_too_new() {
    for (lock, word) in [
        ("{", "lock-damaged"),
        ("{\"version\": 999, \"files\": {}}", "lock-newer"),
    ] {
        let shop = Workplace::new(SHOP);
        shop.run(&["generate"]);
        shop.put("k8s/.kubewright/lock.json", lock);
        let before = shop.files();
        refused(&shop.run(&["generate"]), 2, &[word]);
        assert_eq!(shop.files(), before);
    }
}

#[test]
fn a_mounted_file_that_is_too_large() {
    let project = Workplace::new(
        "services:\n  web:\n    image: nginx:1\n    volumes: [\"./big.bin:/etc/big.bin:ro\"]\n",
    );
    project.put("big.bin", vec![b'a'; (1 << 20) + 1]);
    let run = project.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("warning[bind-large]"), "{}", run.stderr);
}

#[test]
fn a_mounted_link_that_leads_out_of_the_project_is_not_read() {
    let text = "services:\n  web:\n    image: nginx:1\n    volumes: [\"./pw:/etc/pw.txt:ro\"]\n";
    let project = Workplace::new(text);
    let elsewhere = Workplace::new("elsewhere-only");
    symlink(elsewhere.path("compose.yaml"), project.path("pw")).expect("a link");
    let run = project.run(&["generate", "-o", "-"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("warning[bind-outside]"),
        "{}",
        run.stderr
    );
    assert!(!run.stdout.contains("elsewhere-only"), "{}", run.stdout);
}

#[test]
fn a_working_folder_that_was_removed() {
    let shop = Workplace::new(SHOP);
    std::fs::create_dir(shop.path("gone")).expect("a folder");
    let line = "cd gone && rmdir ../gone && exec \"$0\" generate";
    let output = std::process::Command::new("/bin/sh")
        .args(["-c", line, env!("CARGO_BIN_EXE_kubewright")])
        .current_dir(shop.path(""))
        .output()
        .expect("a shell");
    let run = Run {
        code: output.status.code().expect("the command exits"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    };
    refused(&run, 2, &["error[working-folder]"]);
}

#[test]
fn many_equal_faults_are_counted() {
    let keys: String = (0..60).map(|at| format!("    prots{at}: 1\n")).collect();
    let project = Workplace::new(&format!("services:\n  web:\n    image: nginx:1\n{keys}"));
    let run = project.run(&["generate"]);
    let counted = "error[unknown-key]: 10 more like this; `--verbose` shows all";
    refused(&run, 2, &[counted, "60 errors"]);
    assert!(!run.stderr.contains("prots59"), "{}", run.stderr);
    let all = project.run(&["generate", "--verbose"]);
    assert!(all.stderr.contains("prots59"), "{}", all.stderr);
    let json = project.run(&["generate", "--json"]);
    assert!(json.stdout.contains("prots59"), "{}", json.stdout);
}

#[test]
fn secret_variables_are_not_shown() {
    let text = "services:\n  web:\n    image: nginx:1\n    user: ${DB_PASSWORD}\n    \
                ports: [\"${DB_PASSWORD}\"]\n    annotations: {a: \"${DB_PASSWORD}\"}\n";
    let project = Workplace::new(text);
    project.put(".env", "DB_PASSWORD=Hunter2:80\n");
    for arguments in [&["generate"][..], &["generate", "--json"]] {
        let run = project.run(arguments);
        let said = format!("{}{}", run.stdout, run.stderr).to_lowercase();
        assert_eq!(run.code, 2, "{said}");
        assert!(!said.contains("hunter"), "{said}");
    }
}
