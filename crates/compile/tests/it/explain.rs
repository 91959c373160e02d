//! Why a field is there, and what became of a key.

use kubewright_compile::explain::{Answer, Change, Target, explain};
use kubewright_compile::{Request, generate};
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;

use crate::case;

const COMPOSE: &str = "\
name: shop
services:
  web:
    image: ghcr.io/acme/web:1.4.2
    ports: [\"8080:3000\"]
    deploy: {replicas: 3}
    environment:
      MODE: ${MODE}
      API_TOKEN: abc123
    depends_on: [db]
  db:
    image: postgres:17
    x-note: nothing
";

fn ask(target: &Target) -> (Answer, String) {
    let files = MemoryFiles::new()
        .with("compose.yaml", COMPOSE)
        .with(".env", "MODE=fast\n");
    let environment = Environment::default();
    let found = explain(&Request::default(), &files, &environment, target);
    let answer = found
        .answer
        .unwrap_or_else(|| panic!("{:?}", found.diagnostics));
    let shown = format!("{answer:?}");
    (answer, shown)
}

#[test]
fn fields_come_from_keys_by_rules() {
    let rows: &[(&str, &str, &str, &[&str])] = &[
        (
            "deployment/web",
            "spec.replicas",
            "workload",
            &["services.web.deploy.replicas"],
        ),
        (
            "Deployment/web",
            "spec.template.spec.containers[0].image",
            "image",
            &["services.web.image"],
        ),
        (
            "web-deployment.yaml",
            "spec.template.spec.containers[web].ports",
            "ports",
            &["services.web.ports[0]"],
        ),
        (
            "web-config.yaml",
            "data.MODE",
            "environment",
            &["MODE", "services.web.environment.MODE"],
        ),
        (
            "service/db",
            "spec.ports",
            "services",
            &["services.db.image"],
        ),
        (
            "deployment/web",
            "spec.template.spec.automountServiceAccountToken",
            "identity",
            &[],
        ),
    ];
    for (object, field, rule, keys) in rows {
        let (answer, _) = ask(&Target::Field {
            object: (*object).to_owned(),
            field: (*field).to_owned(),
        });
        let Answer::Field(answer) = answer else {
            panic!("{object} {field}: {answer:?}");
        };
        let causes: Vec<&str> = answer.causes.iter().map(|key| key.path.as_str()).collect();
        assert_eq!(causes, *keys, "{object} {field}");
        assert_eq!(
            answer.rule.map(|rule| rule.name),
            Some(*rule),
            "{object} {field}"
        );
        assert!(!answer.incomplete);
    }
}

#[test]
fn keys_show_what_became_of_them() {
    let line = |line| Target::Line {
        file: "./compose.yaml".to_owned(),
        line,
        text: None,
    };
    let (answer, _) = ask(&line(6));
    let Answer::Key(answer) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(answer.key.path, "services.web.deploy");
    let replicas = answer
        .effects
        .iter()
        .find(|effect| effect.path == "spec.replicas");
    let replicas = replicas.expect("it sets the replicas");
    assert_eq!(replicas.change, Change::Makes(Some("3".to_owned())));
    assert_eq!(replicas.file, "web-deployment.yaml");

    let (answer, _) = ask(&line(13));
    let Answer::Key(answer) = answer else {
        panic!("{answer:?}");
    };
    assert!(answer.effects.is_empty() && answer.required.is_none());
}

#[test]
fn secrets_stay_secret() {
    let key = Target::Line {
        file: "compose.yaml".to_owned(),
        line: 9,
        text: None,
    };
    let field = Target::Field {
        object: "secret/web-secrets".to_owned(),
        field: "stringData.API_TOKEN".to_owned(),
    };
    let (answer, shown) = ask(&field);
    assert!(!shown.contains("abc123"), "{shown}");
    let Answer::Field(answer) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(answer.value.as_deref(), Some("********"));
    let (_, shown) = ask(&key);
    assert!(
        shown.contains("web-secrets") && !shown.contains("abc123"),
        "{shown}"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let files = MemoryFiles::new().with("compose.yaml", COMPOSE);
    let environment: Environment = [("MODE", "slow")].into_iter().collect();
    let rows = [
        (
            "deployment/wep",
            "spec",
            "no-such-target",
            "did you mean `deployment/web`?",
        ),
        (
            "deployment/web",
            "spec.replica",
            "no-such-field",
            "did you mean `spec.replicas`?",
        ),
    ];
    for (object, field, code, help) in rows {
        let target = Target::Field {
            object: object.to_owned(),
            field: field.to_owned(),
        };
        let found = explain(&Request::default(), &files, &environment, &target);
        assert_eq!(found.diagnostics[0].code, code);
        assert_eq!(found.diagnostics[0].help, help);
    }
}

/// The last line of the output of every case has an answer, and that of its last
/// object has a rule; what is no object comes from no rule of lowering.
#[test]
fn every_output_can_be_asked_about() {
    for case in case::all().into_iter().filter(|case| !case.is_bad()) {
        let (request, files, environment) = case.asked();
        let tree = generate(&request, &files, &environment, &|_, _| {}).tree;
        let tree = tree.expect("a good case has files");
        let holds_object = |file: &&kubewright_files::File| !file.objects.is_empty();
        let last = tree.files().last();
        for file in last
            .into_iter()
            .chain(tree.files().iter().rfind(holds_object))
        {
            let target = Target::Line {
                file: file.path.as_str().to_owned(),
                line: file.text.lines().count(),
                text: None,
            };
            let found = explain(&request, &files, &environment, &target);
            let Some(Answer::Field(answer)) = found.answer else {
                panic!("{}: {:?}", case.name, found.diagnostics);
            };
            let needs_none = file.objects.is_empty();
            assert!(
                needs_none || answer.rule.is_some(),
                "{}: {answer:?}",
                case.name
            );
        }
    }
}
