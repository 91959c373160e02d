//! Names that say that a value is secret.

/// Words that name a secret wherever the name's end does not take it back.
const SECRET: [&str; 9] = [
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "secret",
    "secrets",
    "token",
    "credential",
    "credentials",
];

/// Words that name a secret at the end of longer words too: `PGPASSWORD`,
/// `clientsecret`, `authtoken`.
const FUSED: [&str; 6] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
];

/// Short words that name a secret only as the last of several: `DB_PASS`, `MYSQL_PWD`,
/// `GITHUB_PAT`, `AUTH_SALT`, `ADMIN_PW`.
const SHORT: [&str; 5] = ["pass", "pwd", "pw", "pat", "salt"];

/// Words that name a secret where they end the name, whatever stands before:
/// `REDIS_AUTH`, `PGPASS`, `DBPASS`, `JWT`, `ADMIN_PIN`. `…_AUTH` alone is a switch as
/// often as a password, so it counts behind names of stores only.
const LAST: [&str; 8] = [
    "pgpass", "dbpass", "passcode", "passkey", "bearer", "jwt", "otp", "pin",
];

/// Stores whose `…_AUTH` is their password.
const WITH_AUTH: [&str; 3] = ["redis", "valkey", "keydb"];

/// Words that are a secret key in one.
const FUSED_KEYS: [&str; 5] = [
    "privatekey",
    "secretkey",
    "accesskey",
    "encryptionkey",
    "masterkey",
];

/// Last words that name a secret together, though the last alone would not: what a
/// proxy checks, and addresses that let in whoever knows them.
const ENDINGS: [&[&str]; 3] = [&["basic", "auth"], &["sentry", "dsn"], &["webhook", "url"]];

/// What makes a key a secret one. A key alone may be anything.
const KEYS: [&str; 33] = [
    "api",
    "private",
    "access",
    "secret",
    "encryption",
    "enc",
    "storage",
    "signing",
    "master",
    "fernet",
    "jwt",
    "license",
    "account",
    "service",
    "app",
    "auth",
    "session",
    "cookie",
    "csrf",
    "hmac",
    "admin",
    "stripe",
    "sendgrid",
    "mailgun",
    "mailchimp",
    "postmark",
    "resend",
    "openai",
    "anthropic",
    "openrouter",
    "datadog",
    "algolia",
    "deepl",
];

/// Last words with which a name speaks of a secret and not its content.
const HARMLESS_ENDS: &[&str] = &[
    "file",
    "files",
    "path",
    "dir",
    "directory",
    "folder",
    "mount",
    "expiry",
    "expires",
    "expire",
    "expiration",
    "exp",
    "expired",
    "ttl",
    "age",
    "lifetime",
    "duration",
    "timeout",
    "interval",
    "leeway",
    "validity",
    "time",
    "seconds",
    "secs",
    "sec",
    "minutes",
    "mins",
    "hours",
    "days",
    "ms",
    "in",
    "at",
    "min",
    "max",
    "length",
    "len",
    "size",
    "count",
    "limit",
    "limits",
    "rounds",
    "cost",
    "iterations",
    "strength",
    "complexity",
    "policy",
    "rules",
    "regex",
    "pattern",
    "rotation",
    "history",
    "attempts",
    "name",
    "names",
    "id",
    "ids",
    "type",
    "field",
    "header",
    "prefix",
    "suffix",
    "format",
    "encoding",
    "enabled",
    "enable",
    "disabled",
    "required",
    "optional",
    "reset",
    "url",
    "uri",
    "endpoint",
    "host",
    "port",
    "server",
    "domain",
    "region",
    "algorithm",
    "alg",
    "algo",
    "method",
    "mode",
    "issuer",
    "audience",
    "scope",
    "scopes",
    "provider",
    "backend",
    "manager",
    "store",
    "engine",
    "driver",
    "version",
    "namespace",
    "ref",
    "arn",
    "command",
    "cmd",
    "user",
    "username",
    "email",
    "hint",
    "label",
    "title",
    "placeholder",
    "template",
    "model",
    "auth",
    "grant",
    "flow",
    "parallelism",
];

/// Words that turn a name into a switch or a number, wherever they stand.
const HARMLESS_ANYWHERE: [&str; 18] = [
    "allow",
    "allowed",
    "enable",
    "disable",
    "require",
    "requires",
    "use",
    "random",
    "skip",
    "with",
    "show",
    "hide",
    "generate",
    "max",
    "min",
    "num",
    "public",
    "publishable",
];

/// Words before `PIN` that say that it is one of a board.
const BOARDS: [&str; 6] = ["gpio", "led", "data", "reset", "clock", "button"];

/// Names that the words get wrong.
const EXCEPTIONS: [(&str, bool); 4] = [
    ("GOOGLE_APPLICATION_CREDENTIALS", false),
    ("VAULT_SECRET_ID", true),
    ("VAULT_ROLE_SECRET_ID", true),
    ("VAULT_APPROLE_SECRET_ID", true),
];

/// Whether a variable of this name commonly holds a secret.
///
/// The name is split at `_`, `-`, `.` and before capitals. Secret are passwords,
/// secrets, tokens, credentials and keys that say so (`API_KEY`, `privateKey`,
/// `AWS_SECRET_ACCESS_KEY`), not a plain `KEY` and no name that speaks about a
/// secret (`PASSWORD_FILE`, `TOKEN_TTL`, `SECRET_NAME`, `ALLOW_EMPTY_PASSWORD`).
pub fn looks_secret(key: &str) -> bool {
    if !may_be_secret(key) {
        return false;
    }
    if let Some((_, secret)) = EXCEPTIONS.iter().find(|(name, _)| *name == key) {
        return *secret;
    }
    let words: Vec<String> = words(key);
    let Some(last) = words.last() else {
        return false;
    };
    let harmless = |word: &String| HARMLESS_ANYWHERE.contains(&word.as_str());
    if words.iter().any(harmless) {
        return false;
    }
    let harmless = HARMLESS_ENDS.contains(&last.as_str());
    ends_together(&words) || ends_whole(&words) || (!harmless && names_secret(&words))
}

/// Whether a label of this name names a Secret, as kompose's do, and holds none.
pub fn names_object(key: &str) -> bool {
    ["tls-secret", "image-pull-secret"]
        .iter()
        .any(|name| key.ends_with(name))
}

/// Parts without one of which no name is secret: most names are told by a look
/// that costs little.
const PARTS: [&[u8]; 16] = [
    b"pass",
    b"pwd",
    b"pat",
    b"salt",
    b"secret",
    b"token",
    b"key",
    b"credential",
    b"auth",
    b"dsn",
    b"pw",
    b"pin",
    b"otp",
    b"jwt",
    b"bearer",
    b"webhook",
];

/// For each first letter of a part, the second ones: a bit for each letter. A part
/// is looked for only where two letters fit.
const PAIRS: [u32; 256] = {
    let mut pairs = [0; 256];
    let mut at = 0;
    while at < PARTS.len() {
        let (first, second) = (PARTS[at][0], PARTS[at][1]);
        pairs[first as usize] |= letter(second);
        pairs[first.to_ascii_uppercase() as usize] |= letter(second);
        at += 1;
    }
    pairs
};

/// The bit of a letter, large or small. Some other signs share the bits of letters.
const fn letter(byte: u8) -> u32 {
    1 << (byte & 31)
}

fn may_be_secret(key: &str) -> bool {
    let key = key.as_bytes();
    let fits = |pair: &[u8]| PAIRS[usize::from(pair[0])] & letter(pair[1]) != 0;
    let begins = |at: usize| {
        let mut parts = PARTS
            .iter()
            .filter_map(|part| Some((part, key.get(at..at + part.len())?)));
        parts.any(|(part, found)| found.eq_ignore_ascii_case(part))
    };
    let mut pairs = key.windows(2).enumerate();
    pairs.any(|(at, pair)| fits(pair) && begins(at))
}

/// `WEBHOOK_URL` alone is where others reach us.
fn ends_together(words: &[String]) -> bool {
    ENDINGS.iter().any(|ending| {
        let start = words.len().checked_sub(ending.len());
        let alone = start == Some(0) && ending[0] == "webhook";
        !alone && start.is_some_and(|start| words[start..] == **ending)
    })
}

fn names_secret(words: &[String]) -> bool {
    let is_secret = |word: &String| {
        SECRET.contains(&word.as_str()) || FUSED.iter().any(|end| word.ends_with(end))
    };
    let secret_key = |pair: &[String]| {
        let key = ["key", "keys"].contains(&pair[1].as_str());
        key && KEYS.contains(&pair[0].as_str())
    };
    words.iter().any(is_secret) || words.windows(2).any(secret_key) || ends_short(words)
}

/// Whether the last word alone tells.
fn ends_whole(words: &[String]) -> bool {
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    let of_store = || {
        before
            .last()
            .is_some_and(|word| WITH_AUTH.contains(&word.as_str()))
    };
    let is_wire = before
        .last()
        .is_some_and(|word| BOARDS.contains(&word.as_str()));
    let last = last.as_str();
    LAST.contains(&last) && !(last == "pin" && is_wire)
        || FUSED_KEYS.iter().any(|key| last.ends_with(key))
        || last == "auth" && of_store()
}

fn ends_short(words: &[String]) -> bool {
    match words {
        [.., before, last] => SHORT.contains(&last.as_str()) && before != "proxy",
        _ => false,
    }
}

/// The words of a name in lower case, without numbers.
fn words(key: &str) -> Vec<String> {
    key.split(|c: char| !c.is_alphabetic())
        .flat_map(split_camel_case)
        .map(|word| word.to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// `dbPassword` → `db`, `Password`; `APIKey` → `API`, `Key`; `TOKEN` stays.
fn split_camel_case(part: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = part.char_indices().collect();
    let mut found = Vec::new();
    let mut start = 0;
    for (index, pair) in letters.windows(2).enumerate() {
        let (before, (at, here)) = (pair[0].1, pair[1]);
        let next_is_lower = letters
            .get(index + 2)
            .is_some_and(|(_, next)| next.is_lowercase());
        if here.is_uppercase() && (before.is_lowercase() || next_is_lower) {
            found.push(&part[start..at]);
            start = at;
        }
    }
    found.push(&part[start..]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        let secret = [
            "POSTGRES_PASSWORD",
            "password",
            "PGPASSWORD",
            "MYSQL_PWD",
            "DB_PASS",
            "SMTP_PASS",
            "SECRET",
            "JWT_SECRET",
            "SECRET_KEY",
            "SECRET_KEY_BASE",
            "APP_SECRETS",
            "GITHUB_TOKEN",
            "ADMIN_TOKEN",
            "API_KEY",
            "OPENAI_API_KEY",
            "apiKey",
            "APIKey",
            "STRIPE_APIKEY",
            "PRIVATE_KEY",
            "SSH_PRIVATE_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "ACCESS_KEY",
            "MINIO_ACCESS_KEY",
            "MEILI_MASTER_KEY",
            "N8N_ENCRYPTION_KEY",
            "AIRFLOW__CORE__FERNET_KEY",
            "dbPassword",
            "spring.datasource.password",
            "db-passwd",
            "KEY_PASSPHRASE",
            "REGISTRY_CREDENTIALS",
            "PASSWORD2",
            "TOKEN_1",
            "clientSecret",
            "ME_CONFIG_MONGODB_ADMINPASSWORD",
            "RABBITMQ_DEFAULT_PASS",
            "VAULT_SECRET_ID",
            "PASSWORD_HASH",
            "database__connection__password",
            "AUTH_TOKEN",
            "AUTHENTIK_POSTGRESQL__PASSWORD",
            "WEBPASSWORD",
            "STRIPE_KEY",
            "APP_KEY",
            "APP_KEYS",
            "SESSION_KEY",
            "GITHUB_PAT",
            "BASIC_AUTH",
            "TRAEFIK_BASIC_AUTH",
            "AUTH_SALT",
            "LOGGED_IN_SALT",
            "SLACK_WEBHOOK_URL",
            "slackWebhookUrl",
            "SENTRY_DSN",
            "REDIS_AUTH",
            "PGPASS",
            "DBPASS",
            "DB_PW",
            "ADMIN_PW",
            "PASSCODE",
            "DOOR_PASSCODE",
            "PRIVATEKEY",
            "TLS_PRIVATEKEY",
            "SECRETKEY",
            "MINIO_SECRETKEY",
            "JWT",
            "ADMIN_JWT",
            "OTP",
            "PIN",
            "ADMIN_PIN",
            "BEARER",
            "ENC_KEY",
            "AZURE_STORAGE_KEY",
        ];
        for key in secret {
            assert!(looks_secret(key), "{key}");
        }
    }

    #[test]
    fn names_of_other_things() {
        let plain = [
            "",
            "_",
            "KEY",
            "key",
            "KEYS",
            "SORT_KEY",
            "PARTITION_KEY",
            "PUBLIC_KEY",
            "PRIMARY_KEY",
            "KEYCLOAK_URL",
            "KEY_PREFIX",
            "APP_KEY_PREFIX",
            "SESSION_KEY_PREFIX",
            "CACHE_KEY",
            "IDEMPOTENCY_KEY",
            "STRIPE_PUBLISHABLE_KEY",
            "NEXT_PUBLIC_SENTRY_DSN",
            "DATABASE_DSN",
            "ENABLE_BASIC_AUTH",
            "SALT_ROUNDS",
            "PAT",
            "WEBHOOK_URL",
            "WEBHOOK_PATH",
            "AUTH_METHOD",
            "PINNED",
            "PIN_TO_CORE",
            "PINS",
            "SPIN",
            "OTP_ENABLED",
            "ENABLE_OTP",
            "OTP_ISSUER",
            "JWT_EXPIRY",
            "JWT_ISSUER",
            "JWT_ALGORITHM",
            "BEARER_FORMAT",
            "PASSCODE_LENGTH",
            "GPIO_PIN",
            "LED_PIN",
            "USE_JWT",
            "HTTP_AUTH",
            "SMTP_AUTH",
            "PW",
            "STORAGE_KEY_PREFIX",
            "MONKEY",
            "KEYCLOAK_HOST",
            "KEYBOARD",
            "POSTGRES_PASSWORD_FILE",
            "TOKEN_EXPIRY",
            "TOKEN_TTL",
            "PASSWORD_MIN_LENGTH",
            "SECRET_NAME",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "JWT_EXPIRES_IN",
            "PASSWORD_RESET_TIMEOUT",
            "PASSWORD_RESET_URL",
            "TOKEN_URL",
            "MAX_TOKENS",
            "MAX_TOKEN_LENGTH",
            "TOKENIZER",
            "TOKENIZERS_PARALLELISM",
            "AWS_ACCESS_KEY_ID",
            "accessKeyId",
            "PWD",
            "OLDPWD",
            "PASS",
            "BYPASS",
            "COMPASS_URL",
            "PASSPORT_STRATEGY",
            "PASSENGER_APP_ENV",
            "PROXY_PASS",
            "ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "CORS_ALLOW_CREDENTIALS",
            "SECRETARY_NAME",
            "AUTHOR",
            "AUTH_METHOD",
            "POSTGRES_HOST_AUTH_METHOD",
            "POSTGRES_USER",
            "DATABASE_URL",
            "LOG_LEVEL",
            "STRIPE_PUBLISHABLE_KEY",
            "SECRETS_MANAGER_REGION",
            "TOKEN_ALGORITHM",
            "CERTIFICATE_PATH",
            "NODE_ENV",
            "API_URL",
            "SECRET_VERSION",
            "REQUIRE_PASSWORD",
            "tokenType",
        ];
        for key in plain {
            assert!(!looks_secret(key), "{key}");
        }
    }
}
