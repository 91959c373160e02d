//! References to container images.
//!
//! <https://kubernetes.io/docs/concepts/containers/images/#image-names>

use std::fmt;

use super::Invalid;

/// An image reference: `[registry/]repository[:tag][@digest]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image {
    text: Box<str>,
    /// End of the repository, counted from the front of `text`.
    repository: u16,
    /// End of the tag; equal to `repository` when there is none.
    tag: u16,
}

/// The tag of an image: 1–128 letters, digits, `_`, `.` and `-`.
pub type Tag = str;

impl Image {
    const WHAT: &str = "an image reference";

    /// # Errors
    /// When a part of the reference breaks its rule; what runtimes refuse too.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong =
            |why: String| Invalid::new(Self::WHAT, why, "write it like `ghcr.io/acme/web:1.4.2`");
        if text.is_empty() || text.len() > 1024 {
            return Err(wrong(format!("it has {} characters", text.len())));
        }
        let (named, digest) = match text.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (text, None),
        };
        let after_slash = named.rfind('/').map_or(0, |at| at + 1);
        let (repository, tag) = match named[after_slash..].find(':') {
            Some(at) => named.split_at(after_slash + at),
            None => (named, ""),
        };
        check_repository(repository).map_err(wrong)?;
        if let Some(tag) = tag.strip_prefix(':') {
            check_tag(tag).map_err(wrong)?;
        }
        if let Some(digest) = digest {
            check_digest(digest).map_err(wrong)?;
        }
        let end = |part: usize| u16::try_from(part).unwrap_or(u16::MAX);
        Ok(Self {
            text: text.into(),
            repository: end(repository.len()),
            tag: end(repository.len() + tag.len()),
        })
    }

    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Registry and path, without tag and digest: `ghcr.io/acme/web`.
    pub fn repository(&self) -> &str {
        &self.text[..usize::from(self.repository)]
    }

    /// The last part of the path: `web`.
    pub fn short_name(&self) -> &str {
        self.repository().rsplit('/').next().unwrap_or_default()
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&Tag> {
        self.text[usize::from(self.repository)..usize::from(self.tag)].strip_prefix(':')
    }

    /// The digest, if one is written: `sha256:…`.
    pub fn digest(&self) -> Option<&str> {
        self.text[usize::from(self.tag)..].strip_prefix('@')
    }

    /// The same repository with another tag and no digest.
    ///
    /// # Errors
    /// When the tag is none.
    pub fn with_tag(&self, tag: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("{}:{tag}", self.repository()))
    }
}

fn check_repository(text: &str) -> Result<(), String> {
    let (host, path) = match text.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => {
            (Some(first), path)
        }
        _ => (None, text),
    };
    if let Some(host) = host {
        let (name, port) = host.split_once(':').unwrap_or((host, "1"));
        let fits = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        if !fits {
            return Err(format!("`{host}` is no registry"));
        }
    }
    for component in path.split('/') {
        check_component(component)?;
    }
    Ok(())
}

fn check_component(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("a part of its path is empty".to_owned());
    }
    if let Some(c) = text
        .chars()
        .find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-'))
    {
        return Err(match c {
            'A'..='Z' => format!("`{text}` has an upper-case letter"),
            c => format!("`{text}` has `{}`", c.escape_default()),
        });
    }
    let ends = [text.as_bytes().first(), text.as_bytes().last()];
    if ends
        .iter()
        .flatten()
        .any(|byte| !byte.is_ascii_alphanumeric())
    {
        return Err(format!("`{text}` begins or ends with punctuation"));
    }
    let broken = ["..", "___", "._", "_.", "-.", ".-", "-_", "_-"];
    if broken.iter().any(|pair| text.contains(pair)) {
        return Err(format!("`{text}` has punctuation in a row"));
    }
    Ok(())
}

fn check_tag(text: &str) -> Result<(), String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let fits = (1..=128).contains(&text.len())
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || matches!(c, '.' | '-'));
    if fits {
        Ok(())
    } else {
        Err(format!("`{}` is no tag", text.escape_default()))
    }
}

fn check_digest(text: &str) -> Result<(), String> {
    let fits = text.split_once(':').is_some_and(|(algorithm, hash)| {
        let length = match algorithm {
            "sha256" => hash.len() == 64,
            "sha512" => hash.len() == 128,
            _ => hash.len() >= 32,
        };
        length
            && !algorithm.is_empty()
            && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    });
    if fits {
        Ok(())
    } else {
        Err(format!("`{}` is no digest", text.escape_default()))
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_fall_into_their_parts() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let full = format!("reg.test:5000/acme/web:1.4.2@{digest}");
        let rows = [
            ("nginx", "nginx", None, None),
            ("postgres:17", "postgres", Some("17"), None),
            ("localhost:5000/a/b", "localhost:5000/a/b", None, None),
            (
                full.as_str(),
                "reg.test:5000/acme/web",
                Some("1.4.2"),
                Some(digest.as_str()),
            ),
            ("a/b__c:v-1_2.3", "a/b__c", Some("v-1_2.3"), None),
        ];
        for (text, repository, tag, digest) in rows {
            let image = Image::parse(text).unwrap();
            assert_eq!(
                (image.repository(), image.tag(), image.digest()),
                (repository, tag, digest),
                "{text}"
            );
        }
    }

    #[test]
    fn what_runtimes_refuse_is_refused() {
        for bad in [
            "",
            "Web",
            "a:",
            "a:b:c",
            "a@sha256:12",
            "/a",
            "a/",
            "a b",
            "a//b",
            "-a",
            "a:ü",
            "reg.test:x/a",
        ] {
            assert!(Image::parse(bad).is_err(), "{bad}");
        }
    }
}
