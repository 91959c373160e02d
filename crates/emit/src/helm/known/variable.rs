//! Variables, in the main container and in generated ConfigMaps.

use serde_json::{Map, Value};

use crate::helm::Chart;
use crate::helm::draft::{Draft, Within, Workshop, Written, leaf, path};
use crate::helm::hole::{Hole, value};
use crate::helm::names::Names;
use crate::helm::values::Shape;
use crate::helm::way::map_at;

/// The variables that the main container has as they are, and room for more.
pub(super) fn lift(
    draft: &mut Draft,
    main: Within<'_>,
    app: &str,
    (chart, names): (&Chart<'_>, &Names),
    shop: &mut Workshop<'_>,
) {
    let Some(each) = draft.each_of(main, "env") else {
        return;
    };
    let list =
        |env: &Option<Value>| -> Option<Vec<Value>> { Some(env.as_ref()?.as_array()?.clone()) };
    let lists: Vec<Option<Vec<Value>>> = each.iter().map(list).collect();
    let mut known: Vec<String> = Vec::new();
    for variable in lists.iter().flatten().flat_map(|list| list.iter()) {
        let name = variable["name"].as_str().unwrap_or_default();
        if variable["value"].is_string() && !known.iter().any(|known| known == name) {
            known.push(name.to_owned());
        }
    }
    for name in known {
        let texts = lists.iter().map(|list| text_of(list.as_deref()?, &name));
        let texts: Vec<Option<Value>> = texts.collect();
        let is_there = |(text, tree): (&Option<Value>, _)| text.is_some() == Option::is_some(tree);
        if !texts.iter().zip(&draft.each).all(is_there) {
            continue;
        }
        let may_be_unset = texts.iter().flatten().any(Value::is_null);
        let variable = variable(app, &name, texts, (chart, names), shop);
        let written = Written::Text.action(&variable.text);
        let mark = shop.holes.mark(match may_be_unset {
            false => Hole::Inline(written),
            true => Hole::InlineOptional {
                value: variable.value,
                written,
            },
        });
        for tree in draft.each.iter_mut().flatten() {
            let list = main(tree).and_then(|main| main.get_mut("env")?.as_array_mut());
            let mut found = list.into_iter().flatten();
            if let Some(one) = found.find(|one| one["name"] == name.as_str()) {
                one["value"] = Value::String(mark.clone());
            }
        }
    }
    let further = path(&[app, "extraEnv"]);
    let none: Vec<_> = draft
        .each
        .iter()
        .map(|tree| tree.as_ref().map(|_| Value::Object(Map::new())))
        .collect();
    let has_list = each.iter().flatten().all(Value::is_array);
    let has_none = each.iter().flatten().all(Value::is_null);
    if !has_list && !has_none {
        return;
    }
    let further = shop.values.add(leaf(
        further,
        none,
        Shape::Texts,
        "Further variables of the main container",
    ));
    let value = value(&further);
    if has_none {
        let mark = Value::String(shop.holes.mark(Hole::AllVariables { value }));
        draft.put(main, "env", &mark);
        return;
    }
    let mark = Value::String(shop.holes.mark(Hole::Variables { value }));
    for tree in draft.each.iter_mut().flatten() {
        if let Some(list) = main(tree).and_then(|main| main.get_mut("env")?.as_array_mut()) {
            list.push(mark.clone());
        }
    }
}

/// What a list of variables says of one: its text, or null where it has none of this name;
/// none where that is no text.
fn text_of(list: &[Value], name: &str) -> Option<Value> {
    let mut found = list.iter().filter(|one| one["name"] == name);
    let Some(one) = found.next() else {
        return Some(Value::Null);
    };
    let text = one.get("value").filter(|value| value.is_string())?;
    found.next().is_none().then(|| text.clone())
}

/// A variable as templates speak of it.
struct Variable {
    /// Its value.
    value: String,
    /// What it comes to, as an expression.
    text: String,
}

/// The value of a variable. One that speaks to a Service of the chart, and does so in
/// all environments, follows the Service's name unless it is set. `texts` are null where an
/// environment has no such variable.
fn variable(
    app: &str,
    name: &str,
    texts: Vec<Option<Value>>,
    (chart, names): (&Chart<'_>, &Names),
    shop: &mut Workshop<'_>,
) -> Variable {
    let path = path(&[app, "env", name]);
    let mut present = texts.iter().flatten().filter_map(Value::as_str);
    let first = present.next().unwrap_or_default().to_owned();
    let is_same = present.all(|text| text == first);
    let follows = names.expression(name, &first, chart).filter(|_| is_same);
    let Some(follows) = follows else {
        let value = value(&shop.values.add(leaf(path, texts, Shape::Text, "")));
        return Variable {
            text: value.clone(),
            value,
        };
    };
    let help = format!("Empty: {}", first.replace('\n', " "));
    let empty = |text: Value| match text.is_null() {
        true => Value::Null,
        false => Value::from(""),
    };
    let unset = texts.into_iter().map(|text| text.map(empty)).collect();
    let value = value(&shop.values.add(leaf(path, unset, Shape::Exact, &help)));
    Variable {
        text: format!("({value} | default ({follows}))"),
        value,
    }
}

/// The variables of a generated ConfigMap.
pub(super) fn lift_config(
    draft: &mut Draft,
    app: &str,
    (chart, names): (&Chart<'_>, &Names),
    shop: &mut Workshop<'_>,
) {
    let data: Within<'_> = &|tree| map_at(tree, &["data"]);
    let mut keys: Vec<String> = Vec::new();
    for tree in draft.each.iter_mut().flatten() {
        let map = data(tree).into_iter().flat_map(|map| map.keys());
        for key in map {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    for key in keys {
        let Some(each) = draft.each_of(data, &key) else {
            return;
        };
        if each.iter().flatten().all(Value::is_string) {
            let text = variable(app, &key, each, (chart, names), shop).text;
            let mark = shop.holes.inline(Written::Text.action(&text));
            draft.put(data, &key, &mark);
            shop.hashed(draft, &key, text, false);
        } else if each
            .iter()
            .flatten()
            .all(|value| value.is_string() || value.is_null())
        {
            let said = (path(&[app, "env", &key]), "");
            if let Some(text) = draft.lift_optional(data, &key, said, Written::Text, shop) {
                shop.hashed(draft, &key, text, true);
            }
        }
    }
}
