//! The parts of an image's name.

/// Name, tag and digest, as Kustomize finds them; what is not there is empty.
pub(crate) fn split(image: &str) -> (&str, &str, &str) {
    let host = image.find('/').unwrap_or(0);
    let find = |mark: char| image[host..].find(mark).map(|at| at + host);
    let (named, digest) = match find('@') {
        Some(at) => (&image[..at], &image[at + 1..]),
        None => (image, ""),
    };
    match find(':').filter(|at| *at < named.len()) {
        Some(at) => (&named[..at], &named[at + 1..], digest),
        None => (named, "", digest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_fall_into_their_parts() {
        let rows = [
            ("web", ("web", "", "")),
            ("web:1", ("web", "1", "")),
            ("host:5000/a/web", ("host:5000/a/web", "", "")),
            (
                "host:5000/web:1@sha256:ab",
                ("host:5000/web", "1", "sha256:ab"),
            ),
            ("web@sha256:ab", ("web", "", "sha256:ab")),
        ];
        for (image, expected) in rows {
            assert_eq!(split(image), expected, "{image}");
        }
    }
}
