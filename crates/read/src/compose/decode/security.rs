//! Who the container is and what it may do: `user`, capabilities, `security_opt`,
//! `sysctls`, and what it shares with its node.

use std::collections::BTreeMap;

use kubewright_model::object::Tree;
use kubewright_model::security::{Capability, SeccompProfile, User};
use kubewright_model::{App, Given, Located, ObjectName};

use super::scope::unknown;
use super::service::Service;
use super::shared_pod::{self, Named};
use crate::fields::{At, shown};

/// Reads the keys into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let fields = &service.fields;
    if let Some(at) = fields.get("user") {
        user(service, &at, app);
    }
    for at in fields.get("group_add").iter().flat_map(At::items) {
        if let Some(text) = at.scalar()
            && let Some(group) = group(service, &at, &text.value)
        {
            app.security
                .supplemental_groups
                .push(Located::new(group, text.span));
        }
    }
    let container = &mut app.main.security;
    container.privileged = fields.bool("privileged");
    container.read_only_root_filesystem = fields.bool("read_only");
    container.add_capabilities = capabilities(fields.get("cap_add"));
    container.drop_capabilities = capabilities(fields.get("cap_drop"));
    for text in fields.get("security_opt").iter().flat_map(At::texts) {
        option(service, &text, app);
    }
    if let Some(at) = fields.get("sysctls") {
        sysctls(&at, app);
    }
    if let Some(at) = fields.get("runtime") {
        app.placement.runtime_class = runtime(&at);
    }
    if let Some(at) = fields.get("userns_mode")
        && let Some(text) = at.text()
    {
        match text.value.as_str() {
            // Pods are users of the node unless they ask otherwise.
            "host" => app.security.host_users = Some(Located::new(true, text.span)),
            "" => {}
            other => at.bad(
                format!("{} is no mode of user namespaces", shown(other)),
                "write `host`",
            ),
        }
    }
    if let Some(at) = fields.get("pid").filter(|at| !at.is_null()) {
        app.security.host_pid = shared_with_node(service, &at);
        if shares_pod(service, &at) {
            app.security.share_process_namespace = Some(Located::new(true, at.span()));
        }
    }
    if let Some(at) = fields.get("ipc") {
        app.security.host_ipc = shared_with_node(service, &at);
        if shares_pod(service, &at) {
            at.note(
                "same-pod",
                format!(
                    "containers of one pod share `ipc` anyway: `{}` and the other one do",
                    service.key
                ),
                "leave it out",
            );
        }
    }
}

fn sysctls(at: &At<'_>, app: &mut App) {
    for pair in at.pairs() {
        if !is_sysctl(&pair.key.value) {
            at.say_at(
                pair.key.span,
                kubewright_source::Severity::Error,
                "bad-value",
                "this is no name of a kernel parameter".to_owned(),
                "write it like `net.core.somaxconn`".to_owned(),
            );
            continue;
        }
        let value = pair
            .value
            .unwrap_or_else(|| Located::new(String::new(), pair.key.span));
        app.security.sysctls.insert(pair.key.value, value);
    }
}

/// Lower-case words with dots or slashes between them, as the API server takes
/// them; `_` and `-` stand within a word.
fn is_sysctl(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let word = |word: &str| {
        word.starts_with(letter)
            && word.ends_with(letter)
            && word.chars().all(|c| letter(c) || "-_".contains(c))
    };
    name.len() <= 253 && name.split(['.', '/']).all(word)
}

fn runtime(at: &At<'_>) -> Given<ObjectName> {
    let text = at.text()?;
    // Docker's own runtime is every node's.
    if text.value == "runc" {
        return None;
    }
    let class = at.checked(&text, ObjectName::parse)?;
    at.note(
        "runtime-class",
        format!(
            "the cluster must have a RuntimeClass `{}`: without it no pod is made",
            class.value
        ),
        "`kubectl get runtimeclass` lists those it has; name one of them, or leave `runtime` out",
    );
    Some(class)
}

fn user(service: &Service<'_>, at: &At<'_>, app: &mut App) {
    if let Some(user) = numbers(service, at) {
        app.security.user = user;
    }
}

/// `user:group` by numbers or known names.
pub(super) fn numbers(service: &Service<'_>, at: &At<'_>) -> Option<User> {
    let text = at.text()?;
    let (name, group_name) = match text.value.split_once(':') {
        Some((name, group)) => (name, Some(group)),
        None => (text.value.as_str(), None),
    };
    let known = kubewright_knowledge::user_named(name, service.family, service.tag.as_deref());
    let number = id(name)
        .map(i64::from)
        .or_else(|| known.map(|user| i64::from(user.uid)));
    let Some(number) = number else {
        at.warn(
            "unknown-user",
            format!(
                "the number of the user {} is not known: the image's own user runs",
                shown(name)
            ),
            "write the number, as `id` prints it in the container: `user: \"1000:1000\"`",
        );
        return None;
    };
    let mut user = User {
        run_as_user: Some(Located::new(number, text.span)),
        ..User::default()
    };
    match group_name {
        Some(name) => {
            let number = group(service, at, name);
            user.run_as_group = number.map(|number| Located::new(number, text.span));
        }
        // A user by name brings its group along, a number alone does not.
        None if id(name).is_none() => {
            let group = known.map(|user| i64::from(user.gid));
            user.run_as_group = group.map(|group| Located::new(group, text.span));
        }
        None => {}
    }
    Some(user)
}

/// The number of a user or group; Kubernetes knows those up to 2³¹−1.
fn id(text: &str) -> Option<u32> {
    let number = text.parse::<u32>().ok();
    number.filter(|number| i32::try_from(*number).is_ok())
}

fn group(service: &Service<'_>, at: &At<'_>, name: &str) -> Option<i64> {
    let known = || kubewright_knowledge::group_named(name, service.family, service.tag.as_deref());
    let number = id(name).or_else(known);
    if number.is_none() {
        at.warn(
            "unknown-user",
            format!(
                "the number of the group {} is not known, and it is left out",
                shown(name)
            ),
            "write the number, as `id` prints it in the container",
        );
    }
    number.map(i64::from)
}

pub(super) fn capabilities(at: Option<At<'_>>) -> BTreeMap<Capability, Located<()>> {
    let mut found = BTreeMap::new();
    for item in at.iter().flat_map(At::items) {
        if let Some(text) = item.text()
            && let Some(capability) = item.checked(&text, Capability::parse)
        {
            found.insert(capability.value, Located::new((), text.span));
        }
    }
    found
}

fn option(service: &Service<'_>, text: &Located<String>, app: &mut App) {
    let at = service
        .fields
        .get("security_opt")
        .unwrap_or(*service.fields.at());
    let (name, value) = text
        .value
        .split_once(['=', ':'])
        .unwrap_or((&text.value, ""));
    let container = &mut app.main.security;
    match (name, value) {
        ("no-new-privileges", "" | "true") => {
            container.allow_privilege_escalation = Some(Located::new(false, text.span));
        }
        ("no-new-privileges", "false") => {
            container.allow_privilege_escalation = Some(Located::new(true, text.span));
        }
        ("seccomp", value) => container.seccomp = profile(&at, text, value),
        ("apparmor", value) => container.app_armor = profile(&at, text, value),
        ("label", value) => label(&at, text, value, app),
        (other, _) => at.say_at(
            text.span,
            kubewright_source::Severity::Warning,
            "not-carried",
            format!(
                "the security option {} has no counterpart in Kubernetes",
                shown(other)
            ),
            "leave it out, or ask whoever runs the nodes".to_owned(),
        ),
    }
}

fn profile(at: &At<'_>, text: &Located<String>, value: &str) -> Given<SeccompProfile> {
    let profile = match value {
        "unconfined" => SeccompProfile::Unconfined,
        "" | "default" | "docker-default" | "builtin" => SeccompProfile::RuntimeDefault,
        other if text.value.starts_with("seccomp") && !is_node_profile(other) => {
            at.say_at(
                text.span,
                kubewright_source::Severity::Warning,
                "not-carried",
                format!(
                    "the profile {} is no path below the kubelet's folder of profiles, and is \
                     left out",
                    shown(other)
                ),
                "install it on the nodes, and write it like `profiles/audit.json`, without `/` at \
                 the front and without `..`"
                    .to_owned(),
            );
            return None;
        }
        other => {
            at.say_at(
                text.span,
                kubewright_source::Severity::Warning,
                "node-profile",
                format!("the profile {} must lie on every node", shown(other)),
                "install it with the Security Profiles Operator, or leave the option out"
                    .to_owned(),
            );
            SeccompProfile::Localhost(other.trim_start_matches("./").to_owned())
        }
    };
    Some(Located::new(profile, text.span))
}

/// What the API server takes for a profile on the node: a path of its own, that
/// leads nowhere else.
fn is_node_profile(path: &str) -> bool {
    !path.starts_with('/') && !path.split('/').any(|part| part == "..")
}

/// `label=type:spc_t`: SELinux in Kubernetes' words.
fn label(at: &At<'_>, text: &Located<String>, value: &str, app: &mut App) {
    let (key, value) = value.split_once(':').unwrap_or((value, ""));
    let (key, value) = match (key, value) {
        ("disable", _) => ("type", "spc_t"),
        ("user" | "role" | "type" | "level", value) if !value.is_empty() => (key, value),
        _ => {
            at.say_at(
                text.span,
                kubewright_source::Severity::Error,
                "bad-value",
                format!("{} is no SELinux label", shown(&text.value)),
                "write it like `label=type:container_t`".to_owned(),
            );
            return;
        }
    };
    let options = app.main.security.se_linux.take();
    let mut members = match options.map(|options| options.value) {
        Some(Tree::Map(members)) => members,
        _ => Vec::new(),
    };
    members.retain(|(name, _)| name != key);
    members.push((key.to_owned(), Tree::Text(value.to_owned())));
    members.sort_by(|(a, _), (b, _)| a.cmp(b));
    app.main.security.se_linux = Some(Located::new(Tree::Map(members), text.span));
}

/// `pid: host` and `ipc: host`.
fn shared_with_node(service: &Service<'_>, at: &At<'_>) -> Given<bool> {
    let text = at.text()?;
    match text.value.as_str() {
        "host" => {
            at.warn(
                "host-namespace",
                format!(
                    "`{}: host` lets `{}` see into its node",
                    at.name, service.name.value
                ),
                "leave it out unless the service looks after nodes",
            );
            Some(Located::new(true, text.span))
        }
        "" | "private" | "shareable" => None,
        other => {
            match shared_pod::named(other) {
                Named::Service(name) if !service.scope.names.contains_key(name) => {
                    let scope = service.scope;
                    unknown(scope.document, at, text.span, "service", name, &scope.names);
                }
                Named::Service(_) | Named::Container(_) | Named::Other
                    if !shares_pod(service, at) =>
                {
                    at.warn(
                        "not-carried",
                        format!(
                            "`{}: {other}` is not carried over: containers share this only within \
                             a pod",
                            at.name
                        ),
                        "with `network_mode: service:…` both run in one pod",
                    );
                }
                Named::Service(_) | Named::Container(_) | Named::Other => {}
            }
            None
        }
    }
}

/// True where the other service, whose processes or memory this one shares, is in
/// the same pod.
fn shares_pod(service: &Service<'_>, at: &At<'_>) -> bool {
    let scope = service.scope;
    let text = at.node.as_scalar().map(|scalar| &*scalar.text);
    let other = match shared_pod::named(text.unwrap_or_default()) {
        Named::Service(name) => Some(name),
        Named::Container(name) => scope.containers.get(name).map(String::as_str),
        Named::Other => None,
    };
    other.is_some_and(|other| {
        other != service.key && scope.pods.host(other) == scope.pods.host(service.key)
    })
}
