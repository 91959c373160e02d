//! `*.csproj`, `*.fsproj`, `*.vbproj`.
//!
//! <https://learn.microsoft.com/dotnet/core/project-sdk/overview>

use super::{Draft, Folder, Language, ModuleRole, element};

/// How names of projects end.
const ENDS: [&str; 3] = [".csproj", ".fsproj", ".vbproj"];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let (name, end) = folder.names.iter().find_map(|name| {
        let end = ENDS.into_iter().find(|end| name.ends_with(end))?;
        Some((*name, end))
    })?;
    let text = folder.text(name)?;
    if text.contains("Microsoft.NET.Test.Sdk") {
        return None;
    }
    let mut draft = Draft::new(Language::Dotnet, name);
    draft.name = name.strip_suffix(end).map(str::to_owned);
    draft.version = element(&text, "TargetFramework").map(str::to_owned);
    draft.description = element(&text, "Description").unwrap_or_default().to_owned();
    let sdk = |name: &str| text.contains(&format!("Sdk=\"{name}\""));
    draft.framework = match () {
        () if sdk("Microsoft.NET.Sdk.BlazorWebAssembly") => Some("blazor"),
        () if sdk("Microsoft.NET.Sdk.Web") => Some("aspnet"),
        () => None,
    };
    let runs = sdk("Microsoft.NET.Sdk.Worker")
        || element(&text, "OutputType").is_some_and(|kind| kind.eq_ignore_ascii_case("exe"));
    if !runs && draft.framework.is_none() {
        draft.role = ModuleRole::Library;
    }
    Some(draft)
}
