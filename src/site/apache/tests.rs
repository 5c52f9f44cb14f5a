//! Small configurations and what becomes of requests.
