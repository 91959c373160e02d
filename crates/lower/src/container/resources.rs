//! What a container gets and may use.
//!
//! <https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kubewright_model::Located;
use kubewright_model::resource::Limit;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, ContainerScope, Draft};

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let given = &scope.container.resources;
    check(
        scope,
        "memory",
        given.memory.as_ref(),
        given.memory_limit.as_ref(),
        draft,
    );
    check(
        scope,
        "cpu",
        given.cpu.as_ref(),
        given.cpu_limit.as_ref(),
        draft,
    );
    let disk = given.ephemeral_storage_limit.as_ref();
    check(
        scope,
        "ephemeral storage",
        given.ephemeral_storage.as_ref(),
        disk.map(|most| Located::new(Limit::At(most.value), most.span))
            .as_ref(),
        draft,
    );
    let mut requests = BTreeMap::new();
    let mut limits = BTreeMap::new();
    let put = |amounts: &mut BTreeMap<String, Quantity>, name: &str, amount: Option<String>| {
        if let Some(amount) = amount {
            amounts.insert(name.to_owned(), Quantity(amount));
        }
    };
    put(
        &mut requests,
        "cpu",
        given.cpu.as_ref().map(|cpu| cpu.to_string()),
    );
    put(&mut limits, "cpu", limit(given.cpu_limit.as_ref()));
    put(
        &mut requests,
        "memory",
        given.memory.as_ref().map(|memory| memory.to_string()),
    );
    put(&mut limits, "memory", limit(given.memory_limit.as_ref()));
    let storage = "ephemeral-storage";
    put(
        &mut requests,
        storage,
        given
            .ephemeral_storage
            .as_ref()
            .map(|disk| disk.to_string()),
    );
    put(
        &mut limits,
        storage,
        given
            .ephemeral_storage_limit
            .as_ref()
            .map(|disk| disk.to_string()),
    );
    if let Some(gpu) = &given.gpu {
        // Extended resources cannot be overcommitted: the limit is the request.
        let kind = gpu
            .kind
            .as_ref()
            .map_or("nvidia.com/gpu", |kind| kind.as_str());
        put(&mut limits, kind, Some(gpu.count.get().to_string()));
    }
    for (name, amount) in &given.extended {
        put(&mut limits, name.as_str(), Some(amount.as_str().to_owned()));
    }
    let resources = core::ResourceRequirements {
        requests: (!requests.is_empty()).then_some(requests),
        limits: (!limits.is_empty()).then_some(limits),
        claims: None,
    };
    container.resources = (resources != core::ResourceRequirements::default()).then_some(resources);
}

fn limit<T: ToString>(limit: Option<&Located<Limit<T>>>) -> Option<String> {
    match &limit?.value {
        Limit::At(amount) => Some(amount.to_string()),
        Limit::Without => None,
    }
}

/// The API server refuses a request above its limit.
fn check<T: PartialOrd + std::fmt::Display>(
    scope: &ContainerScope<'_>,
    what: &str,
    request: Option<&Located<T>>,
    limit: Option<&Located<Limit<T>>>,
    draft: &mut Draft,
) {
    let (Some(request), Some(limit)) = (request, limit) else {
        return;
    };
    let Limit::At(most) = &limit.value else {
        return;
    };
    if request.value > *most {
        draft.diagnostics.push(
            Diagnostic::error(
                "limit-below-request",
                limit.span,
                format!(
                    "`{}` may use {most} of {what}, but is promised {}",
                    scope.prefix, request.value
                ),
            )
            .related(request.span, "promised here")
            .help("raise the limit to at least what is promised"),
        );
    }
}
