//! The table: every key of the Compose Specification and its shape.
//!
//! The facts are those of the specification's JSON Schema and of what Compose's
//! reader makes of each value.
//! <https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json>
//!
//! Fields stand in the order of the alphabet, because they are searched by halves.

pub(super) mod build;
pub(super) mod container;
pub(super) mod deploy;
pub(super) mod hook;
pub(super) mod options;
pub(super) mod resource;
pub(super) mod service;

use super::shape::{Extensions, Field, Object};

/// A mapping of the specification as most are.
pub(super) const fn object(what: &'static str, fields: &'static [Field]) -> Object {
    Object {
        what,
        fields,
        needs: &[],
        extensions: Extensions::Kept,
        open: false,
        null: false,
        keeps_empty: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::decode::keys;
    use crate::compose::resolved::shape::Shape;

    fn check(fields: &[Field], seen: &mut usize) {
        *seen += fields.len();
        assert!(
            fields.windows(2).all(|pair| pair[0].key < pair[1].key),
            "not in order: {:?}",
            fields.iter().map(|field| field.key).collect::<Vec<_>>()
        );
        for field in fields {
            below(&field.shape, seen);
        }
    }

    fn below(shape: &Shape, seen: &mut usize) {
        match shape {
            Shape::Object(object) => check(object.fields, seen),
            Shape::List(list) => below(&list.item, seen),
            Shape::Named(named) => below(&named.value, seen),
            Shape::Any | Shape::Leaf(_) | Shape::Strings | Shape::Room(_) => {}
        }
    }

    #[test]
    fn fields_stand_in_order() {
        let mut seen = 0;
        for fields in [
            container::FIELDS,
            service::FIELDS,
            build::BUILD.fields,
            hook::HOOK.fields,
            resource::NETWORK.fields,
            resource::VOLUME.fields,
            resource::SECRET.fields,
            resource::CONFIG.fields,
            resource::MODEL.fields,
        ] {
            check(fields, &mut seen);
        }
        assert!(seen > 150, "{seen}");
    }

    #[test]
    fn keys_of_a_service_are_those_that_have_a_verdict() {
        let mut shaped: Vec<&str> = [container::FIELDS, service::FIELDS]
            .iter()
            .flat_map(|fields| fields.iter().map(|field| field.key))
            .collect();
        shaped.sort_unstable();
        let mut known: Vec<&str> = keys::SERVICE.iter().map(|key| key.name).collect();
        known.sort_unstable();
        known.retain(|key| *key != "extends");
        assert_eq!(shaped, known);
    }
}
