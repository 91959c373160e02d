//! How values are chosen.

use proptest::prelude::*;
use proptest::{option, sample};
use serde_json::{Map, Value};

/// What makes a value.
pub(crate) type Choice = BoxedStrategy<Value>;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The entry itself.
    Base,
    /// What an environment changes of it, which can take things away, too.
    Override,
}

impl Side {
    /// A member of a mapping, which an environment can take away.
    pub(crate) fn member(self, choice: Choice) -> Choice {
        match self {
            Self::Base => choice,
            Self::Override => prop_oneof![6 => choice, 1 => Just(Value::Null)].boxed(),
        }
    }
}

/// One of some values.
pub(crate) fn one_of<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Choice {
    let values: Vec<Value> = values.into_iter().map(Into::into).collect();
    sample::select(values).boxed()
}

/// One of some choices.
pub(crate) fn any_of(choices: Vec<Choice>) -> Choice {
    proptest::strategy::Union::new(choices).boxed()
}

/// A value that is always the same.
pub(crate) fn just(value: impl Into<Value>) -> Choice {
    Just(value.into()).boxed()
}

/// A mapping with some of these keys, each as likely as its number says: from 0, never,
/// to 1, always.
pub(crate) fn block(keys: Vec<(&'static str, f64, Choice)>) -> Choice {
    let names: Vec<&'static str> = keys.iter().map(|(name, ..)| *name).collect();
    let values = keys.into_iter().map(|(_, chance, choice)| match chance {
        never if never <= 0.0 => Just(None).boxed(),
        always if always >= 1.0 => choice.prop_map(Some).boxed(),
        chance => option::weighted(chance, choice).boxed(),
    });
    let values: Vec<_> = values.collect();
    values
        .prop_map(move |values| {
            let members = names.iter().zip(values);
            let members = members.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
            Value::Object(members.collect::<Map<_, _>>())
        })
        .boxed()
}

/// A mapping with some of these members, half of them on average.
pub(crate) fn members(side: Side, members: Vec<(&'static str, Choice)>) -> Choice {
    let members = members.into_iter();
    block(
        members
            .map(|(name, choice)| (name, 0.5, side.member(choice)))
            .collect(),
    )
}

/// A list of up to so many items.
pub(crate) fn list(item: Choice, range: std::ops::Range<usize>) -> Choice {
    proptest::collection::vec(item, range)
        .prop_map(Value::Array)
        .boxed()
}
