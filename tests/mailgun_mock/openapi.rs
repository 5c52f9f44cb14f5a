//! Holds requests and answers to Mailgun's own description of its API.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::http::{Body, Call};

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(include_str!("openapi.json")).unwrap())
}

/// A call that the description knows.
pub(crate) struct Operation {
    /// `/v1/keys/{key_id}`
    pub(crate) path: &'static str,
    /// What stands in the place of the names in braces.
    pub(crate) segments: Vec<String>,
    described: &'static Value,
}

/// Finds the call, and says what of the request is not as described.
pub(crate) fn check_request(call: &Call) -> Result<Operation, String> {
    let paths = document()["paths"].as_object().unwrap();
    let operation = paths.iter().find_map(|(path, methods)| {
        Some(Operation {
            path,
            segments: segments(path, &call.path)?,
            described: methods.get(call.method.to_lowercase())?,
        })
    });
    let Some(operation) = operation else {
        return Err(format!(
            "no such call: {} {}",
            call.method,
            call.path.join("/")
        ));
    };
    check_query(&operation, call)?;
    check_body(&operation, call)?;
    Ok(operation)
}

fn segments(template: &str, path: &[String]) -> Option<Vec<String>> {
    let wanted: Vec<&str> = template.trim_start_matches('/').split('/').collect();
    let same = |(wanted, given): (&&str, &String)| wanted.starts_with('{') || wanted == given;
    if wanted.len() != path.len() || !wanted.iter().zip(path).all(same) {
        return None;
    }
    let named = wanted.iter().zip(path);
    let named = named.filter(|(wanted, _)| wanted.starts_with('{'));
    Some(named.map(|(_, given)| given.clone()).collect())
}

fn check_query(operation: &Operation, call: &Call) -> Result<(), String> {
    let none = Vec::new();
    let parameters = operation.described["parameters"]
        .as_array()
        .unwrap_or(&none);
    for (name, value) in &call.query {
        let known = parameters
            .iter()
            .find(|known| known["in"] == "query" && known["name"] == name.as_str())
            .ok_or_else(|| format!("{}: no parameter `{name}` is described", operation.path))?;
        valid(&known["schema"], &typed(&known["schema"], value))
            .map_err(|why| format!("{}: parameter `{name}`: {why}", operation.path))?;
    }
    Ok(())
}

fn check_body(operation: &Operation, call: &Call) -> Result<(), String> {
    let content = &operation.described["requestBody"]["content"];
    let why = |why: String| format!("{}: body: {why}", operation.path);
    match &call.body {
        // The list of DKIM keys is described with a body, which a GET does not have.
        Body::None if content.is_null() || call.method == "GET" => Ok(()),
        Body::None => Err(why("it is missing".to_owned())),
        Body::Json(value) => valid(&content["application/json"]["schema"], value).map_err(why),
        Body::Form(fields) => {
            let schema = resolved(&content["multipart/form-data"]["schema"]);
            let mut object = Map::new();
            for (name, value) in fields {
                let known = &schema["properties"][name];
                if known.is_null() {
                    return Err(why(format!("no field `{name}` is described")));
                }
                object.insert(name.clone(), typed(known, value));
            }
            valid(schema, &Value::Object(object)).map_err(why)
        }
    }
}

/// Says what of an answer is not as described. Refusals that the description leaves out are known from recordings.
pub(crate) fn check_answer(operation: &Operation, status: u16, body: &Value) -> Result<(), String> {
    let described = &operation.described["responses"][status.to_string()];
    let schema = &described["content"]["application/json"]["schema"];
    match (schema.is_null(), status) {
        (false, _) => valid(schema, body),
        (true, 401 | 403 | 404 | 429) => {
            let generic = "github.com-mailgun-scaffold-httpapi-GenericResponse";
            valid(
                &json!({ "$ref": format!("#/components/schemas/{generic}") }),
                body,
            )
        }
        (true, _) => Err("no such answer is described".to_owned()),
    }
    .map_err(|why| format!("{} {status}: {why}", operation.path))
}

fn typed(schema: &Value, text: &str) -> Value {
    let parsed = match schema["type"].as_str() {
        Some("integer" | "boolean") => serde_json::from_str(text).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn resolved(schema: &'static Value) -> &'static Value {
    let Some(reference) = schema["$ref"].as_str() else {
        return schema;
    };
    document()
        .pointer(reference.trim_start_matches('#'))
        .unwrap()
}

fn valid(schema: &Value, instance: &Value) -> Result<(), String> {
    let mut schema = schema.clone();
    schema["components"] = document()["components"].clone();
    let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
    let errors: Vec<String> = validator
        .iter_errors(instance)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("; "))
    }
}
