//! The words in which the rows of the table are written.

use crate::account::{Account, User, UserRule};
use crate::family::{DataPath, Family, Kind, Port, Probe, Protocol, Role, Workload};
use crate::fresh::Fresh;
use crate::need::{Need, Telling};
use crate::tag::Tags;

/// A row that says nothing.
pub(crate) const BLANK: Family = Family {
    names: &[],
    kind: Kind::Application,
    role: Role::Application,
    workload: Workload::Deployment,
    ports: &[],
    probe: None,
    variables: &[],
    secrets: &[],
    file_suffix: None,
    read_only_root: false,
    strict_modes: false,
    data: &[],
    users: &[],
    accounts: &[],
    unprivileged: false,
    root_capabilities: None,
    fresh: Fresh::Fine,
    needs: &[],
};

const SERVICE: Family = Family {
    role: Role::Infrastructure,
    ..BLANK
};

pub(crate) const DATABASE: Family = Family {
    kind: Kind::Database,
    workload: Workload::StatefulSet,
    ..SERVICE
};

pub(crate) const CACHE: Family = Family {
    kind: Kind::Cache,
    workload: Workload::StatefulSet,
    ..SERVICE
};

pub(crate) const QUEUE: Family = Family {
    kind: Kind::Queue,
    workload: Workload::StatefulSet,
    ..SERVICE
};

pub(crate) const SEARCH: Family = Family {
    kind: Kind::Search,
    workload: Workload::StatefulSet,
    ..SERVICE
};

pub(crate) const OBJECT_STORE: Family = Family {
    kind: Kind::ObjectStore,
    workload: Workload::StatefulSet,
    ..SERVICE
};

pub(crate) const PROXY: Family = Family {
    kind: Kind::Proxy,
    ..SERVICE
};

/// Web servers are what a project serves its pages with: applications.
pub(crate) const WEB: Family = Family {
    kind: Kind::Web,
    ..BLANK
};

pub(crate) const OBSERVABILITY: Family = Family {
    kind: Kind::Observability,
    ..SERVICE
};

/// Gathers what happens on a node, so it runs on each.
pub(crate) const AGENT: Family = Family {
    workload: Workload::DaemonSet,
    ..OBSERVABILITY
};

pub(crate) const TOOL: Family = Family {
    kind: Kind::Tool,
    ..SERVICE
};

pub(crate) const APPLICATION: Family = BLANK;

pub(crate) const BASE: Family = Family {
    kind: Kind::Base,
    ..BLANK
};

/// What an entrypoint needs that starts as root, hands its data folder to its
/// own user and becomes that user.
pub(crate) const BECOMES_ITS_USER: Option<&[&str]> =
    Some(&["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]);

pub(crate) const fn port(number: u16, name: &'static str) -> Port {
    Port {
        number,
        name,
        protocol: Protocol::Tcp,
    }
}

pub(crate) const fn udp(number: u16, name: &'static str) -> Port {
    Port {
        number,
        name,
        protocol: Protocol::Udp,
    }
}

pub(crate) const fn http(path: &'static str, port: u16) -> Option<Probe> {
    Some(Probe::Http { path, port })
}

pub(crate) const fn tcp(port: u16) -> Option<Probe> {
    Some(Probe::Tcp(port))
}

pub(crate) const fn exec(command: &'static [&'static str]) -> Option<Probe> {
    Some(Probe::Exec(command))
}

pub(crate) const fn data(path: &'static str, size: &'static str) -> DataPath {
    data_of(Tags::Any, path, size)
}

pub(crate) const fn data_of(tags: Tags, path: &'static str, size: &'static str) -> DataPath {
    DataPath { path, size, tags }
}

/// The user in all builds.
pub(crate) const fn always(uid: u32, gid: u32) -> UserRule {
    user_of(Tags::Any, uid, gid)
}

/// The user in builds on Alpine Linux.
pub(crate) const fn alpine(uid: u32, gid: u32) -> UserRule {
    user_of(Tags::Alpine, uid, gid)
}

/// The user in builds on the family's usual distribution.
pub(crate) const fn usual(uid: u32, gid: u32) -> UserRule {
    user_of(Tags::Usual, uid, gid)
}

pub(crate) const fn user_of(tags: Tags, uid: u32, gid: u32) -> UserRule {
    UserRule {
        tags,
        user: User { uid, gid },
    }
}

/// What is needed in all builds.
pub(crate) const fn need(one_of: &'static [Telling]) -> Need {
    need_unless(one_of, &[])
}

pub(crate) const fn need_of(tags: Tags, one_of: &'static [Telling]) -> Need {
    Need {
        tags,
        ..need(one_of)
    }
}

/// What is needed unless one of these variables says that it is not.
pub(crate) const fn need_unless(one_of: &'static [Telling], unless: &'static [Telling]) -> Need {
    Need {
        one_of,
        unless,
        with: None,
        tags: Tags::Any,
    }
}

/// What is needed only where another variable is given.
pub(crate) const fn need_with(with: &'static str, one_of: &'static [Telling]) -> Need {
    Need {
        with: Some(with),
        ..need(one_of)
    }
}

pub(crate) const fn account(name: &'static str, users: &'static [UserRule]) -> Account {
    Account { name, users }
}
