use super::*;

const EMPTY: &str = "services: {}\n";

#[test]
fn the_first_of_the_four_names_is_read() {
    let names = [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
    ];
    for (at, name) in names.iter().enumerate() {
        let text = format!("x-from: {name}\n{EMPTY}");
        let list: Vec<(&str, &str)> = names[at..].iter().map(|n| (*n, text.as_str())).collect();
        let loaded = run(&request(&[]), &files(&list), &[]);
        let sources: Vec<&str> = loaded.sources.iter().map(|s| s.name()).collect();
        assert_eq!(sources, [*name]);
        let notes = usize::from(list.len() > 1);
        assert_eq!(loaded.codes(), vec!["several-compose-files"; notes]);
    }
}

#[test]
fn an_override_file_is_laid_over() {
    let list = [
        ("compose.yaml", "services: {a: {image: b}}"),
        ("compose.override.yaml", "services: {a: {image: c}}"),
    ];
    run(&request(&[]), &files(&list), &[]).is("services: {a: {image: c}}");
}

#[test]
fn a_folder_without_a_file_says_what_was_looked_for() {
    let loaded = run(&request(&[]), &files(&[]), &[]);
    loaded.says(&["file  there is no compose file in `.`"]);
    assert!(loaded.diagnostics[0].help.contains("`docker-compose.yml`"));
    assert!(loaded.document.is_none());
}

#[test]
fn compose_file_names_files() {
    let list = [
        ("a.yml", "services: {a: {image: b}}"),
        ("b.yml", "services: {a: {scale: 2}}"),
    ];
    let loaded = run(
        &request(&[]),
        &files(&list),
        &[("COMPOSE_FILE", "a.yml:b.yml")],
    );
    loaded.is("services: {a: {image: b, scale: 2}}");
    let environment = [
        ("COMPOSE_FILE", "a.yml;b.yml"),
        ("COMPOSE_PATH_SEPARATOR", ";"),
    ];
    run(&request(&[]), &files(&list), &environment).is("services: {a: {image: b, scale: 2}}");
}

#[test]
fn a_text_may_come_from_standard_input() {
    let mut request = request(&[]);
    request.files = vec![Input::Text {
        name: "<stdin>".to_owned(),
        text: "services: {a: [b]}".to_owned(),
    }];
    run(&request, &files(&[]), &[])
        .says(&["wrong-type <stdin>:1:15 service `a` must be a mapping"]);
}

#[test]
fn paths_start_from_the_folder_of_the_first_file() {
    let list = [
        ("sub/c.yaml", "services: {a: {env_file: e}}"),
        ("sub/e", "A=1"),
        ("sub/.env", "B=2"),
    ];
    let loaded = run(&request(&["sub/c.yaml"]), &files(&list), &[]);
    let document = loaded.document();
    assert_eq!(document.directory, PathBuf::from("sub"));
    assert_eq!(document.name.value, "sub");
    assert_eq!(document.environment.get("B"), Some("2"));
    assert_eq!(document.env_file_values["a"].len(), 1);
}
