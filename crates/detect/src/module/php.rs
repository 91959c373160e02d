//! `composer.json`.
//!
//! <https://getcomposer.org/doc/04-schema.md>

use kubewright_source::SourceId;
use kubewright_yaml::{Limits, Node, read_json};

use super::framework::{Names, first};
use super::{Draft, Folder, Language, ModuleRole};

const FILE: &str = "composer.json";

const FRAMEWORKS: &Names = &[
    ("laravel/framework", "laravel"),
    ("symfony/framework-bundle", "symfony"),
    ("slim/slim", "slim"),
    ("cakephp/cakephp", "cakephp"),
    ("codeigniter4/framework", "codeigniter"),
    ("yiisoft/yii2", "yii"),
];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let package = read_json(&folder.text(FILE)?, SourceId::NONE, &Limits::default()).ok()?;
    package.as_mapping()?;
    let string = |node: Option<&Node>| {
        let text = &node?.as_scalar()?.text;
        (!text.is_empty() && text.len() <= 500).then(|| text.to_string())
    };
    let required = package.get("require").and_then(Node::as_mapping);
    let mut draft = Draft::new(Language::Php, FILE);
    let name = string(package.get("name"));
    draft.name = name.and_then(|name| name.rsplit('/').next().map(str::to_owned));
    draft.description = string(package.get("description")).unwrap_or_default();
    draft.version = string(required.and_then(|all| all.get("php")));
    draft.framework = first(FRAMEWORKS, |name| {
        required.is_some_and(|all| all.contains_key(name))
    });
    let runs = folder.has("index.php") || folder.has_below("public/index.php");
    if draft.framework.is_none() && !runs {
        draft.role = ModuleRole::Library;
    }
    Some(draft)
}
