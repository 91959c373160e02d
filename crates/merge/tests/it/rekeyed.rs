//! Merge keys of items, changed by hand.

use kubewright_merge::{Outcome, Untaken, Why, merge};

use crate::cases::merged;
use crate::conflicts::{conflicts, told};

/// A list in a manifest.
fn list(field: &str, items: &str) -> String {
    let items: String = items.lines().map(|line| format!("    {line}\n")).collect();
    format!("kind: A\nspec:\n  {field}:\n{items}")
}

#[test]
fn a_key_that_both_changed_is_a_conflict() {
    let rows: [(&str, [&str; 4]); 10] = [
        (
            "a Service's port",
            [
                "ports",
                "- port: 8000\n  targetPort: http",
                "- port: 80\n  targetPort: 8000",
                "- port: 9000\n  targetPort: http",
            ],
        ),
        (
            "a container's port, behind another",
            [
                "ports",
                "- containerPort: 53\n  protocol: UDP\n- containerPort: 8000",
                "- containerPort: 53\n  protocol: UDP\n- containerPort: 80",
                "- containerPort: 53\n  protocol: UDP\n- containerPort: 9000",
            ],
        ),
        (
            "a protocol and a number",
            [
                "ports",
                "- containerPort: 53",
                "- containerPort: 53\n  protocol: UDP",
                "- containerPort: 5353",
            ],
        ),
        (
            "a path of a mount that is sorted elsewhere",
            [
                "volumeMounts",
                "- mountPath: /data\n  name: data\n- mountPath: /tmp\n  name: tmp",
                "- mountPath: /mine\n  name: data\n- mountPath: /tmp\n  name: tmp",
                "- mountPath: /tmp\n  name: tmp\n- mountPath: /var\n  name: data",
            ],
        ),
        (
            "a variable's name",
            [
                "env",
                "- name: A\n  value: a\n- name: B\n  value: b",
                "- name: MINE\n  value: a\n- name: B\n  value: b",
                "- name: OURS\n  value: a\n- name: B\n  value: b",
            ],
        ),
        (
            "a container's name",
            [
                "containers",
                "- name: web\n  image: a",
                "- name: mine\n  image: a",
                "- name: ours\n  image: b",
            ],
        ),
        (
            "the one of two that is alike",
            [
                "env",
                "- name: A\n  value: a",
                "- name: MORE\n  value: x\n- name: MINE\n  value: a",
                "- name: MORE2\n  value: y\n- name: OURS\n  value: a",
            ],
        ),
        (
            "in brackets",
            [
                "env",
                "- name: A\n  value: a",
                "- {name: MINE, value: a}",
                "- name: OURS\n  value: a",
            ],
        ),
        (
            "two of them",
            [
                "ports",
                "- port: 1\n- port: 2",
                "- port: 11\n- port: 12",
                "- port: 21\n- port: 22",
            ],
        ),
        (
            "changed within by hand, another key from the generator",
            [
                "ports",
                "- port: 8000\n  targetPort: http",
                "- port: 8000\n  targetPort: 3000",
                "- port: 9000\n  targetPort: http",
            ],
        ),
    ];
    let mut shown = String::new();
    for (name, [field, base, user, new]) in rows {
        let [base, user, new] = [base, user, new].map(|items| list(field, items));
        let found = conflicts(&base, &user, &new);
        assert!(
            found.iter().all(|found| found.why == Why::BothChanged),
            "{name}"
        );
        shown.push_str(&format!("=== {name}\n{}\n", told(&user, &found).join("\n")));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_key_that_one_side_changed_is_merged() {
    let rows: [(&str, [&str; 5]); 6] = [
        (
            "by hand only",
            [
                "ports",
                "- port: 8000\n- port: 1",
                "- port: 80\n- port: 1",
                "- port: 8000\n- port: 1\n  name: one",
                "- port: 80\n- port: 1\n  name: one",
            ],
        ),
        (
            "by the generator only",
            [
                "ports",
                "- port: 8000\n- port: 1",
                "- port: 8000\n- port: 1\n- port: 2",
                "- port: 9000\n- port: 1",
                "- port: 9000\n- port: 1\n- port: 2",
            ],
        ),
        (
            "to the same",
            [
                "ports",
                "- port: 8000",
                "- port: 9000\n  name: mine",
                "- port: 9000",
                "- port: 9000\n  name: mine",
            ],
        ),
        (
            "by hand, and the generator has none any more",
            [
                "env",
                "- name: A\n- name: B",
                "- name: MINE\n- name: B",
                "- name: B",
                "- name: MINE\n- name: B",
            ],
        ),
        (
            "removed by hand, and one added elsewhere",
            [
                "env",
                "- name: A\n- name: B",
                "- name: B\n- name: MINE",
                "- name: OURS\n- name: B",
                "- name: OURS\n- name: B\n- name: MINE",
            ],
        ),
        (
            "different items",
            [
                "env",
                "- name: A\n- name: B",
                "- name: A2\n- name: B",
                "- name: A\n- name: B2",
                "- name: B2\n- name: A2",
            ],
        ),
    ];
    for (name, [field, base, user, new, expected]) in rows {
        let [base, user, new, expected] =
            [base, user, new, expected].map(|items| list(field, items));
        assert_eq!(merged(&base, &user, &new), expected, "{name}");
    }
}

#[test]
fn a_mark_keeps_the_users_item_alone() {
    let base = list("ports", "- port: 8000\n  targetPort: http");
    let user = list("ports", "- port: 80 # kubewright: keep\n  targetPort: http");
    let new = list(
        "ports",
        "- port: 9000\n  targetPort: http\n- port: 1\n  name: one",
    );
    let both = merge(&base, &user.replace(" # kubewright: keep", ""), &new);
    assert!(
        matches!(&both, Outcome::Conflicts(found, Untaken(1)) if found.len() == 1),
        "{both:?}"
    );
    // What else is new is added, here before the first: ours has no neighbour there.
    let expected = list(
        "ports",
        "- port: 1\n  name: one\n- port: 80 # kubewright: keep\n  targetPort: http",
    );
    assert_eq!(merged(&base, &user, &new), expected);
}
