//! Who may come in, as Middlewares.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/overview/>

use kubewright_model::gateway::{Auth, Waf};
use kubewright_model::value::Url;
use kubewright_model::{Given, Located};
use kubewright_objects::traefik::{
    ApiKey, BasicAuth, Coraza, ForwardAuth, Jwt, KeySource, MiddlewareSpec, Plugin,
};
use kubewright_source::{Diagnostics, Span};

use super::super::policy::Said;
use super::super::way::Way;
use super::super::{cors, lack, secret, waf};
use super::rule::quoted;

/// The header of keys, where none is named.
const KEY_HEADER: &str = "X-API-Key";
/// The keys of Secrets that hold the hash of a token or an API key.
const TOKEN: &str = "token";
const API_KEY: &str = "key";

/// What asks who is there; none where it cannot, which is reported.
pub(super) fn auth(
    way: &Way<'_>,
    said: Said<'_, Auth>,
    diagnostics: &mut Diagnostics,
) -> Option<MiddlewareSpec> {
    let span = said.value.span;
    match &said.value.value {
        Auth::Basic { secret, realm } => {
            let secret = secret::local(way, secret, diagnostics)?.to_owned();
            let realm = realm.as_ref().map(|realm| realm.value.clone());
            Some(MiddlewareSpec::BasicAuth(BasicAuth { secret, realm }))
        }
        Auth::Forward { url, headers } => Some(MiddlewareSpec::ForwardAuth(ForwardAuth {
            address: url.as_str().to_owned(),
            auth_response_headers: cors::texts(headers),
        })),
        Auth::Jwt {
            issuer,
            jwks,
            audiences,
        } => {
            let jwt = Plugin::Jwt(Jwt {
                jwks_url: key_set(issuer, jwks),
                claims: Some(claims(issuer, audiences)),
                forward_authorization: true,
            });
            diagnostics.push(wants_hub(span, ""));
            Some(MiddlewareSpec::Plugin(jwt))
        }
        Auth::Bearer { secret } => {
            let name = secret::local(way, secret, diagnostics)?;
            diagnostics.push(wants_hub(span, TOKEN));
            let scheme = Some("Bearer".to_owned());
            Some(api_key(name, TOKEN, "Authorization".to_owned(), scheme))
        }
        Auth::ApiKey { secret, header } => {
            let name = secret::local(way, secret, diagnostics)?;
            diagnostics.push(wants_hub(span, API_KEY));
            let header = header.as_ref().map(|header| header.value.clone());
            let header = header.unwrap_or_else(|| KEY_HEADER.to_owned());
            Some(api_key(name, API_KEY, header, None))
        }
    }
}

fn api_key(secret: &str, key: &str, header: String, scheme: Option<String>) -> MiddlewareSpec {
    MiddlewareSpec::Plugin(Plugin::ApiKey(ApiKey {
        key_source: KeySource {
            header,
            header_auth_scheme: scheme,
        },
        secret_non_base64_encoded: true,
        secret_values: vec![format!("urn:k8s:secret:{secret}:{key}")],
    }))
}

/// Where the issuer's keys are; most publish them there.
fn key_set(issuer: &Located<Url>, jwks: &Given<Url>) -> String {
    match jwks {
        Some(jwks) => jwks.as_str().to_owned(),
        None => {
            let issuer = issuer.as_str().trim_end_matches('/');
            format!("{issuer}/.well-known/jwks.json")
        }
    }
}

/// `aud` is a text or a list.
fn claims(issuer: &Located<Url>, audiences: &[Located<String>]) -> String {
    let issuer = format!("Equals(`iss`, {})", quoted(issuer.as_str()));
    let audiences: Vec<String> = audiences
        .iter()
        .map(|audience| quoted(&audience.value))
        .collect();
    if audiences.is_empty() {
        return issuer;
    }
    let one = audiences.iter().map(|it| format!("Equals(`aud`, {it})"));
    let one: Vec<String> = one.collect();
    format!(
        "{issuer} && ({} || OneOf(`aud`, {}))",
        one.join(" || "),
        audiences.join(", ")
    )
}

/// Without it the route answers with an error, so nothing is open.
fn wants_hub(span: Span, key: &str) -> kubewright_source::Diagnostic {
    let hash = match key {
        "" => String::new(),
        key => format!(", with the hash that `htpasswd` makes under `{key}` in the Secret"),
    };
    lack::wants_setting(
        span,
        "only Traefik Hub checks tokens and keys; any other Traefik answers with an error",
        &format!(
            "use Traefik Hub{hash}, or let a service of yours check them with \
             `auth: {{type: forward, url: …}}`"
        ),
    )
}

/// A firewall, as a plugin: without it the route answers with an error.
pub(super) fn firewall(said: Said<'_, Waf>, diagnostics: &mut Diagnostics) -> MiddlewareSpec {
    diagnostics.push(lack::wants_setting(
        said.value.span,
        "Traefik has its firewall for web applications from a plugin",
        "add `github.com/jcchavezs/coraza-http-wasm-traefik` to Traefik's plugins under the name \
         `coraza`",
    ));
    let directives = waf::directives(&said.value.value, waf::CORAZA, diagnostics);
    MiddlewareSpec::Plugin(Plugin::Coraza(Coraza { directives }))
}
