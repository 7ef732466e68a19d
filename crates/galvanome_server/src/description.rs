//! The API's description: what the handlers say of themselves, and what holds for all of them.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Content, Header, InfoBuilder, OpenApi, Ref, RefOr, Response};

use crate::routes;

/// The API's description, OpenAPI 3.1.
pub fn openapi() -> OpenApi {
    let (_, mut description, _) = routes::all();
    description.info = InfoBuilder::new()
        .title("Galvanome")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Campaigns, metaviews, pixels, techniques. Every document carries `schema`; lists come by cursor; errors are RFC 9457 problems; every answer has an ETag.",
        ))
        .build();
    for item in description.paths.paths.values_mut() {
        if let Some(operation) = &mut item.get {
            complete(operation, &READING);
        }
        let others = [&mut item.post, &mut item.patch, &mut item.delete];
        for operation in others.into_iter().flatten() {
            complete(operation, &WRITING);
        }
    }
    description
}

/// What every route that reads may answer beside what it was asked for.
const READING: [&str; 4] = ["304", "400", "403", "500"];

/// What every route that changes something may.
const WRITING: [&str; 3] = ["400", "403", "500"];

fn said(status: &str) -> &'static str {
    match status {
        "304" => "The asker has it: the ETag is one of those in If-None-Match",
        "400" => "The address cannot be read",
        "403" => {
            "The request comes from another machine, through a proxy, or to change something from a page of another server"
        }
        "404" => "There is no such thing",
        "409" => "The campaign has changed since the page that gave the cursor",
        "413" => "The file is larger than what is taken, or than was said",
        "422" => "The bytes that arrived are not those that were sent; nothing is kept",
        "423" => "Another request is sending",
        "503" => "The file is being read; ask again in a moment",
        "507" => "The disk is full; what has arrived is kept",
        "500" => "The program failed",
        _ => "What was asked for",
    }
}

fn complete(operation: &mut Operation, always: &[&str]) {
    let reads = always.contains(&"304");
    let responses = &mut operation.responses.responses;
    for status in always {
        responses.entry((*status).to_owned()).or_insert_with(|| RefOr::T(Response::default()));
    }
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            said(status).clone_into(&mut response.description);
        }
        if status.starts_with(['4', '5']) {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let problem = ("application/problem+json".to_owned(), RefOr::T(problem));
            response.content = [problem].into();
        } else if reads {
            let mut tag = Header::default();
            tag.description = Some("Another one when the answer is another one".to_owned());
            response.headers.insert("ETag".to_owned(), RefOr::T(tag));
        }
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            never_null(parameter);
        }
    }
}

/// What stands behind the question mark may be left out, but there is no way to write null there.
fn never_null(parameter: &mut Parameter) {
    if parameter.parameter_in != ParameterIn::Query {
        return;
    }
    if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && let SchemaType::Array(types) = &object.schema_type
        && let Some(one) = types.iter().find(|one| **one != Type::Null)
    {
        object.schema_type = SchemaType::Type(one.clone());
        object.format = None;
    }
}
