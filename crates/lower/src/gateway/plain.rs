//! An Ingress of which only the standard is known: everything beyond is reported.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/>

use kubewright_model::Span;
use kubewright_model::gateway::{Auth, Controller};
use kubewright_source::Diagnostics;

use super::ingress::Words;
use super::lack::{self, Lack};
use super::target::Place;
use super::waf;
use super::way::Way;

/// The annotations of a route: none but what the input gives.
pub(super) fn words(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Words {
    // Traefik goes by the number 443 itself, and by the port's name else.
    let knows_tls = way.controller == Controller::Traefik && way.target.port == 443;
    if way.target.to_tls && !knows_tls {
        diagnostics.push(lack::tls_behind(way));
    }
    if let Some(to) = way.rewritten() {
        diagnostics.push(lack::REWRITE.of(way, to.span));
    }
    if let Some(method) = way.route.methods.first() {
        diagnostics.push(lack::METHODS.of(way, method.span));
    }
    if let Place::Interceptor { .. } = way.target.place {
        diagnostics.push(lack::HOST.of(way, way.route.target.service.span));
    }
    redirect(way, diagnostics);
    policy(way, diagnostics);
    Words::default()
}

fn redirect(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    let Some(word) = way.redirect.filter(|_| !way.of_app) else {
        return;
    };
    match (way.has_tls(), word.value) {
        (true, _) => diagnostics.push(lack::REDIRECT.of(way, word.span)),
        (false, true) => diagnostics.push(lack::REDIRECT_TO_NOTHING.of(way, word.span)),
        (false, false) => {}
    }
}

/// The parts of a policy, none of which an Ingress can say.
fn policy(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    let policy = &way.policy;
    let span = |said: Option<Span>, lack: &'static Lack| Some((said?, lack));
    let said = [
        span(policy.connect.map(|it| it.value.span), &lack::CONNECT),
        span(policy.server.map(|it| it.value.span), &lack::SERVER),
        span(policy.client.map(|it| it.value.span), &lack::CLIENT),
        span(policy.queue.map(|it| it.value.span), &lack::QUEUE),
        span(policy.rate_limit.map(|it| it.value.span), &lack::RATE),
        span(policy.cors.map(|it| it.value.span), &lack::CORS),
        span(policy.body_size.map(|it| it.value.span), &lack::BODY),
        span(policy.buffering.map(|it| it.value.span), &lack::BUFFERING),
    ];
    for (span, lack) in said.into_iter().flatten() {
        diagnostics.push(lack.of(way, span));
    }
    firewall(way, diagnostics);
    if let Some((span, lack)) = doorkeeper(way) {
        diagnostics.push(lack.of(way, span));
    }
}

/// That no firewall stands in front.
pub(super) fn firewall(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    if let Some(waf) = way.policy.waf {
        let lack = match waf::blocks(&waf.value.value) {
            true => &lack::WAF,
            false => &lack::WAF_DETECT,
        };
        diagnostics.push(lack.of(way, waf.value.span));
    }
}

/// Who shall stand at the door, and where it is asked for.
pub(super) fn doorkeeper(way: &Way<'_>) -> Option<(Span, &'static Lack)> {
    let auth = way.policy.auth?;
    let lack = match &auth.value.value {
        Auth::Basic { .. } => &lack::BASIC,
        Auth::Jwt { .. } | Auth::Bearer { .. } | Auth::ApiKey { .. } => &lack::TOKEN,
        Auth::Forward { .. } => &lack::FORWARD,
    };
    Some((auth.value.span, lack))
}
