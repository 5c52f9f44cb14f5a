//! The files that tell of servers and frameworks.

use super::super::packages;
use super::super::want::Want;
use super::container::kubernetes;
use super::{declared, middleware};

/// What [`discover`](super::discover) and [`frameworks`](super::super::frameworks) look at.
pub const WANTS: &[Want] = &Want::both::<{ OWN.len() + OTHERS.len() }>(OWN, OTHERS);

const OTHERS: &[Want] = &Want::both::<{ SCRIPTS.len() + CLUSTER.len() }>(SCRIPTS, CLUSTER);

const CLUSTER: &[Want] = &Want::both::<{ kubernetes::WANTS.len() + packages::WANTS.len() }>(
    kubernetes::WANTS,
    packages::WANTS,
);

/// Where static roots are declared.
const SCRIPTS: &[Want] =
    &Want::both::<{ MIDDLEWARE.len() + declared::WANTS.len() }>(MIDDLEWARE, declared::WANTS);

const MIDDLEWARE: &[Want] = &Want::texts::<{ middleware::ENDS.len() * middleware::NEEDLES.len() }>(
    middleware::ENDS,
    middleware::NEEDLES,
);

const OWN: &[Want] = &[
    // Configurations of servers.
    Want::name(".htaccess"),
    Want::end(".conf"),
    Want::end(".conf.template"),
    Want::end(".conf.tmpl"),
    Want::end(".conf.tpl"),
    Want::end(".conf.j2"),
    Want::end(".nginx"),
    Want::end(".vhost"),
    Want::name("sites-available"),
    Want::name("sites-enabled"),
    Want::start("caddyfile"),
    Want::end(".caddyfile"),
    Want::name("web.config"),
    // Containers and commands.
    Want::start("dockerfile"),
    Want::end(".dockerfile"),
    Want::end("containerfile"),
    Want::start("docker-compose"),
    Want::start("compose."),
    Want::start("procfile"),
    Want::end(".service"),
    Want::name("package.json"),
    Want::start("ecosystem.config."),
    Want::start("vite.config."),
    // Directories that are by convention document roots.
    Want::name("public"),
    Want::name("public_html"),
    Want::name("htdocs"),
    Want::name("httpdocs"),
    Want::name("www"),
    Want::name("wwwroot"),
    Want::name("web"),
    Want::name("pub"),
    Want::name("webroot"),
    Want::name("dist"),
    Want::name("build"),
    Want::name("html"),
    Want::name("index.php"),
    Want::name("index.html"),
    Want::name("robots.txt"),
    Want::name("wp-includes"),
    Want::name("wp-config.php"),
    // Frameworks.
    Want::name("artisan"),
    Want::name("console"),
    Want::name("drupal.php"),
    Want::name("joomla.xml"),
    Want::name("configuration.php"),
    Want::name("magento"),
    Want::name("settings.inc.php"),
    Want::name("spark"),
    Want::name("yii"),
    Want::name("cake.php"),
    Want::name("occ"),
    Want::name("manage.py"),
    Want::name("config.ru"),
    Want::name("application.properties"),
    Want::name("application.yml"),
    Want::name("requirements.txt"),
    Want::name("pyproject.toml"),
];
