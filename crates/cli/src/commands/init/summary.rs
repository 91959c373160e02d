//! What was found, for people.

use std::fmt::Write;

use kubewright_detect::compose::{ComposeProject, Service};
use kubewright_detect::dockerfile::Dockerfile;
use kubewright_detect::module::{Module, ModuleRole};
use kubewright_detect::{Detection, Mode};

/// Rows of one list that are shown unless all are asked for.
const SHOWN: usize = 25;

/// Files of variables that are shown, likewise.
const SHOWN_FILES: usize = 6;

/// How people name the folder in a command.
pub(super) struct Names {
    /// What stands behind a command to name it.
    pub(super) argument: String,
    /// The wizard's state that is kept in it, where there is one.
    pub(super) state: Option<String>,
}

/// A page about a folder.
pub(super) fn text(found: &Detection, names: &Names, all: bool, color: bool) -> String {
    let mut page = Page {
        text: String::new(),
        shown: if all { usize::MAX } else { SHOWN },
        color,
    };
    page.title(&found.name);
    page.compose(&found.compose);
    page.modules(&found.modules);
    page.dockerfiles(&found.dockerfiles);
    page.list(
        "functions",
        found.functions.iter().map(|file| vec![file.path.clone()]),
    );
    page.kubernetes(found);
    page.around(found);
    page.end(found, names);
    page.text
}

struct Page {
    text: String,
    shown: usize,
    color: bool,
}

impl Page {
    fn title(&mut self, title: &str) {
        let title = plain(title);
        let line = match self.color {
            true => format!("\u{1b}[1m{title}\u{1b}[0m"),
            false => title,
        };
        let _ = writeln!(self.text, "{line}");
    }

    /// Rows under a title, their columns one below the other; nothing where there are none.
    fn list(&mut self, title: &str, rows: impl IntoIterator<Item = Vec<String>>) {
        let rows: Vec<Vec<String>> = rows.into_iter().collect();
        if rows.is_empty() {
            return;
        }
        self.text.push('\n');
        self.title(title);
        let shown = &rows[..rows.len().min(self.shown)];
        let columns = shown.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = shown.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| plain(cell).chars().count())
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in shown {
            let mut line = String::from(" ");
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(line, " {:width$} ", plain(cell));
            }
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
        let more = rows.len() - shown.len();
        if more > 0 {
            let _ = writeln!(self.text, "  {more} more; `--verbose` shows all");
        }
    }

    fn compose(&mut self, projects: &[ComposeProject]) {
        // Many projects are a collection: each a line.
        if projects.len() > 3 && self.shown == SHOWN {
            let row = |project: &ComposeProject| {
                let count = counted(project.services.len(), "service");
                vec![project.files.join(", "), count, problems(project)]
            };
            self.list("compose projects", projects.iter().map(row));
            return;
        }
        for project in projects {
            let title = format!("compose: {}", project.files.join(", "));
            match project.services.is_empty() {
                true => self.list(&title, [vec!["no services".to_owned(), problems(project)]]),
                false => self.list(&title, project.services.iter().map(service)),
            }
            for problem in &project.problems {
                let place = problem
                    .line
                    .map(|line| format!(":{line}"))
                    .unwrap_or_default();
                let file = problem.file.clone().unwrap_or_default();
                let message = plain(&problem.message);
                let _ = writeln!(self.text, "  {}{place}: {message}", plain(&file));
            }
            let variants = project.variants.iter();
            let variants: Vec<&str> = variants.map(|variant| variant.file.as_str()).collect();
            if !variants.is_empty() {
                let _ = writeln!(self.text, "  beside it: {}", plain(&variants.join(", ")));
            }
        }
    }

    fn modules(&mut self, modules: &[Module]) {
        let row = |module: &Module| {
            let role = match module.role {
                ModuleRole::Service => "runs",
                ModuleRole::Library => "library",
                ModuleRole::Docs => "documents",
            };
            let tools = [module.version.as_deref(), module.package_manager];
            let tools: Vec<&str> = tools.into_iter().flatten().collect();
            vec![
                at(&module.path),
                module.name.clone(),
                module.stack(),
                role.to_owned(),
                tools.join(", "),
            ]
        };
        self.list("modules", modules.iter().map(row));
    }

    fn dockerfiles(&mut self, files: &[Dockerfile]) {
        let row = |file: &Dockerfile| {
            let ports: Vec<String> = file
                .ports
                .iter()
                .map(|port| format!(":{}", port.port))
                .collect();
            let user = file.user.as_ref().map(|user| format!("user {user}"));
            let said = [Some(ports.join(" ")), user, file.warnings.first().cloned()];
            let said: Vec<String> = said
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect();
            vec![
                file.path.clone(),
                format!("from {}", file.base_image.as_deref().unwrap_or("nothing")),
                counted(file.stages.len(), "stage"),
                said.join("  "),
            ]
        };
        self.list("Dockerfiles", files.iter().map(row));
    }

    fn kubernetes(&mut self, found: &Detection) {
        let kubernetes = &found.kubernetes;
        let objects: usize = kubernetes
            .manifests
            .iter()
            .map(|file| file.objects.len())
            .sum();
        let mut rows = Vec::new();
        if objects > 0 {
            let files = counted(kubernetes.manifests.len(), "file");
            rows.push(vec![
                "manifests".to_owned(),
                format!("{} in {files}", counted(objects, "object")),
            ]);
        }
        for chart in &kubernetes.charts {
            let name = format!("{} {} ({})", chart.name, chart.version, at(&chart.path));
            rows.push(vec!["chart".to_owned(), name]);
        }
        for one in &kubernetes.kustomizations {
            let overlay = one.overlay.as_ref().map(|name| format!("  overlay {name}"));
            rows.push(vec![
                "kustomization".to_owned(),
                format!("{}{}", one.path, overlay.unwrap_or_default()),
            ]);
        }
        for skaffold in &kubernetes.skaffold {
            let profiles = match skaffold.profiles.is_empty() {
                true => String::new(),
                false => format!("  profiles {}", skaffold.profiles.join(", ")),
            };
            rows.push(vec![
                "skaffold".to_owned(),
                format!("{}{profiles}", skaffold.path),
            ]);
        }
        self.list("Kubernetes", rows);
    }

    fn around(&mut self, found: &Detection) {
        let mut rows = Vec::new();
        let mut add = |name: &str, text: String| {
            if !text.is_empty() {
                rows.push(vec![name.to_owned(), text]);
            }
        };
        let environments = found.environments.iter().map(|environment| {
            let mark = if environment.default {
                " (default)"
            } else {
                ""
            };
            format!("{}{mark}", environment.name)
        });
        add("environments", environments.collect::<Vec<_>>().join(", "));
        let files = found.variable_files.iter();
        let files =
            files.map(|file| format!("{} ({})", file.path, counted(file.names.len(), "name")));
        let files: Vec<String> = files.collect();
        let shown = if self.shown == SHOWN {
            SHOWN_FILES
        } else {
            self.shown
        };
        let more = files.len().saturating_sub(shown);
        let mut shown = files[..files.len() - more].join(", ");
        if more > 0 {
            let _ = write!(shown, ", {more} more");
        }
        add("variables", shown);
        if let Some(git) = &found.git {
            let repository = git.repository.as_ref();
            add(
                "repository",
                repository
                    .map(|r| format!("{}/{}/{}", r.host, r.owner, r.name))
                    .unwrap_or_default(),
            );
            add("registry", git.registry.clone().unwrap_or_default());
        }
        self.list("around it", rows);
    }

    fn end(&mut self, found: &Detection, names: &Names) {
        self.text.push('\n');
        if found.truncated {
            let _ = writeln!(
                self.text,
                "there is more than was looked at: name a folder within"
            );
        }
        let next = next(found, names);
        let _ = writeln!(self.text, "{}", plain(&next));
    }
}

/// What to type next.
fn next(found: &Detection, names: &Names) -> String {
    let argument = &names.argument;
    let main = found
        .main_compose()
        .map(|project| (&project.folder, project.files.first()));
    match found.mode {
        Mode::Compose => match main {
            Some((folder, Some(file))) if !folder.is_empty() && argument.is_empty() => {
                format!("next: kubewright generate {file}")
            }
            Some(_) | None => format!("next: kubewright generate{argument}"),
        },
        Mode::Modules | Mode::Manual if found.compose.len() > 1 => {
            "next: `kubewright generate FILE` with one of these compose files".to_owned()
        }
        Mode::Modules | Mode::Manual if names.state.is_some() => {
            let state = names.state.as_deref().unwrap_or_default();
            format!("next: kubewright generate {state}")
        }
        Mode::Modules => {
            "next: write a compose file that builds what runs here; `kubewright generate` reads it"
                .to_owned()
        }
        Mode::Manual => "nothing to start from: no services, and no code that runs".to_owned(),
    }
}

fn service(service: &Service) -> Vec<String> {
    let compose = &service.compose;
    let context = compose
        .build
        .as_ref()
        .map(|build| build.context.as_deref().unwrap_or("."));
    let built = match (&service.dockerfile, context) {
        (Some(path), _) => Some(format!("built with {path}")),
        (None, Some(context)) => Some(format!("built from {context}")),
        (None, None) => None,
    };
    let image = compose.image.clone();
    let from = built.or(image).unwrap_or_else(|| "no image".to_owned());
    vec![
        service.name.clone(),
        service.class.as_str().to_owned(),
        service.kind.as_str().to_owned(),
        service
            .port
            .map(|port| format!(":{port}"))
            .unwrap_or_default(),
        from,
    ]
}

fn problems(project: &ComposeProject) -> String {
    match project.problems.len() {
        0 => String::new(),
        count => counted(count, "error"),
    }
}

fn at(path: &str) -> String {
    match path {
        "" => "./".to_owned(),
        path => format!("{path}/"),
    }
}

fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    }
}

/// Text of files as a terminal may show it.
/// What a line of a terminal can show anyway.
const LONGEST_CELL: usize = 200;

fn plain(text: &str) -> String {
    let shown = |c: char| match c.is_control() {
        true => '\u{fffd}',
        false => c,
    };
    let mut signs = text.chars().map(shown);
    let mut plain: String = signs.by_ref().take(LONGEST_CELL).collect();
    if signs.next().is_some() {
        plain.push('…');
    }
    plain
}
