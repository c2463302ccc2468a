//! Pauses of the browser as futures. A pause that is dropped leaves no timer behind.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures::channel::oneshot;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};

/// A pause that ends by itself, or when it is dropped.
pub struct Pause {
    ends: oneshot::Receiver<()>,
    timer: Option<TimeoutHandle>,
}

/// A pause of `length`. Where the browser gives no timer, it ends at once.
pub fn pause(length: Duration) -> Pause {
    let (end, ends) = oneshot::channel();
    let timer = set_timeout_with_handle(move || drop(end), length).ok();
    Pause { ends, timer }
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // The sender is dropped, never used: its end is the signal.
        Pin::new(&mut self.ends).poll(context).map(|_| ())
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}
