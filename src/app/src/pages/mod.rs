//! The pages, one file for each address.

pub mod chat;
pub mod lazy;
pub mod not_found;
pub mod register;
pub mod settings;
pub mod sign_in;
