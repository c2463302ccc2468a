//! How an invitation stands, in a word and a tone. Pure: the present moment comes in.

use marshmallow_core::{InvitationSummary, Millis};

use crate::ui::Tone;

/// Word and tone. Before the browser's clock is known, an unused invitation counts as open.
pub(super) fn standing(invitation: &InvitationSummary, now: Option<Millis>) -> (Tone, &'static str) {
    match now {
        _ if invitation.used_at.is_some() => (Tone::Neutral, "Used"),
        Some(now) if now >= invitation.expires_at => (Tone::Neutral, "Expired"),
        _ => (Tone::Good, "Open"),
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{InvitationId, Random};

    use super::*;

    struct Zero;
    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn an_invitation_is_open_until_used_or_over() {
        let mut invitation = InvitationSummary {
            id: InvitationId::make(Millis(1), &Zero),
            created_at: Millis(1),
            expires_at: Millis(100),
            used_at: None,
        };
        assert_eq!(standing(&invitation, None).1, "Open");
        assert_eq!(standing(&invitation, Some(Millis(99))).1, "Open");
        assert_eq!(standing(&invitation, Some(Millis(100))).1, "Expired");
        invitation.used_at = Some(Millis(50));
        assert_eq!(standing(&invitation, Some(Millis(500))).1, "Used");
    }
}
