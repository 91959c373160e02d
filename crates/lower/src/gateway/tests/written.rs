//! All of it as files: `KUBEWRIGHT_GATEWAY_OUT=DIR cargo test -p kubewright-lower
//! written` writes what the rows make, for `tools/run rig check DIR/*`.

use std::path::Path;

use kubewright_model::gateway::Tls;
use kubewright_model::{Located, ObjectName};

use super::{ALL, elsewhere, features, made, project, route};

#[test]
fn rows_are_written_where_somebody_asks() {
    let Some(folder) = std::env::var_os("KUBEWRIGHT_GATEWAY_OUT") else {
        return;
    };
    for controller in ALL {
        for (at, change) in features::changes().enumerate() {
            let routes = vec![
                route("/api", "api"),
                route("/", "web"),
                route("/lazy", "lazy"),
                elsewhere("/bus", "bus", "team"),
            ];
            let mut project = project(controller, routes);
            let issuer = Located::nowhere(ObjectName::parse("le").unwrap());
            project.facts.tls = Some(Tls::Issuer {
                cluster: true,
                name: issuer,
            });
            change(project.gateway.as_mut().unwrap());
            let folder = Path::new(&folder).join(format!("{controller:?}-{at}").to_lowercase());
            write(&folder, &made(&project));
        }
    }
}

/// JSON is YAML, too.
fn write(folder: &Path, made: &super::Made) {
    std::fs::create_dir_all(folder).unwrap();
    for object in &made.objects {
        let kind = object.body.kind().to_lowercase();
        let file = folder.join(format!("{}-{kind}.yaml", object.name()));
        let text = serde_json::to_string_pretty(&object.body).unwrap();
        std::fs::write(file, text).unwrap();
    }
}
