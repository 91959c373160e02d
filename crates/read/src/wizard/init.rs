//! `initContainers`.

use kubewright_model::container::{ImageSource, InitContainer};
use kubewright_model::security::Capability;
use kubewright_model::value::Name;
use kubewright_model::{App, Container, Located};

use super::given::{given, is_blank, rows};
use super::image::{of_helper, one_command};
use crate::fields::{At, Fields};

/// What runs where a row names no image.
const USUAL: &str = "busybox:1.36";

/// Containers that run to their end first, in order.
pub(super) fn read(fields: &Fields<'_>, app: &mut App) {
    let Some(at) = given(fields, "initContainers") else {
        return;
    };
    for (number, item) in rows(&at).into_iter().enumerate() {
        if !is_blank(&item, &[])
            && let Some(helper) = one(item, fields.what(), number, app)
        {
            app.init_containers.push(helper);
        }
    }
}

/// The name of a helper: what is given, else `{stem}-{number}`.
pub(super) fn name(fields: &Fields<'_>, stem: &str, number: usize) -> Option<Located<Name>> {
    match given(fields, "name") {
        Some(at) => at.parse(Name::sanitised),
        None => {
            let name = Name::parse(&format!("{stem}-{number}")).ok()?;
            Some(Located::new(name, fields.at().span()))
        }
    }
}

fn one(at: At<'_>, what: &str, number: usize, app: &App) -> Option<InitContainer> {
    let fields = at.fields(format!("init container {number} of {what}"))?;
    let name = name(&fields, "init", number)?;
    let mut container = Container {
        image: of_helper(&fields, Some(USUAL)),
        command: given(&fields, "command").and_then(|at| one_command(&at)),
        ..Container::default()
    };
    // Whoever runs the app's own image needs the app's variables and data.
    let is_own = runs(&container, app);
    let repairs = !is_own && name.as_str() == "fix-permissions";
    if repairs {
        as_root(&mut container, &name);
        container.mounts.clone_from(&app.main.mounts);
    }
    fields.finish();
    let inherit = is_own.then(|| Located::new(true, name.span));
    Some(InitContainer {
        name,
        container,
        inherit,
    })
}

/// Whether the container has the app's own image, there or built.
fn runs(container: &Container, app: &App) -> bool {
    let Some(ImageSource::Image(own)) = &container.image else {
        return false;
    };
    let main = match &app.main.image {
        Some(ImageSource::Image(main)) => Some(main),
        Some(ImageSource::Build(build)) => build.image.as_ref(),
        None => None,
    };
    main.is_some_and(|main| main.value == own.value)
}

/// The wizard's own way to hand files over: root, with no more than that takes.
fn as_root(container: &mut Container, name: &Located<Name>) {
    let security = &mut *container.security;
    security.user.run_as_user = Some(Located::new(0, name.span));
    security.user.run_as_non_root = Some(Located::new(false, name.span));
    let add = |word: &str| {
        Capability::parse(word)
            .ok()
            .map(|c| (c, Located::new((), name.span)))
    };
    security.drop_capabilities.extend(add("ALL"));
    for word in ["CHOWN", "FOWNER", "DAC_OVERRIDE"] {
        security.add_capabilities.extend(add(word));
    }
}
