//! Parts of a workload in Kubernetes' own words: `envFrom`, `_pod_volumes`,
//! `volumeMounts`; and `_svc_name`, which the state's own service is called.

use kubewright_model::object::Tree;
use kubewright_model::value::{SubPath, VariableName};
use kubewright_model::variable::{VariablesFrom, VariablesSource};
use kubewright_model::volume::{Mount, Volume, VolumeSource};
use kubewright_model::{App, Located, MountPath, Name, ObjectName};

use super::super::entry::Service;
use super::super::given::{flag, given, text};
use crate::fields::{At, tree};

/// Adds them to an app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let fields = &service.fields;
    if let Some(at) = given(fields, "envFrom") {
        let from = at.items();
        let from = from.into_iter().filter_map(source);
        app.main.environment_from.extend(from);
    }
    if let Some(at) = given(fields, "_pod_volumes") {
        let volumes = at.items();
        app.volumes.extend(volumes.into_iter().filter_map(volume));
    }
    if let Some(at) = given(fields, "volumeMounts") {
        let mounts = at.items();
        app.main.mounts.extend(mounts.into_iter().filter_map(mount));
    }
    if let Some(at) = given(fields, "_svc_name")
        && text(fields, "_svc_name").is_some_and(|name| name.value != app.name.as_str())
    {
        at.bad(
            "`_svc_name` is not what the resource is called",
            "give both the same name: ConfigMaps and Secrets are called like the workload",
        );
    }
}

fn source(at: At<'_>) -> Option<VariablesFrom> {
    let fields = at.fields("an entry of `envFrom`")?;
    let named = |key: &'static str| {
        let inner = given(&fields, key)?.fields(format!("`{key}`"))?;
        let name = inner
            .need("name")
            .and_then(|at| at.parse(ObjectName::parse));
        let optional = flag(&inner, "optional");
        inner.finish();
        Some((name?, optional))
    };
    let config = named("configMapRef");
    let (source, optional) = match (config, named("secretRef")) {
        (Some((name, optional)), None) => (VariablesSource::ConfigMap(name), optional),
        (None, Some((name, optional))) => (VariablesSource::Secret(name), optional),
        (Some(_), Some(_)) | (None, None) => {
            fields.at().bad(
                "this entry names no ConfigMap and no Secret, or both",
                "write `configMapRef` or `secretRef`, each in an entry of its own",
            );
            return None;
        }
    };
    let prefix = given(&fields, "prefix").and_then(|at| at.parse(VariableName::parse));
    let prefix = prefix.map(|prefix| prefix.map(String::from));
    fields.finish();
    Some(VariablesFrom {
        source,
        prefix,
        optional,
    })
}

fn volume(at: At<'_>) -> Option<Volume> {
    let name = at.node.get("name").and_then(|name| name.as_scalar());
    let Some(name) = name.and_then(|name| Name::parse(&name.text).ok()) else {
        at.bad(
            "this volume has no `name` that Kubernetes takes",
            "give it one, like `data`",
        );
        return None;
    };
    let Tree::Map(mut members) = tree(at.node) else {
        return None;
    };
    members.retain(|(key, _)| key != "name");
    Some(Volume {
        name: Located::new(name, at.span()),
        source: VolumeSource::Other(Located::new(Tree::Map(members), at.span())),
    })
}

fn mount(at: At<'_>) -> Option<Mount> {
    let fields = at.fields("an entry of `volumeMounts`")?;
    let volume = fields.need("name").and_then(|at| at.parse(Name::parse));
    let path = fields
        .need("mountPath")
        .and_then(|at| at.parse(MountPath::parse));
    let mount = Mount {
        volume: volume?,
        path: path?,
        read_only: flag(&fields, "readOnly"),
        sub_path: given(&fields, "subPath").and_then(|at| at.parse(SubPath::parse)),
        propagation: None,
    };
    fields.finish();
    Some(mount)
}
