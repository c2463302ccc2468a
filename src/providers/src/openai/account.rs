//! What two compatible providers tell of a key beyond their lists of models, free of charge: xAI what is
//! switched off (<https://docs.x.ai/docs/api-reference>), DeepSeek whether the balance suffices
//! (<https://api-docs.deepseek.com/api/get-user-balance>). Recognised by their hosts, as both are endpoints
//! that people enter by address.

use marshmallow_core::Diagnosis;
use serde_json::Value;
use url::Url;

use crate::{
    account::Account,
    amount::nano_dollars,
    call::{BadBase, Call, KeyHeader, join},
};

/// The call for a key's account; none where the host is not known to have one.
pub(crate) fn account(base: &str) -> Option<Result<Call, BadBase>> {
    let mut url = Url::parse(base).ok()?;
    let call = |url: Result<Url, BadBase>| {
        Some(url.map(|url| Call {
            url,
            key_header: KeyHeader::Bearer,
            headers: &[],
            body: None,
        }))
    };
    match url.host_str()? {
        "api.x.ai" => call(join(base, &["api-key"])),
        "api.deepseek.com" => {
            url.set_path("");
            call(join(url.as_str(), &["user", "balance"]))
        }
        _ => None,
    }
}

/// What the account says of the key; none if it is no account.
pub(crate) fn read_account(body: &Value) -> Option<Account> {
    let is = |name: &str| body[name] == true;
    if let Some(is_available) = body["is_available"].as_bool() {
        let diagnosis = if is_available {
            Diagnosis::Valid
        } else {
            Diagnosis::NoCredit
        };
        return Some(Account {
            diagnosis,
            credit_left: dollars_left(&body["balance_infos"]),
        });
    }
    body.get("api_key_blocked")?;
    let diagnosis = if is("team_blocked") {
        Diagnosis::ProjectMissing
    } else if is("api_key_blocked") || is("api_key_disabled") {
        Diagnosis::ScopeMissing
    } else {
        Diagnosis::Valid
    };
    Some(Account {
        diagnosis,
        credit_left: None,
    })
}

/// What is left in dollars. Another currency is not converted: beside it, a sum of dollars would be too low.
fn dollars_left(balances: &Value) -> Option<i64> {
    let [balance] = balances.as_array()?.as_slice() else {
        return None;
    };
    let dollars = balance["total_balance"].as_str()?.parse::<f64>().ok()?;
    (balance["currency"] == "USD")
        .then(|| nano_dollars(dollars.max(0.0)))
        .flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_balance_in_dollars_tells_what_is_left() {
        let balance = |currency: &str, left: &str| json!({"currency": currency, "total_balance": left});
        let cases = [
            (true, json!([balance("USD", "12.50")]), Some(12_500_000_000)),
            (false, json!([balance("USD", "-0.01")]), Some(0)),
            (true, json!([balance("CNY", "110.00")]), None),
            (
                true,
                json!([balance("CNY", "110.00"), balance("USD", "1.00")]),
                None,
            ),
            (true, json!([]), None),
            (true, Value::Null, None),
        ];
        for (is_available, infos, credit_left) in cases {
            let diagnosis = if is_available {
                Diagnosis::Valid
            } else {
                Diagnosis::NoCredit
            };
            let body = json!({"is_available": is_available, "balance_infos": infos});
            let account = Account {
                diagnosis,
                credit_left,
            };
            assert_eq!(read_account(&body), Some(account), "{body}");
        }
    }

    #[test]
    fn only_known_hosts_are_asked_for_an_account() {
        let url = |base| account(base).map(|call| call.unwrap().url.to_string());
        assert_eq!(
            url("https://api.x.ai/v1").as_deref(),
            Some("https://api.x.ai/v1/api-key")
        );
        for base in ["https://api.deepseek.com", "https://api.deepseek.com/v1"] {
            assert_eq!(
                url(base).as_deref(),
                Some("https://api.deepseek.com/user/balance")
            );
        }
        for base in ["https://api.x.ai.example.org/v1", "http://localhost:11434/v1"] {
            assert_eq!(url(base), None);
        }
    }
}
