//! Which fields the asked-for Kubernetes version keeps. An API server drops a
//! field of a feature that is switched off, without a word.
//!
//! <https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/>

use kubewright_model::project::KubernetesVersion;

use crate::Lowering;

/// A part of the API that not every supported version has switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    /// `lifecycle.stopSignal`.
    ContainerStopSignals,
    /// Volumes of type `image`.
    ImageVolume,
    /// `maxUnavailable` of a StatefulSet.
    MaxUnavailableStatefulSet,
}

impl Feature {
    /// The first version that has it switched on unless told otherwise; none:
    /// none that is known.
    fn since(self) -> Option<u16> {
        match self {
            // Alpha since 1.33, and off, up to 1.36.
            Self::ContainerStopSignals => None,
            Self::ImageVolume => Some(35),
            // Beta since 1.35, yet off.
            Self::MaxUnavailableStatefulSet => None,
        }
    }

    /// Whether a version has it switched on.
    pub(crate) fn is_in(self, version: KubernetesVersion) -> bool {
        self.since().is_some_and(|since| version.minor() >= since)
    }
}

/// The version that the objects are for.
pub(crate) fn version(lowering: &Lowering<'_>) -> KubernetesVersion {
    let given = lowering.project.facts.kubernetes_version.as_ref();
    given.map_or(KubernetesVersion::NEWEST, |version| version.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_come_with_versions() {
        let oldest = KubernetesVersion::OLDEST;
        let newest = KubernetesVersion::NEWEST;
        let rows = [
            (Feature::ContainerStopSignals, false, false),
            (Feature::ImageVolume, false, true),
            (Feature::MaxUnavailableStatefulSet, false, false),
        ];
        for (feature, in_oldest, in_newest) in rows {
            assert_eq!(feature.is_in(oldest), in_oldest, "{feature:?}");
            assert_eq!(feature.is_in(newest), in_newest, "{feature:?}");
        }
    }
}
