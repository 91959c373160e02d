//! A row for each feature and controller: what stands in the objects, or that it
//! is not here, and how grave that is.

use kubewright_model::gateway::{
    Auth, Controller, Cors, Gateway, Method, PathType, Route, Switch, Tls, Waf, WafLevel, WafMode,
};
use kubewright_model::value::{LabelKey, PositiveCount, Url};
use kubewright_model::{Memory, ObjectName};
use kubewright_source::Severity::{self, Error, Warning};

use super::{ALL, here, made, methods, project, rate, route, secret, text, time};

/// What becomes of a feature.
#[derive(Debug)]
enum Is {
    /// This stands in an object of the routes.
    Said(&'static str),
    /// It does, and this is said, too.
    And(&'static str, &'static str),
    /// It is not here.
    Not(Severity),
    /// It is what the controller does anyway.
    Usual,
}

use Is::{And, Not, Said, Usual};

/// On an unknown controller, HAProxy, nginx, Traefik, and the Gateway API.
type Row = (&'static str, fn(&mut Gateway), [Is; 5]);

fn first(gateway: &mut Gateway) -> &mut Route {
    &mut gateway.routes[0]
}

fn auth(gateway: &mut Gateway, auth: Auth) {
    first(gateway).policy.auth = Switch::On(here(auth));
}

fn url(text: &str) -> kubewright_model::Located<Url> {
    here(Url::parse(text).unwrap())
}

fn object_name(text: &str) -> kubewright_model::Located<ObjectName> {
    here(ObjectName::parse(text).unwrap())
}

const SETTING: &str = "controller-setting";
const LACK: &str = "not-here";
/// A rule without back ends, which answers 500.
const CLOSED: &str = r#"{"matches":[{"path":{"type":"PathPrefix","value":"/api"}}]}"#;

fn rows() -> Vec<Row> {
    let mut rows = paths();
    rows.extend(limits());
    rows.extend(guards());
    rows.extend(others());
    rows
}

#[rustfmt::skip]
fn paths() -> Vec<Row> {
    vec![
        ("strip_prefix", |g| first(g).strip_prefix = Some(here(true)), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/rewrite-target":"/""#),
            Said(r#""nginx.ingress.kubernetes.io/rewrite-target":"/$2""#),
            Said(r#""stripPrefix":{"prefixes":["/api"]}"#),
            Said(r#""type":"ReplacePrefixMatch","replacePrefixMatch":"/""#),
        ]),
        ("rewrite_to", |g| first(g).rewrite_to = Some(text("/v1")), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/rewrite-target":"/v1""#),
            Said(r#""nginx.ingress.kubernetes.io/rewrite-target":"/v1/$2""#),
            Said(r#""replacePathRegex":{"regex":"^/api(/.*)?$","replacement":"/v1$1"}"#),
            Said(r#""replacePrefixMatch":"/v1""#),
        ]),
        ("rewrite_to of an exact path", |g| {
            first(g).rewrite_to = Some(text("/v1"));
            first(g).path_type = Some(here(PathType::Exact));
        }, [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/rewrite-target":"/v1""#),
            Said(r#""nginx.ingress.kubernetes.io/rewrite-target":"/v1""#),
            Said(r#""replacePath":{"path":"/v1"}"#),
            Said(r#""type":"ReplaceFullPath","replaceFullPath":"/v1""#),
        ]),
        ("path_type Exact", |g| first(g).path_type = Some(here(PathType::Exact)), [
            Said(r#""path":"/api","pathType":"Exact""#),
            Said(r#""path":"/api","pathType":"Exact""#),
            Said(r#""path":"/api","pathType":"Exact""#),
            Said(r#""match":"Host(`shop.test`) && Path(`/api`)""#),
            Said(r#"{"type":"Exact","value":"/api"}"#),
        ]),
        ("path_type ImplementationSpecific", |g| {
            first(g).path_type = Some(here(PathType::ImplementationSpecific));
        }, [
            Said(r#""pathType":"ImplementationSpecific""#),
            Said(r#""pathType":"ImplementationSpecific""#),
            Said(r#""pathType":"ImplementationSpecific""#),
            Said(r#""match":"Host(`shop.test`) && PathPrefix(`/api`)""#),
            And(r#"{"type":"PathPrefix","value":"/api"}"#, LACK),
        ]),
        ("methods", |g| first(g).methods = methods(&[Method::Get, Method::Post]), [
            Not(Error),
            Said("http-request deny deny_status 405 unless { method GET POST }"),
            Not(Error),
            Said("(Method(`GET`) || Method(`POST`))"),
            Said(r#""method":"POST""#),
        ]),
        ("methods where other origins ask", |g| {
            first(g).methods = methods(&[Method::Get]);
            first(g).policy.cors = Switch::On(here(Cors::default()));
        }, [
            Not(Error),
            Said("{ method GET OPTIONS }"),
            Not(Error),
            Said("(Method(`GET`) || Method(`OPTIONS`))"),
            Said(r#""method":"OPTIONS""#),
        ]),
    ]
}

#[rustfmt::skip]
fn limits() -> Vec<Row> {
    vec![
        ("timeouts.connect", |g| first(g).policy.timeouts.connect = time("3s"), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/timeout-connect":"3s""#),
            Said(r#""nginx.ingress.kubernetes.io/proxy-connect-timeout":"3""#),
            Said(r#""forwardingTimeouts":{"dialTimeout":"3s"}"#),
            Not(Warning),
        ]),
        ("timeouts.server", |g| first(g).policy.timeouts.server = time("1m30s"), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/timeout-server":"90s""#),
            Said(r#""nginx.ingress.kubernetes.io/proxy-read-timeout":"90""#),
            Said(r#""forwardingTimeouts":{"responseHeaderTimeout":"1m30s"}"#),
            Said(r#""timeouts":{"backendRequest":"1m30s"}"#),
        ]),
        ("timeouts.client", |g| first(g).policy.timeouts.client = time("3s"), [
            Not(Warning), Not(Warning), Not(Warning), Not(Warning), Not(Warning),
        ]),
        ("timeouts.queue", |g| first(g).policy.timeouts.queue = time("500ms"), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/timeout-queue":"500ms""#),
            Not(Warning), Not(Warning), Not(Warning),
        ]),
        ("rate_limit of a route", |g| first(g).policy.rate_limit = rate("9", None), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/limit-rps":"9""#),
            Said(r#""nginx.ingress.kubernetes.io/limit-rps":"9""#),
            Said(r#""rateLimit":{"average":9,"burst":9}"#),
            Not(Warning),
        ]),
        ("rate_limit of all", |g| g.policy.rate_limit = rate("60/m", None), [
            Not(Warning),
            Said("deny_status 429 if { sc1_http_req_rate gt 60 }"),
            Said(r#""nginx.ingress.kubernetes.io/limit-rpm":"60""#),
            Said(r#""rateLimit":{"average":60,"period":"1m","burst":60}"#),
            Not(Warning),
        ]),
        ("rate_limit by the hour", |g| g.policy.rate_limit = rate("120/h", None), [
            Not(Warning),
            Said("store http_req_rate(1h)"),
            Said(r#""nginx.ingress.kubernetes.io/limit-rpm":"2""#),
            Said(r#""rateLimit":{"average":120,"period":"1h","burst":120}"#),
            Not(Warning),
        ]),
        ("rate_limit of an odd number by the hour", |g| g.policy.rate_limit = rate("7/h", None), [
            Not(Warning),
            Said("sc1_http_req_rate gt 7"),
            Not(Warning),
            Said(r#""period":"1h""#),
            Not(Warning),
        ]),
        ("rate_limit.burst", |g| first(g).policy.rate_limit = rate("9", Some(18)), [
            Not(Warning),
            And(r#""haproxy-ingress.github.io/limit-rps":"9""#, LACK),
            Said(r#""nginx.ingress.kubernetes.io/limit-burst-multiplier":"2""#),
            Said(r#""rateLimit":{"average":9,"burst":18}"#),
            Not(Warning),
        ]),
        ("rate_limit.burst in parts", |g| first(g).policy.rate_limit = rate("9", Some(20)), [
            Not(Warning),
            And(r#""haproxy-ingress.github.io/limit-rps":"9""#, LACK),
            And(r#""nginx.ingress.kubernetes.io/limit-burst-multiplier":"2""#, LACK),
            Said(r#""burst":20"#),
            Not(Warning),
        ]),
        ("body_size", |g| first(g).policy.body_size = Some(here(Memory::parse("20Mi").unwrap())), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/proxy-body-size":"20971520""#),
            Said(r#""nginx.ingress.kubernetes.io/proxy-body-size":"20971520""#),
            Said(r#""buffering":{"maxRequestBodyBytes":20971520}"#),
            Not(Warning),
        ]),
        ("buffering", |g| first(g).policy.buffering = Some(here(true)), [
            Not(Warning),
            Said("option http-buffer-request"),
            Said(r#""nginx.ingress.kubernetes.io/proxy-request-buffering":"on""#),
            Said(r#""buffering":{}"#),
            Not(Warning),
        ]),
        ("buffering off", |g| first(g).policy.buffering = Some(here(false)), [
            Not(Warning),
            Usual,
            Said(r#""nginx.ingress.kubernetes.io/proxy-request-buffering":"off""#),
            Usual,
            Not(Warning),
        ]),
        ("body_size without buffering", |g| {
            first(g).policy.body_size = Some(here(Memory::parse("1Ki").unwrap()));
            first(g).policy.buffering = Some(here(false));
        }, [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/proxy-body-size":"1024""#),
            Said(r#""nginx.ingress.kubernetes.io/proxy-request-buffering":"off""#),
            And(r#""maxRequestBodyBytes":1024"#, LACK),
            Not(Warning),
        ]),
    ]
}

#[rustfmt::skip]
fn guards() -> Vec<Row> {
    vec![
        ("auth basic", |g| auth(g, Auth::Basic { secret: secret("users"), realm: Some(text("Shop")) }), [
            Not(Error),
            Said(r#""haproxy-ingress.github.io/auth-secret":"users""#),
            Said(r#""nginx.ingress.kubernetes.io/auth-secret":"users""#),
            Said(r#""basicAuth":{"secret":"users","realm":"Shop"}"#),
            And(CLOSED, LACK),
        ]),
        ("auth basic with a Secret of another namespace", |g| {
            auth(g, Auth::Basic { secret: secret("ops/users"), realm: None });
        }, [
            Not(Error), Not(Error), Not(Error), Not(Error), And(CLOSED, LACK),
        ]),
        ("auth forward", |g| auth(g, Auth::Forward {
            url: url("http://sso.ops.svc/check"),
            headers: vec![text("X-User")],
        }), [
            Not(Error),
            Said(r#""haproxy-ingress.github.io/auth-headers-succeed":"X-User","haproxy-ingress.github.io/auth-url":"http://sso.ops.svc/check""#),
            Said(r#""nginx.ingress.kubernetes.io/auth-url":"http://sso.ops.svc/check""#),
            Said(r#""forwardAuth":{"address":"http://sso.ops.svc/check","authResponseHeaders":["X-User"]}"#),
            And(CLOSED, LACK),
        ]),
        ("auth jwt", |g| auth(g, Auth::Jwt {
            issuer: url("https://id.test/"),
            jwks: None,
            audiences: vec![text("shop")],
        }), [
            Not(Error), Not(Error), Not(Error),
            And(r#""jwt":{"jwksUrl":"https://id.test/.well-known/jwks.json","claims":"Equals(`iss`, `https://id.test/`) && (Equals(`aud`, `shop`) || OneOf(`aud`, `shop`))""#, SETTING),
            And(CLOSED, LACK),
        ]),
        ("auth bearer", |g| auth(g, Auth::Bearer { secret: secret("robot") }), [
            Not(Error), Not(Error), Not(Error),
            And(r#""keySource":{"header":"Authorization","headerAuthScheme":"Bearer"},"secretNonBase64Encoded":true,"secretValues":["urn:k8s:secret:robot:token"]"#, SETTING),
            And(CLOSED, LACK),
        ]),
        ("auth api_key", |g| auth(g, Auth::ApiKey { secret: secret("keys"), header: None }), [
            Not(Error), Not(Error), Not(Error),
            And(r#""keySource":{"header":"X-API-Key"}"#, SETTING),
            And(CLOSED, LACK),
        ]),
        ("waf", |g| g.policy.waf = Switch::On(here(Waf::default())), [
            Not(Warning),
            And(r#""haproxy-ingress.github.io/waf":"modsecurity","haproxy-ingress.github.io/waf-mode":"deny""#, SETTING),
            And(r#"SecRuleEngine On\nInclude /etc/nginx/owasp-modsecurity-crs/rules/*.conf"#, SETTING),
            And(r#""coraza":{"directives":["Include @coraza.conf-recommended","#, SETTING),
            Not(Warning),
        ]),
        ("waf that watches", |g| g.policy.waf = Switch::On(here(Waf {
            mode: Some(here(WafMode::Detect)),
            ..Waf::default()
        })), [
            Not(Warning),
            And(r#""haproxy-ingress.github.io/waf-mode":"detect""#, SETTING),
            Said(r#""nginx.ingress.kubernetes.io/enable-owasp-core-rules":"true""#),
            And("SecRuleEngine DetectionOnly", SETTING),
            Not(Warning),
        ]),
        ("waf level, rules, exclude", |g| g.policy.waf = Switch::On(here(Waf {
            mode: None,
            level: Some(here(WafLevel::Three)),
            rules: vec![text("sqli")],
            exclude: vec![here(PositiveCount::new(942_100).unwrap())],
        })), [
            Not(Warning),
            And(r#""rules.conf":"Include @coraza.conf-recommended"#, SETTING),
            And(r#"rules/REQUEST-942-APPLICATION-ATTACK-SQLI.conf"#, SETTING),
            And(r#"SecRuleRemoveById 942100"#, SETTING),
            Not(Warning),
        ]),
    ]
}

#[rustfmt::skip]
fn others() -> Vec<Row> {
    vec![
        ("cors", |g| g.policy.cors = Switch::On(here(Cors {
            allow_origins: vec![text("https://a.test"), text("https://*.b.test")],
            allow_methods: methods(&[Method::Get]),
            allow_headers: vec![text("X-Id")],
            expose_headers: vec![text("X-Rid")],
            max_age: time("10m"),
            allow_credentials: None,
        })), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/cors-allow-credentials":"false","haproxy-ingress.github.io/cors-allow-headers":"X-Id","haproxy-ingress.github.io/cors-allow-methods":"GET","haproxy-ingress.github.io/cors-allow-origin":"https://a.test","haproxy-ingress.github.io/cors-allow-origin-regex":"^https://[A-Za-z0-9-]+\\.b\\.test$","haproxy-ingress.github.io/cors-enable":"true","haproxy-ingress.github.io/cors-expose-headers":"X-Rid","haproxy-ingress.github.io/cors-max-age":"600""#),
            Said(r#""nginx.ingress.kubernetes.io/cors-allow-credentials":"false","nginx.ingress.kubernetes.io/cors-allow-headers":"X-Id","nginx.ingress.kubernetes.io/cors-allow-methods":"GET","nginx.ingress.kubernetes.io/cors-allow-origin":"https://a.test, https://*.b.test","nginx.ingress.kubernetes.io/cors-expose-headers":"X-Rid","nginx.ingress.kubernetes.io/cors-max-age":"600","nginx.ingress.kubernetes.io/enable-cors":"true""#),
            Said(r#""headers":{"accessControlAllowOriginList":["https://a.test"],"accessControlAllowOriginListRegex":["^https://[A-Za-z0-9-]+\\.b\\.test$"],"accessControlAllowMethods":["GET"],"accessControlAllowHeaders":["X-Id"],"accessControlExposeHeaders":["X-Rid"],"accessControlMaxAge":600,"accessControlAllowCredentials":false,"addVaryHeader":true}"#),
            Said(r#""cors":{"allowOrigins":["https://a.test","https://*.b.test"],"allowMethods":["GET"],"allowHeaders":["X-Id"],"exposeHeaders":["X-Rid"],"maxAge":600}"#),
        ]),
        ("cors with any header", |g| g.policy.cors = Switch::On(here(Cors {
            allow_headers: vec![text("*")],
            allow_credentials: Some(here(true)),
            ..Cors::default()
        })), [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/cors-allow-headers":"*""#),
            And(r#""nginx.ingress.kubernetes.io/cors-allow-credentials":"true""#, LACK),
            Said(r#""accessControlAllowHeaders":["*"]"#),
            Said(r#""allowCredentials":true"#),
        ]),
        ("cors off for a route", |g| {
            g.policy.cors = Switch::On(here(Cors::default()));
            first(g).policy.cors = Switch::Off(here(()));
        }, [Usual, Usual, Usual, Usual, Usual]),
        ("tls with a Secret", |g| g.policy.tls = Switch::On(here(Tls::Secret(object_name("cert")))), [
            Said(r#""tls":[{"hosts":["shop.test"],"secretName":"cert"}]"#),
            Said(r#""tls":[{"hosts":["shop.test"],"secretName":"cert"}]"#),
            Said(r#""tls":[{"hosts":["shop.test"],"secretName":"cert"}]"#),
            Said(r#""entryPoints":["websecure"],"routes""#),
            Said(r#""certificateRefs":[{"name":"cert"}]"#),
        ]),
        ("tls by an issuer", |g| g.policy.tls = Switch::On(here(Tls::Issuer {
            cluster: true,
            name: object_name("le"),
        })), [
            Said(r#""cert-manager.io/cluster-issuer":"le""#),
            Said(r#""cert-manager.io/cluster-issuer":"le""#),
            Said(r#""cert-manager.io/cluster-issuer":"le""#),
            Said(r#""spec":{"secretName":"gateway-le-tls","dnsNames":["shop.test"],"issuerRef":{"kind":"ClusterIssuer","name":"le"}}"#),
            Said(r#""cert-manager.io/cluster-issuer":"le""#),
        ]),
        ("tls with the controller's own certificate", |g| g.policy.tls = Switch::On(here(Tls::Default)), [
            Said(r#""tls":[{"hosts":["shop.test"]}]"#),
            Said(r#""tls":[{"hosts":["shop.test"]}]"#),
            Said(r#""tls":[{"hosts":["shop.test"]}]"#),
            Said(r#""tls":{}"#),
            And(r#""certificateRefs":[{"name":"gateway-tls"}]"#, "needs-certificate"),
        ]),
        ("https_redirect off", |g| {
            g.policy.tls = Switch::On(here(Tls::Secret(object_name("cert"))));
            g.https_redirect = Some(here(false));
        }, [
            And(r#""secretName":"cert""#, LACK),
            Said(r#""haproxy-ingress.github.io/ssl-redirect":"false""#),
            Said(r#""nginx.ingress.kubernetes.io/ssl-redirect":"false""#),
            Said(r#""name":"gateway-plain""#),
            Said(r#""parentRefs":[{"name":"gateway"}]"#),
        ]),
        ("https_redirect", |g| {
            g.policy.tls = Switch::On(here(Tls::Secret(object_name("cert"))));
            g.https_redirect = Some(here(true));
        }, [
            And(r#""secretName":"cert""#, LACK),
            Said(r#""secretName":"cert""#),
            Said(r#""secretName":"cert""#),
            Said(r#""redirectScheme":{"scheme":"https","permanent":true}"#),
            Said(r#""requestRedirect":{"scheme":"https","statusCode":301}"#),
        ]),
        ("https_redirect without TLS", |g| g.https_redirect = Some(here(true)), [
            Not(Warning),
            Not(Warning),
            Said(r#""nginx.ingress.kubernetes.io/force-ssl-redirect":"true""#),
            Not(Warning),
            Not(Warning),
        ]),
        ("annotations", |g| {
            let key = LabelKey::parse("acme.test/a").unwrap();
            first(g).policy.annotations.insert(key, text("b"));
        }, [
            Said(r#""acme.test/a":"b""#),
            Said(r#""acme.test/a":"b""#),
            Said(r#""acme.test/a":"b""#),
            Said(r#""acme.test/a":"b""#),
            Said(r#""acme.test/a":"b""#),
        ]),
        ("class", |g| first(g).class = Some(object_name("internal")), [
            Said(r#""ingressClassName":"internal""#),
            Said(r#""ingressClassName":"internal""#),
            Said(r#""ingressClassName":"internal""#),
            Said(r#""kubernetes.io/ingress.class":"internal""#),
            Not(Warning),
        ]),
        ("a pod that speaks TLS", |g| first(g).target = route("/", "safe").target, [
            Not(Warning),
            Said(r#""haproxy-ingress.github.io/backend-protocol":"h1-ssl""#),
            Said(r#""nginx.ingress.kubernetes.io/backend-protocol":"HTTPS""#),
            Said(r#""scheme":"https","serversTransport":"gateway-api-transport""#),
            Not(Warning),
        ]),
        ("an app scaled by requests", |g| first(g).target = route("/", "lazy").target, [
            Not(Error),
            Said("http-request set-header Host lazy.default"),
            Said(r#""nginx.ingress.kubernetes.io/upstream-vhost":"lazy.default""#),
            And(r#""customRequestHeaders":{"Host":"lazy.default"}"#, SETTING),
            Said(r#""urlRewrite":{"hostname":"lazy.default"}"#),
        ]),
    ]
}

#[test]
fn every_feature_on_every_controller() {
    for (feature, change, expected) in rows() {
        for (controller, expected) in ALL.into_iter().zip(expected) {
            let mut project = project(controller, vec![route("/api", "api")]);
            let without = made(&project).all_of_routes();
            change(project.gateway.as_mut().unwrap());
            check(feature, controller, &without, &made(&project), &expected);
        }
    }
}

fn check(feature: &str, controller: Controller, without: &str, made: &super::Made, expected: &Is) {
    let (all, said) = (made.all_of_routes(), made.said());
    let what = format!("{feature} on {controller:?}: {said:?}\n{all}");
    match expected {
        Said(text) => {
            assert!(all.contains(text), "{what}");
            assert!(said.is_empty(), "{what}");
        }
        And(text, code) => {
            assert!(all.contains(text), "{what}");
            let codes: Vec<&str> = said.iter().map(|(_, code)| *code).collect();
            assert!(codes.iter().all(|found| found == code), "{what}");
            assert!(!codes.is_empty(), "{what}");
        }
        Not(severity) => {
            let gravest = said
                .iter()
                .map(|(severity, _)| *severity)
                .min_by_key(|it| *it as u8);
            assert!(said.iter().all(|(_, code)| *code == "not-here"), "{what}");
            assert_eq!(gravest, Some(*severity), "{what}");
        }
        Usual => {
            let all = all.replace("gateway-api", "gateway");
            assert_eq!(all, without, "{what}");
            assert!(said.is_empty(), "{what}");
        }
    }
}

/// What the rows do to a gateway.
pub(super) fn changes() -> impl Iterator<Item = fn(&mut Gateway)> {
    rows().into_iter().map(|(_, change, _)| change)
}
