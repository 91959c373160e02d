//! `driver_opts` of a top-level volume.

use kubewright_model::object::Tree;
use kubewright_model::volume::VolumeSource;
use kubewright_model::{Located, Memory};

use super::super::amount;
use super::top::TopKind;
use crate::fields::At;

/// What `driver_opts` of Docker's own driver say: memory, NFS or a folder.
pub(super) fn driver_options(at: &At<'_>) -> Option<TopKind> {
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
