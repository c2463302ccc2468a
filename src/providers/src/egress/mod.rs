//! Decides which addresses may be reached, on the address that is really connected to.
//! A name is judged by what it resolves to at that moment, so changing an answer of the DNS after a check
//! gains nothing.

mod address;
mod policy;
mod resolver;

pub use policy::EgressPolicy;
pub(crate) use policy::Route;
pub(crate) use resolver::{AddressRefused, PublicOnly};
