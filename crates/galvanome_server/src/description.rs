//! The API's description: what the handlers say of themselves, and what holds for all of them.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Content, InfoBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

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
        for operation in item.get.iter_mut() {
            complete(operation);
        }
    }
    description
}

/// What every route may answer beside what it was asked for.
const ALWAYS: &[(&str, &str)] = &[
    ("400", "The address cannot be read"),
    ("403", "The request comes from another machine or through a proxy"),
    ("500", "The program failed"),
];

fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, description) in ALWAYS {
        responses
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(Response::new(*description)));
    }
    let unchanged = "The asker has it: the ETag is the one in If-None-Match";
    responses.insert("304".to_owned(), RefOr::T(Response::new(unchanged)));
    for (status, response) in responses.iter_mut() {
        let (RefOr::T(response), true) = (response, status.starts_with(['4', '5'])) else {
            continue;
        };
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        *response = ResponseBuilder::new()
            .description(std::mem::take(&mut response.description))
            .content("application/problem+json", problem)
            .build();
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
    }
}
