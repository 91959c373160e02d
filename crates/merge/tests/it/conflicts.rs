//! Both sides want something else at one place.

use kubewright_merge::{Conflict, Outcome, Why, merge, merge_veiled};

use crate::cases::{BASE, Changes, with};

pub(crate) fn conflicts(base: &str, user: &str, new: &str) -> Vec<Conflict> {
    match merge(base, user, new) {
        Outcome::Merged(text) => panic!("merged:\n{text}"),
        Outcome::Conflicts(conflicts, _) => conflicts,
    }
}

/// `path: user | generated | base at the text there`.
pub(crate) fn told(user: &str, conflicts: &[Conflict]) -> Vec<String> {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "–".to_owned());
    conflicts
        .iter()
        .map(|found| {
            format!(
                "{}: {} | {} | {} at `{}`",
                found.path,
                side(&found.user),
                side(&found.generated),
                side(&found.base),
                &user[found.place.clone()]
            )
        })
        .collect()
}

#[test]
fn both_sides_are_told() {
    let probe = "          readinessProbe:\n            httpGet:\n              path: /\n              port: 80\n            periodSeconds: 10\n";
    let rows: [(Changes<'_>, Changes<'_>, &[&str]); 6] = [
        (
            &[("replicas: 2", "replicas: 5")],
            &[("replicas: 2", "replicas: 3")],
            &["spec.replicas: 5 | 3 | 2 at `5`"],
        ),
        (
            &[("replicas: 2", "replicas: 5"), ("1.4.2", "mine")],
            &[("replicas: 2", "replicas: 3"), ("1.4.2", "1.5.0")],
            &[
                "spec.replicas: 5 | 3 | 2 at `5`",
                "spec.template.spec.containers[web].image: ghcr.io/acme/web:mine | ghcr.io/acme/web:1.5.0 | ghcr.io/acme/web:1.4.2 at `ghcr.io/acme/web:mine`",
            ],
        ),
        (
            &[(probe, "")],
            &[("periodSeconds: 10", "periodSeconds: 30")],
            &[
                "spec.template.spec.containers[web].readinessProbe: – | httpGet:\n  path: /\n  port: 80\nperiodSeconds: 30 | httpGet:\n  path: /\n  port: 80\nperiodSeconds: 10 at `name: web`",
            ],
        ),
        (
            &[("periodSeconds: 10", "periodSeconds: 30")],
            &[(probe, "")],
            &[
                "spec.template.spec.containers[web].readinessProbe: httpGet:\n  path: /\n  port: 80\nperiodSeconds: 30 | – | httpGet:\n  path: /\n  port: 80\nperiodSeconds: 10 at `readinessProbe:\n            httpGet:\n              path: /\n              port: 80\n            periodSeconds: 30`",
            ],
        ),
        (
            &[("--port=80", "--port=81")],
            &[("            - serve\n", "")],
            &[
                "spec.template.spec.containers[web].args: [serve, --port=81] | [--port=80] | [serve, --port=80] at `- serve\n            - --port=81`",
            ],
        ),
        (
            &[(
                "            - name: B\n",
                "            - name: C\n              value: mine\n            - name: B\n",
            )],
            &[(
                "            - name: B\n",
                "            - name: C\n              value: ours\n            - name: B\n",
            )],
            &["spec.template.spec.containers[web].env[C].value: mine | ours | – at `mine`"],
        ),
    ];
    for (user, new, expected) in rows {
        let (user, new) = (with(user), with(new));
        let found = conflicts(BASE, &user, &new);
        assert!(found.iter().all(|found| found.why == Why::BothChanged));
        assert_eq!(told(&user, &found), expected);
    }
}

#[test]
fn a_mark_keeps_what_is_the_users() {
    let user = with(&[
        ("replicas: 2", "replicas: 5 # kubewright: keep"),
        ("1.4.2", "mine"),
    ]);
    let new = with(&[("replicas: 2", "replicas: 3")]);
    assert_eq!(merge(BASE, &user, &new), Outcome::Merged(user));
}

#[test]
fn a_comment_in_what_goes() {
    let mounts = "          volumeMounts:\n            - mountPath: /data\n";
    let user = with(&[(
        mounts,
        "          volumeMounts:\n            # keep me\n            - mountPath: /data\n",
    )]);
    let new = with(&[(mounts, ""), ("              name: data\n", "")]);
    let found = conflicts(BASE, &user, &new);
    assert_eq!(found[0].why, Why::Comment);
    assert_eq!(
        found[0].path,
        "spec.template.spec.containers[web].volumeMounts"
    );
}

#[test]
fn what_cannot_be_read_or_edited() {
    let new = with(&[("replicas: 2", "replicas: 3")]);
    let found = conflicts(BASE, "a: [\n", &new);
    assert_eq!((found.len(), found[0].why), (1, Why::Unreadable));
    let new = with(&[("    app: web\nspec", "    app: web\n    b: c\nspec")]);
    let anchored = with(&[
        ("    app: web\nspec", "    *a : web\nspec"),
        ("  name: web\n  labels", "  name: &a app\n  labels"),
    ]);
    assert!(matches!(
        merge(BASE, &anchored, &new),
        Outcome::Conflicts(..)
    ));
}

#[test]
fn what_looks_secret_is_not_told() {
    let looks_secret = |name: &str, words: &[&str]| {
        name == "A" || words.iter().any(|word| word.contains("hunter"))
    };
    let list = "env:\n  - name: A\n    value: 1\n  - name: B\n    value: 1\nargs:\n  - x\n  - y\n";
    let flow = "env: [{name: A, value: 1}, {name: B, value: 1}]\n";
    let rows = [
        (
            "by its name",
            list,
            ("A\n    value: 1", "A\n    value: 7"),
            true,
            true,
        ),
        (
            "by the user's text",
            list,
            ("B\n    value: 1", "B\n    value: hunter7"),
            true,
            true,
        ),
        ("a word of a list", list, ("- y", "- hunter7"), true, true),
        ("a harmless one", list, ("- y", "- 7"), false, false),
        (
            "beside another on its line",
            flow,
            ("B, value: 1", "B, value: 7"),
            false,
            true,
        ),
        (
            "a comment on its line",
            list,
            ("B\n    value: 1", "B\n    value: 7 # hunter"),
            false,
            true,
        ),
    ];
    for (name, base, (old, edit), hides, is_veiled) in rows {
        let user = base.replace(old, edit);
        let kept = edit.replace(" # hunter", "").replace("hunter7", "7");
        let new = base.replace(old, &kept.replace('7', "9"));
        let Outcome::Conflicts(found, _) = merge_veiled(base, &user, &new, &looks_secret) else {
            panic!("{name}: merged");
        };
        assert_eq!(found.len(), 1, "{name}");
        let sides = [&found[0].user, &found[0].generated, &found[0].base];
        let masked = sides.map(|side| side.as_deref() == Some("***"));
        assert_eq!(masked, [hides; 3], "{name}: {found:?}");
        assert_eq!(found[0].is_veiled, is_veiled, "{name}");
    }
}

#[test]
fn no_value_of_a_secret_is_told() {
    let old = "kind: Secret\nmetadata:\n  name: a\nstringData:\n  A: hunter1\n";
    let base = kubewright_merge::veil::shape(old).unwrap();
    let user = old.replace("hunter1", "hunter2");
    let new = old.replace("hunter1", "hunter3");
    let found = conflicts(&base, &user, &new);
    assert_eq!(found[0].path, "stringData.A");
    assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
    assert_eq!(&user[found[0].place.clone()], "hunter2");
    // The whole map gone, too.
    let found = conflicts(&base, &user, "kind: Secret\nmetadata:\n  name: a\n");
    assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
}

#[test]
fn a_secret_in_the_place_of_another_object_is_not_shown() {
    let map = |value: &str| format!("kind: ConfigMap\nmetadata:\n  name: a\ndata:\n  A: {value}\n");
    let users = [
        "kind: Secret\nmetadata:\n  name: a\ndata:\n  A: hunter9\n",
        "kind: ConfigMap\nmetadata:\n  name: a\ndata: hunter9\nmine: {kind: Secret}\n",
        "- kind: Secret\n  data: {A: hunter9}\n",
    ];
    for user in users {
        let outcome = merge(&map("1"), user, &map("2"));
        assert!(matches!(outcome, Outcome::Conflicts(..)), "{user}");
        assert!(!format!("{outcome:?}").contains("hunter9"), "{outcome:?}");
    }
}
