//! A turn: a question, the answer being written, its journal, and its end. One file per step.
//! It knows frames as numbered texts and never looks inside them.

pub(crate) mod begin;
pub(crate) mod finish;
pub(crate) mod journal;
pub(crate) mod lease;
pub(crate) mod pause;

pub use self::{
    begin::{BeginTurnError, NewTurn, TurnPlace, TurnQuestion},
    finish::FinishedTurn,
    journal::JournalRow,
    lease::{ExpiredTurn, GenerationRecord},
};
