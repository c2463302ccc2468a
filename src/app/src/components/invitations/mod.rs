//! Parts of the Invitations tab, which administrators see.

mod fresh_link;
mod invitations_tab;
mod state;

pub use invitations_tab::InvitationsTab;
