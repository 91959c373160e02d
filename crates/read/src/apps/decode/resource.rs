//! What a container gets and may use.

use kubewright_model::resource::{Gpu, Limit, Resources};
use kubewright_model::value::{LabelKey, LabelValue, PositiveCount};
use kubewright_model::{Cpu, Given, Invalid, Located, Memory, Quantity};

use super::given::{number, pairs, parsed};
use crate::fields::{At, Fields};

/// The block `resources`; a limit of memory is the request where none is given.
pub(super) fn read(at: At<'_>) -> Option<Resources> {
    let fields = at.fields("`resources`")?;
    let memory = parsed(&fields, "memory", Memory::parse);
    let limit = parsed(&fields, "memory_limit", |text| limit(text, Memory::parse));
    let same = || {
        memory
            .as_ref()
            .map(|memory| memory.as_ref().map(|memory| Limit::At(*memory)))
    };
    let memory_limit = limit.or_else(same);
    let storage = parsed(&fields, "ephemeral_storage", Memory::parse);
    let most = parsed(&fields, "ephemeral_storage_limit", |text| {
        self::limit(text, Memory::parse)
    });
    let most = match most {
        None => storage,
        Some(most) => match most.value {
            Limit::At(value) => Some(Located::new(value, most.span)),
            Limit::Without => None,
        },
    };
    let resources = Resources {
        memory_limit,
        memory,
        cpu: parsed(&fields, "cpu", Cpu::parse),
        cpu_limit: parsed(&fields, "cpu_limit", |text| self::limit(text, Cpu::parse)),
        ephemeral_storage_limit: most,
        ephemeral_storage: storage,
        gpu: fields.get("gpu").and_then(gpu),
        extended: pairs(&fields, "extended", device, whole),
    };
    fields.finish();
    Some(resources)
}

fn limit<T>(text: &str, parse: impl Fn(&str) -> Result<T, Invalid>) -> Result<Limit<T>, Invalid> {
    match text {
        "none" => Ok(Limit::Without),
        text => parse(text).map(Limit::At),
    }
}

/// The name of a device: whoever makes it stands first.
///
/// <https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources>
fn device(text: &str) -> Result<LabelKey, Invalid> {
    let name = LabelKey::parse(text)?;
    match text.split_once('/') {
        None => Err(Invalid::new(
            "the name of a device",
            "it does not say whose it is",
            "write the name that its nodes give it, like `nvidia.com/gpu`",
        )),
        Some((owner, _)) if owner == "kubernetes.io" || owner.ends_with(".kubernetes.io") => {
            Err(Invalid::new(
                "the name of a device",
                "Kubernetes keeps such names to itself",
                "write the name that its nodes give it, like `nvidia.com/gpu`",
            ))
        }
        Some((owner, _)) if owner.starts_with("requests.") => Err(Invalid::new(
            "the name of a device",
            "quotas have such names",
            "write the name that its nodes give it, like `nvidia.com/gpu`",
        )),
        Some(_) => Ok(name),
    }
}

/// Devices are counted.
fn whole(text: &str) -> Result<Quantity, Invalid> {
    let amount = Quantity::parse(text)?;
    match amount.is_whole() {
        true => Ok(amount),
        false => Err(Invalid::new(
            "a number of devices",
            "it is no whole number",
            "write how many, like `1`",
        )),
    }
}

fn gpu(at: At<'_>) -> Option<Gpu> {
    let fields: Fields<'_> = at.fields("`gpu`")?;
    let count: Given<PositiveCount> = match fields.has("count") {
        true => number(&fields, "count", PositiveCount::new),
        false => {
            fields.need("count");
            None
        }
    };
    let kind = parsed(&fields, "type", device);
    let node_selector = pairs(&fields, "node_selector", LabelKey::parse, LabelValue::parse);
    fields.finish();
    Some(Gpu {
        count: count?,
        kind,
        node_selector,
    })
}
