//! Groups of settings of which most apps say nothing.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A group of settings that takes no room until something is said in it.
///
/// A project of 10,000 apps has 10,000 groups for security, placement, names
/// and so on, nearly all of them empty. A block is read and written like the
/// group itself; an empty one reads as the [`Blank`] that all share, and the
/// first write makes one of its own. Two blocks are equal when what they say is.
///
/// ```
/// # use kubewright_model::block::Block;
/// # use kubewright_model::dns::Dns;
/// let mut dns = Block::<Dns>::default();
/// assert!(dns.hostname.is_none() && dns.is_empty());
/// dns.searches.clear(); // a write, although it says nothing
/// assert!(!dns.is_empty());
/// dns.compact();
/// assert!(dns.is_empty());
/// ```
pub struct Block<T>(Option<Box<T>>);

/// A group of settings that can be a [`Block`].
pub trait Blank: Default + PartialEq + 'static {
    /// The group in which nothing is said; always the same one.
    fn blank() -> &'static Self;
}

/// Makes types a [`Blank`].
macro_rules! blank {
    ($($group:ty),+ $(,)?) => {$(
        impl crate::block::Blank for $group {
            fn blank() -> &'static Self {
                static BLANK: std::sync::LazyLock<$group> = std::sync::LazyLock::new(Default::default);
                &BLANK
            }
        }
    )+};
}
pub(crate) use blank;

impl<T: Blank> Block<T> {
    /// True while the group takes no room. One into which nothing but its
    /// defaults was written is not empty before it is
    /// [compacted](Self::compact).
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Gives back the room of a group in which nothing is said.
    pub fn compact(&mut self) {
        if **self == *T::blank() {
            self.0 = None;
        }
    }
}

impl<T: Blank> Deref for Block<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::blank())
    }
}

impl<T: Blank> DerefMut for Block<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T> Default for Block<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<T> for Block<T> {
    fn from(group: T) -> Self {
        Self(Some(Box::new(group)))
    }
}

impl<T: Clone> Clone for Block<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Blank> PartialEq for Block<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// Looks like the group itself.
impl<T: Blank + fmt::Debug> fmt::Debug for Block<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Located;
    use crate::dns::{Dns, DnsPolicy};

    #[test]
    fn takes_room_only_for_what_is_said() {
        let mut block = Block::<Dns>::default();
        assert_eq!(*block, Dns::default());
        block.policy = None;
        assert!(!block.is_empty());
        block.compact();
        assert!(block.is_empty());
        block.policy = Some(Located::nowhere(DnsPolicy::None));
        block.compact();
        assert!(!block.is_empty());
        assert_eq!(block.policy, Some(Located::nowhere(DnsPolicy::None)));
        assert_eq!(
            *Block::<Dns>::default(),
            Dns::default(),
            "shared, and still blank"
        );
    }

    #[test]
    fn equality_looks_at_what_is_said() {
        let written = Block::from(Dns::default());
        assert_eq!(written, Block::default());
        let mut said = written.clone();
        said.policy = Some(Located::nowhere(DnsPolicy::None));
        assert_ne!(said, written);
        assert_eq!(format!("{written:?}"), format!("{:?}", Dns::default()));
    }
}
