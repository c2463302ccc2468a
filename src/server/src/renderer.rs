//! Where pages are rendered: each by one thread from its first to its last byte. Signals take their locks without
//! waiting and count a lock that somebody else holds as a value that is gone, so two threads at work on one page
//! make each other fail. It knows no page.

use std::{
    future::{Future, pending},
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use axum::{
    body::{Body, to_bytes},
    response::IntoResponse,
};
use http::{Response, StatusCode};
use tokio::runtime::{Builder, Handle};

/// Threads that render pages, each one several at a time.
#[derive(Clone)]
pub struct Renderer {
    threads: Arc<[Handle]>,
    next: Arc<AtomicUsize>,
}

impl Renderer {
    /// Starts a thread for each core.
    pub fn start() -> io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads: io::Result<Arc<[Handle]>> = (0..cores).map(|_| start_thread()).collect();
        Ok(Self {
            threads: threads?,
            next: Arc::default(),
        })
    }

    /// Renders the whole page on one thread.
    pub async fn render<F>(&self, page: impl FnOnce() -> F + Send + 'static) -> Response<Body>
    where
        F: Future<Output = Response<Body>> + Send,
    {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.threads.len();
        let rendering = self.threads[turn].spawn(async move {
            let (parts, body) = page().await.into_parts();
            // The body is rendered while it is read.
            to_bytes(body, usize::MAX)
                .await
                .map(|body| Response::from_parts(parts, body.into()))
        });
        match rendering.await {
            Ok(Ok(page)) => page,
            Ok(Err(_)) | Err(_) => failed(),
        }
    }
}

fn start_thread() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("pages".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}

fn failed() -> Response<Body> {
    tracing::error!("a page could not be rendered");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "This page could not be shown. Reload it to try again.\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text(response: Response<Body>) -> (StatusCode, String) {
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_page_and_all_that_it_spawns_stay_on_one_thread() {
        let renderer = Renderer::start().unwrap();
        let page = renderer
            .render(|| async {
                let here = thread::current().id();
                let there = tokio::spawn(async { thread::current().id() }).await.unwrap();
                format!(
                    "{} {}",
                    here == there,
                    thread::current().name().unwrap_or_default()
                )
                .into_response()
            })
            .await;
        assert_eq!(text(page).await, (StatusCode::OK, "true pages".to_owned()));
    }

    #[tokio::test]
    async fn a_page_that_fails_says_so_and_takes_no_other_page_with_it() {
        let renderer = Renderer::start().unwrap();
        for _ in 0..renderer.threads.len() + 1 {
            let page = renderer.render(|| async { panic!("on purpose") }).await;
            assert_eq!(text(page).await.0, StatusCode::INTERNAL_SERVER_ERROR);
            let page = renderer.render(|| async { "fine".into_response() }).await;
            assert_eq!(text(page).await, (StatusCode::OK, "fine".to_owned()));
        }
    }
}
