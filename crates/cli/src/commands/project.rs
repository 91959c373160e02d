//! What every command that compiles a project is told beside its inputs: what
//! they may use, and what the caller decides.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use kubewright_compile::{Input, LowerOptions, Request, Secrets};
use kubewright_model::Name;
use kubewright_model::project::{KubernetesVersion, NetworkPolicyMode};
use kubewright_model::security::SecurityProfile;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Span};

/// The most that is read from standard input, in bytes.
const MOST_STDIN: u64 = 64 << 20;

/// The project, and what it is compiled with.
#[derive(Debug, Args)]
pub(crate) struct ProjectArguments {
    /// The namespace of all objects; a Namespace object too, unless it is `default`
    #[arg(long, value_parser = parse_name)]
    namespace: Option<Name>,

    /// The project's name [default: what the input or its folder says]
    #[arg(short, long, value_name = "NAME")]
    project_name: Option<String>,

    /// The folder that relative paths start from [default: the first input's]
    #[arg(long, value_name = "DIR")]
    project_directory: Option<PathBuf>,

    /// Services of this profile take part; `*` stands for all. Repeatable
    #[arg(long = "profile", value_name = "PROFILE")]
    profiles: Vec<String>,

    /// A file with variables, instead of `.env`. Repeatable
    #[arg(long = "env-file", value_name = "FILE")]
    env_files: Vec<PathBuf>,

    /// The environment to write, `all` for every one. Repeatable
    ///
    /// Only an `apps.yaml` has environments. Of several, each is written into a folder of its
    /// own below the output folder [default: every environment of the input]
    #[arg(short, long = "env", value_name = "ENVIRONMENT")]
    environments: Vec<String>,

    /// A value laid over an `apps.yaml`, such as `apps.web.replicas=3`. Repeatable
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = parse_variable)]
    sets: Vec<(String, String)>,

    /// A variable for `${…}` in the input, before all files. Repeatable
    #[arg(long = "set-env", value_name = "NAME=VALUE", value_parser = parse_variable)]
    set_env: Vec<(String, String)>,

    #[command(flatten)]
    outside: super::outside::OutsideArguments,

    /// How secret values leave
    ///
    /// `local` writes known values into Secrets whose files git ignores; `placeholder` writes
    /// `CHANGE_ME`; `inline` writes known values into ordinary files; `external` writes no
    /// Secret, only references.
    #[arg(long, value_name = "MODE", default_value = "local")]
    secrets: SecretsArgument,

    /// The oldest Kubernetes version that must take the objects, 1.34 to 1.36 [default: what the
    /// input says, else 1.36]
    #[arg(long, value_name = "VERSION", value_parser = parse_version)]
    kubernetes_version: Option<KubernetesVersion>,

    /// Which traffic between pods network policies admit
    ///
    /// `compose` writes one policy for each network, so that only services that share one can
    /// talk, as in compose; an internal network lets nothing out but questions for names. `none`
    /// writes policies only where a service asks for them. The cluster's network plugin must
    /// enforce policies.
    #[arg(long, value_name = "MODE", default_value = "none")]
    network_policies: NetworkPoliciesArgument,

    /// The standard that pods keep: `baseline`, `restricted` or `none`
    ///
    /// Unless told otherwise, pods get what is safe for every image. `baseline` and
    /// `restricted` refuse what the Pod Security Standard of that name forbids; `restricted`
    /// also takes all rights away and needs a user that is not root. `none` adds nothing.
    /// `--profile` with one of these words means the same where no service has that profile.
    #[arg(long, value_name = "PROFILE", value_parser = parse_security_profile)]
    security_profile: Option<SecurityProfile>,

    /// Leave out the annotation that restarts pods when their configuration changes
    #[arg(long)]
    no_config_hash: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SecretsArgument {
    Local,
    Placeholder,
    Inline,
    External,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NetworkPoliciesArgument {
    Compose,
    None,
}

fn parse_name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|invalid| format!("{}; {}", invalid.why, invalid.help))
}

fn parse_security_profile(text: &str) -> Result<SecurityProfile, String> {
    SecurityProfile::parse(text).map_err(|invalid| format!("{}; {}", invalid.why, invalid.help))
}

fn parse_version(text: &str) -> Result<KubernetesVersion, String> {
    KubernetesVersion::parse_known(text)
        .map_err(|invalid| format!("{}; {}", invalid.why, invalid.help))
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("write it as `NAME=VALUE`".to_owned()),
    }
}

impl ProjectArguments {
    /// The folder that was named, where one was.
    pub(crate) fn directory(&self) -> Option<&Path> {
        self.project_directory.as_deref()
    }

    /// The request, and the variables that the input may use.
    pub(crate) fn request(
        &self,
        inputs: &[PathBuf],
    ) -> Result<(Request, Environment), Box<Diagnostic>> {
        let working_directory = std::env::current_dir().map_err(|error| {
            problem(
                "working-folder",
                format!("the working folder cannot be found: {error}"),
                "go to a folder that exists",
            )
        })?;
        let mut environment: Environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        for (name, value) in &self.set_env {
            environment.set(name, value);
        }
        let inputs = inputs
            .iter()
            .map(|input| read_input(input))
            .collect::<Result<_, _>>()?;
        let request = Request {
            inputs,
            project_directory: self.project_directory.clone(),
            project_name: self.project_name.clone(),
            profiles: self.profiles.clone(),
            env_files: self.env_files.clone(),
            environments: self.environments.clone(),
            sets: self.sets.clone(),
            set_env: self.set_env.clone(),
            namespace: self.namespace.clone(),
            security_profile: self.security_profile,
            kubernetes_version: self.kubernetes_version,
            network_policies: match self.network_policies {
                NetworkPoliciesArgument::Compose => NetworkPolicyMode::Networks,
                NetworkPoliciesArgument::None => NetworkPolicyMode::None,
            },
            outside: self.outside.outside(),
            lowering: LowerOptions {
                secrets: match self.secrets {
                    SecretsArgument::Local => Secrets::Local,
                    SecretsArgument::Placeholder => Secrets::Placeholder,
                    SecretsArgument::Inline => Secrets::Inline,
                    SecretsArgument::External => Secrets::External,
                },
                config_hash: !self.no_config_hash,
            },
            working_directory,
            ..Request::default()
        };
        Ok((request, environment))
    }
}

/// A named file, a named folder, whose compose file is meant, or standard input.
fn read_input(path: &Path) -> Result<Input, Box<Diagnostic>> {
    if path != Path::new("-") {
        // Of a folder, an `apps.yaml` counts first, as it does where none is named.
        let mut named = ["apps.yaml", "apps.yml"].iter().map(|name| path.join(name));
        let apps = named.find(|path| path.is_file());
        return Ok(Input::File(apps.unwrap_or_else(|| path.to_owned())));
    }
    let mut bytes = Vec::new();
    let mut stdin = std::io::Read::take(std::io::stdin().lock(), MOST_STDIN + 1);
    std::io::Read::read_to_end(&mut stdin, &mut bytes).map_err(|error| {
        problem(
            "file",
            format!("standard input cannot be read: {error}"),
            "name a file instead",
        )
    })?;
    if bytes.len() as u64 > MOST_STDIN {
        return Err(problem(
            "file",
            format!("standard input has more than {} MiB", MOST_STDIN >> 20),
            "split the project",
        ));
    }
    let text = kubewright_run::text_of(bytes, "standard input")?;
    Ok(Input::Text {
        name: "<stdin>".to_owned(),
        text,
    })
}

fn problem(code: &'static str, message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, Span::NONE, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_a_name() {
        assert_eq!(
            parse_variable("A=b=c"),
            Ok(("A".to_owned(), "b=c".to_owned()))
        );
        assert!(parse_variable("=b").is_err());
        assert!(parse_variable("A").is_err());
    }
}
