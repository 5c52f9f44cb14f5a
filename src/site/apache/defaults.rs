//! What is assumed where a tree holds only part of the configuration.

/// A configuration that is taken to stand around the files that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    before: String,
    after: String,
    /// All that is loaded is in the files or here.
    pub(super) is_complete: bool,
    /// Every condition holds, and every rewrite engine is on.
    pub(super) is_as_meant: bool,
    /// What is assumed, for the reader.
    pub(super) note: Option<String>,
}

/// What Debian loads, and what applications ask their users to load.
const MODULES: &str = "LoadModule authz_core_module x
LoadModule authz_host_module x
LoadModule authz_user_module x
LoadModule authn_core_module x
LoadModule authn_file_module x
LoadModule auth_basic_module x
LoadModule access_compat_module x
LoadModule alias_module x
LoadModule autoindex_module x
LoadModule deflate_module x
LoadModule dir_module x
LoadModule env_module x
LoadModule filter_module x
LoadModule mime_module x
LoadModule negotiation_module x
LoadModule reqtimeout_module x
LoadModule setenvif_module x
LoadModule status_module x
LoadModule rewrite_module x
LoadModule headers_module x
LoadModule expires_module x
";

/// <https://sources.debian.org/src/apache2/2.4.62-1~deb12u2/debian/config-dir/apache2.conf.in/>
const DEBIAN: &str = "<Directory />
Options FollowSymLinks
AllowOverride None
Require all denied
</Directory>
<Directory /usr/share>
AllowOverride None
Require all granted
</Directory>
<Directory /var/www/>
Options Indexes FollowSymLinks
AllowOverride None
Require all granted
</Directory>
AccessFileName .htaccess
DirectoryIndex index.html index.cgi index.pl index.php index.xhtml index.htm
<FilesMatch \"^\\.ht\">
Require all denied
</FilesMatch>
Define APACHE_LOG_DIR /var/log/apache2
Define APACHE_RUN_DIR /var/run/apache2
Define APACHE_CONFDIR /etc/apache2
";

/// <https://github.com/docker-library/php/blob/master/Dockerfile-linux.template>
const PHP_IMAGE: &str = "LoadModule php_module x
<FilesMatch \\.php$>
SetHandler application/x-httpd-php
</FilesMatch>
DirectoryIndex disabled
DirectoryIndex index.php index.html
<Directory /var/www/>
Options -Indexes
AllowOverride All
</Directory>
";

/// PHP by a handler, as most hosts have it.
const PHP: &str = "LoadModule php_module x
<FilesMatch \".+\\.ph(?:ar|p|tml)$\">
SetHandler application/x-httpd-php
</FilesMatch>
";

impl Defaults {
    /// The files hold all of it.
    pub fn none() -> Self {
        Self {
            is_complete: true,
            ..Self::default()
        }
    }

    /// The files are virtual hosts and the like, that Debian's `apache2.conf` includes.
    pub fn debian() -> Self {
        Self {
            before: format!("{MODULES}{DEBIAN}"),
            after: String::new(),
            is_complete: false,
            is_as_meant: false,
            note: Some(
                "apache2.conf is not in the tree: Debian's is assumed, with the modules that it loads and \
                 rewrite, headers and expires"
                    .to_owned(),
            ),
        }
    }

    /// What the official images `php:*-apache` hold.
    pub fn php_image() -> Self {
        Self {
            before: format!("{MODULES}{DEBIAN}{PHP_IMAGE}"),
            after: String::new(),
            is_complete: false,
            is_as_meant: false,
            note: Some("the configuration of the image php:apache is assumed".to_owned()),
        }
    }

    /// PHP runs as well.
    #[must_use]
    pub fn with_php(mut self) -> Self {
        self.before.push_str(PHP);
        self
    }

    /// A document root in which `.htaccess` files count.
    #[must_use]
    pub fn with_root(mut self, directory: &str) -> Self {
        let directory = directory.replace(['"', '\n', '\\'], "?");
        self.after.push_str(&format!(
            "DocumentRoot \"{directory}\"\n<Directory \"{directory}\">\nOptions Indexes FollowSymLinks\n\
             AllowOverride All\nRequire all granted\n</Directory>\n"
        ));
        self
    }

    /// With every `IfModule` taken to hold and the rewrite engine on: what the author of a `.htaccess` file had in
    /// mind.
    #[must_use]
    pub fn as_meant(mut self) -> Self {
        self.is_as_meant = true;
        self.after
            .push_str("<Directory />\nRewriteEngine On\n</Directory>\n");
        self
    }

    /// More configuration, that comes before the files'.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        self.before.push_str(text);
        self.before.push('\n');
        self
    }

    pub(super) fn before(&self) -> &str {
        &self.before
    }

    pub(super) fn after(&self) -> &str {
        &self.after
    }
}
