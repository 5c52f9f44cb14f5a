#!/usr/bin/env python3
"""Makes openapi.json, which the mock and the client are held to, from Mailgun's own description of its API.

    extract.py openapi.yaml > openapi.json

The description is `src/openapi.yaml` of https://github.com/mailgun/mailgun-mcp-server (Apache-2.0). What is kept of it is
the form of the calls that spillcheck makes; texts and examples are left out.
"""

import json
import sys

import yaml

CALLS = {
    "/v1/keys": ["get", "post"],
    "/v1/keys/{key_id}": ["delete"],
    "/v1/analytics/logs": ["post"],
    "/v1/dkim/keys": ["get"],
    "/v2/ip_whitelist": ["get"],
    "/v3/domains/{domain_name}/credentials": ["get"],
    "/v3/domains/{domain_name}/credentials/{spec}": ["put", "delete"],
    "/v3/domains/{domain}/webhooks": ["get"],
    "/v3/domains/{name}/sending_queues": ["get"],
    "/v3/{domain_name}/templates": ["get"],
    "/v3/lists": ["get"],
    "/v3/routes": ["get"],
    "/v4/domains": ["get"],
    "/v4/domains/{name}": ["get"],
    "/v5/accounts/http_signing_key": ["get"],
    "/v5/accounts/subaccounts": ["get"],
    "/v5/sandbox/auth_recipients": ["get"],
    "/v5/users": ["get"],
}
TEXT = {"description", "summary", "examples", "example", "tags", "operationId", "x-enumDescriptions"}


def shape(value, is_map=False):
    """Without texts; names of properties are kept whatever they are."""
    if isinstance(value, dict):
        return {
            key: shape(part, key in ("properties", "schemas") and not is_map)
            for key, part in value.items()
            if is_map or key not in TEXT and not key.startswith("x-")
        }
    if isinstance(value, list):
        return [shape(part) for part in value]
    return value


def references(value):
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "$ref":
                yield part.removeprefix("#/components/schemas/")
            else:
                yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


with open(sys.argv[1], encoding="utf-8") as file:
    document = yaml.safe_load(file)

paths = {
    path: {method: shape(document["paths"][path][method]) for method in methods}
    for path, methods in CALLS.items()
}
schemas, wanted = {}, list(references(paths))
while wanted:
    name = wanted.pop()
    if name not in schemas:
        schemas[name] = shape(document["components"]["schemas"][name])
        wanted.extend(references(schemas[name]))

json.dump(
    {
        "openapi": document["openapi"],
        "info": {
            "title": document["info"]["title"],
            "version": document["info"]["version"],
            "description": "Reduced by extract.py from src/openapi.yaml of mailgun/mailgun-mcp-server, commit 78d610f.",
            "license": {"name": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    },
    sys.stdout,
    indent=1,
)
print()
