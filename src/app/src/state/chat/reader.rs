//! Reads an answer's stream to its end, and takes it up again whenever the network lets go of it.
//! It refuses to know what frames mean; it asks whoever listens where to go on.

use std::pin::pin;

use futures::{
    StreamExt,
    future::{Either, select},
};
use leptos::server_fn::codec::ByteStream;
use marshmallow_core::{ConversationId, ErrorCode, Frame, FrameReader, MessageId, ModelId, PublicError};

use super::{
    backoff::{SILENCE, may_pass, pause_before},
    timer::pause,
};
use crate::api::{self, ApiError};

/// A call that answers with a stream.
#[derive(Debug, Clone)]
pub enum Call {
    /// A new message.
    Send {
        /// The conversation; none begins a new one.
        conversation: Option<ConversationId>,
        /// The model.
        model: ModelId,
        /// The message.
        text: String,
    },
    /// Another answer to the same question.
    Retry {
        /// The answer that is there.
        answer: MessageId,
        /// The model.
        model: ModelId,
    },
    /// An answer that runs already.
    Attach {
        /// The answer.
        message: MessageId,
        /// The last frame that is known.
        after: Option<u32>,
    },
}

/// Whoever the frames are for.
pub trait Listener {
    /// Takes a frame; true when it was the last one.
    fn hear(&self, frame: Frame) -> bool;
    /// The answer that runs and the last frame known of it; none when none has begun.
    fn resume_point(&self) -> Option<(MessageId, Option<u32>)>;
    /// The connection is gone and will be taken up again.
    fn lost(&self);
}

/// How one connection ended.
enum End {
    /// With the last frame.
    Done,
    /// Before it; `heard` tells whether any frame came.
    Lost { heard: bool },
    /// The server said no.
    Refused(PublicError),
}

/// Reads `call` to the last frame of its answer.
///
/// # Errors
/// The server's refusal, when trying again would not help, or when no answer had begun.
pub async fn follow(mut call: Call, listener: &impl Listener) -> Result<(), PublicError> {
    let mut attempt = 0;
    loop {
        let is_new = !matches!(call, Call::Attach { .. });
        match read(call, listener).await {
            End::Done => return Ok(()),
            End::Refused(error) if is_new || !may_pass(&error) => return Err(error),
            End::Lost { heard: true } => attempt = 0,
            End::Lost { heard: false } | End::Refused(_) => {}
        }
        let Some((message, after)) = listener.resume_point() else {
            return Err(PublicError::new(
                ErrorCode::Connection,
                "The connection broke before the server confirmed your message.",
                "It may have arrived: look into the list of conversations before you send it again.",
            ));
        };
        listener.lost();
        pause(pause_before(attempt)).await;
        attempt += 1;
        call = Call::Attach { message, after };
    }
}

/// Reads one connection until it ends or falls silent.
async fn read(call: Call, listener: &impl Listener) -> End {
    let mut stream = match open(call).await {
        Ok(stream) => pin!(stream.into_inner()),
        Err(ApiError(error)) => return End::Refused(error),
    };
    let mut reader = FrameReader::default();
    let mut heard = false;
    loop {
        match select(stream.next(), pause(SILENCE)).await {
            Either::Left((Some(Ok(chunk)), _)) => {
                for frame in reader.push(&chunk) {
                    heard = true;
                    if listener.hear(frame) {
                        return End::Done;
                    }
                }
            }
            Either::Left((Some(Err(_)) | None, _)) | Either::Right(_) => return End::Lost { heard },
        }
    }
}

async fn open(call: Call) -> Result<ByteStream<ApiError>, ApiError> {
    match call {
        Call::Send {
            conversation,
            model,
            text,
        } => api::chat::send(conversation, model, text).await,
        Call::Retry { answer, model } => api::chat::retry(answer, model).await,
        Call::Attach { message, after } => api::chat::attach(message, after).await,
    }
}
