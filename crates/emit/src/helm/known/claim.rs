//! Room for data.

use crate::helm::draft::{Draft, Within, Workshop, Written, camel, path};
use crate::helm::way::{map_at, value_at};

/// The claims that a StatefulSet makes for its pods.
pub(super) fn lift_all(draft: &mut Draft, app: &str, shop: &mut Workshop<'_>) {
    let mut names: Vec<String> = Vec::new();
    for tree in draft.each.iter().flatten() {
        let templates = tree["spec"]["volumeClaimTemplates"].as_array();
        for template in templates.into_iter().flatten() {
            let name = template["metadata"]["name"].as_str().unwrap_or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    for name in names {
        let within: Within<'_> = &|tree| {
            let templates = value_at(tree, &["spec", "volumeClaimTemplates"])?;
            let mut templates = templates.as_array_mut()?.iter_mut();
            let found = templates.find(|one| one["metadata"]["name"] == name.as_str());
            found?.as_object_mut()
        };
        lift(draft, within, &[app, "persistence", &camel(&name)], shop);
    }
}

/// Makes values of one claim; its values stand in `group`.
pub(super) fn lift(draft: &mut Draft, within: Within<'_>, group: &[&str], shop: &mut Workshop<'_>) {
    let below = |key: &str| {
        let mut path = path(group);
        path.push(key.to_owned());
        path
    };
    let requests: Within<'_> = &|tree| {
        let spec = within(tree)?.get_mut("spec")?;
        map_at(spec, &["resources", "requests"])
    };
    let said = (below("size"), "Room for data");
    draft.lift(requests, "storage", said, Written::Text, shop);
    let spec: Within<'_> = &|tree| within(tree)?.get_mut("spec")?.as_object_mut();
    let said = (
        below("storageClass"),
        "The class of storage; not set: the cluster's own",
    );
    draft.lift_optional(spec, "storageClassName", said, Written::Text, shop);
}
