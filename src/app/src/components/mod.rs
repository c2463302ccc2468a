//! Parts that know the product: each folder serves one page or area and is put together from `ui`.

pub mod account;
pub mod activity;
pub mod catalogue;
pub mod chat;
pub mod invitations;
pub mod keys;
pub mod models;
pub mod sidebar;
pub mod spending;
