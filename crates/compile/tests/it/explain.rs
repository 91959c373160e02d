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
    ask_of(COMPOSE, "MODE=fast\n", target)
}

fn ask_of(compose: &str, env_file: &str, target: &Target) -> (Answer, String) {
    let files = MemoryFiles::new()
        .with("compose.yaml", compose)
        .with(".env", env_file);
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

/// A line of an env file stands for its variable alone, also where it may not be
/// missing, and where the file is read a second time for a service.
#[test]
fn a_line_of_an_env_file_is_one_variable() {
    let compose = "\
name: shop
services:
  web:
    image: ghcr.io/acme/web:${TAG:?}
    env_file: .env
    environment:
      FIRST: ${A}
      SECOND: ${B}
";
    let env_file = "A=one # c\nexport B='two\n2'\nTAG: 1.4.2\nDB_PASSWORD=\"hunter2\"\n";
    let rows: [(usize, &str, &[&str]); 4] = [
        (1, "A", &["data.A", "data.FIRST"]),
        (2, "B", &["data.B", "data.SECOND"]),
        (
            4,
            "TAG",
            &["data.TAG", "spec.template.spec.containers[web].image"],
        ),
        (
            5,
            "DB_PASSWORD",
            &["spec.template.spec.containers[web].env[DB_PASSWORD]"],
        ),
    ];
    for (line, name, expected) in rows {
        let target = Target::Line {
            file: ".env".to_owned(),
            line,
            text: None,
        };
        let (answer, shown) = ask_of(compose, env_file, &target);
        assert!(!shown.contains("hunter2"), "{shown}");
        let Answer::Key(answer) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(answer.key.path, name);
        assert_eq!(answer.required.is_some(), name == "TAG");
        let effects = answer.effects.iter().map(|effect| effect.path.as_str());
        let mut effects: Vec<&str> = effects.collect();
        effects.sort_unstable();
        effects.dedup();
        for path in expected {
            assert!(effects.contains(path), "{name}: {effects:?}");
        }
        let others = rows.iter().filter(|row| row.1 != name);
        for path in others.flat_map(|row| row.2) {
            assert!(!effects.contains(path), "{name}: {effects:?}");
        }
    }
    let target = Target::Field {
        object: "configmap/web-config".to_owned(),
        field: "data.FIRST".to_owned(),
    };
    let (Answer::Field(answer), _) = ask_of(compose, env_file, &target) else {
        panic!("it is a field");
    };
    let causes: Vec<&str> = answer.causes.iter().map(|key| key.path.as_str()).collect();
    assert_eq!(causes, ["A", "services.web.environment.FIRST"]);
}

/// Where one of several keys would do, it is said which they are.
#[test]
fn keys_that_share_a_field_are_named() {
    let compose = "\
name: shop
services:
  web:
    image: ghcr.io/acme/web:1.4.2
    expose: [\"3000\"]
    ports: [\"8080:3000\"]
  front:
    image: ghcr.io/acme/front:1.4.2
  api:
    image: ghcr.io/acme/api:1.4.2
    environment: {FRONT: \"http://front/\", WEB: \"http://web:3000/\"}
  job:
    image: ghcr.io/acme/job:1.4.2
    environment: {FRONT: \"http://front/\"}
";
    let rows: [(&str, &str, &[&str]); 3] = [
        (
            "deployment/web",
            "spec.template.spec.containers[web].ports[3000]",
            &[
                "services.web.expose[0]",
                "services.web.ports[0]",
                "services.api.environment.WEB",
            ],
        ),
        (
            "service/front",
            "spec.ports",
            &[
                "services.api.environment.FRONT",
                "services.job.environment.FRONT",
            ],
        ),
        (
            "deployment/web",
            "spec.template.spec.automountServiceAccountToken",
            &[],
        ),
    ];
    for (object, field, expected) in rows {
        let target = Target::Field {
            object: object.to_owned(),
            field: field.to_owned(),
        };
        let (Answer::Field(answer), _) = ask_of(compose, "", &target) else {
            panic!("it is a field");
        };
        let causes: Vec<&str> = answer.causes.iter().map(|key| key.path.as_str()).collect();
        assert_eq!(causes, expected, "{field}");
        assert_eq!(answer.shared, !expected.is_empty(), "{field}");
    }
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
