use kubewright_files::MemoryFiles;

use super::*;

fn found(files: &[(&str, &str)]) -> Vec<Module> {
    let inventory = Inventory::new(files.iter().map(|(path, _)| (*path).to_owned()));
    let memory = files
        .iter()
        .fold(MemoryFiles::new(), |memory, (path, text)| {
            memory.with(path, *text)
        });
    modules(&inventory, &Inside::new(&memory), "shop").0
}

fn stacks(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let modules = found(files).into_iter();
    modules
        .map(|module| (module.stack(), module.name))
        .collect()
}

#[test]
fn one_folder_of_each_kind() {
    type Row<'a> = (&'a [(&'a str, &'a str)], Option<(&'a str, &'a str)>);
    let table: &[Row<'_>] = &[
        (
            &[(
                "package.json",
                r#"{"name":"@acme/web","dependencies":{"next":"15"}}"#,
            )],
            Some(("node-nextjs", "web")),
        ),
        (
            &[(
                "package.json",
                r#"{"dependencies":{"express":"4"},"scripts":{"start":"node ."}}"#,
            )],
            Some(("node-express", "shop")),
        ),
        (
            &[(
                "package.json",
                r#"{"dependencies":{"nextra-theme":"1"},"scripts":{"start":"x"}}"#,
            )],
            Some(("node", "shop")),
        ),
        (
            &[
                ("package.json", r#"{"scripts":{"start":"x"}}"#),
                ("tsconfig.json", "{}"),
            ],
            Some(("typescript", "shop")),
        ),
        (
            &[("package.json", r#"{"name":"a","main":"i.js"}"#)],
            Some(("node-lib", "a")),
        ),
        (
            &[("package.json", r#"{"devDependencies":{"prettier":"3"}}"#)],
            None,
        ),
        (
            &[(
                "package.json",
                r#"{"workspaces":["a"],"scripts":{"start":"x"}}"#,
            )],
            None,
        ),
        (&[("package.json", "{")], None),
        (
            &[
                ("package.json", r#"{"devDependencies":{"vite":"6"}}"#),
                ("index.html", ""),
            ],
            Some(("node-vite", "shop")),
        ),
        (
            &[(
                "package.json",
                r#"{"dependencies":{"@docusaurus/core":"3"}}"#,
            )],
            Some(("markdown", "shop")),
        ),
        (
            &[("requirements.txt", "# x\nFastAPI[standard]>=0.1 ; x\n")],
            Some(("python-fastapi", "shop")),
        ),
        (
            &[("requirements.txt", "flask-cors\n"), ("main.py", "")],
            Some(("python", "shop")),
        ),
        (
            &[(
                "pyproject.toml",
                "[project]\nname='a'\ndependencies=['Django>5']\n",
            )],
            Some(("python-django", "a")),
        ),
        (
            &[(
                "pyproject.toml",
                "[tool.poetry]\nname='a'\n[tool.poetry.dependencies]\nflask='3'\n",
            )],
            Some(("python-flask", "a")),
        ),
        (
            &[("pyproject.toml", "[project]\nname='a'\n")],
            Some(("python-lib", "a")),
        ),
        (&[("pyproject.toml", "[tool.ruff]\nline-length=1\n")], None),
        (&[("setup.py", "")], Some(("python-lib", "shop"))),
        (
            &[
                (
                    "go.mod",
                    "module example.com/shop/v2\n\ngo 1.24\nrequire (\n\tgithub.com/labstack/echo/v4 v4.1.0\n)\n",
                ),
                ("cmd/api/main.go", ""),
            ],
            Some(("go-echo", "shop")),
        ),
        (
            &[
                (
                    "go.mod",
                    "module a\nrequire github.com/gin-gonic/gin v1 // indirect\n",
                ),
                ("x.go", "package main\n"),
            ],
            Some(("go", "a")),
        ),
        (
            &[("go.mod", "module a\n"), ("x.go", "package a\n")],
            Some(("go-lib", "a")),
        ),
        (
            &[
                (
                    "Cargo.toml",
                    "[package]\nname='a'\n[dependencies]\naxum='1'\n",
                ),
                ("src/main.rs", ""),
            ],
            Some(("rust-axum", "a")),
        ),
        (
            &[("Cargo.toml", "[package]\nname='a'\n"), ("src/lib.rs", "")],
            Some(("rust-lib", "a")),
        ),
        (&[("Cargo.toml", "[workspace]\nmembers=['a']\n")], None),
        (
            &[(
                "pom.xml",
                "<project><parent><artifactId>p</artifactId></parent><artifactId>a</artifactId><dependencies><groupId>org.springframework.boot</groupId></dependencies></project>",
            )],
            Some(("java-spring-boot", "a")),
        ),
        (
            &[("pom.xml", "<project><packaging>pom</packaging></project>")],
            None,
        ),
        (
            &[("pom.xml", "<project><artifactId>a</artifactId></project>")],
            Some(("java-maven-lib", "a")),
        ),
        (
            &[
                ("build.gradle", "plugins {\n id 'application'\n}\n"),
                ("src/main/java/A.java", ""),
            ],
            Some(("java-gradle", "shop")),
        ),
        (
            &[(
                "Shop.Api.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>net9.0</TargetFramework></Project>",
            )],
            Some(("dotnet-aspnet", "Shop.Api")),
        ),
        (
            &[(
                "A.Tests.csproj",
                "<PackageReference Include=\"Microsoft.NET.Test.Sdk\"/>",
            )],
            None,
        ),
        (
            &[(
                "composer.json",
                r#"{"name":"acme/shop","require":{"laravel/framework":"11","php":"^8.3"}}"#,
            )],
            Some(("php-laravel", "shop")),
        ),
        (
            &[("Gemfile", "gem 'rails-i18n'\ngem \"rails\", '~> 8'\n")],
            Some(("ruby-rails", "shop")),
        ),
        (&[("Gemfile", "gem 'jekyll'\n")], Some(("markdown", "shop"))),
        (
            &[(
                "mix.exs",
                "def project do\n [ app: :chat,\n  elixir: \"~> 1.18\" ]\n {:phoenix, \"~> 1\"}",
            )],
            Some(("elixir-phoenix", "chat")),
        ),
        (&[("index.html", "")], Some(("static-site", "shop"))),
        (&[("app.py", "")], Some(("python", "shop"))),
        (&[("index.php", "")], Some(("php", "shop"))),
    ];
    for (files, expected) in table {
        let found = stacks(files);
        let found = found
            .first()
            .map(|(stack, name)| (stack.as_str(), name.as_str()));
        assert_eq!(found, *expected, "{files:?}");
    }
}

#[test]
fn a_repository_of_several() {
    let modules = found(&[
        (
            "package.json",
            r#"{"workspaces":["apps/*"],"devDependencies":{"turbo":"2"}}"#,
        ),
        ("pnpm-lock.yaml", ""),
        (
            "apps/web/package.json",
            r#"{"name":"web","dependencies":{"next":"15"},"engines":{"node":">=20"}}"#,
        ),
        ("apps/web/Dockerfile", "FROM node\n"),
        (
            "services/api/pyproject.toml",
            "[project]\nname='shop-api'\nrequires-python='>=3.12'\ndependencies=['fastapi']\n",
        ),
        ("services/api/main.py", ""),
        ("services/api/static/index.html", ""),
        ("libs/common/setup.py", ""),
        (
            "examples/demo/package.json",
            r#"{"dependencies":{"next":"15"}}"#,
        ),
        ("web/build/index.html", ""),
    ]);
    let paths: Vec<&str> = modules.iter().map(|module| module.path.as_str()).collect();
    assert_eq!(paths, ["apps/web", "libs/common", "services/api"]);
    let [web, common, api] = &modules[..] else {
        panic!("three");
    };
    assert_eq!(web.package_manager, Some("pnpm"));
    assert_eq!(web.dockerfile.as_deref(), Some("apps/web/Dockerfile"));
    assert_eq!(web.version.as_deref(), Some(">=20"));
    assert_eq!(web.port, Some(3000));
    assert_eq!(common.role, ModuleRole::Library);
    assert_eq!(api.version.as_deref(), Some(">=3.12"));
    assert_eq!(api.found_by, "services/api/pyproject.toml");
}

/// A folder with files of two languages is what its framework says.
#[test]
fn the_one_with_a_framework_counts() {
    let files = [
        ("requirements.txt", "ansible\n"),
        ("package.json", r#"{"dependencies":{"next":"15"}}"#),
    ];
    assert_eq!(
        stacks(&files),
        [("node-nextjs".to_owned(), "shop".to_owned())]
    );
    let files = [
        ("Gemfile", "gem 'rails'\n"),
        ("package.json", r#"{"dependencies":{"express":"4"}}"#),
    ];
    assert_eq!(stacks(&files)[0].0, "ruby-rails");
}
