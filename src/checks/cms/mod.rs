//! Other frameworks and applications in PHP: debug pages that are on, and configuration that is sent.

pub(super) mod cakephp;
pub(super) mod codeigniter;
pub(super) mod config_twin;
pub(super) mod drupal;
pub(super) mod joomla;
pub(super) mod magento;
pub(super) mod mediawiki;
pub(super) mod moodle;
pub(super) mod phpmyadmin;
pub(super) mod prestashop;
mod setting;
pub(super) mod symfony;
pub(super) mod thinkphp;
pub(super) mod typo3;
pub(super) mod yii;
