//! Users and groups of images, by number and by name.

use crate::family::Family;
use crate::tag::Tags;

/// A user id with its primary group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// User id.
    pub uid: u32,
    /// Id of the primary group.
    pub gid: u32,
}

impl User {
    /// The group that volumes should belong to: the primary one, and for users in
    /// root's group the one with the user's own number.
    pub fn fs_group(self) -> u32 {
        match self.gid {
            0 => self.uid,
            gid => gid,
        }
    }
}

/// A user together with the builds it exists in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserRule {
    pub(crate) tags: Tags,
    pub(crate) user: User,
}

impl UserRule {
    /// The user of the first rule that covers the build.
    pub(crate) fn first(rules: &[Self], tag: Option<&str>) -> Option<User> {
        let rule = rules.iter().find(|rule| rule.tags.cover(tag))?;
        Some(rule.user)
    }
}

/// An entry of an image's `/etc/passwd`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    pub(crate) name: &'static str,
    pub(crate) users: &'static [UserRule],
}

impl Account {
    fn find(accounts: &[Self], name: &str, tag: Option<&str>) -> Option<User> {
        let account = accounts.iter().find(|account| account.name == name)?;
        UserRule::first(account.users, tag)
    }
}

/// The user called `name` in an image: as its family knows it, else as all
/// common distributions do. Nothing where the number cannot be told.
///
/// Only a few names are the same nearly everywhere; those of databases and other
/// services are known for their own images alone.
pub fn user_named(name: &str, family: Option<&Family>, tag: Option<&str>) -> Option<User> {
    family
        .and_then(|family| Account::find(family.accounts, name, tag))
        .or_else(|| Account::find(&EVERYWHERE, name, tag))
}

/// The id of the group called `name` in an image: a group of that name belongs
/// to the user of that name.
pub fn group_named(name: &str, family: Option<&Family>, tag: Option<&str>) -> Option<u32> {
    match name {
        "nogroup" => Some(65_534),
        _ => user_named(name, family, tag).map(|user| user.gid),
    }
}

const fn same(tags: Tags, id: u32) -> UserRule {
    UserRule {
        tags,
        user: User { uid: id, gid: id },
    }
}

/// Accounts of the base distributions and of base images that many build upon.
static EVERYWHERE: [Account; 6] = [
    Account {
        name: "root",
        users: &[same(Tags::Any, 0)],
    },
    Account {
        name: "daemon",
        users: &[same(Tags::Usual, 1)],
    },
    Account {
        name: "nobody",
        users: &[same(Tags::Any, 65_534)],
    },
    Account {
        name: "www-data",
        users: &[same(Tags::Alpine, 82), same(Tags::Usual, 33)],
    },
    Account {
        name: "nginx",
        users: &[same(Tags::Any, 101)],
    },
    Account {
        name: "node",
        users: &[same(Tags::Any, 1000)],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family;

    #[test]
    fn names_of_users() {
        let table = [
            ("postgres", "postgres", Some("17"), Some(999)),
            ("postgres", "postgres", Some("17-alpine"), Some(70)),
            ("postgres", "postgres", None, None),
            ("root", "postgres", None, Some(0)),
            ("postgres", "acme/api", Some("1"), None),
            ("node", "acme/api", Some("1"), Some(1000)),
            ("node", "node", Some("22"), Some(1000)),
            ("www-data", "wordpress", Some("6"), Some(33)),
            ("www-data", "wordpress", Some("6-fpm-alpine"), Some(82)),
            ("nginx", "nginx", Some("1.27-alpine"), Some(101)),
            ("nobody", "acme/api", None, Some(65_534)),
            (
                "rabbitmq",
                "rabbitmq",
                Some("4-management-alpine"),
                Some(100),
            ),
            ("elasticsearch", "elasticsearch", Some("9.0.0"), Some(1000)),
            ("alice", "acme/api", Some("1"), None),
        ];
        for (name, repository, tag, expected) in table {
            let uid = user_named(name, family(repository), tag).map(|user| user.uid);
            assert_eq!(uid, expected, "{name} in {repository}:{tag:?}");
        }
    }

    #[test]
    fn names_of_groups() {
        let rabbit = family("rabbitmq");
        assert_eq!(group_named("rabbitmq", rabbit, Some("4-alpine")), Some(101));
        assert_eq!(group_named("nogroup", None, None), Some(65_534));
        assert_eq!(
            group_named("www-data", None, Some("8-fpm-alpine")),
            Some(82)
        );
        assert_eq!(group_named("docker", None, None), None);
    }

    #[test]
    fn volumes_never_go_to_roots_group() {
        assert_eq!(User { uid: 472, gid: 0 }.fs_group(), 472);
        assert_eq!(User { uid: 70, gid: 70 }.fs_group(), 70);
    }
}
