//! Code without a file that describes it: a script of Python or PHP, or pages.

use super::{Draft, Folder, Language};

/// Asked only of folders that lie in no module.
pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let mut begins = ["main.py", "app.py", "manage.py", "server.py"].into_iter();
    if let Some(found_by) = begins.find(|name| folder.has(name)) {
        return Some(Draft::new(Language::Python, found_by));
    }
    if folder.has("index.php") {
        return Some(Draft::new(Language::Php, "index.php"));
    }
    let is_served = folder.path.split('/').count() <= 2;
    let is_page = folder.has("index.html") && is_served;
    is_page.then(|| Draft::new(Language::Static, "index.html"))
}
