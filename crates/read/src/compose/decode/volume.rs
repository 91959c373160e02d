//! Named, anonymous and memory volumes; `tmpfs`, `shm_size`; the top-level `volumes`.

use std::collections::BTreeMap;

use kubewright_model::object::Tree;
use kubewright_model::value::{LabelKey, LabelValue};
use kubewright_model::volume::{
    AccessMode, Claim, Mount as ModelMount, SharedClaim, SharedVolume, Volume, VolumeSource,
};
use kubewright_model::{
    App, Given, Image, Located, Memory, MountPath, Name, ObjectName, Project, Workload,
};
use kubewright_source::{Diagnostic, SecretValues};
use kubewright_yaml::Value;

use super::mount::{self, Mount, MountKind};
use super::scope::{Scope, unknown};
use super::service::{Service, Taken};
use super::services::Additions;
use super::{amount, bind, device, keys, label};
use crate::fields::{At, Fields};

/// A top-level volume.
pub(super) struct TopVolume {
    pub(super) declared: Located<()>,
    pub(super) kind: TopKind,
}

/// What a top-level volume is.
pub(super) enum TopKind {
    Claim(Claim),
    External(Located<ObjectName>),
    /// Memory or a network's folder: `driver_opts` say so.
    Other(VolumeSource),
    /// A folder of the machine, like a bind mount of it.
    Folder(Located<String>),
}

/// Reads the top-level `volumes`.
pub(super) fn top<'a>(fields: &Fields<'a>, secrets: &SecretValues) -> BTreeMap<&'a str, TopVolume> {
    let mut found = BTreeMap::new();
    let Some(node) = fields.mapping().get("volumes") else {
        return found;
    };
    fields.get("volumes");
    let at = fields.at().down("volumes", node);
    for (key, at) in at.entries() {
        let kind = if at.is_null() {
            Some(TopKind::Claim(Claim::default()))
        } else {
            read_top(key.value, at, secrets)
        };
        if let Some(kind) = kind {
            let declared = Located::new((), key.span);
            // The key borrows from the document, not from this walk.
            if let Some(entry) = node.as_mapping().and_then(|all| all.get_entry(key.value)) {
                found.insert(&*entry.key.text, TopVolume { declared, kind });
            }
        }
    }
    found
}

fn read_top(name: &str, at: At<'_>, secrets: &SecretValues) -> Option<TopKind> {
    let fields = at.fields(format!("volume `{name}`"))?;
    keys::settle(&fields, keys::VOLUME);
    label::check_extension(fields.at());
    // What comes out empty is the volume's own name, as in compose.
    let given_name = fields.text("name").filter(|name| !name.value.is_empty());
    if let Some(external) = external(&fields) {
        let wanted = external.or(given_name);
        let wanted = wanted.unwrap_or_else(|| Located::new(name.to_owned(), fields.at().span()));
        fields.finish();
        let parsed = at.checked(&wanted, |text| {
            ObjectName::parse(text).or_else(|_| Name::sanitised(text).map(ObjectName::from))
        })?;
        return Some(TopKind::External(parsed));
    }
    let driver = fields.text("driver");
    if let Some(driver) = driver.filter(|driver| driver.value != "local") {
        let at = fields.get("driver").unwrap_or(*fields.at());
        at.warn(
            "not-carried",
            format!("the volume driver `{}` is Docker's", driver.value),
            "choose a storage class with the label `kubewright.storage-class`",
        );
    }
    let options = fields.get("driver_opts").and_then(|at| driver_options(&at));
    let mut claim = Claim {
        claim_name: given_name.and_then(|name| {
            let at = fields.get("name")?;
            at.checked(&name, |text| {
                ObjectName::parse(text).or_else(|_| Name::sanitised(text).map(ObjectName::from))
            })
        }),
        ..Claim::default()
    };
    settings(&fields, &mut claim, secrets);
    fields.finish();
    Some(options.unwrap_or(TopKind::Claim(claim)))
}

/// `external: true`, or the older `external: {name: …}`; the name it gives.
pub(super) fn external(fields: &Fields<'_>) -> Option<Option<Located<String>>> {
    let at = fields.get("external")?;
    if let Value::Mapping(_) = at.node.value {
        let below = at.fields("`external`")?;
        let name = below.text("name");
        below.finish();
        return Some(name);
    }
    at.bool()?.value.then_some(None)
}

fn settings(fields: &Fields<'_>, claim: &mut Claim, secrets: &SecretValues) {
    let labels = fields.get("labels");
    for pair in labels.iter().flat_map(At::pairs) {
        let at = fields.at();
        if label::is_exposed(at, &pair, secrets) {
            continue;
        }
        let value = pair
            .value
            .unwrap_or_else(|| Located::new(String::new(), pair.key.span));
        match pair.key.value.as_str() {
            "kubewright.size" => claim.size = size(at, &value),
            "kubewright.storage-class" => {
                claim.storage_class = at.checked(&value, ObjectName::parse);
            }
            key => {
                let target = key.strip_prefix("kubewright.label.");
                let key = Located::new(target.unwrap_or(key).to_owned(), pair.key.span);
                let Some(key) = at.checked(&key, LabelKey::parse) else {
                    continue;
                };
                if target.is_none() {
                    claim.annotations.insert(key.value, value);
                } else if let Some(value) = at.checked(&value, LabelValue::parse) {
                    claim.labels.insert(key.value, value);
                }
            }
        }
    }
    let at = fields.at();
    if let Some(text) = label::extension(at, "size") {
        claim.size = size(at, &text);
    }
    if let Some(text) = label::extension(at, "storage_class") {
        claim.storage_class = at.checked(&text, ObjectName::parse);
    }
    for word in ["kind", "schedule"] {
        if let Some(text) = label::extension(at, word) {
            at.say_at(
                text.span,
                kubewright_source::Severity::Warning,
                "not-carried",
                format!("`{word}` of `x-kubewright` means nothing at a volume"),
                "write it at the service".to_owned(),
            );
        }
    }
}

/// A size in Kubernetes' spelling, else in compose's.
fn size(at: &At<'_>, text: &Located<String>) -> Given<Memory> {
    let by_compose = amount::bytes(&text.value).and_then(|bytes| Memory::from_bytes(bytes).ok());
    at.checked(text, |text| {
        Memory::parse(text).or_else(|invalid| by_compose.ok_or(invalid))
    })
}

/// What `driver_opts` of Docker's own driver say: memory, NFS or a folder.
fn driver_options(at: &At<'_>) -> Option<TopKind> {
    let entries = at.entries();
    let get = |key: &str| {
        let (_, at) = entries.iter().find(|(name, _)| name.value == key)?;
        at.scalar()
    };
    let (kind, options, device) = (get("type"), get("o"), get("device"));
    for (key, at) in &entries {
        if !matches!(key.value, "type" | "o" | "device") {
            at.say_at(
                key.span,
                kubewright_source::Severity::Warning,
                "not-carried",
                format!("the driver option `{}` is not carried over", key.value),
                "choose a storage class that has what you need".to_owned(),
            );
        }
    }
    let options = options.unwrap_or_else(|| Located::nowhere(String::new()));
    let others: Vec<&str> = options
        .value
        .split(',')
        .filter(|option| !option.is_empty() && *option != "ro" && *option != "bind")
        .filter(|option| !option.starts_with("addr=") && !option.starts_with("size="))
        .collect();
    if !others.is_empty() {
        at.say_at(
            options.span,
            kubewright_source::Severity::Warning,
            "not-carried",
            format!(
                "the mount options `{}` are not carried over",
                others.join(",")
            ),
            "make a PersistentVolume with `mountOptions`, or choose a storage class that has them"
                .to_owned(),
        );
    }
    let option = |name: &str| {
        let mut all = options.value.split(',');
        all.find_map(|option| option.strip_prefix(name)?.strip_prefix('='))
    };
    let kind_text = kind.as_ref().map_or("", |kind| &kind.value);
    match (kind_text, device) {
        ("tmpfs", _) => {
            let bytes = option("size").and_then(amount::bytes);
            let memory = bytes.and_then(|bytes| Memory::from_bytes(bytes).ok());
            Some(TopKind::Other(VolumeSource::EmptyDir {
                memory: true,
                size_limit: memory.map(|memory| Located::new(memory, options.span)),
            }))
        }
        ("nfs" | "nfs4", Some(device)) => {
            let (host, path) = device.value.split_once(':').unwrap_or(("", &device.value));
            let server = option("addr").unwrap_or(host).to_owned();
            let mut nfs = vec![
                ("server".to_owned(), Tree::Text(server)),
                ("path".to_owned(), Tree::Text(path.to_owned())),
            ];
            if options.value.split(',').any(|option| option == "ro") {
                nfs.push(("readOnly".to_owned(), Tree::Bool(true)));
            }
            let tree = Tree::Map(vec![("nfs".to_owned(), Tree::Map(nfs))]);
            Some(TopKind::Other(VolumeSource::Other(Located::new(
                tree,
                at.span(),
            ))))
        }
        ("" | "none", Some(device)) if options.value.split(',').any(|o| o == "bind") => {
            Some(TopKind::Folder(device))
        }
        _ if entries.is_empty() => None,
        _ => {
            at.warn(
                "not-carried",
                "these driver options are not carried over: the volume becomes an ordinary claim",
                "choose a storage class with the label `kubewright.storage-class`",
            );
            None
        }
    }
}

/// Volumes that several services use become claims of the project.
pub(super) fn share(fields: &Fields<'_>, scope: &mut Scope<'_>, project: &mut Project) {
    for (name, top) in &scope.volumes {
        let TopKind::Claim(claim) = &top.kind else {
            continue;
        };
        let users = scope.volume_users.get(*name).map_or(&[][..], Vec::as_slice);
        let [first, _, ..] = users else { continue };
        let Ok(shared) = Name::sanitised(name) else {
            continue;
        };
        // Containers of one pod share a claim that one node alone may mount.
        let pod = scope.pods.host(first.0);
        let second = users.iter().find(|user| scope.pods.host(user.0) != pod);
        let mut claim = claim.clone();
        if second.is_some() {
            claim.access_modes = vec![Located::new(AccessMode::ReadWriteMany, top.declared.span)];
        }
        let claim = SharedClaim::Made(Box::new(claim));
        let declared = top.declared;
        project
            .volumes
            .insert(shared, SharedVolume { declared, claim });
        let Some(second) = second else { continue };
        let said = Diagnostic::warning(
            "claim-shared",
            top.declared.span,
            format!(
                "the volume `{name}` is shared by `{}` and `{}`",
                first.0, second.0
            ),
        );
        let said = said
            .related(first.1, format!("`{}` mounts it", first.0))
            .related(second.1, format!("`{}` mounts it", second.0))
            .help(
                "its claim asks for `ReadWriteMany`, which not every storage class has: name one \
                 with the label `kubewright.storage-class`, or give each service its own volume",
            );
        fields
            .at()
            .report
            .push(said.path(format!("volumes.{name}")));
    }
}

/// Volumes that nobody mounts.
pub(super) fn report_unused(fields: &Fields<'_>, scope: &Scope<'_>) {
    for (name, top) in &scope.volumes {
        if !scope.volume_users.contains_key(*name) {
            let said = Diagnostic::note(
                "unused",
                top.declared.span,
                format!("no service mounts the volume `{name}`; nothing is made for it"),
            );
            let said = said.path(format!("volumes.{name}"));
            fields
                .at()
                .report
                .push(said.help("remove it, or mount it in a service"));
        }
    }
}

/// The volumes and mounts of one service, as they come in.
pub(super) struct Room<'r> {
    pub(super) service: &'r Service<'r>,
    pub(super) app: &'r mut App,
    pub(super) taken: Taken,
    /// Named volumes that are there already.
    named: BTreeMap<String, Name>,
    /// Targets of source code that is in the image.
    pub(super) baked: Vec<String>,
}

impl Room<'_> {
    /// Adds a volume and mounts it.
    pub(super) fn add(&mut self, mount: &Mount, wanted: &str, source: VolumeSource) {
        let name = self.taken.name(wanted);
        self.app.volumes.push(Volume {
            name: Located::new(name.clone(), mount.span),
            source,
        });
        self.mount(mount, name);
    }

    fn mount(&mut self, mount: &Mount, volume: Name) {
        self.app.main.mounts.push(ModelMount {
            volume: Located::new(volume, mount.span),
            path: mount.target.clone(),
            read_only: mount.read_only,
            sub_path: mount.sub_path.clone(),
            propagation: mount.propagation,
        });
    }

    /// Says something about a mount.
    pub(super) fn say(&self, mount: &Mount, said: Diagnostic) {
        let report = self.service.fields.at().report;
        report.push(said.path(mount.path.clone()));
    }
}

/// Reads `volumes`, `tmpfs` and `shm_size` into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App, project: &mut Additions) {
    service.fields.get("volumes");
    // Its mounts are among the service's own already; only strings name them.
    if let Some(at) = service.fields.get("volumes_from") {
        at.texts();
    }
    let mut room = Room {
        service,
        app,
        taken: Taken::default(),
        named: BTreeMap::new(),
        baked: Vec::new(),
    };
    // The name of the pod's volume with mounted files.
    if let Ok(files) = Name::parse("files") {
        room.taken.take(&files);
    }
    let mounts = service.scope.mounts.get(service.key);
    let mounts = mounts.map_or(&[][..], Vec::as_slice);
    // Binds first: an anonymous volume below source code depends on them.
    for mount in mounts.iter().filter(|mount| mount.kind == MountKind::Bind) {
        bind::read(&mut room, mount, project);
    }
    for mount in mounts {
        match mount.kind {
            MountKind::Bind => {}
            MountKind::Volume => volume(&mut room, mount, project),
            MountKind::Tmpfs => memory(&mut room, mount),
            MountKind::Image => image(&mut room, mount),
            MountKind::Foreign(kind) => {
                let said = Diagnostic::warning(
                    "not-carried",
                    mount.span,
                    format!("a volume of type `{kind}` has no counterpart in Kubernetes"),
                );
                room.say(mount, said.help("use a named volume"));
            }
        }
    }
    tmpfs(&mut room);
    shared_memory(&mut room);
    device::read(&mut room);
}

fn volume(room: &mut Room<'_>, mount: &Mount, project: &mut Additions) {
    let Some(name) = mount.named() else {
        anonymous(room, mount);
        return;
    };
    let scope = room.service.scope;
    let Some(top) = scope.volumes.get(name.value.as_str()) else {
        let at = room.service.fields.at();
        unknown(
            scope.document,
            at,
            name.span,
            "volume",
            &name.value,
            &scope.volumes,
        );
        return;
    };
    if let Some(volume) = room.named.get(&name.value) {
        let volume = volume.clone();
        room.mount(mount, volume);
        return;
    }
    let users = scope.volume_users.get(&name.value).map_or(0, Vec::len);
    let source = match &top.kind {
        TopKind::Claim(_) if users > 1 => match Name::sanitised(&name.value) {
            Ok(shared) => VolumeSource::Shared(Located::new(shared, name.span)),
            Err(_) => return,
        },
        TopKind::Claim(claim) => VolumeSource::Claim(own(room, mount, claim)),
        TopKind::External(claim) => VolumeSource::ExistingClaim(claim.clone()),
        TopKind::Other(source) => source.clone(),
        TopKind::Folder(folder) => {
            let mut mount = mount.clone();
            mount.source = Some(folder.clone());
            bind::read(room, &mount, project);
            return;
        }
    };
    match Name::sanitised(&name.value) {
        Ok(_) => {
            room.add(mount, &name.value, source);
            if let Some(volume) = room.app.volumes.last() {
                room.named
                    .insert(name.value.clone(), volume.name.value.clone());
            }
        }
        Err(invalid) => {
            let at = room.service.fields.at();
            at.bad_value(name.span, &name.value, invalid);
        }
    }
}

/// A claim template has no name of its own.
fn own(room: &Room<'_>, mount: &Mount, claim: &Claim) -> Claim {
    let mut claim = claim.clone();
    if matches!(room.app.workload, Workload::StatefulSet(_))
        && let Some(name) = claim.claim_name.take()
    {
        let said = Diagnostic::note(
            "claim-name",
            name.span,
            format!(
                "the claims of a StatefulSet are named by Kubernetes, not `{}`",
                name.value
            ),
        );
        room.say(mount, said.help("leave `name` out"));
    }
    claim
}

fn anonymous(room: &mut Room<'_>, mount: &Mount) {
    let target = mount.target.value.as_str();
    let below = |baked: &String| target.starts_with(&format!("{baked}/"));
    if room.baked.iter().any(below) {
        let said = Diagnostic::note(
            "anonymous-volume",
            mount.span,
            format!(
                "`{target}` lies in the image, as the source code around it does: no volume is made"
            ),
        );
        room.say(mount, said.help("nothing needs to be done"));
        return;
    }
    if room.service.keeps_data_at(target) {
        let wanted = mount.target.value.file_name().to_owned();
        room.add(mount, &wanted, VolumeSource::Claim(Claim::default()));
        return;
    }
    let said = Diagnostic::note(
        "anonymous-volume",
        mount.span,
        format!("the volume at `{target}` has no name: what is in it goes with the pod"),
    );
    room.say(
        mount,
        said.help("give it a name and declare it under the top-level `volumes` to keep it"),
    );
    let wanted = mount.target.value.file_name().to_owned();
    let source = VolumeSource::EmptyDir {
        memory: false,
        size_limit: None,
    };
    room.add(mount, &wanted, source);
}

fn memory(room: &mut Room<'_>, mount: &Mount) {
    let source = VolumeSource::EmptyDir {
        memory: true,
        size_limit: mount.size,
    };
    let wanted = mount.target.value.file_name().to_owned();
    room.add(mount, &wanted, source);
}

fn image(room: &mut Room<'_>, mount: &Mount) {
    let at = room.service.fields.at();
    let Some(source) = &mount.source else {
        at.say_at(
            mount.span,
            kubewright_source::Severity::Warning,
            "empty-value",
            "a volume from an image names no image, and is not mounted".to_owned(),
            "give `source` the image, or set the variable that holds it".to_owned(),
        );
        return;
    };
    if let Some(image) = at.checked(source, Image::parse) {
        let wanted = image.value.short_name().to_owned();
        room.add(mount, &wanted, VolumeSource::Image(image));
    }
}

/// `tmpfs: ["/tmp:size=64m,mode=1777"]`.
fn tmpfs(room: &mut Room<'_>) {
    let service = room.service;
    let Some(at) = service.fields.get("tmpfs") else {
        return;
    };
    for item in at.one_or_many() {
        let Some(text) = item.text() else { continue };
        let (path, options) = text.value.split_once(':').unwrap_or((&text.value, ""));
        let path = Located::new(path.to_owned(), text.span);
        let Some(target) = item.checked(&path, MountPath::parse) else {
            continue;
        };
        let mounts = room.app.main.mounts.iter();
        if let Some(first) = mounts
            .map(|mount| &mount.path)
            .find(|path| **path == target)
        {
            mount::taken(&item, &target, first.span);
            continue;
        }
        let size = options
            .split(',')
            .filter(|o| !o.is_empty())
            .fold(None, |size, option| tmpfs_option(&item, option).or(size));
        let mount = Mount {
            span: text.span,
            path: item.path.to_string(),
            kind: MountKind::Tmpfs,
            source: None,
            target,
            read_only: None,
            sub_path: None,
            propagation: None,
            size,
            create: true,
        };
        memory(room, &mount);
    }
}

fn tmpfs_option(at: &At<'_>, option: &str) -> Given<Memory> {
    if let Some(size) = option.strip_prefix("size=") {
        let bytes = amount::bytes(size).and_then(|bytes| Memory::from_bytes(bytes).ok());
        if bytes.is_none() {
            at.bad(format!("`{size}` is no size"), "write it like `size=64m`");
        }
        return bytes.map(|memory| Located::new(memory, at.span()));
    }
    if !matches!(
        option,
        "rw" | "exec" | "mode=1777" | "mode=0777" | "mode=777"
    ) {
        at.warn(
            "not-carried",
            format!("the option `{option}` of a tmpfs has no counterpart in Kubernetes"),
            "an `emptyDir` in memory can be written by all of the pod; leave the option out",
        );
    }
    None
}

/// `shm_size`: memory at `/dev/shm`.
fn shared_memory(room: &mut Room<'_>) {
    let Some(at) = room.service.fields.get("shm_size") else {
        return;
    };
    let (Some(size), Ok(target)) = (amount::memory(&at), MountPath::parse("/dev/shm")) else {
        return;
    };
    let target = Located::new(target, at.span());
    let mounts = room.app.main.mounts.iter();
    if let Some(first) = mounts
        .map(|mount| &mount.path)
        .find(|path| **path == target)
    {
        mount::taken(&at, &target, first.span);
        return;
    }
    let mount = Mount {
        span: at.span(),
        path: at.path.to_string(),
        kind: MountKind::Tmpfs,
        source: None,
        target,
        read_only: None,
        sub_path: None,
        propagation: None,
        size: Some(size),
        create: true,
    };
    memory(room, &mount);
}
