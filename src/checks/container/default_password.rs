//! Images that start with a password that everybody knows, or with none, on a port that is open.

use crate::checks::names::{is_compose, name};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

use super::published::published;

pub(in crate::checks) static CHECK: Check = Check {
    id: "image-default-password",
    code: "DOC-007",
    title: "A service with its first password is open on all addresses",
    description: "Some images begin with a password that stands in their documentation, or ask for none, until they are \
                  told otherwise. Ports that Docker publishes go past the firewall of the machine. Whoever signs in \
                  reads the credentials that the service keeps: of data sources, of mail servers, of jobs.",
    severity: Severity::Medium,
    cwe: &[1393, 306],
    fix: "Give the service a password of its own by the variable that is named, change the one that is in use, and \
          publish the port on 127.0.0.1.",
    references: &[
        "https://docs.docker.com/reference/compose-file/services/#ports",
        "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ],
    wants: &[Want::start("docker-compose"), Want::start("compose")],
    run,
};

/// An image that begins so.
struct Image {
    /// The last part of its name.
    name: &'static str,
    port: &'static str,
    /// What in the settings of the service says that it is told otherwise, in lower case.
    guards: &'static [&'static str],
    /// What it begins with, as the end of a sentence.
    begins: &'static str,
}

/// <https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/>,
/// <https://nacos.io/en/docs/latest/manual/admin/auth/>, <https://min.io/docs/minio/container/index.html>,
/// <https://activemq.apache.org/components/classic/documentation/web-console>,
/// <https://www.xuxueli.com/xxl-job/en/>, <https://docs.kafka-ui.provectus.io/configuration/authentication>,
/// <https://github.com/mongo-express/mongo-express>.
const IMAGES: &[Image] = &[
    Image {
        name: "grafana",
        port: "3000",
        guards: &[
            "gf_security_admin_password",
            "gf_auth_",
            "grafana.ini",
            "gf_security_disable_initial_admin",
        ],
        begins: "with admin and admin, until GF_SECURITY_ADMIN_PASSWORD says otherwise",
    },
    Image {
        name: "nacos-server",
        port: "8848",
        guards: &["nacos_auth_enable"],
        begins: "without a password, until NACOS_AUTH_ENABLE says otherwise",
    },
    Image {
        name: "minio",
        port: "9000",
        guards: &[
            "minio_root_password",
            "minio_secret_key",
            "minio_access_key",
        ],
        begins: "with minioadmin and minioadmin, until MINIO_ROOT_PASSWORD says otherwise",
    },
    Image {
        name: "activemq-classic",
        port: "8161",
        guards: &["activemq_web_password", "jetty-realm"],
        begins: "with admin and admin, until ACTIVEMQ_WEB_PASSWORD says otherwise",
    },
    Image {
        name: "xxl-job-admin",
        port: "8080",
        guards: &["accesstoken"],
        begins: "with admin and 123456, and with an access token that everybody knows",
    },
    Image {
        name: "kafka-ui",
        port: "8080",
        guards: &["auth_type", "oauth", "config.yml"],
        begins: "without a password, until AUTH_TYPE says otherwise",
    },
    Image {
        name: "mongo-express",
        port: "8081",
        guards: &["me_config_basicauth"],
        begins: "with admin and pass, or without a password, until ME_CONFIG_BASICAUTH_PASSWORD says otherwise",
    },
];

/// Settings that take the password away, and the port that then is open to everyone.
const OFF: &[(&str, &str, &str)] = &[
    ("NEO4J_AUTH", "none", "7474"),
    ("NEO4J_AUTH", "none", "7687"),
    ("POSTGRES_HOST_AUTH_METHOD", "trust", "5432"),
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files().filter(|path| is_compose(path)) {
        let text = context.files.text(path).unwrap_or_default();
        let leaves = yaml::leaves(&text);
        for port in published(&leaves) {
            let settings = settings(&leaves, port.service);
            let message =
                of_image(&settings, port.inside).or_else(|| switched_off(&settings, port.inside));
            if let Some(message) = message {
                port.report((context, found), path, (message, Severity::Medium));
            }
        }
    }
}

/// The values of a service, but for its ports. What it takes from files is not seen, and may say anything.
fn settings<'l>(leaves: &'l [Leaf], service: &str) -> Vec<&'l Leaf> {
    let of_service = |leaf: &&Leaf| {
        leaf.is_below(&["services", service]) && leaf.path.get(2).is_some_and(|key| key != "ports")
    };
    leaves.iter().filter(of_service).collect()
}

fn of_image(settings: &[&Leaf], port: &str) -> Option<String> {
    let image = settings.iter().find(|leaf| leaf.path[2] == "image")?;
    let image = name(&image.value).split([':', '@']).next()?;
    let is_it = |one: &&Image| one.name == image && one.port == port;
    let one = IMAGES.iter().find(is_it)?;
    let is_guarded = settings.iter().any(|leaf| {
        let says = |text: &str| {
            let text = text.to_ascii_lowercase();
            one.guards.iter().any(|guard| text.contains(guard))
        };
        leaf.path[2] == "env_file" || says(&leaf.value) || says(leaf.key())
    });
    (!is_guarded).then(|| {
        format!(
            "Port {port} of {image} is open on all addresses of the machine, and it begins {}.",
            one.begins
        )
    })
}

fn switched_off(settings: &[&Leaf], port: &str) -> Option<String> {
    let (variable, value, _) = OFF.iter().find(|(variable, value, of)| {
        let is_set = |leaf: &&Leaf| {
            let is_pair = leaf.key() == *variable && leaf.value == *value;
            is_pair || leaf.value == format!("{variable}={value}")
        };
        *of == port && settings.iter().any(is_set)
    })?;
    Some(format!(
        "Port {port} is open on all addresses of the machine, and {variable}={value} lets everyone in."
    ))
}
