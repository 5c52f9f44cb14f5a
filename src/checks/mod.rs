//! Which configuration leaks: one file for each check, over the site model.

mod apache;
mod aside;
mod check;
mod cms;
mod container;
mod context;
mod dotenv;
mod ds_store;
mod env;
mod ioc;
mod java;
mod laravel;
mod lines;
mod names;
mod nginx;
mod node;
mod php;
#[cfg(test)]
mod samples;
mod secrets;
mod served;
mod server_side;
mod shell;
mod standing;
mod start;
mod vulnerable;
mod wordpress;

use rayon::prelude::*;

use crate::finding::Exposure;
use crate::site::{Want, packages};

pub use check::{Check, Findings};
pub use context::{Context, Credential, Credentials, GitView};

/// All checks, sorted by id.
pub static ALL: &[&Check] = &[
    &apache::git_not_denied::CHECK,
    &apache::htpasswd::CHECK,
    &apache::indexes::CHECK,
    &apache::inert_htaccess::CHECK,
    &apache::log_in_root::CHECK,
    &apache::multi_extension::CHECK,
    &apache::open_proxy::CHECK,
    &apache::php_flags::CHECK,
    &apache::php_source::CHECK,
    &served::printenv::CHECK,
    &apache::root_granted::CHECK,
    &apache::setenv_secret::CHECK,
    &apache::status::CHECK,
    &server_side::aspnet::CHECK,
    &served::caddy_admin::CHECK,
    &served::caddy::CHECK,
    &cms::cakephp::CHECK,
    &container::pipeline::CHECK,
    &cms::config_twin::CHECK,
    &cms::codeigniter::CHECK,
    &server_side::django_debug::CHECK,
    &server_side::django_key::CHECK,
    &container::compose_secret::CHECK,
    &container::copied_env::CHECK,
    &container::image_secret::CHECK,
    &container::socket::CHECK,
    &cms::drupal::CHECK,
    &env::backup_twin::CHECK,
    &env::committed::CHECK,
    &env::deploy_credentials::CHECK,
    &env::example::CHECK,
    &env::not_ignored::CHECK,
    &env::npm_package::CHECK,
    &env::variant::CHECK,
    &env::permissions::CHECK,
    &server_side::environment::CHECK,
    &container::firebase::CHECK,
    &server_side::flask::CHECK,
    &server_side::go::CHECK,
    &served::iis::CHECK,
    &container::default_password::CHECK,
    &ioc::attack_tool::CHECK,
    &ioc::auto_prepend::CHECK,
    &ioc::cron_download::CHECK,
    &ioc::allow_list::CHECK,
    &ioc::php_backdoor::CHECK,
    &ioc::php_in_image::CHECK,
    &ioc::php_in_uploads::CHECK,
    &java::remote_port::CHECK,
    &cms::joomla::CHECK,
    &container::ingress::CHECK,
    &container::kubernetes::CHECK,
    &laravel::artisan_serve::CHECK,
    &laravel::cached_config::CHECK,
    &laravel::debug::CHECK,
    &laravel::debug_tool::CHECK,
    &laravel::document_root::CHECK,
    &laravel::app_key::CHECK,
    &laravel::log_secret::CHECK,
    &laravel::mail_log::CHECK,
    &laravel::rewrite::CHECK,
    &laravel::route_dump::CHECK,
    &laravel::storage_link::CHECK,
    &laravel::trusted_proxies::CHECK,
    &served::lighttpd::CHECK,
    &served::lighttpd_status::CHECK,
    &cms::magento::CHECK,
    &cms::mediawiki::CHECK,
    &cms::moodle::CHECK,
    &nginx::alias_prefix::CHECK,
    &nginx::alias_traversal::CHECK,
    &nginx::autoindex::CHECK,
    &nginx::fastcgi_secret::CHECK,
    &nginx::local_proxy::CHECK,
    &nginx::log_in_root::CHECK,
    &nginx::merge_slashes::CHECK,
    &nginx::dotfiles::CHECK,
    &nginx::php_everywhere::CHECK,
    &nginx::php_source::CHECK,
    &nginx::raw_uri_guard::CHECK,
    &nginx::status::CHECK,
    &node::bundle::CHECK,
    &node::client_env::CHECK,
    &node::client_source::CHECK,
    &node::config_files::CHECK,
    &node::dev_server::CHECK,
    &node::directory_listing::CHECK,
    &served::dotfiles::CHECK,
    &node::env_endpoint::CHECK,
    &node::error_handler::CHECK,
    &node::inspector::CHECK,
    &node::npmrc::CHECK,
    &node::configs::CHECK,
    &node::source_map::CHECK,
    &served::project::CHECK,
    &node::status_page::CHECK,
    &node::template::CHECK,
    &container::control_port::CHECK,
    &container::open_database::CHECK,
    &php::admin_tool::CHECK,
    &php::any_extension::CHECK,
    &php::core_dump::CHECK,
    &php::display_errors::CHECK,
    &ds_store::CHECK,
    &php::env_dump::CHECK,
    &php::eval_stdin::CHECK,
    &php::log_secret::CHECK,
    &php::metadata::CHECK,
    &php::phpinfo::CHECK,
    &php::saved_phpinfo::CHECK,
    &php::session_file::CHECK,
    &php::vcs_directory::CHECK,
    &php::vendor_directory::CHECK,
    &cms::phpmyadmin::CHECK,
    &cms::prestashop::CHECK,
    &server_side::rails::CHECK,
    &apache::project_root::CHECK,
    &apache::symlink_escape::CHECK,
    &server_side::spring::CHECK,
    &server_side::spring_open::CHECK,
    &cms::symfony::secret::CHECK,
    &cms::symfony::environment::CHECK,
    &cms::symfony::files::CHECK,
    &cms::symfony::front_controller::CHECK,
    &container::public_bucket::CHECK,
    &container::terraform::CHECK,
    &cms::thinkphp::CHECK,
    &java::tomcat_users::CHECK,
    &java::tomcat_servlet::CHECK,
    &served::traefik::CHECK,
    &cms::typo3::CHECK,
    &vulnerable::application::CHECK,
    &vulnerable::composer::CHECK,
    &vulnerable::go::CHECK,
    &vulnerable::image::CHECK,
    &vulnerable::java::CHECK,
    &vulnerable::npm::CHECK,
    &vulnerable::nuget::CHECK,
    &vulnerable::python::CHECK,
    &vulnerable::gem::CHECK,
    &vulnerable::wordpress::CHECK,
    &wordpress::config_twin::CHECK,
    &wordpress::core_integrity::CHECK,
    &wordpress::database_dump::CHECK,
    &wordpress::debug_display::CHECK,
    &wordpress::debug_log::CHECK,
    &wordpress::salts::CHECK,
    &wordpress::file_edit::CHECK,
    &wordpress::installer::CHECK,
    &wordpress::sample_config::CHECK,
    &wordpress::xmlrpc::CHECK,
    &cms::yii::CHECK,
];

/// The check of this id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

/// What any of these checks wants to hear of, and the files that name packages, which every check may ask for.
pub fn wants<'c>(checks: &'c [&'static Check]) -> impl Iterator<Item = Want> + 'c {
    let of_checks = checks.iter().flat_map(|check| check.wants);
    of_checks.chain(packages::WANTS).copied()
}

/// Runs checks, on the threads of the pool that this is called from; what they find is sorted by file, line and check.
pub fn run(checks: &[&'static Check], context: &Context<'_>) -> Vec<Exposure> {
    let each = checks.par_iter().flat_map_iter(|check| {
        let mut findings = Findings::of(check);
        (check.run)(context, &mut findings);
        findings.finish()
    });
    let mut found: Vec<Exposure> = each.collect();
    found.sort_by(|a, b| {
        (&a.file, a.line, &a.check, &a.message).cmp(&(&b.file, b.line, &b.check, &b.message))
    });
    found.dedup();
    found
}
