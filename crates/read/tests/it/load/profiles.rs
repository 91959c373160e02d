use super::*;

const TEXT: &str = "
services:
  always: {image: a}
  dev: {image: a, profiles: [dev]}
  both: {image: a, profiles: [dev, test]}
";

fn active(asked: &[&str], environment: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let mut request = request(&[]);
    request.profiles = asked.iter().map(|profile| (*profile).to_owned()).collect();
    let loaded = run(&request, &files(&[("compose.yaml", TEXT)]), environment);
    let document = loaded.document();
    let services = document
        .root
        .get("services")
        .and_then(Node::as_mapping)
        .expect("there are services");
    let active = services.keys().map(str::to_owned).collect();
    let inactive = document
        .inactive
        .iter()
        .map(|name| name.value.clone())
        .collect();
    (active, inactive)
}

#[test]
fn services_without_an_active_profile_take_no_part() {
    type Row = (
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
    );
    let rows: [Row; 6] = [
        (&[], &[], &["always"]),
        (&["dev"], &[], &["always", "dev", "both"]),
        (&["test"], &[], &["always", "both"]),
        (&["*"], &[], &["always", "dev", "both"]),
        (&[], &[("COMPOSE_PROFILES", "x, test")], &["always", "both"]),
        (&["x"], &[("COMPOSE_PROFILES", "test")], &["always"]),
    ];
    for (asked, environment, expected) in rows {
        let (active, inactive) = active(asked, environment);
        assert_eq!(active, expected, "{asked:?} {environment:?}");
        assert_eq!(active.len() + inactive.len(), 3);
    }
}

#[test]
fn dependencies_on_inactive_services_are_said() {
    let text = "
services:
  db: {image: a, profiles: [x]}
  hard: {image: a, depends_on: [db]}
  long: {image: a, depends_on: {db: {condition: service_started}}}
  soft: {image: a, depends_on: {db: {condition: service_started, required: false}}}
";
    let loaded = one(text);
    loaded.says(&[
        "inactive-service compose.yaml:4:33 service `hard` depends on `db`, which is in no active profile",
        "inactive-service compose.yaml:5:33 service `long` depends on `db`",
        "inactive-service compose.yaml:6:33 service `soft` does not wait for `db`",
    ]);
    loaded.looks_like("services: {hard: {image: a, depends_on: []}, long: {image: a, depends_on: {}}, soft: {image: a, depends_on: {}}}");
}
