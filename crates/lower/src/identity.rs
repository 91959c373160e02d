//! Who the pod is towards the cluster, and what it may do there.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/>,
//! <https://kubernetes.io/docs/reference/access-authn-authz/rbac/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::object::Tree;
use kubewright_model::{App, Located};
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, Draft, Scope};
use crate::tree;

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

/// The account of an app's pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account<'a> {
    pub(crate) name: &'a str,
    /// It is ours to make.
    is_made: bool,
}

/// The account of an app's pods, where they have one of their own: the one that
/// is named; else, where something is said of it, one called like the app.
pub(crate) fn account(app: &App) -> Option<Account<'_>> {
    let identity = &app.identity;
    let create = identity.create.as_ref().map(|create| create.value);
    let wanted = !identity.rules.is_empty() || !identity.annotations.is_empty();
    match (&identity.service_account, create) {
        (Some(name), _) => Some(Account {
            name: name.as_str(),
            is_made: create == Some(true),
        }),
        (None, Some(true)) => Some(own(app)),
        (None, None) => wanted.then(|| own(app)),
        (None, Some(false)) => None,
    }
}

fn own(app: &App) -> Account<'_> {
    Account {
        name: app.name.value.as_str(),
        is_made: true,
    }
}

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let identity = &scope.app.identity;
    let account = account(scope.app);
    let token = identity.automount_token.as_ref().map(|token| token.value);
    // Kubernetes mounts a token unless told otherwise: only who asks for an
    // account has a use for one.
    let unsaid = account.is_none().then_some(false);
    draft.pod.automount_service_account_token = token.or(unsaid);
    draft.pod.service_account_name = account.map(|account| account.name.to_owned());
    match account {
        Some(account) if account.is_made => draft.objects.push(service_account(scope, account)),
        Some(_) | None => draft.diagnostics.extend(unannotated(scope)),
    }
    if !identity.rules.is_empty() {
        rights(scope, account, draft);
    }
}

fn service_account(scope: &Scope<'_>, account: Account<'_>) -> kubewright_objects::Object {
    let annotations = scope.app.identity.annotations.iter();
    let annotations: BTreeMap<String, String> = annotations
        .map(|(key, value)| (key.as_str().to_owned(), value.value.clone()))
        .collect();
    scope.object(ServiceAccount {
        metadata: ObjectMeta {
            annotations: (!annotations.is_empty()).then_some(annotations),
            ..scope.metadata(account.name)
        },
        ..ServiceAccount::default()
    })
}

/// Annotations of an account that somebody else makes.
fn unannotated(scope: &Scope<'_>) -> Option<Diagnostic> {
    let (key, value) = scope.app.identity.annotations.iter().next()?;
    let message = format!(
        "the account of `{}` is not made here, so that nothing gets its annotation `{key}`",
        scope.name()
    );
    let said = Diagnostic::warning("not-carried", value.span, message);
    Some(said.help("write `create: true`, or annotate the account where it is made"))
}

/// A Role with the rules, bound to the account.
fn rights(scope: &Scope<'_>, account: Option<Account<'_>>, draft: &mut Draft) {
    let given = &scope.app.identity.rules;
    let Some(account) = account else {
        draft.diagnostics.extend(nobody(scope, given.first()));
        return;
    };
    let rules = given.iter().map(|rule| rule_of(scope, rule));
    let (rules, wrong): (Vec<_>, Vec<_>) = rules.partition(Result::is_ok);
    draft
        .diagnostics
        .extend(wrong.into_iter().filter_map(Result::err));
    let name = scope.name().to_owned();
    draft.objects.push(scope.object(Role {
        metadata: scope.metadata(&name),
        rules: Some(rules.into_iter().filter_map(Result::ok).collect()),
    }));
    draft.objects.push(scope.object(RoleBinding {
        metadata: scope.metadata(&name),
        role_ref: RoleRef {
            api_group: Some("rbac.authorization.k8s.io".to_owned()),
            kind: "Role".to_owned(),
            name,
        },
        subjects: Some(vec![Subject {
            kind: "ServiceAccount".to_owned(),
            name: account.name.to_owned(),
            namespace: scope.namespace(),
            ..Subject::default()
        }]),
    }));
}

/// A rule as Kubernetes takes it in a Role: on resources of the namespace only.
fn rule_of(scope: &Scope<'_>, rule: &Located<Tree>) -> Result<PolicyRule, Diagnostic> {
    let bad = |problem: &str| {
        let message = format!(
            "a rule of `{}` is none that Kubernetes knows: {problem}",
            scope.name()
        );
        Diagnostic::error("bad-value", rule.span, message)
            .help("write it like `{apiGroups: [\"\"], resources: [pods], verbs: [get, list]}`")
    };
    let typed: PolicyRule = tree::typed(&rule.value).map_err(|problem| bad(&problem))?;
    let is_empty = |list: &Option<Vec<String>>| list.as_ref().is_none_or(Vec::is_empty);
    let missing = [
        ("apiGroups", is_empty(&typed.api_groups)),
        ("resources", is_empty(&typed.resources)),
        ("verbs", typed.verbs.is_empty()),
    ];
    if !is_empty(&typed.non_resource_urls) {
        return Err(bad("a Role has no `nonResourceURLs`"));
    }
    match missing.into_iter().find(|(_, missing)| *missing) {
        Some((key, _)) => Err(bad(&format!("it has no `{key}`"))),
        None => Ok(typed),
    }
}

fn nobody(scope: &Scope<'_>, rule: Option<&Located<Tree>>) -> Option<Diagnostic> {
    let message = format!(
        "`{}` has rules, but no account that they could hold for",
        scope.name()
    );
    let said = Diagnostic::error("missing-key", rule?.span, message);
    Some(said.help("name it with `service_account`, or take `create: false` out"))
}

#[cfg(test)]
mod tests {
    use kubewright_model::ObjectName;
    use kubewright_model::value::LabelKey;
    use serde_json::{Value, json};

    use super::*;
    use crate::Options;
    use crate::tests::{lowered_with, objects_of};

    fn list(items: &[&str]) -> Tree {
        let items = items.iter().map(|item| Tree::Text((*item).to_owned()));
        Tree::List(items.collect())
    }

    fn rule(members: &[(&str, Tree)]) -> Located<Tree> {
        let members = members.iter();
        let members = members.map(|(key, tree)| ((*key).to_owned(), tree.clone()));
        Located::nowhere(Tree::Map(members.collect()))
    }

    fn may_read_pods() -> Located<Tree> {
        rule(&[
            ("apiGroups", list(&[""])),
            ("resources", list(&["pods"])),
            ("verbs", list(&["get"])),
        ])
    }

    struct Given {
        account: Option<&'static str>,
        create: Option<bool>,
        annotated: bool,
        rules: Vec<Located<Tree>>,
    }

    fn made(given: Given) -> (Vec<kubewright_objects::Object>, Vec<&'static str>) {
        let change = |app: &mut App| {
            let identity = &mut *app.identity;
            let name = given.account;
            identity.service_account =
                name.map(|name| Located::nowhere(ObjectName::parse(name).unwrap()));
            identity.create = given.create.map(Located::nowhere);
            if given.annotated {
                let key = LabelKey::parse("iam.gke.io/gcp-service-account").unwrap();
                let value = Located::nowhere("shop@acme.test".to_owned());
                identity.annotations.insert(key, value);
            }
            identity.rules = given.rules;
        };
        let (objects, said) = lowered_with(change, |_| {}, Options::default());
        (objects, said.into_iter().map(|said| said.code).collect())
    }

    #[test]
    fn whose_account_it_is() {
        // Account, create, annotated, with rules; the account, whether it is
        // made, and what is said.
        type Row<'a> = (
            Option<&'static str>,
            Option<bool>,
            bool,
            bool,
            Value,
            usize,
            &'a [&'a str],
        );
        let rows: [Row<'_>; 9] = [
            (None, None, false, false, Value::Null, 0, &[]),
            (Some("shop"), None, false, false, json!("shop"), 0, &[]),
            (Some("shop"), Some(true), true, true, json!("shop"), 1, &[]),
            (
                Some("shop"),
                None,
                true,
                false,
                json!("shop"),
                0,
                &["not-carried"],
            ),
            (
                Some("shop"),
                Some(false),
                false,
                true,
                json!("shop"),
                0,
                &[],
            ),
            (None, Some(true), false, false, json!("web"), 1, &[]),
            (None, None, true, false, json!("web"), 1, &[]),
            (None, None, false, true, json!("web"), 1, &[]),
            (
                None,
                Some(false),
                false,
                true,
                Value::Null,
                0,
                &["missing-key"],
            ),
        ];
        for (account, create, annotated, with_rules, name, count, expected) in rows {
            let rules = with_rules.then(may_read_pods).into_iter().collect();
            let (objects, codes) = made(Given {
                account,
                create,
                annotated,
                rules,
            });
            let row = format!("{account:?} {create:?} {annotated} {with_rules}");
            let pod = &objects_of(&objects, "Deployment")[0]["spec"]["template"]["spec"];
            assert_eq!(pod["serviceAccountName"], name, "{row}");
            let token = pod["automountServiceAccountToken"].as_bool();
            assert_eq!(token, name.is_null().then_some(false), "{row}");
            let accounts = objects_of(&objects, "ServiceAccount");
            assert_eq!(accounts.len(), count, "{row}");
            let carried = accounts
                .iter()
                .filter(|made| !made["metadata"]["annotations"].is_null());
            assert_eq!(
                carried.count(),
                usize::from(annotated && count > 0),
                "{row}"
            );
            let bound = objects_of(&objects, "RoleBinding");
            assert_eq!(
                bound.len(),
                usize::from(with_rules && !name.is_null()),
                "{row}"
            );
            for binding in bound {
                assert_eq!(binding["subjects"][0]["name"], name, "{row}");
                assert_eq!(binding["roleRef"]["name"], "web", "{row}");
            }
            assert_eq!(codes, expected, "{row}");
        }
    }

    #[test]
    fn rules_are_kubernetes_own() {
        let group = || ("apiGroups", list(&["apps"]));
        let resources = || ("resources", list(&["deployments"]));
        let verbs = || ("verbs", list(&["get"]));
        let rows = [
            (rule(&[group(), resources(), verbs()]), true),
            (rule(&[group(), resources()]), false),
            (rule(&[group(), verbs()]), false),
            (rule(&[resources(), verbs()]), false),
            (
                rule(&[group(), resources(), ("verb", list(&["get"]))]),
                false,
            ),
            (rule(&[("nonResourceURLs", list(&["/x"])), verbs()]), false),
        ];
        for (given, fits) in rows {
            let text = format!("{given:?}");
            let (objects, codes) = made(Given {
                account: None,
                create: None,
                annotated: false,
                rules: vec![given],
            });
            let expected: &[&str] = if fits { &[] } else { &["bad-value"] };
            assert_eq!(codes, expected, "{text}");
            let role = &objects_of(&objects, "Role")[0];
            assert_eq!(role["rules"].as_array().unwrap().len(), usize::from(fits));
        }
    }
}
