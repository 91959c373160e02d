//! Mappings, key by key.

use kubewright_yaml::{Entry, Mapping, Node, Value};

use super::{Merger, Sides, Slot, Stuck, place};
use crate::edit::Change;
use crate::same::{is_string_anyway, same};
use crate::{Why, layout};

impl Merger<'_> {
    pub(super) fn mapping(
        &mut self,
        path: &str,
        sides: Sides<'_>,
        slot: Slot<'_>,
    ) -> Result<Node, Stuck> {
        let none = Mapping::default();
        let base = sides.base.and_then(Node::as_mapping).unwrap_or(&none);
        let user = sides.user.as_mapping().unwrap_or(&none);
        let new = sides.new.as_mapping().unwrap_or(&none);
        let mut merged: Vec<Entry> = Vec::new();
        let mut gone = vec![false; user.len()];
        for (at, entry) in user.iter().enumerate() {
            let key = &*entry.key.text;
            let value = match (base.get(key), new.get_entry(key)) {
                (base, Some(ours)) => {
                    let of_entry = Sides {
                        base,
                        user: &entry.value,
                        new: &ours.value,
                    };
                    let slot = Slot::Entry(entry, ours);
                    Some(self.value(&place::under(path, key), key, of_entry, slot)?)
                }
                (Some(base), None) if same(base, &entry.value) => None,
                (Some(base), None) => {
                    let place = entry.key.span.start as usize
                        ..layout::entry_end(self.user, entry).ok_or(Stuck)?;
                    let path = place::under(path, key);
                    let user = Some(&entry.value);
                    self.conflict(&path, place, Why::BothChanged, Some(base), user, None);
                    Some(entry.value.clone())
                }
                (None, None) => Some(entry.value.clone()),
            };
            gone[at] = value.is_none();
            merged.extend(value.map(|value| Entry {
                key: entry.key.clone(),
                value,
            }));
        }
        let mut added = Vec::new();
        for (at, entry) in new.iter().enumerate() {
            let key = &*entry.key.text;
            match (user.contains_key(key), base.get(key)) {
                (true, _) => {}
                (false, Some(base)) if same(base, &entry.value) => {}
                (false, Some(base)) => {
                    let place = place::first_line(self.user, sides.user);
                    let path = place::under(path, key);
                    let ours = Some(&entry.value);
                    self.conflict(&path, place, Why::BothChanged, Some(base), None, ours);
                }
                (false, None) => {
                    added.push(at);
                    merged.push(entry.clone());
                }
            }
        }
        let merged = Node {
            value: Value::Mapping(merged.into_iter().collect()),
            ..sides.user.clone()
        };
        if added.is_empty() && !gone.contains(&true) {
            return Ok(merged);
        }
        if layout::is_flow(self.user, sides.user) {
            self.rewrite(path, sides, &merged, slot)?;
        } else if merged.as_mapping().is_some_and(Mapping::is_empty) {
            self.empty(path, sides, slot, "{}")?;
        } else {
            self.remove_entries(path, sides, user, &gone)?;
            self.add_entries(user, new, &gone, &added)?;
        }
        Ok(merged)
    }

    /// Takes whole entries out of a block mapping.
    fn remove_entries(
        &mut self,
        path: &str,
        sides: Sides<'_>,
        user: &Mapping,
        gone: &[bool],
    ) -> Result<(), Stuck> {
        let mut removed = user.iter().zip(gone).filter(|(_, gone)| **gone).peekable();
        // The first key of an item stands behind its dash: the next one moves there.
        let first = user.entry_at(0).ok_or(Stuck)?.key.span.start as usize;
        if !layout::begins_line(self.user, first) && gone[0] {
            let stays = gone.iter().position(|gone| !gone).ok_or(Stuck)?;
            let next = user.entry_at(stays).ok_or(Stuck)?.key.span.start as usize;
            self.take_out(path, first..next, sides, Change::Replace(String::new()));
            while removed
                .next_if(|(entry, _)| (entry.key.span.start as usize) < next)
                .is_some()
            {}
        }
        for (entry, _) in removed {
            let start = entry.key.span.start as usize;
            if !layout::begins_line(self.user, start) {
                return Err(Stuck);
            }
            let end = layout::entry_end(self.user, entry).ok_or(Stuck)?;
            let lines = layout::line_start(self.user, start)..layout::next_line(self.user, end);
            let of_entry = Sides {
                user: &entry.value,
                ..sides
            };
            let path = place::under(path, &entry.key.text);
            self.take_out(&path, lines, of_entry, Change::Delete);
        }
        Ok(())
    }

    /// Adds entries to a block mapping, each behind the neighbour that it has in
    /// the generator's text.
    fn add_entries(
        &mut self,
        user: &Mapping,
        new: &Mapping,
        gone: &[bool],
        added: &[usize],
    ) -> Result<(), Stuck> {
        let first = user.entry_at(0).ok_or(Stuck)?.key.span.start as usize;
        let column = layout::column(self.user, first);
        // Where the first key of an item goes, the next one moves behind the dash.
        let moves = gone[0] && !layout::begins_line(self.user, first);
        for &at in added {
            let ours = new.entry_at(at).ok_or(Stuck)?;
            let part =
                ours.key.span.start as usize..layout::entry_end(self.new, ours).ok_or(Stuck)?;
            let text = layout::moved(self.new, part, column).ok_or(Stuck)?;
            let text = format!("{}{text}", " ".repeat(column));
            let before = (0..at).rev().filter_map(|at| new.entry_at(at));
            let mut neighbours = before.filter_map(|entry| user.get_entry(&entry.key.text));
            let stays = gone.iter().position(|gone| !gone);
            match (neighbours.next(), stays.and_then(|at| user.entry_at(at))) {
                (None, Some(next))
                    if !moves && layout::begins_line(self.user, next.key.span.start as usize) =>
                {
                    let start = layout::line_start(self.user, next.key.span.start as usize);
                    self.change(start..start, Change::Before(text));
                }
                (neighbour, next) => {
                    let last = || user.entry_at(user.len() - 1);
                    let anchor = neighbour.or(next).or_else(last).ok_or(Stuck)?;
                    let end = layout::entry_end(self.user, anchor).ok_or(Stuck)?;
                    let end = layout::line_end(self.user, end);
                    self.change(end..end, Change::After(text));
                }
            }
        }
        Ok(())
    }

    /// Writes a collection in brackets anew, or as the generator does where the
    /// user's has nothing of its own.
    pub(super) fn rewrite(
        &mut self,
        path: &str,
        sides: Sides<'_>,
        merged: &Node,
        slot: Slot<'_>,
    ) -> Result<(), Stuck> {
        let is_empty = match &sides.user.value {
            Value::Mapping(entries) => entries.is_empty(),
            Value::Sequence(items) => items.is_empty(),
            Value::Scalar(_) => false,
        };
        if is_empty && same(merged, sides.new) {
            return self.put(path, sides, slot);
        }
        if self.is_secret {
            return Err(Stuck);
        }
        let mut text = String::new();
        write_flow(merged, &mut text).ok_or(Stuck)?;
        let part = place::of(self.user, sides.user);
        self.take_out(path, part, sides, Change::Rewrite(text));
        Ok(())
    }

    /// Leaves a block collection without members.
    pub(super) fn empty(
        &mut self,
        path: &str,
        sides: Sides<'_>,
        slot: Slot<'_>,
        brackets: &str,
    ) -> Result<(), Stuck> {
        let Slot::Entry(user, _) = slot else {
            return Err(Stuck);
        };
        let key_end = user.key.span.end as usize;
        let colon = key_end + self.user[key_end..].find(':').ok_or(Stuck)? + 1;
        let part = colon..layout::end_of(self.user, sides.user);
        self.take_out(path, part, sides, Change::Rewrite(format!(" {brackets}")));
        Ok(())
    }
}

/// A tree in brackets; none where it holds what cannot stand there.
pub(super) fn write_flow(node: &Node, out: &mut String) -> Option<()> {
    if node.tag.is_some() {
        return None;
    }
    match &node.value {
        Value::Scalar(scalar) => {
            let is_plain = scalar.style == kubewright_yaml::Style::Plain;
            let fits =
                |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+');
            match is_plain {
                true if scalar.is_null() => out.push_str("null"),
                true if scalar.text.chars().all(fits) => out.push_str(&scalar.text),
                true if !place::is_simple(&scalar.text) => return None,
                true | false => write_quoted(&scalar.text, out)?,
            }
        }
        Value::Sequence(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_flow(item, out)?;
            }
            out.push(']');
        }
        Value::Mapping(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_quoted(&entry.key.text, out)?;
                out.push_str(": ");
                write_flow(&entry.value, out)?;
            }
            out.push('}');
        }
    }
    Some(())
}

fn write_quoted(text: &str, out: &mut String) -> Option<()> {
    let has_meaning = |c: char| matches!(c, ',' | '[' | ']' | '{' | '}' | ':' | '#');
    if is_string_anyway(text) && !text.contains(has_meaning) {
        out.push_str(text);
        return Some(());
    }
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return None;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    Some(())
}
