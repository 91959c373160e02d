//! How the outside gets in.

use crate::apps::shape::{
    AMOUNT, BOOL, Block, Key, MAP, Named, Shape, TEXT, TEXTS, WHOLE, choice, key,
};

use super::facts::TLS;

/// The gateway.
pub(super) static GATEWAY: Block = Block::new(
    "gateway",
    &[
        TOP,
        POLICY,
        &[key(
            "overrides",
            Shape::Named(&OVERRIDES),
            "What environments change.",
        )],
    ],
);

static OVERRIDES: Named = Named::new("environment", Shape::Block(&OVERRIDE));
static OVERRIDE: Block = Block::new("override", &[TOP, POLICY]);

const TOP: &[Key] = &[
    key("name", TEXT, "The name of its objects."),
    key(
        "hosts",
        TEXTS,
        "Hosts of routes that name none; the domain where it is left out.",
    ),
    key("https_redirect", BOOL, "Requests without TLS are sent on."),
    key(
        "routes",
        Shape::Named(&ROUTES),
        "`[host]/path` with the service it leads to.",
    ),
];

static ROUTES: Named = Named::new("route", Shape::Block(&ROUTE))
    .keyed("path")
    .loose();

/// A route.
pub(in crate::apps) static ROUTE: Block = Block::new(
    "route",
    &[
        &[
            key(
                "service",
                TEXT,
                "An entry, `project.service`, or `service.namespace`.",
            ),
            key("port", AMOUNT, "The port, by number or name."),
            key(
                "path_type",
                choice(&["Prefix", "Exact", "ImplementationSpecific"]),
                "How much of the path it must be.",
            ),
            key(
                "controller",
                choice(&["generic", "haproxy", "traefik", "nginx", "gateway-api"]),
                "Another controller.",
            ),
            key("class", TEXT, "Another ingress class."),
            key("strip_prefix", BOOL, "The matched path is taken away."),
            key("rewrite_to", TEXT, "The matched path is replaced."),
            key(
                "methods",
                Shape::List(&choice(METHODS)),
                "Only these methods.",
            ),
        ],
        POLICY,
    ],
)
.main("service");

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
];

/// What holds for all routes, or one.
const POLICY: &[Key] = &[
    key("tls", Shape::Block(&TLS), "Transport encryption."),
    key(
        "timeouts",
        Shape::Block(&TIMEOUTS),
        "How long things may take.",
    ),
    key(
        "rate_limit",
        Shape::Block(&RATE_LIMIT),
        "How many requests are admitted.",
    ),
    key(
        "cors",
        Shape::Block(&CORS),
        "Which pages of other origins may ask.",
    ),
    key(
        "waf",
        Shape::Block(&WAF),
        "A firewall with OWASP's core rules.",
    ),
    key("auth", Shape::Block(&AUTH), "Who may ask."),
    key("body_size", AMOUNT, "The most that a request may carry."),
    key(
        "buffering",
        BOOL,
        "Requests are taken in whole before they are passed on.",
    ),
    key("annotations", MAP, "Annotations for the controller."),
];

static TIMEOUTS: Block = Block::new(
    "timeouts",
    &[&[
        key("connect", AMOUNT, "Connecting to a pod."),
        key("server", AMOUNT, "The pod's answer."),
        key("client", AMOUNT, "The client's request."),
        key("queue", AMOUNT, "Waiting for a free connection."),
    ]],
);

/// A rate, with a burst.
pub(super) static RATE_LIMIT: Block = Block::new(
    "rate_limit",
    &[&[
        key("requests_per_second", AMOUNT, "The rate: `9`, `60/m`."),
        key("burst", WHOLE, "How many at once beyond it."),
    ]],
)
.main("requests_per_second")
.switch();

/// Pages of other origins.
pub(super) static CORS: Block = Block::new(
    "cors",
    &[&[
        key("allow_origins", TEXTS, "Origins."),
        key("allow_methods", Shape::List(&choice(METHODS)), "Methods."),
        key("allow_headers", TEXTS, "Headers that may be sent."),
        key("expose_headers", TEXTS, "Headers that may be read."),
        key("max_age", AMOUNT, "How long the answer may be kept."),
        key("allow_credentials", BOOL, "With cookies."),
    ]],
)
.main("allow_origins")
.switch();

static WAF: Block = Block::new(
    "waf",
    &[&[
        key(
            "mode",
            choice(&["block", "detect"]),
            "Turned away, or only logged.",
        ),
        key("level", WHOLE, "How suspicious it is, 1–4."),
        key("rules", TEXTS, "Groups of rules; all where it is left out."),
        key(
            "exclude",
            Shape::List(&WHOLE),
            "Numbers of rules that are left out.",
        ),
    ]],
)
.switch();

static AUTH: Block = Block::new(
    "auth",
    &[&[
        key(
            "type",
            choice(&["basic", "bearer", "jwt", "api_key", "forward"]),
            "How.",
        ),
        key(
            "secret",
            TEXT,
            "The Secret with passwords, keys or the token.",
        ),
        key("realm", TEXT, "Of basic: what the browser shows."),
        key("issuer", TEXT, "Of jwt: who issues tokens."),
        key("jwks", TEXT, "Of jwt: where the issuer's keys are."),
        key("audiences", TEXTS, "Of jwt: for whom tokens are."),
        key("header", TEXT, "Of api_key: the header."),
        key("url", TEXT, "Of forward: who is asked."),
        key(
            "headers",
            TEXTS,
            "Of forward: headers of the answer that are passed on.",
        ),
    ]],
)
.switch()
.types(&[
    ("basic", &["secret", "realm"]),
    ("bearer", &["secret"]),
    ("jwt", &["issuer", "jwks", "audiences"]),
    ("api_key", &["secret", "header"]),
    ("forward", &["url", "headers"]),
]);
