//! What only converted files say.

use kubewright_model::container::ImageSource;

use super::{Read, read};

fn app(keys: &str) -> Read {
    read(&format!("apps: {{web: {{{keys}}}}}\n"), None, &[])
}

#[test]
fn names_may_be_shared_but_not_left_out() {
    let shared = "image: web:1, volumes: [{name: a, mount_path: /a}, {name: a, mount_path: /b}]";
    assert_eq!(app(shared).codes(), [""; 0]);
    let rows = [
        "image: web:1, volumes: [{mount_path: /a}]",
        "image: web:1, depends_on: [{condition: healthy}]",
    ];
    for row in rows {
        assert_eq!(app(row).codes(), ["missing-key"], "{row}");
    }
}

#[test]
fn an_image_is_called_as_its_build_says() {
    let named = |keys: &str| {
        let text = format!("defaults: {{registry: acme}}\napps: {{web: {{{keys}}}}}\n");
        let read = read(&text, None, &[]);
        let web = read.project.apps().next()?.main.image.clone()?;
        let ImageSource::Build(build) = web else {
            return None;
        };
        Some((build.image.as_ref()?.value.to_string(), read.codes()))
    };
    let rows = [
        ("build: web", "acme/web:latest"),
        ("build: web, image: shop", "acme/shop:latest"),
        ("build: {context: web, image: other/shop}", "other/shop"),
    ];
    for (keys, expected) in rows {
        assert_eq!(
            named(keys),
            Some((expected.to_owned(), Vec::new())),
            "{keys}"
        );
    }
    let both = named("image: shop, build: {context: web, image: other/shop}");
    assert_eq!(
        both,
        Some(("other/shop".to_owned(), vec!["two-alternatives"]))
    );
}

#[test]
fn arguments_of_a_build_may_be_left_to_whoever_builds() {
    let read = app("build: {context: web, args: {A: {variable: A}, B: b, C: \"\"}}");
    assert_eq!(read.codes(), [""; 0]);
    let web = read.project.apps().next().expect("an app");
    let Some(ImageSource::Build(build)) = &web.main.image else {
        panic!("no build");
    };
    let args = build.args.iter();
    let args: Vec<_> = args
        .map(|(name, value)| (name.as_str(), value.value.as_deref()))
        .collect();
    assert_eq!(args, [("A", None), ("B", Some("b")), ("C", Some(""))]);
    let other = app("build: {context: web, args: {A: {variable: B}}}");
    assert_eq!(other.codes(), ["bad-value"]);
}
