//! What every test stands on: a folder to serve from, the real program, and people with browsers.

mod actor;
mod answer;
mod functions;
mod place;
mod sealed;
mod seeded;
mod server;
mod stream;
mod tool;

pub use actor::{Actor, MODEL, PASSWORD, own_key};
pub use answer::Answer;
pub use functions::{declared_functions, declared_pages, project_root, source_files};
pub use marshmallow_scratch::on_postgres;
pub use place::Place;
pub use sealed::store_keys;
pub use seeded::Seeded;
pub use server::{Refusal, Server};
pub use stream::Shown;
pub use tool::Ended;
