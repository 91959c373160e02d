//! `integrations` and `devops_cards`: what the original's pages offer to set up.
//!
//! No program is run: whether a daemon or a cluster answers is not known here, and is
//! `false`. What is there is judged by files and installed programs alone.

use serde_json::{Value, json};

use crate::detection::Detection;
use crate::tools::Tools;

/// Whether something can be used.
struct State {
    /// The project has files for it.
    has_files: bool,
    /// Its program is installed.
    has_tool: bool,
}

impl State {
    /// In the original's words.
    fn status(&self) -> &'static str {
        match (self.has_files, self.has_tool) {
            (true, true) => "ready",
            (false, true) => "installed",
            (true | false, false) => "not_installed",
        }
    }

    /// Whether a page shows it by itself, when it is asked for, or not.
    fn suggest(&self) -> &'static str {
        match (self.has_files, self.has_tool) {
            (true, true) => "auto",
            (false, true) | (true, false) => "manual",
            (false, false) => "hidden",
        }
    }

    fn row(&self, label: &str, needed: &[&str], tools: &Tools, actions: &[(&str, bool)]) -> Value {
        let missing: Vec<&&str> = needed.iter().filter(|name| !tools.has(name)).collect();
        let actions = actions.iter().filter(|(_, is_done)| !is_done);
        json!({
            "detected": self.has_files,
            "status": self.status(),
            "suggest": self.suggest(),
            "label": label,
            "tools_needed": missing,
            "setup_actions": actions.map(|(name, _)| name).collect::<Vec<_>>(),
        })
    }
}

/// What ties the project to others: by the original's names.
pub(super) fn integrations(found: &Detection, tools: &Tools) -> Value {
    let has_git = found.git.is_some();
    let repository = found.git.as_ref().and_then(|git| git.repository.as_ref());
    let is_github = repository.is_some_and(|repository| repository.host == "github.com");
    let has_ci = has_ci(found);
    let has_dockerfile = !found.dockerfiles.is_empty();
    let has_compose = found.main_compose().is_some();
    let state = |has_files, tool| State {
        has_files,
        has_tool: tools.has(tool),
    };
    let mut docker = state(has_dockerfile || has_compose, "docker").row(
        "Docker",
        &["docker", "docker-compose"],
        tools,
        &[
            ("generate_dockerfile", has_dockerfile),
            ("generate_compose", has_compose),
        ],
    );
    docker["daemon_ok"] = json!(false);
    docker["has_dockerfile"] = json!(has_dockerfile);
    docker["has_compose"] = json!(has_compose);
    // Pipelines run elsewhere: no program is needed to have one.
    let ci = State {
        has_files: has_ci,
        has_tool: true,
    };
    json!({
        "int:git": state(has_git, "git").row("Git", &["git"], tools, &[("init_repo", has_git)]),
        "int:github": state(is_github, "gh").row("GitHub", &["gh"], tools, &[("install_gh", tools.has("gh"))]),
        "int:ci": ci.row("CI/CD", &[], tools, &[("generate_workflow", has_ci)]),
        "int:docker": docker,
        "int:k8s": kubernetes(found, tools),
        "int:terraform": terraform(found, tools),
    })
}

/// The cards of the page about operations.
pub(super) fn devops(found: &Detection, tools: &Tools) -> Value {
    let has_env = !found.variable_files.is_empty();
    let has_packages = !found.modules.is_empty();
    let card = |label: &str, detected: bool| json!({"detected": detected, "suggest": "auto", "label": label});
    let mut kubernetes = kubernetes(found, tools);
    kubernetes["cluster_ok"] = json!(false);
    json!({
        "packages": card("Packages", has_packages),
        "env": card("Environment", has_env),
        "k8s": kubernetes,
        "terraform": terraform(found, tools),
    })
}

fn kubernetes(found: &Detection, tools: &Tools) -> Value {
    let kubernetes = &found.kubernetes;
    let has_files = !kubernetes.manifests.is_empty()
        || !kubernetes.charts.is_empty()
        || !kubernetes.kustomizations.is_empty();
    let state = State {
        has_files,
        has_tool: tools.has("kubectl"),
    };
    let needed: &[&str] = match kubernetes.charts.is_empty() {
        true => &["kubectl"],
        false => &["helm", "kubectl"],
    };
    let actions = [
        ("generate_k8s_manifests", has_files),
        ("connect_cluster", false),
    ];
    state.row("Kubernetes", needed, tools, &actions)
}

fn terraform(found: &Detection, tools: &Tools) -> Value {
    let has_files = found.marks.terraform_files > 0;
    let state = State {
        has_files,
        has_tool: tools.has("terraform"),
    };
    let actions = [("generate_terraform", has_files)];
    state.row("Terraform", &["terraform"], tools, &actions)
}

fn has_ci(found: &Detection) -> bool {
    !found.marks.github_workflows.is_empty() || found.marks.gitlab_ci
}
