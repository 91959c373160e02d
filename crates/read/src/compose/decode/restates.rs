//! Values that say only what holds anyway.
//!
//! Whoever writes `privileged: false` asks for nothing: leaving the line out
//! changes neither the objects nor what is reported. This list names all such
//! cases; every other key changes something.

use kubewright_yaml::{Node, Path, Value};

/// Patterns of key paths (`*` is any one step) and the values that restate a
/// default there. A value of `{}` stands for an empty mapping or nothing.
static RESTATED: &[(&str, &[&str])] = &[
    // Obsolete; Docker Compose itself passes over it.
    ("version", &["*"]),
    // What every Deployment does.
    ("services.*.restart", &["always", "unless-stopped", "no"]),
    ("services.*.deploy.restart_policy.condition", &["any"]),
    ("services.*.deploy.mode", &["replicated"]),
    ("services.*.deploy.endpoint_mode", &["vip"]),
    ("services.*.deploy.replicas", &["1"]),
    ("services.*.scale", &["1"]),
    ("services.*.devices.*.permissions", &["rwm"]),
    ("services.*.pre_start.*.per_replica", &["false"]),
    ("services.*.attach", &["true"]),
    ("services.*.init", &["false"]),
    ("services.*.oom_kill_disable", &["false"]),
    ("services.*.use_api_socket", &["false"]),
    ("services.*.privileged", &["false"]),
    ("services.*.read_only", &["false"]),
    ("services.*.tty", &["false"]),
    ("services.*.stdin_open", &["false"]),
    ("services.*.network_mode", &["bridge", "default"]),
    ("services.*.ipc", &["private", "shareable"]),
    ("services.*.pid", &["", "private"]),
    ("services.*.uts", &[""]),
    ("services.*.cgroup", &["private"]),
    ("services.*.isolation", &["default"]),
    ("services.*.runtime", &["runc"]),
    ("services.*.stop_grace_period", &["10s"]),
    ("services.*.stop_signal", &["SIGTERM"]),
    // Docker's own drivers: the cluster keeps what containers print, too.
    ("services.*.logging.driver", &["json-file", "local"]),
    ("services.*.deploy.update_config.order", &["stop-first"]),
    ("services.*.deploy.update_config.parallelism", &["1"]),
    (
        "services.*.deploy.resources.reservations.devices.*.driver",
        &["nvidia"],
    ),
    // Nothing is known of the image's own check, and none is made up.
    ("services.*.healthcheck.disable", &["true", "false"]),
    ("services.*.healthcheck.test.*", &["NONE"]),
    ("services.*.healthcheck.interval", &["30s"]),
    ("services.*.healthcheck.timeout", &["30s"]),
    ("services.*.healthcheck.retries", &["3"]),
    ("services.*.healthcheck.start_period", &["0s"]),
    ("services.*.depends_on.*.condition", &["service_started"]),
    ("services.*.depends_on.*.required", &["true"]),
    ("services.*.depends_on.*.restart", &["false"]),
    ("services.*.env_file.*.required", &["true"]),
    ("services.*.ports.*.mode", &["ingress"]),
    ("services.*.ports.*.name", &[""]),
    ("services.*.ports.*.protocol", &["tcp"]),
    ("services.*.volumes.*.read_only", &["false"]),
    (
        "services.*.volumes.*.consistency",
        &["default", "consistent", "cached", "delegated"],
    ),
    // Without it a missing source is an error, and one that is there is no matter.
    (
        "services.*.volumes.*.bind.create_host_path",
        &["true", "false"],
    ),
    // What comes from a ConfigMap cannot be written anyway.
    ("services.*.volumes.*.read_only", &["true"]),
    ("services.*.volumes.*.bind.selinux", &["z", "Z"]),
    ("services.*.volumes.*.bind.recursive", &["enabled"]),
    ("services.*.volumes.*.volume.nocopy", &["true", "false"]),
    ("services.*.networks.*.use_service_name_alias", &["true"]),
    ("services.*.build.context", &["."]),
    ("services.*.build.dockerfile", &["Dockerfile"]),
    ("volumes.*.driver", &["local"]),
    ("volumes.*.external", &["false"]),
    ("networks.*.driver", &["bridge", "default"]),
    ("networks.*.external", &["false"]),
    ("networks.*.internal", &["false"]),
    ("networks.*.attachable", &["true", "false"]),
    ("networks.*.enable_ipv4", &["true"]),
    ("networks.*.enable_ipv6", &["false"]),
    ("configs.*.external", &["false"]),
    ("secrets.*.external", &["false"]),
    // Collections that hold nothing.
    ("services", &["{}"]),
    ("services.*.logging", &["{}"]),
    // Null keeps what the image says.
    ("services.*.command", &["{}"]),
    ("services.*.entrypoint", &["{}"]),
    ("services.*.environment", &["{}"]),
    ("services.*.profiles", &["{}"]),
    ("services.*.depends_on", &["{}"]),
    ("services.*.deploy", &["{}"]),
    ("services.*.develop", &["{}"]),
    ("services.*.ulimits", &["{}"]),
    ("networks.*.ipam", &["{}"]),
    ("networks.*.driver_opts", &["{}"]),
    ("volumes.*.driver_opts", &["{}"]),
];

/// True where the value at that path restates a default. A mapping does when
/// all of its members do.
pub(super) fn restates(path: &Path<'_>, value: &Node) -> bool {
    let path = path.to_string();
    let steps = steps(&path);
    restates_at(&steps.iter().map(String::as_str).collect::<Vec<_>>(), value)
}

fn restates_at(steps: &[&str], value: &Node) -> bool {
    let rows = RESTATED.iter().filter(|(pattern, _)| fits(pattern, steps));
    let mut words = rows.flat_map(|(_, words)| words.iter());
    match &value.value {
        Value::Scalar(scalar) => {
            let text = scalar.go_string().unwrap_or_default();
            words.any(|word| *word == "*" || **word == *text || *word == "{}" && scalar.is_null())
        }
        Value::Sequence(items) if items.is_empty() => words.any(|word| *word == "{}"),
        Value::Sequence(items) => items.iter().enumerate().all(|(at, item)| {
            let at = at.to_string();
            let mut below = steps.to_vec();
            below.push(&at);
            restates_at(&below, item)
        }),
        Value::Mapping(members) if members.is_empty() => words.any(|word| *word == "{}"),
        Value::Mapping(members) => members.iter().all(|member| {
            let mut below = steps.to_vec();
            below.push(&member.key.text);
            restates_at(&below, &member.value)
        }),
    }
}

fn fits(pattern: &str, steps: &[&str]) -> bool {
    let mut wanted = pattern.split('.');
    let all = steps.iter().all(|step| {
        let part = wanted.next();
        part.is_some_and(|part| part == "*" || part == *step)
    });
    all && wanted.next().is_none()
}

/// The steps of a printed key path: `a["b.c"][0]` has three.
fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut quoted = false;
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        let last = steps.len() - 1;
        match c {
            '\\' if quoted => steps[last].extend(chars.next()),
            '"' => quoted = !quoted,
            '.' | '[' if !quoted => steps.push(String::new()),
            ']' if !quoted => {}
            c => steps[last].push(c),
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_source::Span;
    use kubewright_yaml::Scalar;

    #[test]
    fn steps_of_printed_paths() {
        assert_eq!(steps("a.b[0].c"), ["a", "b", "0", "c"]);
        assert_eq!(steps(r#"a["b.c"].d"#), ["a", "b.c", "d"]);
    }

    #[test]
    fn only_defaults_are_restated() {
        let rows = [
            ("privileged", "false", true),
            ("privileged", "true", false),
            ("restart", "always", true),
            ("restart", "on-failure", false),
            ("image", "nginx", false),
        ];
        let services = Path::ROOT.key("services");
        let web = services.key("my.web");
        for (key, text, expected) in rows {
            let node = Node::new(Span::NONE, Scalar::plain(text));
            assert_eq!(restates(&web.key(key), &node), expected, "{key}: {text}");
        }
    }
}
