//! Values that Kubernetes would refuse.

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
