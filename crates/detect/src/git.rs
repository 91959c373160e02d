//! Where a repository comes from, and the registry that goes with it.
//!
//! Only files below `.git` are read; git itself is not asked. Names and passwords
//! in addresses are left out.

use serde::Serialize;

use crate::inside::Inside;

/// How long `.git/config` may be, in bytes.
const LONGEST: u64 = 1 << 20;

/// What git knows of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Git {
    /// Its remotes, in the order of the configuration.
    pub remotes: Vec<Remote>,
    /// The branch that is checked out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The branch that `origin` starts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
    /// The repository of `origin`, else of the first remote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<Repository>,
    /// Where its images go, where the host of the repository has a registry:
    /// `ghcr.io/acme`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
}

/// A remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remote {
    /// `origin`.
    pub name: String,
    /// Its address, without name and password.
    pub url: String,
}

/// A repository at a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// `github.com`.
    pub host: String,
    /// `acme`; groups of GitLab with slashes.
    pub owner: String,
    /// `shop`.
    pub name: String,
}

/// What git knows, where the folder is the top of a repository.
pub(crate) fn git(files: &Inside<'_>) -> Option<Git> {
    let config = files.text(".git/config", LONGEST)?;
    let remotes = remotes(&config);
    let origin = remotes.iter().find(|remote| remote.name == "origin");
    let repository = origin
        .or(remotes.first())
        .and_then(|remote| repository(&remote.url));
    let registry = repository.as_ref().and_then(registry);
    let reference = |path: &str, prefix: &str| {
        let text = files.text(path, 4096)?;
        let name = text
            .trim()
            .strip_prefix("ref:")?
            .trim()
            .strip_prefix(prefix)?;
        is_branch(name).then(|| name.to_owned())
    };
    Some(Git {
        branch: reference(".git/HEAD", "refs/heads/"),
        default_branch: reference(".git/refs/remotes/origin/HEAD", "refs/remotes/origin/"),
        registry,
        repository,
        remotes,
    })
}

fn is_branch(name: &str) -> bool {
    !name.is_empty() && name.len() < 256 && !name.contains(char::is_control)
}

/// `[remote "name"]` and the `url` below it.
/// <https://git-scm.com/docs/git-config#_syntax>
fn remotes(config: &str) -> Vec<Remote> {
    let mut remotes: Vec<Remote> = Vec::new();
    let mut section: Option<String> = None;
    for line in config.lines().map(str::trim) {
        if let Some(head) = line.strip_prefix('[') {
            let name = head
                .strip_prefix("remote \"")
                .and_then(|rest| rest.split_once('"'));
            section = name.map(|(name, _)| name.to_owned());
            continue;
        }
        let (Some(name), Some((key, url))) = (&section, line.split_once('=')) else {
            continue;
        };
        let is_new = !remotes.iter().any(|remote| remote.name == *name);
        if key.trim() == "url" && is_new {
            let url = url.trim().trim_matches('"');
            let url = without_credentials(url);
            remotes.push(Remote {
                name: name.clone(),
                url,
            });
        }
    }
    remotes
}

/// An address without what stands before `@`, unless that is the user of SSH, and
/// without a query.
fn without_credentials(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        // `git@host:path`: a name of an account, never a password.
        return url.to_owned();
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    match scheme == "ssh" && !user.is_empty() && !user.contains(':') {
        true => format!("{scheme}://{user}@{host}{path}"),
        false => format!("{scheme}://{host}{path}"),
    }
}

/// `git@github.com:acme/shop.git`, `https://github.com/acme/shop`,
/// `ssh://git@host:22/acme/shop.git`; nothing for folders.
fn repository(url: &str) -> Option<Repository> {
    let (host, path) = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?,
        None => url.split_once(':')?,
    };
    let host = host.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let (owner, name) = path.rsplit_once('/')?;
    let is_plain = |text: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./~".contains(c);
        !text.is_empty() && text.chars().all(allowed)
    };
    let all = is_plain(&host) && is_plain(owner) && is_plain(name);
    (all && host.contains('.')).then(|| Repository {
        host,
        owner: owner.to_owned(),
        name: name.to_owned(),
    })
}

/// The registry of a repository's host, with the part that its owner may push to.
/// <https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry>,
/// <https://docs.gitlab.com/user/packages/container_registry/>
fn registry(repository: &Repository) -> Option<String> {
    let owner = repository.owner.to_ascii_lowercase();
    let name = repository.name.to_ascii_lowercase();
    match repository.host.as_str() {
        "github.com" => Some(format!("ghcr.io/{owner}")),
        "gitlab.com" => Some(format!("registry.gitlab.com/{owner}/{name}")),
        "codeberg.org" => Some(format!("codeberg.org/{owner}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_files::MemoryFiles;

    #[test]
    fn addresses_of_repositories() {
        let table = [
            (
                "git@github.com:Acme/Shop.git",
                Some(("github.com", "Acme", "Shop")),
            ),
            (
                "https://github.com/acme/shop",
                Some(("github.com", "acme", "shop")),
            ),
            (
                "https://GitHub.com/acme/shop.git/",
                Some(("github.com", "acme", "shop")),
            ),
            (
                "ssh://git@git.acme.example:2222/a/b.git",
                Some(("git.acme.example", "a", "b")),
            ),
            ("git@gitlab.com:a/b/c.git", Some(("gitlab.com", "a/b", "c"))),
            ("/srv/git/shop.git", None),
            ("file:///srv/shop.git", None),
            ("../shop", None),
            ("github:acme/shop", None),
            ("https://github.com/", None),
            ("https://github.com/shop", None),
            ("https://github.com/a b/c", None),
        ];
        for (url, expected) in table {
            let found = repository(url);
            let found = found.as_ref();
            let found = found.map(|r| (r.host.as_str(), r.owner.as_str(), r.name.as_str()));
            assert_eq!(found, expected, "{url}");
        }
    }

    #[test]
    fn passwords_in_addresses_are_left_out() {
        let table = [
            (
                "https://me:hunter2@github.com/a/b.git",
                "https://github.com/a/b.git",
            ),
            ("https://ghp_x@github.com/a/b", "https://github.com/a/b"),
            (
                "https://github.com/a/b?token=hunter2",
                "https://github.com/a/b",
            ),
            ("https://a:b@c@github.com/a", "https://github.com/a"),
            ("ssh://git@h/a/b", "ssh://git@h/a/b"),
            ("ssh://git:hunter2@h/a/b", "ssh://h/a/b"),
            ("git@github.com:a/b.git", "git@github.com:a/b.git"),
        ];
        for (url, expected) in table {
            assert_eq!(without_credentials(url), expected);
        }
    }

    #[test]
    fn the_registry_of_the_origin() {
        let config = "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = git@github.com:me/shop.git\n\
            [remote \"origin\"]\n\turl = https://x:hunter2@github.com/Acme/Shop.git\n\tfetch = +a\n";
        let files = MemoryFiles::new()
            .with(".git/config", config)
            .with(".git/HEAD", "ref: refs/heads/feature/x\n")
            .with(
                ".git/refs/remotes/origin/HEAD",
                "ref: refs/remotes/origin/main\n",
            );
        let found = git(&Inside::new(&files)).expect("a repository");
        assert_eq!(found.registry.as_deref(), Some("ghcr.io/acme"));
        assert_eq!(found.branch.as_deref(), Some("feature/x"));
        assert_eq!(found.default_branch.as_deref(), Some("main"));
        assert_eq!(found.remotes.len(), 2);
        assert!(!format!("{found:?}").contains("hunter2"));
        assert_eq!(git(&Inside::new(&MemoryFiles::new())), None);
    }
}
