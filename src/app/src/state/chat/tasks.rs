//! Background work of a view that ends with the view. Without this, a future that the browser runs goes on
//! after its page is gone.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

/// The work that belongs to the view in which this was made.
#[derive(Clone, Copy)]
pub struct Tasks(StoredValue<Arc<Mutex<Vec<AbortHandle>>>>);

impl Tasks {
    /// The tasks of the current owner. What still runs when it goes is dropped.
    pub fn of_this_view() -> Self {
        let handles: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let kept = Arc::clone(&handles);
        on_cleanup(move || {
            for handle in kept.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                handle.abort();
            }
        });
        Self(StoredValue::new(handles))
    }

    /// Runs a future until it is done or the view is gone. Runs nothing when the view is gone already.
    pub fn spawn(self, future: impl Future<Output = ()> + 'static) {
        let Some(handles) = self.0.try_get_value() else {
            return;
        };
        let (future, handle) = abortable(future);
        let mut handles = handles.lock().unwrap_or_else(PoisonError::into_inner);
        handles.retain(|handle| !handle.is_aborted());
        handles.push(handle);
        drop(handles);
        spawn_local(async move {
            // Aborted means that the view is gone: there is nobody left to tell.
            let _ = future.await;
        });
    }
}
