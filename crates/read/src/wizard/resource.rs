//! Requests and limits, nested or flat.

use kubewright_model::resource::{Limit, Resources};
use kubewright_model::{Cpu, Memory};

use super::given::{given, same, two_values};
use crate::fields::{At, Fields};

/// All names of the four amounts, the usual one first.
const CPU_REQUEST: &[&str] = &["cpu_request", "cpuRequest", "cpuReq"];
const CPU_LIMIT: &[&str] = &["cpu_limit", "cpuLimit", "cpuLim"];
const MEMORY_REQUEST: &[&str] = &["memory_request", "memRequest", "memReq"];
const MEMORY_LIMIT: &[&str] = &["memory_limit", "memLimit", "memLim"];

/// The amounts of a container, under `resources` or beside it.
pub(super) fn read(fields: &Fields<'_>) -> Resources {
    let at = given(fields, "resources");
    let nested = at.and_then(|at| at.fields(format!("`resources` of {}", fields.what())));
    let mut resources = Resources::default();
    let one = |keys| amount(nested.as_ref(), fields, keys);
    resources.cpu = one(CPU_REQUEST).and_then(|at| at.parse(Cpu::parse));
    resources.memory = one(MEMORY_REQUEST).and_then(|at| at.parse(Memory::parse));
    let cpu_limit = one(CPU_LIMIT).and_then(|at| at.parse(Cpu::parse));
    resources.cpu_limit = cpu_limit.map(|limit| limit.map(Limit::At));
    let memory_limit = one(MEMORY_LIMIT).and_then(|at| at.parse(Memory::parse));
    resources.memory_limit = memory_limit.map(|limit| limit.map(Limit::At));
    if let Some(nested) = nested {
        nested.finish();
    }
    resources
}

/// The value under one of the names, in one of the two places.
fn amount<'f>(
    nested: Option<&'f Fields<'_>>,
    flat: &'f Fields<'_>,
    keys: &'static [&'static str],
) -> Option<At<'f>> {
    let places = nested.into_iter().chain(std::iter::once(flat));
    let mut found: Option<(&'static str, At<'f>)> = None;
    for (fields, key) in places.flat_map(|fields| keys.iter().map(move |key| (fields, *key))) {
        let Some(at) = given(fields, key) else {
            continue;
        };
        match &found {
            None => found = Some((key, at)),
            Some((first, other)) if !same(other.node, at.node) => {
                two_values(flat.what(), (first, other.span()), key, &at);
            }
            Some(_) => {}
        }
    }
    found.map(|(_, at)| at)
}
