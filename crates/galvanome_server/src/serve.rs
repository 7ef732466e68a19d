//! Listening, headers that every answer carries, and stopping cleanly.

use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::Response;
use galvanome::{Error, Galvanome, ServerLock};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::problem::Trouble;
use crate::state::App;
use crate::worker;

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    galvanome: Arc<Galvanome>,
    _lock: ServerLock,
}

/// Takes the data folder and the address. Errors when either is taken, or when the address is not this
/// machine's own: there is no login yet.
pub async fn bind(galvanome: Arc<Galvanome>, listen: SocketAddr) -> Result<Server, Error> {
    if !listen.ip().is_loopback() {
        return Err(Error::Wrong(format!(
            "this version has no login yet and serves only its own machine: listen on 127.0.0.1:{}, not on {listen}",
            listen.port()
        )));
    }
    let lock = galvanome.lock_server()?;
    let in_use = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::Wrong(format!(
            "port {} is taken by another program; choose another with --listen, or port 0 for any free one",
            listen.port()
        )),
        _ => Error::Wrong(format!("cannot listen on {listen}: {error}")),
    };
    let listener = TcpListener::bind(listen).await.map_err(in_use)?;
    let address = listener.local_addr().map_err(in_use)?;
    Ok(Server { listener, address, galvanome, _lock: lock })
}

impl Server {
    /// The address as a browser takes it.
    pub fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers requests and works through the job table until `stop` completes. Then open requests and the job at
    /// hand have three seconds to finish; a job that does not is done again later.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let (halt, halted) = watch::channel(false);
        let mut working = tokio::spawn(worker::run(Arc::clone(&self.galvanome), halted.clone()));
        let router = crate::router(App::new(Arc::clone(&self.galvanome)));
        let told = halt.clone();
        let serving = axum::serve(self.listener, router).with_graceful_shutdown(async move {
            stop.await;
            let _ = told.send(true);
        });
        let mut late = pin!(grace_is_over(halted));
        let (served, in_time) = tokio::select! {
            served = serving.into_future() => (served, true),
            () = &mut late => (Ok(()), false),
        };
        let _ = halt.send(true);
        if in_time {
            tokio::select! {
                worked = &mut working => if let Err(error) = worked {
                    tracing::error!("the background worker stopped: {error}");
                },
                () = &mut late => {}
            }
        }
        if !working.is_finished() {
            tracing::warn!("the job at hand is left and done again later");
            working.abort();
        }
        if tokio::time::timeout(CLOSING, self.galvanome.close()).await.is_err() {
            tracing::warn!("the database was still busy when the server stopped");
        }
        served.map_err(|error| Error::Wrong(format!("the server stopped: {error}")))
    }
}

/// How long open requests and the job at hand may take to finish.
const GRACE: Duration = Duration::from_secs(3);

/// How long the database may take to close.
const CLOSING: Duration = Duration::from_secs(1);

async fn grace_is_over(mut halted: watch::Receiver<bool>) {
    let _ = halted.wait_for(|halted| *halted).await;
    tokio::time::sleep(GRACE).await;
}

/// Scripts, styles and pictures come from this server and nowhere else.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const FIXED: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

pub(crate) fn dressed(router: Router<App>) -> Router<App> {
    router.fallback(nothing).method_not_allowed_fallback(not_so).layer(middleware::from_fn(dress))
}

async fn dress(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in FIXED {
        let name = HeaderName::from_static(name);
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn nothing(request: Request) -> Response {
    Trouble::not_found(format!("there is no page at {}", request.uri().path()))
        .into_answer(request.headers())
}

async fn not_so(request: Request) -> Response {
    Trouble::not_so(format!(
        "{} cannot be asked for with {}",
        request.uri().path(),
        request.method()
    ))
    .into_answer(request.headers())
}
