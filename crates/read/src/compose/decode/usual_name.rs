//! Names of volumes, networks, configs and secrets that say nothing.

use kubewright_model::Located;

/// Whether `name` is what Compose calls the resource `key` of the project anyway:
/// `<project>_<key>`. Its resolved documents write that name out, and the same
/// objects must come of them.
///
/// See <https://docs.docker.com/reference/compose-file/volumes/#name>.
pub(super) fn is_usual(name: &Located<String>, project: &str, key: &str) -> bool {
    let rest = name.value.strip_prefix(project);
    rest.and_then(|rest| rest.strip_prefix('_')) == Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names() {
        let rows = [
            ("p_data", true),
            ("p-data", false),
            ("data", false),
            ("q_data", false),
            ("p_data_", false),
            ("", false),
        ];
        for (name, expected) in rows {
            let name = Located::nowhere(name.to_owned());
            assert_eq!(is_usual(&name, "p", "data"), expected, "{}", name.value);
        }
    }
}
