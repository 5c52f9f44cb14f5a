//! Apache httpd 2.4.
