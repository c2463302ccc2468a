//! A SQL text as the store keeps it: constant, named, written once for both databases.
//! It refuses dialects: `$1` parameters, `CAST` where a type must be said, nothing that only one side knows.

/// One statement.
pub(crate) struct Sql {
    /// The table that it is about, for error messages.
    pub(crate) table: &'static str,
    /// The text.
    pub(crate) text: &'static str,
    /// The highest parameter number. SQLite takes a parameter that nobody bound for NULL, so it is counted.
    pub(crate) parameters: usize,
}

impl Sql {
    /// A statement about `table`.
    pub(crate) const fn new(table: &'static str, text: &'static str) -> Self {
        Self {
            table,
            text,
            parameters: highest_parameter(text.as_bytes()),
        }
    }
}

const fn highest_parameter(text: &[u8]) -> usize {
    let mut highest = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'$' {
            let mut number = 0;
            while at + 1 < text.len() && text[at + 1].is_ascii_digit() {
                number = number * 10 + (text[at + 1] - b'0') as usize;
                at += 1;
            }
            if number > highest {
                highest = number;
            }
        }
        at += 1;
    }
    highest
}

/// Declares the statements of a module, and for the tests the list `ALL` of them: what is not declared here
/// cannot be run, so no statement escapes the test that prepares every one of them on both databases.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident on $table:literal = $text:expr;)+) => {
        $($(#[$doc])* const $name: $crate::db::Sql = $crate::db::Sql::new($table, $text);)+

        #[cfg(test)]
        pub(crate) const ALL: &[&$crate::db::Sql] = &[$(&$name),+];
    };
}
pub(crate) use statements;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_by_their_highest_number() {
        assert_eq!(Sql::new("t", "SELECT 1").parameters, 0);
        assert_eq!(Sql::new("t", "SELECT $2, $1, $2").parameters, 2);
        assert_eq!(Sql::new("t", "VALUES ($9,$10)").parameters, 10);
    }
}
