//! Frameworks: the names they go by among dependencies, and their usual ports.

/// A framework by the name of the dependency that stands for it. Of several the
/// first counts, so what builds on another comes before it.
pub(super) type Names = [(&'static str, &'static str)];

/// The first of `names` that is a dependency.
pub(super) fn first(names: &Names, has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let found = names.iter().find(|(dependency, _)| has(dependency));
    found.map(|(_, framework)| *framework)
}

/// The port that programs of a framework listen on unless told otherwise.
pub(super) fn port(framework: &str) -> Option<u16> {
    Some(match framework {
        "astro" => 4321,
        "phoenix" => 4000,
        "sinatra" => 4567,
        "flask" => 5000,
        "django" | "fastapi" | "starlette" | "litestar" | "sanic" | "rocket" | "laravel" => 8000,
        "streamlit" => 8501,
        "actix" | "aspnet" | "blazor" | "gin" | "micronaut" | "quarkus" | "spring-boot" => 8080,
        "adonis" => 3333,
        "axum" | "express" | "fastify" | "fiber" | "hono" | "koa" | "nest" | "nextjs" | "nuxt"
        | "rails" | "remix" | "sveltekit" => 3000,
        _ => return None,
    })
}
