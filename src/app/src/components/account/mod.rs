//! Parts for signing in, registering and the account tab.

mod appearance;
mod delete_account;
mod device;
mod failure;
mod frame;
mod password;
mod sessions;

pub use appearance::Appearance;
pub use delete_account::DeleteAccountForm;
pub use failure::Failure;
pub use frame::EntranceFrame;
pub use password::PasswordForm;
pub use sessions::Sessions;
