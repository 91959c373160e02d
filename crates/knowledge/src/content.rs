//! Folders in which images bring files that their entry points do not bring again.

use crate::family::{Family, lies_in, trimmed};

/// Families by their names, each with the folders that hold files of the image.
/// Folders that the entry point fills at the start, as those of Nextcloud, WordPress
/// and Ghost do, are none.
static CONTENT: &[(&str, &[&str])] = &[
    ("caddy", &["/usr/share/caddy", "/etc/caddy"]),
    (
        "drupal",
        &[
            "/opt/drupal",
            "/var/www/html",
            "/var/www/html/sites",
            "/var/www/html/themes",
        ],
    ),
    ("eclipse-mosquitto", &["/mosquitto/config"]),
    ("elasticsearch", &["/usr/share/elasticsearch/config"]),
    (
        "httpd",
        &["/usr/local/apache2/htdocs", "/usr/local/apache2/conf"],
    ),
    ("mediawiki", &["/var/www/html"]),
    (
        "nginx",
        &["/usr/share/nginx/html", "/etc/nginx/conf.d", "/etc/nginx"],
    ),
    (
        "openresty/openresty",
        &[
            "/usr/local/openresty/nginx/html",
            "/usr/local/openresty/nginx/conf",
            "/etc/nginx/conf.d",
        ],
    ),
    ("prom/alertmanager", &["/etc/alertmanager"]),
    ("prom/prometheus", &["/etc/prometheus"]),
    ("registry", &["/etc/docker/registry", "/etc/distribution"]),
    ("tomcat", &["/usr/local/tomcat/conf"]),
    ("verdaccio/verdaccio", &["/verdaccio/conf"]),
];

impl Family {
    /// The folder with files of the image that a mount at `mount_path` hides. Docker
    /// copies them into a fresh volume; whoever does not, hides them.
    /// <https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data>
    pub fn content_at(&self, mount_path: &str) -> Option<&'static str> {
        let mount = trimmed(mount_path);
        let (_, folders) = CONTENT.iter().find(|(name, _)| *name == self.name())?;
        let hidden = |folder: &&&str| **folder == mount || lies_in(folder, mount);
        folders.iter().find(hidden).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{families, family};

    #[test]
    fn content_that_mounts_hide() {
        let rows = [
            (
                "nginx",
                "/usr/share/nginx/html",
                Some("/usr/share/nginx/html"),
            ),
            (
                "nginx",
                "/usr/share/nginx/html/",
                Some("/usr/share/nginx/html"),
            ),
            ("nginx", "/usr/share/nginx", Some("/usr/share/nginx/html")),
            ("nginx", "/usr/share/nginx/html/uploads", None),
            ("nginx", "/etc/nginx", Some("/etc/nginx/conf.d")),
            ("nginx", "/var/log/nginx", None),
            ("nextcloud", "/var/www/html", None),
            ("postgres", "/var/lib/postgresql/data", None),
        ];
        for (image, mount, expected) in rows {
            let family = family(image).expect("a known image");
            assert_eq!(family.content_at(mount), expected, "{image} {mount}");
        }
    }

    #[test]
    fn every_row_is_of_a_family() {
        for (name, folders) in CONTENT {
            assert!(families().any(|family| family.name() == *name), "{name}");
            assert!(folders.iter().all(|folder| folder.starts_with('/')));
        }
    }
}
