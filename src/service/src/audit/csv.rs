//! Entries as CSV (RFC 4180), for spreadsheets. It refuses to let a cell become a formula there: a label such as
//! `=HYPERLINK(…)` is somebody else's text by the time an administrator opens the file.

use marshmallow_core::{AuditAction, AuditLine, Calendar};

/// The first line.
pub const HEADER: &str =
    "time,chain,number,person,action,what,subject,provider,label,last_four,credential,model,said,address\r\n";

/// One entry as a line.
pub fn row(line: &AuditLine) -> String {
    let detail = &line.detail;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let cells = [
        Calendar::of(line.cursor.at).iso(),
        line.cursor.chain.clone(),
        line.cursor.seq.to_string(),
        text(&line.person),
        line.action.clone(),
        AuditAction::from_slug(&line.action).map_or(String::new(), |action| action.title().to_owned()),
        text(&line.subject),
        detail
            .provider
            .map_or(String::new(), |provider| provider.to_string()),
        text(&detail.label),
        text(&detail.last_four),
        detail
            .credential
            .map_or(String::new(), |kind| kind.slug().to_owned()),
        detail.model.as_ref().map_or(String::new(), ToString::to_string),
        text(&detail.said),
        text(&detail.address),
    ];
    cells.map(|text| cell(&text)).join(",") + "\r\n"
}

/// A quoted cell. What a spreadsheet would take for the beginning of a formula gets an apostrophe before it
/// (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        || text.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{AuditCursor, AuditDetail, Millis, Provider};

    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_out() {
        for (text, expected) in [
            ("Work", "\"Work\""),
            ("=1+1", "\"'=1+1\""),
            ("  @SUM(A1)", "\"'  @SUM(A1)\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("\t=1", "\"'\t=1\""),
            ("＝1", "\"'＝1\""),
            ("a\",\"=1", "\"a\"\",\"\"=1\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_has_as_many_cells_as_the_header() {
        let line = AuditLine {
            cursor: AuditCursor {
                at: Millis(1_800_000_000_000),
                seq: 3,
                chain: "installation".into(),
            },
            action: "key.add".into(),
            subject: None,
            detail: AuditDetail {
                provider: Some(Provider::OpenAi),
                label: Some("=Work".into()),
                ..AuditDetail::saying("valid")
            },
            person: None,
        };
        let row = row(&line);
        assert_eq!(row.matches("\",\"").count(), HEADER.matches(',').count());
        assert!(
            row.starts_with("\"2027-01-15T08:00:00Z\",\"installation\",\"3\",\"\",\"key.add\",\"Key added\"")
        );
        assert!(row.contains("\"'=Work\"") && row.ends_with("\r\n"));
    }
}
