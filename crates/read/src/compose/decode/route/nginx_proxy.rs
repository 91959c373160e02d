//! nginx-proxy: hosts that services name in their variables, where the project
//! runs it.
//!
//! <https://github.com/nginx-proxy/nginx-proxy/tree/main/docs>

use std::collections::BTreeMap;

use kubewright_model::Located;
use kubewright_model::gateway::{PathType, Switch, Tls};
use kubewright_model::value::{Host, Port};
use kubewright_source::Severity;

use super::super::mount::Mount;
use super::super::service::Service;
use super::traefik::Asked;
use super::{Expose, Wish, foreign, own};
use crate::fields::{At, Report};

/// The nginx-proxy of a project.
pub(in super::super) struct NginxProxy {
    /// Files that say who may come in are mounted into it.
    has_guards: bool,
}

/// Looks for one among the services.
pub(in super::super) fn gather(
    services: &[(Located<&str>, At<'_>)],
    mounts: &BTreeMap<&str, Vec<Mount>>,
) -> Option<NginxProxy> {
    let (key, _) = services.iter().find(|(_, at)| is_proxy(at))?;
    let mut mounts = mounts.get(key.value).into_iter().flatten();
    let has_guards = mounts.any(|mount| {
        let rest = mount.target.value.as_str().strip_prefix(HTPASSWD);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    Some(NginxProxy { has_guards })
}

/// Where it looks for the names and passwords of those who may see a host.
const HTPASSWD: &str = "/etc/nginx/htpasswd";

fn is_proxy(at: &At<'_>) -> bool {
    let image = at.node.get("image").and_then(|node| node.as_scalar());
    let known = image.and_then(|image| kubewright_knowledge::known(&image.text));
    known.is_some_and(|known| known.family.names.contains(&"nginxproxy/nginx-proxy"))
}

/// Variables that are read.
const READ: [&str; 9] = [
    "VIRTUAL_HOST",
    "VIRTUAL_PORT",
    "VIRTUAL_PATH",
    "VIRTUAL_DEST",
    "VIRTUAL_PROTO",
    "LETSENCRYPT_HOST",
    "CERT_NAME",
    "NETWORK_ACCESS",
    "HTTPS_METHOD",
];

/// Variables that no route can say, with what can.
const LOST: [(&str, &str); 4] = [
    (
        "VIRTUAL_HOST_MULTIPORTS",
        "write hosts and ports as `VIRTUAL_HOST` and `VIRTUAL_PORT` of a service each",
    ),
    (
        "VIRTUAL_ROOT",
        "serve the files with a web server beside it",
    ),
    ("SSL_POLICY", "set it in your ingress controller"),
    ("HSTS", "set it in your ingress controller"),
];

/// What the variables ask for. `form` is the way in that is asked for beside them.
pub(super) fn read(service: &Service<'_>, form: Option<Expose>) -> Asked {
    let Some(proxy) = &service.scope.nginx_proxy else {
        return Asked::default();
    };
    let said = Said::read(service);
    for (name, help) in LOST {
        if let Some(value) = said.get(name) {
            lost(
                service,
                value,
                format!("`{name}` of nginx-proxy is not carried"),
                help,
            );
        }
    }
    let Some(hosts) = said.get("VIRTUAL_HOST") else {
        return Asked::default();
    };
    let closed = Asked {
        wishes: Vec::new(),
        is_closed: true,
    };
    if is_guarded(service, proxy, &said, hosts) {
        return closed;
    }
    let Some(template) = said.template(service) else {
        return closed;
    };
    let tls = said.tls(service, form);
    let hosts = list(&hosts.value).filter_map(|text| {
        let host = said.host(service, hosts, text)?;
        let mut wish = template.clone();
        if let Some((for_hosts, tls)) = &tls
            && for_hosts
                .as_ref()
                .is_none_or(|these| list(these).any(|host| host == text))
        {
            wish.policy.tls = tls.clone();
        }
        wish.host = Some(host);
        Some(wish)
    });
    Asked {
        wishes: hosts.collect(),
        is_closed: true,
    }
}

/// Where a service names its hosts, if it does.
pub(super) fn place(service: &Service<'_>) -> Option<kubewright_model::Span> {
    service.scope.nginx_proxy.as_ref()?;
    Some(Said::read(service).get("VIRTUAL_HOST")?.span)
}

/// Our own labels say where, so the hosts are left out.
pub(super) fn report_replaced(service: &Service<'_>) {
    let Some(span) = place(service) else { return };
    service.fields.at().say_at(
        span,
        Severity::Note,
        "unused",
        format!(
            "`VIRTUAL_HOST` of `{}` makes no route: labels of kubewright or kompose say how it \
             is reached",
            service.name.value
        ),
        "leave out one of the two".to_owned(),
    );
}

/// Who may come in is no matter of routes: such hosts are not opened.
fn is_guarded(
    service: &Service<'_>,
    proxy: &NginxProxy,
    said: &Said,
    hosts: &Located<String>,
) -> bool {
    let internal = said.get("NETWORK_ACCESS");
    let internal = internal.filter(|value| value.value != "external");
    let (span, why) = match (internal, proxy.has_guards) {
        (Some(internal), _) => (internal.span, "`NETWORK_ACCESS` lets some networks in only"),
        (None, true) => (hosts.span, "nginx-proxy has files with passwords for hosts"),
        (None, false) => return false,
    };
    foreign::guarded(service, span, &format!(": {why}"));
    true
}

fn lost(service: &Service<'_>, value: &Located<String>, message: String, help: &str) {
    let at = service.fields.at();
    let (span, help) = (value.span, help.to_owned());
    at.say_at(span, Severity::Warning, "not-carried", message, help);
}

/// What the variables of a service say, without what is secret.
struct Said(BTreeMap<String, Located<String>>);

impl Said {
    fn read(service: &Service<'_>) -> Self {
        let is_known = |name: &str| READ.contains(&name) || LOST.iter().any(|it| it.0 == name);
        let files = service.scope.env_file(service.key).iter();
        let files = files.map(|variable| (variable.name.value.clone(), variable.value.clone()));
        // What is wrong with variables is said where all of them are read.
        let unheard = Report::default();
        let node = service.fields.at().node.get("environment");
        let node = node.filter(|node| node.as_scalar().is_none());
        let own = node.map(|node| {
            let at = At {
                report: &unheard,
                ..service.fields.at().down("environment", node)
            };
            at.pairs()
        });
        let own = own.into_iter().flatten();
        let own = own.map(|pair| (pair.key.value, pair.value));
        let secrets = &service.scope.document.secrets;
        let mut all = BTreeMap::new();
        for (name, value) in files.chain(own).filter(|(name, _)| is_known(name)) {
            let value = value.filter(|value| !value.value.trim().is_empty());
            match value.filter(|value| !secrets.at(value.span)) {
                Some(value) => all.insert(name, value),
                None => all.remove(&name),
            };
        }
        Self(all)
    }

    fn get(&self, name: &str) -> Option<&Located<String>> {
        self.0.get(name)
    }

    /// What all hosts of the service have; none where it speaks no HTTP, or at a
    /// path that no route can have.
    fn template(&self, service: &Service<'_>) -> Option<Wish> {
        let hosts = self.get("VIRTUAL_HOST")?;
        let mut wish = Wish::whole(hosts.span);
        if let Some(proto) = self.get("VIRTUAL_PROTO") {
            wish.protocol = match proto.value.as_str() {
                "http" => None,
                "https" => Some(Located::new("https".to_owned(), proto.span)),
                _ => {
                    let message = format!(
                        "`{}` gets no route: it speaks another protocol than HTTP",
                        service.name.value
                    );
                    let help = "put a web server in front of it, and name the host there";
                    lost(service, proto, message, help);
                    return None;
                }
            };
        }
        if let Some(path) = self.get("VIRTUAL_PATH") {
            self.path(service, path, &mut wish)?;
        }
        let port = self.get("VIRTUAL_PORT");
        wish.port = port.and_then(|port| service.fields.at().checked(port, Port::parse));
        Some(wish)
    }

    fn path(&self, service: &Service<'_>, path: &Located<String>, wish: &mut Wish) -> Option<()> {
        let (text, is_exact) = match path.value.strip_prefix('=') {
            Some(text) => (text.trim(), true),
            None => (path.value.as_str(), false),
        };
        if !own::is_path(text) {
            let message = format!(
                "`{}` gets no route: its `VIRTUAL_PATH` is no path of one",
                service.name.value
            );
            let help = "write it like `/api`; expressions are nginx's alone";
            lost(service, path, message, help);
            return None;
        }
        wish.path = Located::new(text.to_owned(), path.span);
        wish.path_type = is_exact.then(|| Located::new(PathType::Exact, path.span));
        if let Some(dest) = self.get("VIRTUAL_DEST") {
            match dest.value.as_str() {
                "/" => wish.strip_prefix = Some(Located::new(true, dest.span)),
                other => wish.rewrite_to = Some(Located::new(other.to_owned(), dest.span)),
            }
        }
        Some(())
    }

    fn host(
        &self,
        service: &Service<'_>,
        hosts: &Located<String>,
        text: &str,
    ) -> Option<Located<Host>> {
        let found = Host::parse(text).ok();
        if found.is_none() {
            let message = format!(
                "`{}` becomes no route at `{}`, which is no name of a host",
                service.name.value,
                text.escape_default()
            );
            let help = "write hosts like `shop.example.com` or `*.example.com`";
            lost(service, hosts, message, help);
        }
        Some(Located::new(found?, hosts.span))
    }

    /// TLS, and for which hosts; none: for all.
    fn tls(
        &self,
        service: &Service<'_>,
        form: Option<Expose>,
    ) -> Option<(Option<String>, Switch<Tls>)> {
        let method = self.get("HTTPS_METHOD");
        let is_said = |word: &str| matches!(word, "redirect" | "nohttps");
        if let Some(method) = method.filter(|method| !is_said(&method.value)) {
            let message = "`HTTPS_METHOD` of nginx-proxy is not carried".to_owned();
            let help = "whether requests are sent on to TLS is your ingress controller's matter";
            lost(service, method, message, help);
        }
        let by_method = method.is_some_and(|method| method.value == "nohttps");
        let acme = self.get("LETSENCRYPT_HOST");
        let wanted = self.get("CERT_NAME").or(acme);
        let said = wanted.filter(|_| !by_method && !service.scope.options.has_certificate)?;
        if form != Some(Expose::Gateway) {
            service.fields.at().say_at(
                said.span,
                Severity::Note,
                "needs-certificate",
                format!(
                    "`{}` wants TLS, and its certificate is nginx-proxy's: until one is named, \
                     the controller shows its own",
                    service.name.value
                ),
                "let cert-manager make one with `--cluster-issuer NAME`, or name a Secret with \
                 `--tls-secret`"
                    .to_owned(),
            );
        }
        let only = acme.filter(|_| self.get("CERT_NAME").is_none());
        let only = only.map(|hosts| hosts.value.clone());
        Some((only, Switch::On(Located::new(Tls::Default, said.span))))
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
