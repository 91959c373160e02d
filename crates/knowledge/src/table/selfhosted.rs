//! Applications and tools that people host for themselves. Which ones: those
//! that `tools/survey` met most often in public collections.

use crate::family::Family;
use crate::row::*;

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["actualbudget/actual-server"],
        ports: &[port(5006, "http")],
        probe: tcp(5006),
        data: &[data("/data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["docmost/docmost"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/app/data/storage", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["excalidraw/excalidraw"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        ..APPLICATION
    },
    Family {
        names: &["corentinth/it-tools"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        ..APPLICATION
    },
    Family {
        names: &["linkwarden/linkwarden"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/data/data", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["neosmemo/memos", "usememos/memos"],
        ports: &[port(5230, "http")],
        probe: tcp(5230),
        data: &[data("/var/opt/memos", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["triliumnext/trilium", "triliumnext/notes", "zadam/trilium"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/home/node/trilium-data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["vikunja/vikunja"],
        ports: &[port(3456, "http")],
        probe: tcp(3456),
        data: &[data("/app/vikunja/files", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["archivebox/archivebox"],
        ports: &[port(8000, "http")],
        probe: tcp(8000),
        data: &[data("/data", "50Gi")],
        ..APPLICATION
    },
    Family {
        names: &["lissy93/dashy"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/app/user-data", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["penpotapp/backend"],
        ports: &[port(6060, "http")],
        probe: tcp(6060),
        data: &[data("/opt/data/assets", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["penpotapp/exporter"],
        ports: &[port(6061, "http")],
        probe: tcp(6061),
        ..APPLICATION
    },
    Family {
        names: &["searxng/searxng"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[
            data("/etc/searxng", "1Gi"),
            data("/var/cache/searxng", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["guacamole/guacamole"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        ..APPLICATION
    },
    Family {
        names: &["stonith404/pingvin-share"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/opt/app/backend/data", "50Gi")],
        ..APPLICATION
    },
    Family {
        names: &["c4illin/convertx"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/app/data", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["fireflyiii/core"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/var/www/html/storage/upload", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["homarr-labs/homarr"],
        ports: &[port(7575, "http")],
        probe: tcp(7575),
        data: &[data("/appdata", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["homebridge/homebridge"],
        ports: &[port(8581, "http")],
        probe: tcp(8581),
        data: &[data("/homebridge", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["alexta69/metube"],
        ports: &[port(8081, "http")],
        probe: tcp(8081),
        data: &[data("/downloads", "100Gi")],
        ..APPLICATION
    },
    Family {
        names: &["privatebin/nginx-fpm-alpine"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/srv/data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["seafileltd/seafile-mc"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        data: &[data("/shared", "100Gi")],
        ..APPLICATION
    },
    Family {
        names: &["drakkan/sftpgo"],
        ports: &[port(8080, "http"), port(2022, "sftp")],
        probe: tcp(8080),
        data: &[data("/var/lib/sftpgo", "1Gi"), data("/srv/sftpgo", "100Gi")],
        ..APPLICATION
    },
    Family {
        names: &["stirlingtools/stirling-pdf"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/configs", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["toeverything/affine"],
        ports: &[port(3010, "http")],
        probe: tcp(3010),
        data: &[
            data("/root/.affine/storage", "20Gi"),
            data("/root/.affine/config", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["docuseal/docuseal"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/data", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["mintplexlabs/anythingllm"],
        ports: &[port(3001, "http")],
        probe: tcp(3001),
        data: &[data("/app/server/storage", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["glanceapp/glance"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        ..APPLICATION
    },
    Family {
        names: &["sysadminsmedia/homebox", "hay-kot/homebox"],
        ports: &[port(7745, "http")],
        probe: tcp(7745),
        data: &[data("/data", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["fallenbagel/jellyseerr"],
        ports: &[port(5055, "http")],
        probe: tcp(5055),
        data: &[data("/app/config", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["joplin/server"],
        ports: &[port(22300, "http")],
        probe: tcp(22300),
        ..APPLICATION
    },
    Family {
        names: &["karakeep-app/karakeep", "hoarder-app/hoarder"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/data", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["jvmilazz0/kavita", "kizaing/kavita"],
        ports: &[port(5000, "http")],
        probe: tcp(5000),
        data: &[data("/kavita/config", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["linkstackorg/linkstack"],
        ports: &[port(80, "http"), port(443, "https")],
        probe: tcp(80),
        data: &[data("/htdocs", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["lobehub/lobe-chat"],
        ports: &[port(3210, "http")],
        probe: tcp(3210),
        ..APPLICATION
    },
    Family {
        names: &["mealie-recipes/mealie", "hkotel/mealie"],
        ports: &[port(9000, "http")],
        probe: tcp(9000),
        data: &[data("/app/data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["lukevella/rallly"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        ..APPLICATION
    },
    Family {
        names: &["bellamy/wallos"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        data: &[
            data("/var/www/html/db", "1Gi"),
            data("/var/www/html/images/uploads/logos", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["diced/zipline"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[
            data("/zipline/uploads", "50Gi"),
            data("/zipline/public", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["readeck/readeck"],
        ports: &[port(8000, "http")],
        probe: tcp(8000),
        data: &[data("/readeck", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["b3log/siyuan"],
        ports: &[port(6806, "http")],
        probe: tcp(6806),
        data: &[data("/siyuan/workspace", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["benbusby/whoogle-search"],
        ports: &[port(5000, "http")],
        probe: tcp(5000),
        ..APPLICATION
    },
    Family {
        names: &["esphome/esphome"],
        ports: &[port(6052, "http")],
        probe: tcp(6052),
        data: &[data("/config", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["rommapp/romm"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[
            data("/romm/resources", "20Gi"),
            data("/romm/assets", "20Gi"),
            data("/romm/library", "100Gi"),
            data("/redis-data", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["gristlabs/grist"],
        ports: &[port(8484, "http")],
        probe: tcp(8484),
        data: &[data("/persist", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["hedgedoc/hedgedoc"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/hedgedoc/public/uploads", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["hargata/lubelogger"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/App/data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["kieraneglin/pinchflat"],
        ports: &[port(8945, "http")],
        probe: tcp(8945),
        data: &[data("/config", "5Gi"), data("/downloads", "100Gi")],
        ..APPLICATION
    },
    Family {
        names: &["wallabag/wallabag"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        data: &[
            data("/var/www/wallabag/web/assets/images", "10Gi"),
            data("/var/www/wallabag/data", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["b4bz/homer"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/www/assets", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["2fauth/2fauth"],
        ports: &[port(8000, "http")],
        probe: tcp(8000),
        data: &[data("/2fauth", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["autobrr/autobrr"],
        ports: &[port(7474, "http")],
        probe: tcp(7474),
        data: &[data("/config", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["gotson/komga"],
        ports: &[port(25600, "http")],
        probe: tcp(25600),
        data: &[data("/config", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["appsmith/appsmith-ce"],
        ports: &[port(80, "http"), port(443, "https")],
        probe: tcp(80),
        data: &[data("/appsmith-stacks", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["budibase/budibase"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        data: &[data("/data", "20Gi")],
        ..APPLICATION
    },
    Family {
        names: &["ghostfolio/ghostfolio"],
        ports: &[port(3333, "http")],
        probe: tcp(3333),
        ..APPLICATION
    },
    Family {
        names: &["dullage/flatnotes"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["sissbruecker/linkding"],
        ports: &[port(9090, "http")],
        probe: tcp(9090),
        data: &[data("/etc/linkding/data", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["listmonk/listmonk"],
        ports: &[port(9000, "http")],
        probe: tcp(9000),
        data: &[data("/listmonk/uploads", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["leantime/leantime"],
        data: &[
            data("/var/www/html/userfiles", "10Gi"),
            data("/var/www/html/public/userfiles", "5Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["shlinkio/shlink"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        ..APPLICATION
    },
    Family {
        names: &["flaresolverr/flaresolverr"],
        ports: &[port(8191, "http")],
        probe: tcp(8191),
        ..TOOL
    },
    Family {
        names: &["flowiseai/flowise"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        data: &[data("/root/.flowise", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["langflowai/langflow"],
        ports: &[port(7860, "http")],
        probe: tcp(7860),
        data: &[data("/app/langflow", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["libretranslate/libretranslate"],
        ports: &[port(5000, "http")],
        probe: tcp(5000),
        data: &[
            data("/home/libretranslate/.local", "20Gi"),
            data("/app/db", "1Gi"),
        ],
        ..APPLICATION
    },
    Family {
        names: &["guacamole/guacd"],
        ports: &[port(4822, "guacd")],
        probe: tcp(4822),
        ..TOOL
    },
    Family {
        names: &["1dev/server"],
        ports: &[port(6610, "http"), port(6611, "ssh")],
        probe: tcp(6610),
        data: &[data("/opt/onedev", "50Gi")],
        ..APPLICATION
    },
    Family {
        names: &["thomiceli/opengist"],
        ports: &[port(6157, "http"), port(2222, "ssh")],
        probe: tcp(6157),
        data: &[data("/opengist", "10Gi")],
        ..APPLICATION
    },
    Family {
        names: &["amir20/dozzle"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        data: &[data("/data", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["louislam/dockge"],
        ports: &[port(5001, "http")],
        probe: tcp(5001),
        data: &[data("/app/data", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["henrygd/beszel"],
        ports: &[port(8090, "http")],
        data: &[data("/beszel_data", "5Gi")],
        ..OBSERVABILITY
    },
    Family {
        names: &["dgtlmoon/changedetection.io"],
        ports: &[port(5000, "http")],
        probe: tcp(5000),
        data: &[data("/datastore", "5Gi")],
        ..APPLICATION
    },
    Family {
        names: &["wg-easy/wg-easy"],
        ports: &[port(51821, "http"), udp(51820, "wireguard")],
        probe: tcp(51821),
        data: &[data("/etc/wireguard", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["technitium/dns-server"],
        ports: &[port(5380, "http"), port(53, "dns"), udp(53, "dns-udp")],
        probe: tcp(5380),
        data: &[data("/etc/dns", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["rustfs/rustfs"],
        ports: &[port(9000, "http"), port(9001, "console")],
        probe: tcp(9000),
        data: &[data("/data", "50Gi")],
        ..OBJECT_STORE
    },
    Family {
        names: &["mysql/mysql-server"],
        ports: &[port(3306, "mysql")],
        probe: tcp(3306),
        data: &[data("/var/lib/mysql", "20Gi")],
        variables: &[
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
        ],
        ..DATABASE
    },
];
