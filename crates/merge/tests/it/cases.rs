//! What people do to a manifest, and what the input does meanwhile.

use kubewright_merge::{Outcome, merge};

pub(crate) const BASE: &str = "\
# from compose.yaml, service web
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.4.2
          args:
            - serve
            - --port=80
          ports:
            - containerPort: 80
              protocol: TCP
          env:
            - name: A
              value: a
            - name: B
              value: b
          readinessProbe:
            httpGet:
              path: /
              port: 80
            periodSeconds: 10
          volumeMounts:
            - mountPath: /data
              name: data
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: web-data
";

/// Parts of a text and what takes their place.
pub(crate) type Changes<'c> = &'c [(&'c str, &'c str)];

/// `BASE` with replacements, each of which must fit.
pub(crate) fn with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(BASE.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    })
}

#[track_caller]
pub(crate) fn merged(base: &str, user: &str, new: &str) -> String {
    match merge(base, user, new) {
        Outcome::Merged(text) => {
            let base = kubewright_merge::veil::shape(new).expect("YAML");
            let again = merge(&base, &text, new);
            assert_eq!(again, Outcome::Merged(text.clone()), "merging twice");
            text
        }
        Outcome::Conflicts(conflicts, _) => panic!("{conflicts:#?}"),
    }
}

const SIDECAR: &str = "        - name: proxy\n          image: envoyproxy/envoy:v1.31\n          # by hand\n          args: [-c, /etc/envoy.yaml]\n";

#[test]
fn edits_of_both_sides_meet() {
    let sidecar = format!("      containers:\n{SIDECAR}");
    let volumes = "      volumes:\n        - name: data\n";
    let rows: [(&str, Changes<'_>, Changes<'_>); 20] = [
        (
            "a sidecar before, another image",
            &[("      containers:\n", &sidecar)],
            &[("1.4.2", "1.5.0")],
        ),
        (
            "a sidecar behind, a volume added",
            &[("      volumes:\n", &format!("{SIDECAR}      volumes:\n"))],
            &[(
                "      volumes:\n",
                "      volumes:\n        - name: tmp\n          emptyDir: {}\n",
            )],
        ),
        (
            "replicas, image",
            &[("replicas: 2", "replicas: 5")],
            &[("1.4.2", "1.5.0")],
        ),
        (
            "a probe removed, a variable added",
            &[(
                "          readinessProbe:\n            httpGet:\n              path: /\n              port: 80\n            periodSeconds: 10\n",
                "",
            )],
            &[(
                "            - name: B\n",
                "            - name: A2\n              value: x\n            - name: B\n",
            )],
        ),
        (
            "comments, image",
            &[
                (
                    "  replicas: 2",
                    "  # twice, for the weekend\n  replicas: 2 # two",
                ),
                (
                    "          image: ghcr",
                    "          # pinned\n          image: ghcr",
                ),
            ],
            &[("1.4.2", "1.5.0")],
        ),
        (
            "keys in another order, several changes",
            &[
                ("  replicas: 2\n", ""),
                ("  template:\n", "  replicas: 2\n  template:\n"),
                (
                    "apiVersion: apps/v1\nkind: Deployment\n",
                    "kind: Deployment\napiVersion: apps/v1\n",
                ),
            ],
            &[
                ("replicas: 2", "replicas: 3"),
                (
                    "  labels:\n    app: web\n",
                    "  labels:\n    app: web\n    tier: front\n",
                ),
            ],
        ),
        (
            "comment on a line that changes",
            &[("replicas: 2", "replicas: 2  # why two")],
            &[("replicas: 2", "replicas: 3")],
        ),
        (
            "a variable removed, one changed",
            &[("            - name: A\n              value: a\n", "")],
            &[("value: b", "value: \"true\"")],
        ),
        (
            "a variable changed, one removed by the generator",
            &[("value: b", "value: mine")],
            &[("            - name: A\n              value: a\n", "")],
        ),
        (
            "an annotation, a multi-line text",
            &[(
                "  name: web\n  labels",
                "  name: web\n  annotations:\n    team: shop\n  labels",
            )],
            &[(
                "value: a\n",
                "value: |-\n                one\n                two\n",
            )],
        ),
        (
            "the last thing of the file",
            &[(
                "            claimName: web-data\n",
                "            claimName: web-data\n            readOnly: true\n",
            )],
            &[(
                "            claimName: web-data\n",
                "            claimName: web-data\n        - name: more\n          emptyDir: {}\n",
            )],
        ),
        (
            "both removed the same",
            &[(
                "          args:\n            - serve\n            - --port=80\n",
                "",
            )],
            &[
                (
                    "          args:\n            - serve\n            - --port=80\n",
                    "",
                ),
                ("1.4.2", "1.5.0"),
            ],
        ),
        (
            "both changed alike",
            &[("replicas: 2", "replicas: 4")],
            &[("replicas: 2", "replicas: 4")],
        ),
        (
            "brackets instead of blocks",
            &[(
                "  labels:\n    app: web\n",
                "  labels: {app: web, mine: \"yes\"}\n",
            )],
            &[(
                "  labels:\n    app: web\n",
                "  labels:\n    app: web\n    tier: front\n",
            )],
        ),
        (
            "a Service port and a mount",
            &[(
                "            - mountPath: /data\n",
                "            - mountPath: /cache\n              name: cache\n            - mountPath: /data\n",
            )],
            &[(
                "            - mountPath: /data\n              name: data\n",
                "            - mountPath: /data\n              name: data\n              readOnly: true\n",
            )],
        ),
        (
            "an atomic list that only the generator changed",
            &[("replicas: 2", "replicas: 3")],
            &[
                ("--port=80", "--port=81"),
                (
                    "            - serve\n",
                    "            - serve\n            - -v\n",
                ),
            ],
        ),
        (
            "all entries of a map exchanged",
            &[("replicas: 2", "replicas: 3")],
            &[(
                "  labels:\n    app: web\n",
                "  labels:\n    app.kubernetes.io/name: web\n",
            )],
        ),
        (
            "a whole block goes",
            &[("replicas: 2", "replicas: 3")],
            &[(
                "          volumeMounts:\n            - mountPath: /data\n              name: data\n",
                "",
            )],
        ),
        (
            "a list becomes empty",
            &[("replicas: 2", "replicas: 3")],
            &[(
                &format!(
                    "{volumes}          persistentVolumeClaim:\n            claimName: web-data\n"
                ),
                "      volumes: []\n",
            )],
        ),
        (
            "another header",
            &[("replicas: 2", "replicas: 3")],
            &[("# from compose.yaml", "# from docker-compose.yaml")],
        ),
    ];
    let mut shown = String::new();
    for (name, user, new) in rows {
        let (user, new) = (with(user), with(new));
        let text = merged(BASE, &user, &new);
        // The user's lines that are not the generator's are all there, and the other way round.
        for line in user
            .lines()
            .filter(|line| !BASE.contains(line) && !line.contains('{'))
        {
            let kept = text.contains(line) || line.contains("replicas: 2");
            assert!(kept, "{name}: `{line}` is lost in\n{text}");
        }
        for line in new
            .lines()
            .filter(|line| !BASE.contains(line) && !user.contains('{'))
        {
            assert!(
                text.contains(line),
                "{name}: `{line}` is missing in\n{text}"
            );
        }
        shown.push_str(&format!("=== {name}\n{}", difference(&user, &text)));
    }
    insta::assert_snapshot!(shown);
}

/// Lines that one text has and the other does not, in order.
fn difference(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{change}", change.tag()))
        .collect()
}

#[test]
fn the_form_of_the_file_stays() {
    let crlf = with(&[("replicas: 2", "replicas: 7")]).replace('\n', "\r\n");
    let new = with(&[(
        "            - name: B\n",
        "            - name: C\n              value: c\n            - name: B\n",
    )]);
    let text = merged(BASE, &crlf, &new);
    assert!(
        text.contains("            - name: C\r\n              value: c\r\n"),
        "{text}"
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());

    let unended = with(&[("replicas: 2", "replicas: 7")]);
    let new = with(&[(
        "            claimName: web-data\n",
        "            claimName: web-data\n            readOnly: true\n",
    )]);
    let text = merged(BASE, unended.trim_end(), &new);
    assert!(
        text.ends_with("            claimName: web-data\n            readOnly: true"),
        "{text}"
    );
}

#[test]
fn indentation_and_quotes_are_the_users() {
    let base =
        "kind: A\nspec:\n  list:\n    - x\n  env:\n    - name: A\n      value: a\n  word: one\n";
    let user = "kind: A\nspec:\n    list:\n    - x\n    env:\n    - name: A\n      value: a\n    - name: MINE\n      value: m\n    word: 'one'\n";
    let new = "kind: A\nspec:\n  list:\n    - x\n  env:\n    - name: A\n      value: a\n    - name: B\n      value: b\n  word: two\n  more:\n    k: v\n";
    let expected = "kind: A\nspec:\n    list:\n    - x\n    env:\n    - name: A\n      value: a\n    - name: B\n      value: b\n    - name: MINE\n      value: m\n    word: 'two'\n    more:\n      k: v\n";
    assert_eq!(merged(base, user, new), expected);
}

#[test]
fn the_first_key_of_an_item() {
    let base = "kind: A\nlist: 1\nvolumes:\n  - emptyDir: {}\n    name: a\n    extra: x\n";
    let user = "kind: A\nlist: 2\nvolumes:\n  - emptyDir: {}\n    name: a\n    extra: x\n";
    let new =
        "kind: A\nlist: 1\nvolumes:\n  - hostPath:\n      path: /x\n    name: a\n    extra: x\n";
    let text = merged(base, user, new);
    assert_eq!(
        text,
        "kind: A\nlist: 2\nvolumes:\n  - name: a\n    hostPath:\n      path: /x\n    extra: x\n"
    );
}

#[test]
fn documents_of_the_users_own_stay() {
    let more = "---\nkind: ConfigMap\nmetadata:\n  name: mine\n";
    let user = format!("{BASE}{more}");
    let text = merged(BASE, &user, &with(&[("replicas: 2", "replicas: 9")]));
    assert_eq!(
        text,
        format!("{}{more}", with(&[("replicas: 2", "replicas: 9")]))
    );
}

#[test]
fn values_of_secrets_are_merged_without_being_remembered() {
    let old = "kind: Secret\nmetadata:\n  name: a\nstringData:\n  A: one\n  B: two\n";
    let base = kubewright_merge::veil::shape(old).unwrap();
    let user = old
        .replace("name: a\n", "name: a\n  labels:\n    mine: x\n")
        .replace("B: two", "B: my-own");
    let new = old.replace("A: one", "A: changed\n  C: added");
    let text = merged(&base, &user, &new);
    assert_eq!(text, user.replace("A: one", "A: changed\n  C: added"));
}

/// A file with a document for each object, `name: value`.
fn stream(objects: &[(&str, &str)]) -> String {
    let document = |(name, value): &(&str, &str)| {
        format!("# {name}\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  A: {value}\n")
    };
    objects
        .iter()
        .map(document)
        .collect::<Vec<_>>()
        .join("---\n")
}

#[test]
fn documents_are_matched_by_their_objects() {
    let base = stream(&[("a", "1"), ("b", "1"), ("c", "1")]);
    // The user turned two around, edited one and added one.
    let mine = "---\nkind: ConfigMap\nmetadata:\n  name: mine\n";
    let user = stream(&[("c", "1"), ("a", "5"), ("b", "1")]) + mine;
    // One is new at the start and one in between, one has changed, one is gone.
    let new = stream(&[("zero", "1"), ("a", "1"), ("new", "1"), ("c", "2")]);
    let text = merged(&base, &user, &new);
    assert_eq!(
        text,
        stream(&[("zero", "1"), ("c", "2"), ("a", "5"), ("new", "1")]) + mine
    );
    assert_eq!(merged(&new, &text, &new), text);
    // Nothing changed: nothing happens, whatever the borders look like.
    let borders = user.replace("---\n", "--- # next\r\n");
    assert_eq!(merged(&base, &borders, &base), borders);
}

#[test]
fn one_document_becomes_several_and_several_become_one() {
    let (one, two) = (stream(&[("a", "1")]), stream(&[("a", "2"), ("b", "1")]));
    assert_eq!(merged(&one, &one, &two), two);
    assert_eq!(merged(&two, &two, &one), one);
    let edited = one.replace("A: 1", "A: 1\n  MINE: 1");
    let expected = two.replace("A: 2", "A: 2\n  MINE: 1");
    assert_eq!(merged(&one, &edited, &two), expected);
}

#[test]
fn conflicts_within_a_document_are_told_at_their_places() {
    let base = stream(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
    let user = stream(&[("a", "1"), ("b", "2"), ("c", "5"), ("e", "1")]);
    // Edited differently; edited and gone; added by both; taken out and changed.
    let new = stream(&[("a", "2"), ("b", "3"), ("d", "2"), ("e", "2")]);
    let Outcome::Conflicts(conflicts, _) = merge(&base, &user, &new) else {
        panic!("there are conflicts");
    };
    let told: Vec<(&str, &str)> = conflicts
        .iter()
        .map(|found| (found.path.as_str(), &user[found.place.clone()]))
        .collect();
    let expected = [
        ("ConfigMap b: data.A", "2"),
        ("ConfigMap c", "# c"),
        ("ConfigMap e", "# e"),
        ("ConfigMap d", ""),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_secret_among_documents_is_merged_and_not_shown() {
    let secret =
        |value: &str| format!("kind: Secret\nmetadata:\n  name: s\nstringData:\n  A: {value}\n");
    let with = |value: &str| format!("{}---\n{}", stream(&[("a", "1")]), secret(value));
    let base = kubewright_merge::veil::shape(&with("one")).unwrap();
    assert!(!base.contains("one"), "{base}");
    assert_eq!(merged(&base, &with("one"), &with("two")), with("two"));
    let Outcome::Conflicts(conflicts, _) = merge(&base, &with("mine"), &with("two")) else {
        panic!("there is a conflict");
    };
    assert!(!format!("{conflicts:?}").contains("mine"), "{conflicts:?}");
    assert_eq!(
        merged(&base, &with("one"), &stream(&[("a", "1")])),
        stream(&[("a", "1")])
    );
}
