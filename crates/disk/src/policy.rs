//! What becomes of one file: the decision, apart from everything that asks for
//! it or carries it out.

use std::fmt;
use std::str::FromStr;

use crate::Status;

/// What becomes of files that are already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// They are kept.
    Skip,
    /// Those untouched since they were generated are replaced; those edited by
    /// hand are merged. Those that cannot be, or were never generated, are kept and
    /// reported.
    #[default]
    Update,
    /// They are replaced.
    Overwrite,
}

impl Policy {
    /// All policies, in the order in which help lists them.
    pub const ALL: [Self; 3] = [Self::Skip, Self::Update, Self::Overwrite];

    /// The word for it on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Update => "update",
            Self::Overwrite => "overwrite",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.as_str() == word)
            .ok_or_else(|| {
                format!("unknown policy `{word}`: expected `skip`, `update` or `overwrite`")
            })
    }
}

/// What lies at the path of a file to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDisk {
    /// Nothing.
    Missing,
    /// A file with the new text.
    Same,
    /// A file with a text that we generated earlier.
    Generated,
    /// Any other file: edited by hand, or never ours.
    Other,
    /// A symbolic link to something in the output folder.
    Link,
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Create,
    Replace,
    /// It gets the user's edits and the generator's changes.
    Merge,
    Leave(Status),
}

/// The decision for one file, as far as it can be made without a merge: what is a
/// conflict at `(Update, Other)` may yet be merged.
pub(crate) fn decide(policy: Policy, on_disk: OnDisk) -> Decision {
    match (policy, on_disk) {
        (Policy::Skip | Policy::Update | Policy::Overwrite, OnDisk::Missing) => Decision::Create,
        (Policy::Skip, OnDisk::Same | OnDisk::Generated | OnDisk::Other | OnDisk::Link) => {
            Decision::Leave(Status::Kept)
        }
        (Policy::Update | Policy::Overwrite, OnDisk::Same) => Decision::Leave(Status::Unchanged),
        (Policy::Update, OnDisk::Generated) => Decision::Replace,
        (Policy::Update, OnDisk::Other | OnDisk::Link) => Decision::Leave(Status::Conflict),
        (Policy::Overwrite, OnDisk::Generated | OnDisk::Other | OnDisk::Link) => Decision::Replace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decides() {
        use Decision::{Create, Leave, Replace};
        use OnDisk as D;
        let table = [
            (D::Missing, Create, Create, Create),
            (
                D::Same,
                Leave(Status::Kept),
                Leave(Status::Unchanged),
                Leave(Status::Unchanged),
            ),
            (D::Generated, Leave(Status::Kept), Replace, Replace),
            (
                D::Other,
                Leave(Status::Kept),
                Leave(Status::Conflict),
                Replace,
            ),
            (
                D::Link,
                Leave(Status::Kept),
                Leave(Status::Conflict),
                Replace,
            ),
        ];
        for (on_disk, skip, update, overwrite) in table {
            let decided = Policy::ALL.map(|policy| decide(policy, on_disk));
            assert_eq!(decided, [skip, update, overwrite], "{on_disk:?}");
        }
    }

    #[test]
    fn words() {
        for policy in Policy::ALL {
            assert_eq!(policy.as_str().parse(), Ok(policy));
        }
        assert!("Update".parse::<Policy>().unwrap_err().contains("`Update`"));
    }
}
