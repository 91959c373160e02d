//! The image of the main container.

use serde_json::Value;

use crate::helm::Chart;
use crate::helm::draft::{Draft, Within, Workshop, Written, leaf, path};
use crate::helm::hole::value;
use crate::helm::values::Shape;
use crate::image;

/// One part of an image's name: its key, what finds it, and what it is for.
type Part = (&'static str, fn(&str) -> &str, &'static str);

const PARTS: [Part; 4] = [
    (
        "registry",
        |image| registry_and_repository(image).0,
        "Where the image comes from, unless `global.imageRegistry` is set",
    ),
    (
        "repository",
        |image| registry_and_repository(image).1,
        "The image without registry and tag",
    ),
    ("tag", |image| image::split(image).1, "The image's tag"),
    (
        "digest",
        |image| image::split(image).2,
        "The image's digest, which counts more than the tag",
    ),
];

/// <https://docs.docker.com/reference/cli/docker/image/tag/>
fn registry_and_repository(image: &str) -> (&str, &str) {
    let (name, ..) = image::split(image);
    let is_registry = |first: &str| first.contains(['.', ':']) || first == "localhost";
    match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (first, rest),
        _ => ("", name),
    }
}

/// <https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy>
const POLICIES: &[&str] = &["Always", "IfNotPresent", "Never"];

/// Makes values of the parts of the image.
pub(super) fn lift(
    draft: &mut Draft,
    main: Within<'_>,
    app: &str,
    chart: &Chart<'_>,
    shop: &mut Workshop<'_>,
) {
    let Some(each) = draft.each_of(main, "image") else {
        return;
    };
    if !each.iter().flatten().all(Value::is_string) {
        return;
    }
    for (key, part, help) in PARTS {
        let of = |image: &Value| Value::from(image.as_str().map(part));
        let each: Vec<_> = each.iter().map(|image| image.as_ref().map(of)).collect();
        // Most images have no digest; a chart says so only where one has.
        let is_said = key != "digest" || each.iter().flatten().any(|digest| digest != "");
        if is_said {
            let path = path(&[app, "image", key]);
            shop.values.add(leaf(path, each, Shape::Text, help));
        }
    }
    let action = format!(
        "{{{{ include \"{}\" (dict \"image\" {} \"global\" .Values.global) }}}}",
        chart.helper("image"),
        value(&path(&[app, "image"])),
    );
    let mark = shop.holes.inline(action);
    draft.put(main, "image", &mark);
    let said = (
        path(&[app, "image", "pullPolicy"]),
        "`Always`, `IfNotPresent` or `Never`; not set: as Kubernetes decides",
    );
    draft.lift_optional(main, "imagePullPolicy", said, Written::Word(POLICIES), shop);
}
