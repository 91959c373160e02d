//! Lists whose items have identities.

mod rekeyed;

use kubewright_yaml::{Node, Value};

use super::{Merger, Sides, Slot, Stuck, place};
use crate::edit::Change;
use crate::list_key::identities;
use crate::same::same;
use crate::{Why, layout};

/// The identities of the items of the three sides.
pub(super) struct Keyed {
    base: Vec<String>,
    user: Vec<String>,
    new: Vec<String>,
}

/// The identities of a list under `field`; none where it is taken as a whole: it
/// has none, or the generator changed the order of its items, which then means
/// something.
pub(super) fn keyed(field: &str, sides: Sides<'_>) -> Option<Keyed> {
    let of = |node: &Node| identities(field, node.as_sequence()?);
    let keyed = Keyed {
        base: match sides.base {
            Some(base) => of(base)?,
            None => Vec::new(),
        },
        user: of(sides.user)?,
        new: of(sides.new)?,
    };
    let common = |of: &[String], other: &[String]| {
        let found = of.iter().filter(|name| other.contains(name));
        found.cloned().collect::<Vec<_>>()
    };
    (common(&keyed.base, &keyed.new) == common(&keyed.new, &keyed.base)).then_some(keyed)
}

/// Where a new item goes.
struct Added<'n> {
    item: &'n Node,
    /// The user's item next to it.
    neighbour: usize,
    behind: bool,
}

impl Merger<'_> {
    pub(super) fn list(
        &mut self,
        path: &str,
        sides: Sides<'_>,
        keyed: &Keyed,
        slot: Slot<'_>,
    ) -> Result<Node, Stuck> {
        let items = |node: &'_ Node| node.as_sequence().unwrap_or_default().to_vec();
        let base = sides.base.map(items).unwrap_or_default();
        let user = sides.user.as_sequence().unwrap_or_default();
        let new = sides.new.as_sequence().unwrap_or_default();
        let at = |names: &[String], name: &String| names.iter().position(|other| other == name);
        let path_of = |name: &str| format!("{path}[{}]", name.trim_end_matches("/TCP"));
        let mut merged: Vec<Option<Node>> = Vec::new();
        for (item, name) in user.iter().zip(&keyed.user) {
            let old = at(&keyed.base, name).map(|at| &base[at]);
            let ours = at(&keyed.new, name).map(|at| &new[at]);
            merged.push(match (old, ours) {
                (base, Some(new)) => {
                    let of_item = Sides {
                        base,
                        user: item,
                        new,
                    };
                    Some(self.value(&path_of(name), "", of_item, Slot::Item(item, new))?)
                }
                (Some(base), None) if same(base, item) => None,
                (Some(base), None) => {
                    let place = place::first_line(self.user, item);
                    let path = path_of(name);
                    self.conflict(&path, place, Why::BothChanged, Some(base), Some(item), None);
                    Some(item.clone())
                }
                (None, None) => Some(item.clone()),
            });
        }
        let stays: Vec<bool> = merged.iter().map(Option::is_some).collect();
        let rekeyed = self.rekeyed(sides, keyed, path_of);
        let mut added = Vec::new();
        for (number, (item, name)) in new.iter().zip(&keyed.new).enumerate() {
            match (keyed.user.contains(name), at(&keyed.base, name)) {
                (true, _) => {}
                (false, Some(old)) if same(&base[old], item) => {}
                (false, Some(old)) => {
                    let place = place::first_line(self.user, sides.user);
                    let old = Some(&base[old]);
                    self.conflict(
                        &path_of(name),
                        place,
                        Why::BothChanged,
                        old,
                        None,
                        Some(item),
                    );
                }
                (false, None) if rekeyed.contains(&number) => {}
                (false, None) => {
                    let before = keyed.new[..number].iter().rev();
                    let neighbour = before.filter_map(|name| at(&keyed.user, name)).next();
                    let first = stays.iter().position(|stays| *stays);
                    added.push(Added {
                        item,
                        neighbour: neighbour.or(first).unwrap_or(user.len().saturating_sub(1)),
                        behind: neighbour.is_some() || first.is_none(),
                    });
                }
            }
        }
        let whole = Node {
            value: Value::Sequence(in_order(&merged, &added)),
            ..sides.user.clone()
        };
        if added.is_empty() && stays.iter().all(|stays| *stays) {
            return Ok(whole);
        }
        if layout::is_flow(self.user, sides.user) {
            self.rewrite(path, sides, &whole, slot)?;
        } else if whole.as_sequence().is_some_and(<[Node]>::is_empty) {
            self.empty(path, sides, slot, "[]")?;
        } else {
            self.remove_items(path, sides, user, &stays)?;
            self.add_items(user, &added)?;
        }
        Ok(whole)
    }

    fn remove_items(
        &mut self,
        path: &str,
        sides: Sides<'_>,
        user: &[Node],
        stays: &[bool],
    ) -> Result<(), Stuck> {
        for (item, _) in user.iter().zip(stays).filter(|(_, stays)| !**stays) {
            let dash = self.dash(item)?;
            let end = layout::end_of(self.user, item);
            let lines = layout::line_start(self.user, dash)..layout::next_line(self.user, end);
            let of_item = Sides {
                user: item,
                ..sides
            };
            self.take_out(path, lines, of_item, Change::Delete);
        }
        Ok(())
    }

    fn add_items(&mut self, user: &[Node], added: &[Added<'_>]) -> Result<(), Stuck> {
        for Added {
            item,
            neighbour,
            behind,
        } in added
        {
            let neighbour = user.get(*neighbour).ok_or(Stuck)?;
            let dash = self.dash(neighbour)?;
            let column = layout::column(self.user, dash);
            let start = layout::dash(self.new, item).ok_or(Stuck)?;
            let part = start..layout::end_of(self.new, item);
            let text = layout::moved(self.new, part, column).ok_or(Stuck)?;
            let text = format!("{}{text}", " ".repeat(column));
            if *behind {
                let end = layout::line_end(self.user, layout::end_of(self.user, neighbour));
                self.change(end..end, Change::After(text));
            } else {
                let start = layout::line_start(self.user, dash);
                self.change(start..start, Change::Before(text));
            }
        }
        Ok(())
    }

    /// The dash of an item, which must begin its line.
    fn dash(&self, item: &Node) -> Result<usize, Stuck> {
        let dash = layout::dash(self.user, item).ok_or(Stuck)?;
        match layout::begins_line(self.user, dash) {
            true => Ok(dash),
            false => Err(Stuck),
        }
    }
}

/// The items as they will stand in the text.
fn in_order(merged: &[Option<Node>], added: &[Added<'_>]) -> Vec<Node> {
    let beside = |at: usize, behind: bool| {
        let found = added
            .iter()
            .filter(move |added| added.neighbour == at && added.behind == behind);
        found.map(|added| added.item.clone())
    };
    // Where the user's list is empty, all are beside nothing.
    let places = merged.len().max(1);
    let mut items = Vec::new();
    for at in 0..places {
        items.extend(beside(at, false));
        items.extend(merged.get(at).cloned().flatten());
        items.extend(beside(at, true));
    }
    items
}
