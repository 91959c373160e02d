//! What other images are built from, and tools without a service.

use crate::family::Family;
use crate::row::*;
use crate::tag::Tags;

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["node"],
        accounts: &[account("node", &[always(1000, 1000)])],
        ..BASE
    },
    Family {
        names: &["oven/bun"],
        accounts: &[account("bun", &[always(1000, 1000)])],
        ..BASE
    },
    Family {
        names: &["denoland/deno"],
        ..BASE
    },
    Family {
        names: &["python", "pypy"],
        ..BASE
    },
    Family {
        names: &["golang"],
        ..BASE
    },
    Family {
        names: &["rust"],
        ..BASE
    },
    Family {
        names: &["ruby"],
        ..BASE
    },
    Family {
        names: &["php"],
        accounts: &[account("www-data", &[alpine(82, 82), usual(33, 33)])],
        ..BASE
    },
    Family {
        names: &["composer"],
        ..BASE
    },
    Family {
        names: &[
            "openjdk",
            "eclipse-temurin",
            "amazoncorretto",
            "ibm-semeru-runtimes",
        ],
        ..BASE
    },
    Family {
        names: &["maven", "gradle"],
        ..BASE
    },
    Family {
        names: &["elixir", "erlang"],
        ..BASE
    },
    Family {
        names: &["perl"],
        ..BASE
    },
    Family {
        names: &["dotnet/aspnet", "dotnet/runtime", "dotnet/sdk"],
        ..BASE
    },
    Family {
        names: &["alpine"],
        ..BASE
    },
    Family {
        names: &["debian", "buildpack-deps"],
        ..BASE
    },
    Family {
        names: &["ubuntu"],
        accounts: &[account("ubuntu", &[user_of(Tags::Major(24), 1000, 1000)])],
        ..BASE
    },
    Family {
        names: &[
            "fedora",
            "rockylinux",
            "almalinux",
            "amazonlinux",
            "oraclelinux",
            "centos",
        ],
        ..BASE
    },
    Family {
        names: &["busybox"],
        ..BASE
    },
    Family {
        names: &["curlimages/curl"],
        ..BASE
    },
    Family {
        names: &["bash"],
        ..BASE
    },
    Family {
        names: &["docker"],
        ..BASE
    },
    Family {
        names: &["distroless/static", "distroless/base", "distroless/cc"],
        accounts: &[account("nonroot", &[always(65_532, 65_532)])],
        ..BASE
    },
    Family {
        names: &["hello-world"],
        ..BASE
    },
];
