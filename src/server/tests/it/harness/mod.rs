//! What every test stands on: a folder to serve from, the real program, and people with browsers.

mod actor;
mod answer;
mod functions;
mod place;
mod postgres;
mod seeded;
mod server;
mod stream;

pub use actor::{Actor, MODEL, PASSWORD, own_key};
pub use answer::Answer;
pub use functions::{declared_functions, declared_pages, project_root, source_files};
pub use place::Place;
pub use postgres::on_postgres;
pub use seeded::Seeded;
pub use server::{Refusal, Server};
pub use stream::Shown;
