//! An entry in words and with an icon. Pure.

use marshmallow_core::{AuditAction, AuditDetail, AuditKind, CredentialKind, Diagnosis};

use crate::ui::IconName;

/// What was done. An action of another version keeps its slug.
pub(super) fn title(action: &str) -> String {
    AuditAction::from_slug(action).map_or_else(|| action.to_owned(), |action| action.title().to_owned())
}

/// The icon of what was done.
pub(super) fn icon(action: &str) -> IconName {
    match AuditAction::from_slug(action) {
        Some(AuditAction::KeyRemoved) => IconName::Trash,
        Some(
            AuditAction::KeyRefused
            | AuditAction::KeyExportRefused
            | AuditAction::KeyDidNotOpen
            | AuditAction::KeyFailedInChat
            | AuditAction::KeyFoundAlive
            | AuditAction::KeyExpired
            | AuditAction::KeyUseFailed
            | AuditAction::SignInFailed,
        ) => IconName::Alert,
        Some(AuditAction::KeyFellBack) => IconName::Route,
        Some(AuditAction::KeyFoundDead) => IconName::Good,
        _ => match AuditKind::of(action) {
            Some(AuditKind::Key) => IconName::Key,
            Some(AuditKind::Use) => IconName::Message,
            Some(AuditKind::Rule) => IconName::Settings,
            Some(AuditKind::Account) => IconName::User,
            Some(AuditKind::Root) => IconName::Lock,
            Some(AuditKind::Audit) | None => IconName::Shield,
        },
    }
}

/// What else there is to say, in short pieces: the outcome, the model, whose credential, from where.
pub(super) fn pieces(detail: &AuditDetail) -> Vec<String> {
    let said = detail.said.as_ref().map(|said| {
        said.parse::<Diagnosis>()
            .map_or_else(|()| said.clone(), |diagnosis| diagnosis.title().to_owned())
    });
    let credential = detail
        .credential
        .filter(|kind| *kind != CredentialKind::Own)
        .map(|kind| kind.title().to_owned());
    let model = detail.model.as_ref().map(ToString::to_string);
    let address = detail.address.as_ref().map(|address| format!("from {address}"));
    [said, model, credential, address].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_words() {
        assert_eq!(title("key.add"), "Key added");
        assert_eq!(title("teapot.boil"), "teapot.boil");
        assert_eq!(icon("teapot.boil"), IconName::Shield);
        assert_eq!(icon("key.remove"), IconName::Trash);
        assert_eq!(icon("use.answer"), IconName::Message);
    }

    #[test]
    fn what_was_said_is_told_in_the_words_of_the_diagnosis() {
        let detail = AuditDetail {
            credential: Some(CredentialKind::Platform),
            model: "openai/gpt-5".parse().ok(),
            address: Some("192.0.2.1".into()),
            ..AuditDetail::saying("no_credit")
        };
        assert_eq!(
            pieces(&detail),
            ["No credit", "openai/gpt-5", "Platform", "from 192.0.2.1"]
        );
        assert_eq!(pieces(&AuditDetail::saying("complete")), ["complete"]);
        assert!(pieces(&AuditDetail::default()).is_empty());
    }
}
