//! What a container is told: keys of services and of what runs before them.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md>

use super::object;
use super::options::{LOG_OPTIONS, STORAGE_OPTIONS};
use crate::compose::resolved::room::{
    command, device, file, gpu, host, limit, mount, network, pairs,
};
use crate::compose::resolved::shape::{
    BARE_BOOL, BOOL, BOOL_KEPT, BYTES, CPU_COUNT, CPU_PERCENT, DURATION_KEPT, Extensions, FLOAT,
    Field, KeyRule, List, NUMBER_AS_INT, Named, OOM_SCORE, OPT_OUT, OPTIONAL_TEXT, Object, Rule,
    Shape, TEXT, TEXT_KEPT, TEXT_OR_NUMBER, TEXTS, UMASK, UNCAST_WHOLE_KEPT, WHOLE_BYTES,
    WHOLE_BYTES_KEPT, field, kept, ruled, word,
};
use crate::compose::resolved::walk::Walk;
use kubewright_yaml::{Node, Path};

/// Keys of a container.
pub(crate) static FIELDS: &[Field] = &[
    field("annotations", Shape::Room(pairs::texts)),
    field("blkio_config", Shape::Object(&BLKIO)),
    field("cap_add", TEXTS),
    field("cap_drop", TEXTS),
    field("cgroup", word(&["host", "private"])),
    field("cgroup_parent", TEXT),
    field("command", Shape::Room(command::command)),
    field("configs", list(&CONFIGS)),
    field("cpu_count", CPU_COUNT),
    field("cpu_percent", CPU_PERCENT),
    field("cpu_period", NUMBER_AS_INT),
    field("cpu_quota", NUMBER_AS_INT),
    field("cpu_rt_period", NUMBER_AS_INT),
    field("cpu_rt_runtime", NUMBER_AS_INT),
    field("cpu_shares", NUMBER_AS_INT),
    field("cpus", FLOAT),
    field("cpuset", TEXT),
    field("credential_spec", Shape::Object(&CREDENTIALS)),
    field("device_cgroup_rules", TEXTS),
    field("devices", list(&DEVICES)),
    field("dns", Shape::Room(dns)),
    field("dns_opt", TEXTS),
    field("dns_search", Shape::Strings),
    field("domainname", TEXT),
    field("entrypoint", Shape::Room(command::command)),
    field("env_file", Shape::Room(env_files)),
    field("environment", Shape::Room(pairs::variables)),
    field("extra_hosts", Shape::Room(host::hosts)),
    field("gpus", Shape::Room(gpu::gpus)),
    field("group_add", list(&GROUPS)),
    field("hostname", TEXT),
    field("image", TEXT),
    field("init", BOOL_KEPT),
    field("ipc", TEXT),
    field("isolation", TEXT),
    field("label_file", Shape::Room(label_files)),
    field("labels", Shape::Room(pairs::texts)),
    field("logging", Shape::Object(&LOGGING)),
    field("mac_address", TEXT),
    field("mem_limit", BYTES),
    field("mem_reservation", WHOLE_BYTES),
    field("mem_swappiness", WHOLE_BYTES),
    field("memswap_limit", BYTES),
    field("models", Shape::Room(network::models)),
    field("network_mode", TEXT),
    field("networks", Shape::Room(network::networks)),
    field("oom_kill_disable", BOOL),
    field("oom_score_adj", OOM_SCORE),
    field("pid", OPTIONAL_TEXT),
    field("pids_limit", NUMBER_AS_INT),
    field("platform", TEXT),
    field("privileged", BOOL),
    field("pull_policy", Shape::Room(pull_policy)),
    field("pull_refresh_after", TEXT),
    field("read_only", BOOL),
    field("runtime", TEXT),
    field("secrets", list(&SECRETS)),
    field("security_opt", TEXTS),
    field("shm_size", BYTES),
    field("stop_grace_period", DURATION_KEPT),
    field("stop_signal", TEXT),
    field("storage_opt", STORAGE_OPTIONS),
    field("sysctls", Shape::Room(pairs::texts)),
    field("tmpfs", Shape::Strings),
    field("ulimits", Shape::Named(&LIMITS)),
    field("umask", UMASK),
    field("use_api_socket", BARE_BOOL),
    field("user", TEXT),
    field("userns_mode", TEXT),
    field("uts", TEXT),
    field("volumes", list(&MOUNTS)),
    field("volumes_from", TEXTS),
    field("working_dir", TEXT),
];

const fn list(list: &'static List) -> Shape {
    Shape::List(list)
}

static CONFIGS: List = List {
    item: Shape::Room(file::file),
    unique: false,
};
static SECRETS: List = List {
    item: Shape::Room(file::secret),
    unique: false,
};
static DEVICES: List = List {
    item: Shape::Room(device::device),
    unique: false,
};
static MOUNTS: List = List {
    item: Shape::Room(mount::mount),
    unique: true,
};
static GROUPS: List = List {
    item: kept(TEXT_OR_NUMBER),
    unique: true,
};

/// Limits by name.
pub(crate) static LIMITS: Named = Named {
    what: "limit",
    key: KeyRule::Any,
    value: Shape::Room(limit::limit),
    keeps_null: false,
};

static LOGGING: Object = object(
    "`logging`",
    &[field("driver", TEXT), field("options", LOG_OPTIONS)],
);

static CREDENTIALS: Object = object(
    "`credential_spec`",
    &[
        field("config", TEXT),
        field("file", TEXT),
        field("registry", TEXT),
    ],
);

static BLKIO: Object = Object {
    extensions: Extensions::Refused,
    ..object(
        "`blkio_config`",
        &[
            field("device_read_bps", list(&RATES)),
            field("device_read_iops", list(&RATES)),
            field("device_write_bps", list(&RATES)),
            field("device_write_iops", list(&RATES)),
            field("weight", kept_unless_zero(UNCAST_WHOLE_KEPT)),
            field("weight_device", list(&WEIGHTS)),
        ],
    )
};

const fn kept_unless_zero(shape: Shape) -> Shape {
    match shape {
        Shape::Leaf(leaf) => Shape::Leaf(crate::compose::resolved::shape::Leaf {
            keeps_zero: false,
            ..leaf
        }),
        other => other,
    }
}

static RATES: List = List {
    item: Shape::Room(rate),
    unique: false,
};
static WEIGHTS: List = List {
    item: Shape::Room(weight),
    unique: false,
};

static RATE: Object = Object {
    extensions: Extensions::Refused,
    ..object(
        "the rate of a device",
        &[field("path", TEXT_KEPT), field("rate", WHOLE_BYTES_KEPT)],
    )
};

static WEIGHT: Object = Object {
    extensions: Extensions::Refused,
    ..object(
        "the weight of a device",
        &[field("path", TEXT_KEPT), field("weight", UNCAST_WHOLE_KEPT)],
    )
};

/// Both keys are written, also where one was left out.
fn rate(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let found = walk.object(&RATE, &[RATE.fields], node, path)?;
    let zero = Node::string(node.span, "0");
    Some(filled(
        found,
        &[("path", Node::string(node.span, "")), ("rate", zero)],
    ))
}

fn weight(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let found = walk.object(&WEIGHT, &[WEIGHT.fields], node, path)?;
    let zero = crate::compose::resolved::walk::plain(node.span, 0);
    Some(filled(
        found,
        &[("path", Node::string(node.span, "")), ("weight", zero)],
    ))
}

/// A mapping with what it lacks.
pub(crate) fn filled(mut node: Node, defaults: &[(&str, Node)]) -> Node {
    if let Some(fields) = node.as_mapping_mut() {
        for (key, value) in defaults {
            if !fields.contains_key(key) {
                let key = kubewright_yaml::Key::new(*key, value.span);
                fields.insert(key, value.clone());
            }
        }
    }
    node
}

/// Name servers; empty ones count for nothing.
fn dns(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let found = walk.shape(&Shape::Strings, node, path)?;
    let items = found.as_sequence()?.iter();
    let items: Vec<Node> = items
        .filter(|item| {
            item.as_scalar()
                .is_some_and(|scalar| !scalar.text.is_empty())
        })
        .cloned()
        .collect();
    (!items.is_empty()).then(|| Node::new(found.span, items))
}

static ENV_FILE: Object = Object {
    needs: &["path"],
    extensions: Extensions::Refused,
    ..object(
        "an env file",
        &[
            field("format", TEXT),
            field("path", TEXT),
            field("required", OPT_OUT),
        ],
    )
};

/// Files with variables. Their variables are in `environment`, so nothing is left
/// of them.
fn env_files(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let Some(items) = node.as_sequence() else {
        walk.shape(&TEXT, node, path);
        return None;
    };
    for (at, item) in items.iter().enumerate() {
        let path = path.index(at);
        match item.as_mapping() {
            Some(_) => walk.shape(&Shape::Object(&ENV_FILE), item, &path),
            None => walk.shape(&TEXT, item, &path),
        };
    }
    None
}

fn label_files(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let items = match node.as_sequence() {
        Some(items) => items,
        None => std::slice::from_ref(node),
    };
    let mut files = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let file = walk.shape(&TEXT_KEPT, item, &path.index(at));
        files.extend(file.map(|file| walk.unix_file(file)));
    }
    (!files.is_empty()).then(|| Node::new(node.span, files))
}

const PULL_POLICY: Shape = ruled(
    TEXT,
    Rule::Text(
        is_pull_policy,
        "`always`, `missing`, `if_not_present`, `never`, `build`, `refresh`, `daily`, `weekly` or `every_12h`",
    ),
);

/// When the image is pulled; two words say the same.
fn pull_policy(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let policy = walk.shape(&PULL_POLICY, node, path)?;
    match policy.as_scalar().map(|scalar| &*scalar.text) {
        Some("if_not_present") => Some(Node::string(node.span, "missing")),
        Some(_) | None => Some(policy),
    }
}

fn is_pull_policy(text: &str) -> bool {
    let words = [
        "always",
        "never",
        "build",
        "if_not_present",
        "missing",
        "refresh",
        "daily",
        "weekly",
    ];
    words.contains(&text) || text.strip_prefix("every_").is_some_and(is_spans)
}

/// `12h`, `1w2d`.
fn is_spans(text: &str) -> bool {
    let mut has_digit = false;
    for c in text.chars() {
        match c {
            '0'..='9' => has_digit = true,
            'w' | 'd' | 'h' | 'm' | 's' if has_digit => has_digit = false,
            _ => return false,
        }
    }
    !text.is_empty() && !has_digit
}
