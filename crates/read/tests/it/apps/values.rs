//! Values that Kubernetes would refuse.

use kubewright_model::file::SecretFrom;

use super::read;

#[test]
fn devices_are_named_by_whose_they_are() {
    let rows = [
        ("gpu: {count: 1, type: nvidia.com/gpu}", true),
        ("gpu: {count: 1, type: nvidia}", false),
        ("gpu: {count: 1, type: kubernetes.io/gpu}", false),
        ("extended: {test/fpga: 1}", true),
        ("extended: {fpga: 1}", false),
    ];
    for (resources, fits) in rows {
        for version in ["2", "3"] {
            let text = format!(
                "version: {version}\napps: {{web: {{image: a:1, resources: {{{resources}}}}}}}"
            );
            let faults = read(&text, None, &[]).faults();
            let is_refused = faults.iter().all(|said| said.starts_with("bad-value "));
            assert!(
                is_refused && faults.is_empty() == fits,
                "{text}: {faults:?}"
            );
        }
    }
}

/// Also where an environment says another value than the entry.
#[test]
fn values_that_look_secret_are_seen_in_every_layer() {
    let text = |value: &str, over: &str| {
        format!(
            "environments: {{prod: {{}}}}\napps: {{web: {{image: a:1, environment: {{DB_PASSWORD: {value}}}, \
             overrides: {{prod: {{environment: {{DB_PASSWORD: {over}}}}}}}}}}}"
        )
    };
    let rows = [
        ("{secret: a}", "hunter2", false),
        ("{value: a}", "hunter2", false),
        ("\"\"", "hunter2", false),
        ("\"\"", "{value: a}", true),
        ("\"\"", "{secret: a}", true),
    ];
    for (value, over, fits) in rows {
        let text = text(value, over);
        let faults = read(&text, Some("prod"), &[]).faults();
        let is_refused = faults
            .iter()
            .all(|said| said.starts_with("secret-in-clear "));
        assert!(
            is_refused && faults.is_empty() == fits,
            "{text}: {faults:?}"
        );
    }
}

/// A secret of which only other environments speak is not there; an environment that
/// there is not is an error.
#[test]
fn environments_say_where_a_secret_comes_from() {
    let text = "environments: {test: {}, prod: {}}\n\
                secrets: {key: {overrides: {prod: {external: true}}}, pin: {environment: A, overrides: {prod: {file: a.pem}}}}\n\
                apps: {web: {image: a:1}}";
    let project = |environment| read(text, Some(environment), &[("a.pem", "x")]);
    let sources = |environment| {
        let project = project(environment).project;
        let names = project.secrets.into_iter();
        names
            .map(|(name, source)| match source.from {
                SecretFrom::External { .. } => format!("{name} external"),
                SecretFrom::File { .. } => format!("{name} file"),
                SecretFrom::Environment { .. } => format!("{name} environment"),
                SecretFrom::Store => format!("{name} store"),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(sources("test"), ["pin environment"]);
    assert_eq!(sources("prod"), ["key external", "pin file"]);
    let wrong = text.replace("{prod: {external", "{prd: {external");
    let faults = read(&wrong, Some("prod"), &[("a.pem", "x")]).faults();
    assert!(faults[0].contains("secrets.key"), "{faults:?}");
}
