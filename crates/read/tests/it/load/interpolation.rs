use super::*;

fn with(text: &str, environment: &[(&str, &str)]) -> Loaded {
    let list = [
        ("compose.yaml", text),
        (".env", "FILE=from-file\nBOTH=from-file"),
    ];
    run(&request(&[]), &files(&list), environment)
}

#[test]
fn values_are_interpolated_and_keys_are_not() {
    let text = "services:\n  a:\n    image: ${IMAGE}:${TAG:-latest}\n    environment:\n      ${KEY}: $FILE\n    command: [echo, $BOTH, $$HOME]\n";
    let environment = [("IMAGE", "img"), ("BOTH", "from-process")];
    with(text, &environment).is(
        "services: {a: {image: 'img:latest', environment: {'${KEY}': from-file}, command: [echo, from-process, $HOME]}}",
    );
}

#[test]
fn what_held_a_reference_is_a_string() {
    let text = "services: {a: {scale: '${N}', tty: $T, image: '${E:-}'}}";
    with(text, &[("N", "3"), ("T", "true")])
        .is("services: {a: {scale: '3', tty: 'true', image: ''}}");
}

#[test]
fn a_missing_variable_is_said_once_and_placed() {
    let loaded = with(
        "services:\n  a:\n    image: x${GONE}\n  b:\n    image: $GONE\n    command: $OTHER",
        &[],
    );
    loaded.says(&[
        "missing-variable compose.yaml:3:13 variable `GONE` is not set",
        "missing-variable compose.yaml:6:14 variable `OTHER` is not set",
    ]);
    loaded.looks_like("services: {a: {image: x}, b: {image: '', command: ''}}");
}

#[test]
fn faulty_references_are_all_reported() {
    let text =
        "services:\n  a:\n    image: a${\n    command: \"b ${X Y}\"\n    hostname: ${Z:?set it}\n";
    let loaded = with(text, &[]);
    loaded.says(&[
        "bad-interpolation compose.yaml:3:13 invalid interpolation format in `services.a.image`",
        "bad-interpolation compose.yaml:4:17 invalid interpolation format in `services.a.command`",
        "missing-variable compose.yaml:5:15 required variable `Z` is missing a value: set it",
    ]);
}

#[test]
fn env_files_that_were_named_replace_the_default_one() {
    let list = [
        (
            "compose.yaml",
            "services: {a: {image: '$A-$B-${FILE:-none}'}}",
        ),
        (".env", "FILE=x"),
        ("1.env", "A=1\nB=1"),
        ("2.env", "B=2\nC=${A}"),
    ];
    let mut request = request(&[]);
    request.env_files = vec!["1.env".into(), "2.env".into()];
    // The first file that sets a variable counts less than the last.
    run(&request, &files(&list), &[]).is("services: {a: {image: 1-2-none}}");
    request.env_files = vec!["gone.env".into()];
    let loaded = run(&request, &files(&list), &[("A", ""), ("B", "")]);
    loaded.says(&["file  env file `gone.env` not found"]);
}

#[test]
fn the_default_env_file_can_be_switched_off() {
    let loaded = with(
        "services: {a: {image: '${FILE:-none}'}}",
        &[("COMPOSE_DISABLE_ENV_FILE", "true")],
    );
    loaded.is("services: {a: {image: none}}");
    with("services: {}", &[("COMPOSE_DISABLE_ENV_FILE", "perhaps")]).says(&["bad-value"]);
}
