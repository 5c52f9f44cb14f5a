//! Java's servers and virtual machine.

pub(super) mod remote_port;
pub(super) mod tomcat_servlet;
pub(super) mod tomcat_users;
