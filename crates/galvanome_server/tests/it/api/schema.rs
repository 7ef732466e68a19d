//! Whether a JSON document is what an OpenAPI schema describes. Every keyword that our description uses is checked;
//! one that is not known here is a failure of the test, and so is a member that the schema does not name.

use serde_json::{Map, Value};

/// Checks documents against the schemas of one description.
pub(crate) struct Checker<'a> {
    pub(crate) description: &'a Value,
}

impl Checker<'_> {
    /// Everything that is wrong with a document, each with its place.
    pub(crate) fn wrong(&self, schema: &Value, document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.check(schema, document, "$", &mut found);
        let mut named = Vec::new();
        self.named(schema, document, "$", &mut named);
        found.extend(named);
        found
    }

    fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(to) => {
                let target = self.description.pointer(to.trim_start_matches('#'));
                self.resolve(target.unwrap_or_else(|| panic!("{to} leads nowhere")))
            }
            None => schema,
        }
    }

    fn check(&self, schema: &Value, document: &Value, at: &str, found: &mut Vec<String>) {
        let schema = self.resolve(schema);
        let Some(members) = schema.as_object() else {
            assert_eq!(schema, &Value::Bool(true), "{at}: a schema is an object or `true`");
            return;
        };
        for (keyword, value) in members {
            match keyword.as_str() {
                "description" | "format" | "propertyNames" => {}
                "type" => {
                    let types =
                        value.as_array().map_or_else(|| vec![value], |all| all.iter().collect());
                    if !types.iter().any(|one| is_of(document, one.as_str().unwrap())) {
                        found.push(format!("{at}: {document} is not of type {value}"));
                    }
                }
                "minimum" => {
                    if document.as_f64().is_some_and(|number| number < value.as_f64().unwrap()) {
                        found.push(format!("{at}: {document} is below {value}"));
                    }
                }
                "enum" => {
                    if !value.as_array().unwrap().contains(document) {
                        found.push(format!("{at}: {document} is none of {value}"));
                    }
                }
                "required" => {
                    for name in value.as_array().unwrap() {
                        if document
                            .as_object()
                            .is_some_and(|all| !all.contains_key(name.as_str().unwrap()))
                        {
                            found.push(format!("{at}: {name} is missing"));
                        }
                    }
                }
                "properties" => {
                    for (name, schema) in value.as_object().unwrap() {
                        if let Some(member) = document.get(name) {
                            self.check(schema, member, &format!("{at}.{name}"), found);
                        }
                    }
                }
                "additionalProperties" => {
                    let known = members.get("properties").and_then(Value::as_object);
                    for (name, member) in document.as_object().into_iter().flatten() {
                        if known.is_none_or(|known| !known.contains_key(name)) {
                            self.check(value, member, &format!("{at}.{name}"), found);
                        }
                    }
                }
                "items" => {
                    for (index, item) in document.as_array().into_iter().flatten().enumerate() {
                        self.check(value, item, &format!("{at}[{index}]"), found);
                    }
                }
                "allOf" => {
                    for part in value.as_array().unwrap() {
                        self.check(part, document, at, found);
                    }
                }
                "oneOf" => {
                    let fits = value.as_array().unwrap().iter().filter(|one| {
                        let mut wrong = Vec::new();
                        self.check(one, document, at, &mut wrong);
                        wrong.is_empty()
                    });
                    let fits = fits.count();
                    if fits != 1 {
                        found.push(format!("{at}: {document} fits {fits} of {value}"));
                    }
                }
                other => panic!("{at}: the checker does not know `{other}`; teach it"),
            }
        }
    }

    /// Members that no schema names.
    fn named(&self, schema: &Value, document: &Value, at: &str, found: &mut Vec<String>) {
        match document {
            Value::Array(items) => {
                let of = self.places(schema, "items");
                for (index, item) in items.iter().enumerate() {
                    for one in &of {
                        self.named(one, item, &format!("{at}[{index}]"), found);
                    }
                }
            }
            Value::Object(members) => {
                let mut known = Map::new();
                for properties in self.places(schema, "properties") {
                    known.extend(properties.as_object().unwrap().clone());
                }
                let others = self.places(schema, "additionalProperties");
                for (name, member) in members {
                    let place = format!("{at}.{name}");
                    match known.get(name) {
                        Some(schema) => self.named(schema, member, &place, found),
                        None if others.is_empty() => {
                            found.push(format!("{place} is not described"));
                        }
                        None => {
                            for one in &others {
                                self.named(one, member, &place, found);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// What a schema and the parts that it is put together from say under a keyword.
    fn places<'s>(&'s self, schema: &'s Value, keyword: &str) -> Vec<&'s Value> {
        let schema = self.resolve(schema);
        let mut found: Vec<&Value> = schema.get(keyword).into_iter().collect();
        for parts in ["allOf", "oneOf"] {
            for part in schema.get(parts).and_then(Value::as_array).into_iter().flatten() {
                found.extend(self.places(part, keyword));
            }
        }
        found
    }
}

fn is_of(document: &Value, kind: &str) -> bool {
    match kind {
        "object" => document.is_object(),
        "array" => document.is_array(),
        "string" => document.is_string(),
        "integer" => document.is_i64() || document.is_u64(),
        "number" => document.is_number(),
        "boolean" => document.is_boolean(),
        "null" => document.is_null(),
        other => panic!("there is no type `{other}`"),
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let description = serde_json::json!({"components": {"schemas": {
        "Point": {"type": "object", "required": ["x"], "properties": {
            "x": {"type": "number"}, "unit": {"type": ["string", "null"]},
        }},
    }}});
    let checker = Checker { description: &description };
    let schema = serde_json::json!({"$ref": "#/components/schemas/Point"});
    for (document, wrong) in [
        (serde_json::json!({"x": 1}), 0),
        (serde_json::json!({"x": 1.5, "unit": null}), 0),
        (serde_json::json!({"x": "1"}), 1),
        (serde_json::json!({"unit": "m"}), 1),
        (serde_json::json!({"x": 1, "y": 2}), 1),
        (serde_json::json!({"y": 2, "unit": 3}), 3),
        (serde_json::json!([]), 1),
    ] {
        let found = checker.wrong(&schema, &document);
        assert_eq!(found.len(), wrong, "{document}: {found:?}");
    }
}
