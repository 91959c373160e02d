//! The files of a chart that are no templates of objects.

use std::fmt::Write as _;

use serde_json::Value;

use super::values::{Leaf, Shape, Values};
use super::{App, Chart};
use crate::local_port::Ports;

/// `Chart.yaml` (<https://helm.sh/docs/topics/charts/#the-chartyaml-file>).
pub(super) fn chart(chart: &Chart<'_>) -> String {
    let mut text = format!(
        "# {}\napiVersion: v2\nname: {}\ndescription: {}\ntype: application\nversion: {}\n",
        chart.origin,
        scalar(&chart.name),
        scalar(&match &chart.told.description {
            Some(description) => description.clone(),
            None => format!("The applications of {}", chart.project),
        }),
        chart.told.version.as_deref().unwrap_or("0.1.0"),
    );
    if let Some(version) = chart.told.app_version.as_ref().or(chart.version.as_ref()) {
        writeln!(text, "appVersion: {}", scalar(version)).expect("a string takes all");
    }
    text
}

/// A text as YAML.
pub(super) fn scalar(text: &str) -> String {
    let text = kubewright_yaml::to_string(text, &kubewright_yaml::AsGiven).unwrap_or_default();
    text.trim_end().to_owned()
}

/// What the archive of a chart leaves out
/// (<https://helm.sh/docs/chart_template_guide/helm_ignore_file/>).
pub(super) const IGNORE: &str = "\
.DS_Store
.git/
.gitignore
.idea/
.kubewright/
.vscode/
*.bak
*.orig
*.swp
*.tmp
*~
# Values of secrets
/secrets*.yaml
";

/// What git leaves out: the files that examples are filled in as.
pub(super) const NOT_IN_GIT: &str = "\
# Values of secrets
/secrets*.yaml
!/secrets*.example.yaml
";

/// `templates/_helpers.tpl`, without the labels of apps.
pub(super) fn helpers(chart: &Chart<'_>) -> String {
    format!(
        r#"{{{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}}}
{{{{- define "{prefix}" -}}}}
{{{{- with .Values.nameOverride }}}}{{{{ . }}}}-{{{{ end -}}}}
{{{{- end }}}}

{{{{/*
The name of an image, of its parts and the registry for all images.
*/}}}}
{{{{- define "{image}" -}}}}
{{{{- with .global.imageRegistry | default .image.registry }}}}{{{{ . }}}}/{{{{ end -}}}}
{{{{ .image.repository }}}}
{{{{- with .image.tag }}}}:{{{{ . }}}}{{{{ end -}}}}
{{{{- with .image.digest }}}}@{{{{ . }}}}{{{{ end -}}}}
{{{{- end }}}}
"#,
        prefix = chart.helper("prefix"),
        image = chart.helper("image"),
    )
}

/// The helper that names a Secret, which can be people's own.
pub(super) fn secret_name(chart: &Chart<'_>, helper: &str, existing: &str, name: &str) -> String {
    format!(
        "\n{{{{- define \"{helper}\" -}}}}\n\
         {{{{ {existing} | default (print (include \"{}\" .) {}) }}}}\n\
         {{{{- end }}}}\n",
        chart.helper("prefix"),
        super::hole::quoted(name),
    )
}

/// `templates/NOTES.txt`: what people see once a release is there.
pub(super) fn notes(chart: &Chart<'_>, apps: &[App]) -> String {
    let mut text = format!(
        "{} is installed as {{{{ .Release.Name }}}} in the namespace {{{{ .Release.Namespace }}}}.\n",
        chart.name
    );
    let prefix = format!("{{{{ include \"{}\" . }}}}", chart.helper("prefix"));
    let mut locals = Ports::default();
    for app in apps {
        for (service, port) in &app.ports {
            let Some(local) = u16::try_from(*port).ok().and_then(|port| locals.take(port)) else {
                continue;
            };
            let line = format!(
                "\n{}: kubectl --namespace {{{{ .Release.Namespace }}}} port-forward service/{prefix}{service} {local}:{port}\n",
                app.name
            );
            text.push_str(&line);
        }
    }
    if apps.iter().any(|app| !app.ports.is_empty()) {
        text.push_str("\nTry the connections with: helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}\n");
    }
    text
}

/// `templates/tests/connection.yaml`: a pod that reaches for every Service
/// (<https://helm.sh/docs/topics/chart_tests/>); none where there is no Service.
pub(super) fn connection(chart: &Chart<'_>, apps: &[App]) -> Option<String> {
    let prefix = format!("{{{{ include \"{}\" . }}}}", chart.helper("prefix"));
    let lines: Vec<String> = apps
        .iter()
        .flat_map(|app| &app.ports)
        .map(|(service, port)| format!("              nc -z -w 5 {prefix}{service} {port}"))
        .collect();
    if lines.is_empty() {
        return None;
    }
    Some(format!(
        r#"apiVersion: v1
kind: Pod
metadata:
  name: {prefix}{name}-test-connection
  labels:
    app.kubernetes.io/part-of: {part_of}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsUser: 65534
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: connection
      image: busybox:1.37
      command:
        - sh
        - -ec
        - |
{lines}
      resources:
        requests:
          cpu: 10m
          memory: 16Mi
        limits:
          memory: 16Mi
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop:
            - ALL
"#,
        name = chart.name,
        part_of = scalar(chart.project),
        lines = lines.join("\n"),
    ))
}

/// `README.md`: how the chart is installed, and the table of its values.
pub(super) fn readme(chart: &Chart<'_>, values: &Values) -> String {
    let mut text = format!(
        "# {}\n\nThe applications of {}, {}.\n\n## Installing\n\n",
        chart.name, chart.project, chart.origin
    );
    let environments = chart.environments.iter().zip(&chart.namespaces);
    let mut examples = false;
    for (at, (environment, namespace)) in environments.enumerate() {
        let suffix = environment.map_or(String::new(), |name| format!("-{name}"));
        let mut line = format!("    helm install {} .", chart.name);
        if environment.is_some() && !chart.told.without_environments {
            write!(line, " -f values{suffix}.yaml").expect("a string takes all");
        }
        if !values.secrets(at).is_empty() {
            write!(line, " -f secrets{suffix}.yaml").expect("a string takes all");
            examples |= values.are_placeholders(at);
        }
        let namespace = namespace.as_deref().unwrap_or("default");
        writeln!(text, "{line} --namespace {namespace} --create-namespace")
            .expect("a string takes all");
    }
    text.push('\n');
    if has_secrets(values) {
        text.push_str(
            "Values of secrets have no default and stand in no file for git: give them in a file like \
             those above, or name Secrets that are there already.\n\n",
        );
    }
    if examples {
        text.push_str(
            "`secrets*.example.yaml` holds placeholders: copy each to a file without `.example`, which \
             git ignores, and fill it in.\n\n",
        );
    }
    text.push_str("## Values\n\n| value | what it is | default |\n|---|---|---|\n");
    for leaf in values.grouped() {
        let default = match leaf.default() {
            Value::Null => "not set".to_owned(),
            value => format!("`{}`", short(&value)),
        };
        let line = format!(
            "| `{}` | {} | {default} |\n",
            leaf.path.join("."),
            cell(&leaf.help)
        );
        text.push_str(&line);
    }
    text
}

/// Whether the chart makes Secrets of values.
pub(super) fn has_secrets(values: &Values) -> bool {
    values
        .leaves()
        .iter()
        .any(|leaf: &Leaf| leaf.shape == Shape::Secret)
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((at, _)) => cell(&format!("{}…", &text[..at])),
        None => cell(&text),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('`', "'")
}
