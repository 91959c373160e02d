//! Files and volumes. Each has one place, so that no two meet.

use serde_json::{Value, json};

use crate::choice::{Choice, Side, any_of, block, just, members, one_of};
use crate::text::text;

/// The files that projects have, beside their `apps.yaml`.
pub(crate) const SOURCES: &[(&str, &[u8])] = &[
    (
        "conf/app.tmpl",
        b"{{ range .Items }}\n  name = \"{{ .Name }}\"\t# $(X) $PATRONI\n{{ end }}\n",
    ),
    ("conf/logo.bin", &[0, 159, 146, 150, 255, 10, 123, 123, 0]),
    ("conf/plain.ini", b"[a]\nb = 1\n"),
    ("web/Dockerfile", b"FROM scratch\n"),
];

pub(crate) fn files(side: Side) -> Choice {
    let mode = || ("mode", 0.3, one_of(["0440", "0644"]));
    let content = || block(vec![("content", 1.0, text()), mode()]);
    let binary = || {
        let binary = one_of(["AAEC/w==", "e3sgLlZhbHVlcy54IH19", "/////w=="]);
        block(vec![("binary", 1.0, binary), mode()])
    };
    let source = || one_of(["conf/app.tmpl", "conf/logo.bin", "conf/plain.ini"]);
    let folder = || {
        let inner = || any_of(vec![text(), one_of([json!({"binary": "AAEC/w=="})])]);
        let inside = vec![
            ("a.conf", 0.7, inner()),
            ("b.txt", 0.5, inner()),
            ("c", 1.0, inner()),
        ];
        block(vec![("folder", 1.0, block(inside))])
    };
    let secret = one_of([
        json!({"secret": "s-file"}),
        json!({"secret": "s-file", "mode": "0400"}),
        json!({"secret": "s-one"}),
        json!({"secret_ref": "given/one"}),
    ]);
    let one_file = || any_of(vec![content(), content(), binary(), source()]);
    members(
        side,
        vec![
            ("/etc/app/a.conf", one_file()),
            ("/etc/app/b.conf", one_file()),
            ("/etc/tree", any_of(vec![folder(), just("conf/")])),
            ("/opt/c", one_file()),
            ("/run/d", secret),
        ],
    )
}

pub(crate) fn volumes(side: Side) -> Choice {
    let at = |path: &'static str, more: Vec<Value>| {
        let variants = more.into_iter().map(|mut value| {
            value["mount_path"] = path.into();
            value
        });
        one_of(variants)
    };
    members(
        side,
        vec![
            ("data", at("/data", claims())),
            (
                "cache",
                at(
                    "/cache",
                    vec![
                        json!({"type": "emptyDir"}),
                        json!({"type": "emptyDir", "medium": "Memory", "size_limit": "64Mi"}),
                        json!({"type": "emptyDir", "size_limit": "1Gi"}),
                    ],
                ),
            ),
            (
                "given",
                at(
                    "/given",
                    vec![
                        json!({"type": "configmap", "configmap_name": "flags"}),
                        json!({"type": "configmap", "configmap_name": "flags", "optional": true}),
                        json!({"type": "secret", "secret_name": "given", "mode": "0400"}),
                        json!({"type": "secret", "secret_name": "given", "items": [{"key": "one", "path": "1"}]}),
                        json!({"type": "hostPath", "host_path": "/srv/x", "host_type": "Directory"}),
                        json!({"type": "image", "image": "acme/model:1"}),
                    ],
                ),
            ),
            (
                "shelf",
                at(
                    "/shelf",
                    vec![
                        json!({"existing_claim": "shelf"}),
                        json!({"existing_claim": "other", "read_only": true, "sub_path": "a"}),
                    ],
                ),
            ),
            (
                "share",
                at(
                    "/share",
                    vec![
                        json!({"source": {"nfs": {"server": "nas", "path": "/"}}}),
                        json!({"source": {"nfs": {"server": "nas", "path": "/x", "readOnly": true}}}),
                        json!({"source": {"csi": {"driver": "csi.acme.test"}}}),
                    ],
                ),
            ),
        ],
    )
}

fn claims() -> Vec<Value> {
    vec![
        json!({"size": "1Gi"}),
        json!({"size": "5Gi"}),
        json!({"size": "1Gi", "storage_class": "fast"}),
        json!({"size": "1Gi", "labels": {"tier": "hot"}, "annotations": {"a": "{{ b }}"}}),
        json!({"size": "1Gi", "sub_path": "x"}),
        json!({"size": "1Gi", "access_modes": ["ReadWriteMany"]}),
    ]
}
