use super::*;

fn name(
    text: &str,
    asked: Option<&str>,
    environment: &[(&str, &str)],
) -> (String, Vec<&'static str>) {
    let mut request = request(&[]);
    request.project_name = asked.map(str::to_owned);
    request.working_directory = PathBuf::from("/home/My Shop");
    let loaded = run(&request, &files(&[("compose.yaml", text)]), environment);
    let codes = loaded.codes();
    let name = loaded.document.map(|document| document.name.value);
    (name.unwrap_or_default(), codes)
}

#[test]
fn the_name_is_the_first_of_four() {
    let plain = "services: {}";
    let named = "name: From ${WHERE:-file}\nservices: {}";
    let env = [("COMPOSE_PROJECT_NAME", "from-env")];
    type Row<'a> = (&'a str, Option<&'a str>, &'a [(&'a str, &'a str)], &'a str);
    let rows: [Row<'_>; 6] = [
        (plain, None, &[], "myshop"),
        (named, None, &[], "fromfile"),
        (named, None, &[("WHERE", "env")], "fromenv"),
        (named, None, &env, "from-env"),
        (named, Some("asked"), &env, "asked"),
        (plain, None, &[("COMPOSE_PROJECT_NAME", "")], "myshop"),
    ];
    for (text, asked, environment, expected) in rows {
        assert_eq!(
            name(text, asked, environment),
            (expected.to_owned(), vec![])
        );
    }
}

#[test]
fn names_that_were_chosen_must_be_valid() {
    assert_eq!(name("services: {}", Some("My"), &[]).1, ["bad-name"]);
    assert_eq!(
        name("services: {}", None, &[("COMPOSE_PROJECT_NAME", "-a")]).1,
        ["bad-name"]
    );
    assert_eq!(name("name: '!'\nservices: {}", None, &[]).1, ["bad-name"]);
    assert_eq!(name("name: 3\nservices: {}", None, &[]).1, ["wrong-type"]);
}

#[test]
fn the_name_is_a_variable() {
    one("name: shop\nservices: {a: {image: '${COMPOSE_PROJECT_NAME}/a'}}")
        .is("name: shop\nservices: {a: {image: shop/a}}");
}

#[test]
fn the_last_file_that_has_a_name_gives_it() {
    let loaded = two("name: a\nservices: {}", "name: b");
    assert_eq!(loaded.document().name.value, "b");
}
