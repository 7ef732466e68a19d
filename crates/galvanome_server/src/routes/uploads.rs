//! Uploads: begun, sent piece by piece from wherever they broke off, ended with a checksum.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use galvanome::upload::{self, Begun, Finished};
use galvanome_model::ids::CampaignId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::campaign_id;
use crate::asked::{Path, Sent};
use crate::pages::address;
use crate::problem::Trouble;
use crate::reply::{Ready, send};
use crate::state::App;
use crate::wire::{self, EndUpload, NewUpload, UploadOut};

/// An upload by its address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfUpload {
    /// The campaign's id
    campaign: String,
    /// The upload's id
    upload: String,
}

impl OfUpload {
    fn campaign(&self) -> Result<CampaignId, Trouble> {
        campaign_id(&self.campaign)
    }
}

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

fn told(status: StatusCode, out: &UploadOut) -> Response {
    let mut response = (status, axum::Json(out)).into_response();
    let kept = response.headers_mut();
    kept.insert(OFFSET, HeaderValue::from(out.offset));
    kept.insert(LENGTH, HeaderValue::from(out.bytes));
    kept.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Begins an upload. The answer says where it lies; a file that is held already for the same experiment and samples is told by
/// its dataset, and nothing is to be sent.
#[utoipa::path(
    post, operation_id = "begin_upload", tag = "uploads",
    path = "/api/v1/campaigns/{campaign}/uploads",
    params(("campaign" = String, Path, description = "The campaign's id")),
    request_body = NewUpload,
    responses(
        (status = 200, description = "The file is held already", body = UploadOut),
        (status = 201, description = "Its bytes may be sent to the address in `Location`", body = UploadOut),
        (status = 404, body = wire::Problem),
        (status = 413, body = wire::Problem),
        (status = 507, body = wire::Problem),
    ),
)]
pub(super) async fn begin(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Sent(new): Sent<NewUpload>,
) -> Result<Response, Trouble> {
    let id = campaign_id(&campaign)?;
    let bytes = new.bytes;
    match upload::begin(&app.galvanome, &id, new.into(), &app.actor()).await? {
        Begun::Held(dataset) => {
            let href = address::dataset(&id, &dataset);
            let done = Finished { dataset, was_held: true, same: Vec::new() };
            Ok(told(StatusCode::OK, &UploadOut::done(&done, bytes, href)))
        }
        Begun::Open(upload) => {
            let mut response = told(StatusCode::CREATED, &UploadOut::open(&upload));
            let place = format!("/api/v1/campaigns/{id}/uploads/{}", upload.id);
            if let Ok(place) = HeaderValue::from_str(&place) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            Ok(response)
        }
    }
}

/// How far an upload is: in the body, and in `Upload-Offset` and `Upload-Length`, so that HEAD does.
#[utoipa::path(
    get, operation_id = "show_upload", tag = "uploads",
    path = "/api/v1/campaigns/{campaign}/uploads/{upload}",
    params(OfUpload),
    responses((status = 200, body = UploadOut), (status = 404, body = wire::Problem)),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(of): Path<OfUpload>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let found = upload::find(&app.galvanome, &of.campaign()?, &of.upload, &app.actor())?;
    let out = UploadOut::open(&found);
    let mut response = send(&Ready::json(&out), &headers);
    response.headers_mut().insert(OFFSET, HeaderValue::from(out.offset));
    response.headers_mut().insert(LENGTH, HeaderValue::from(out.bytes));
    Ok(response)
}

/// Sends a piece of an upload. `Upload-Offset` says where it begins, which must be where the last one ended; what has
/// arrived when the connection breaks is kept.
#[utoipa::path(
    patch, operation_id = "send_piece", tag = "uploads",
    path = "/api/v1/campaigns/{campaign}/uploads/{upload}",
    params(
        OfUpload,
        ("upload-offset" = u64, Header, description = "Where the piece begins"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "It has arrived; `Upload-Offset` says how many bytes there are now"),
        (status = 404, body = wire::Problem),
        (status = 409, description = "The piece begins elsewhere; `Upload-Offset` says where it should", body = wire::Problem),
        (status = 413, body = wire::Problem),
        (status = 423, body = wire::Problem),
        (status = 507, body = wire::Problem),
    ),
)]
pub(super) async fn piece(
    State(app): State<App>,
    Path(of): Path<OfUpload>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Trouble> {
    let id = of.campaign()?;
    let offset = headers.get(OFFSET).and_then(|value| value.to_str().ok()?.parse().ok());
    let Some(offset) = offset else {
        return Err(Trouble::bad_request(
            "the header `Upload-Offset` must say at which byte the piece begins",
        ));
    };
    let mut appending = match upload::append(&app.galvanome, &id, &of.upload, offset, &app.actor())
    {
        Ok(appending) => appending,
        Err(galvanome::Error::Upload(upload::Refused::Offset { at, given })) => {
            let refused = galvanome::Error::Upload(upload::Refused::Offset { at, given });
            let mut response = Trouble::from(refused).into_response();
            response.headers_mut().insert(OFFSET, HeaderValue::from(at));
            return Ok(response);
        }
        Err(error) => return Err(error.into()),
    };
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        // A connection that breaks: what has arrived stays, and is told when somebody asks.
        let Ok(piece) = piece else { break };
        appending.add(&piece).await?;
    }
    let at = appending.end().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(OFFSET, HeaderValue::from(at));
    Ok(response)
}

/// Ends an upload: the whole is checked, kept and made a dataset, which is then read and analysed in the background.
#[utoipa::path(
    post, operation_id = "end_upload", tag = "uploads",
    path = "/api/v1/campaigns/{campaign}/uploads/{upload}",
    params(OfUpload),
    request_body = EndUpload,
    responses(
        (status = 201, description = "It is a dataset now, or was one already", body = UploadOut),
        (status = 404, body = wire::Problem),
        (status = 409, description = "Not all of it has arrived", body = wire::Problem),
        (status = 422, body = wire::Problem),
        (status = 507, body = wire::Problem),
    ),
)]
pub(super) async fn end(
    State(app): State<App>,
    Path(of): Path<OfUpload>,
    Sent(end): Sent<EndUpload>,
) -> Result<Response, Trouble> {
    let id = of.campaign()?;
    let actor = app.actor();
    let bytes = upload::find(&app.galvanome, &id, &of.upload, &actor)?.new.bytes;
    let done =
        upload::finish(&app.galvanome, &id, &of.upload, end.sha256.as_deref(), &actor).await?;
    let href = address::dataset(&id, &done.dataset);
    Ok(told(StatusCode::CREATED, &UploadOut::done(&done, bytes, href)))
}

/// Gives an upload up: what has arrived is removed.
#[utoipa::path(
    delete, operation_id = "give_up_upload", tag = "uploads",
    path = "/api/v1/campaigns/{campaign}/uploads/{upload}",
    params(OfUpload),
    responses((status = 204, description = "It is gone"), (status = 404, body = wire::Problem)),
)]
pub(super) async fn give_up(
    State(app): State<App>,
    Path(of): Path<OfUpload>,
) -> Result<Response, Trouble> {
    upload::give_up(&app.galvanome, &of.campaign()?, &of.upload, &app.actor())?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
