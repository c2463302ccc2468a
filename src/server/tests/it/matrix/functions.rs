//! Every server function × everyone who may ask: the exact status and the exact error.

use std::collections::BTreeSet;

use reqwest::Method;

use super::scene::{COLUMNS, Scene};
use crate::harness::{Place, declared_functions, on_postgres};

const NOBODY: &str = "401 sign_in_needed";
const NOT_THERE: &str = "404 not_found";
const FORBIDDEN: &str = "403 forbidden";
/// An answer that asks nothing.
const BUSY: &str = "409 busy";
const WRONG: &str = "401 wrong_credentials";
/// What is sent is no bundle of keys: the answer to whoever may send one.
const REFUSED: &str = "422 invalid_input";

/// What is somebody else's answers like what does not exist, to administrators too.
/// A name in braces is filled in with a thing of the owner's that is made for that row.
#[rustfmt::skip]
const TABLE: &[(&str, &str, [&str; 4])] = &[
    // function                       arguments                                                    anonymous  other user  owner      administrator
    ("accounts/me",                    "",                                                         ["200",    "200",      "200",     "200"]),
    ("accounts/registration",          "",                                                         ["200",    "200",      "200",     "200"]),
    ("accounts/register",              "email={who}{fresh}@x.org&name=N&password=seven+wooden+boats", ["200", "200",      "200",     "200"]),
    ("accounts/sign_in",               "email=owner@example.org&password=not+the+right+one",       [WRONG,    WRONG,      WRONG,     WRONG]),
    ("accounts/change_password",       "current=not+the+right+one&new=eight+wooden+boats",         [NOBODY,   WRONG,      WRONG,     WRONG]),
    ("accounts/sessions",              "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("accounts/revoke_session",        "session={session}",                                        [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("accounts/revoke_other_sessions", "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("audit/list",                     "everyone=false",                                           [NOBODY,   "200",      "200",     "200"]),
    ("audit/list",                     "everyone=false&kind=key&key={key}&days=7",                 [NOBODY,   "200",      "200",     "200"]),
    ("audit/list",                     "everyone=true",                                            [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("budgets/list",                   "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("budgets/set",                    "key={key}&day=5&month=",                                   [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/conversations",             "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("chat/conversations",             "before={conversation}",                                    [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/conversation",              "id={conversation}",                                        [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/rename",                    "id={conversation}&title=Renamed",                          [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/delete",                    "id={conversation}",                                        [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/send",                      "conversation={conversation}&model={model}&text=hello",     [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/retry",                     "answer={answer}&model={model}",                            [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/attach",                    "message={answer}",                                         [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("chat/choose",                    "message={answer}&option=0",                                [NOBODY,   NOT_THERE,  BUSY,      NOT_THERE]),
    ("chat/stop",                      "message={answer}",                                         [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("fallback/settings",              "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("fallback/set_rule",              "policy=ask",                                               [NOBODY,   "200",      "200",     "200"]),
    ("fallback/terms",                 "",                                                         [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("fallback/set_terms",             "policy=ask&grant=5",                                       [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("invitations/list",               "",                                                         [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("invitations/create",             "",                                                         [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("invitations/revoke",             "invitation={invitation}",                                  [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("keys/list",                      "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("keys/add",                       "provider=openai&key=sk-proj-simvalid-{who}{fresh}",        [NOBODY,   "200",      "200",     "200"]),
    ("keys/inspect",                   "provider=openai&key=sk-proj-simvalid-{who}{fresh}",        [NOBODY,   "200",      "200",     "200"]),
    ("keys/recheck",                   "id={key}",                                                 [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/models",                    "id={key}",                                                 [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/set_active",                "id={key}&is_active=false",                                 [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/rename",                    "id={key}&label=Renamed",                                   [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/reorder",                   "ids[0]={key}",                                             [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/replace",                   "id={key}&key=sk-proj-simvalid-{who}{fresh}",               [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/check_replaced",            "id={replaced}",                                            [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/take_back",                 "id={replaced}",                                            [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("keys/remove",                    "id={key}",                                                 [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("key_life/set",                   "id={key}&life=7d",                                         [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("key_life/longest",               "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("key_life/set_longest",           "longest=1y",                                               [NOBODY,   FORBIDDEN,  FORBIDDEN, "200"]),
    ("keys/make_passphrase",           "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("keys/open_bundle",               "file=x&passphrase=x",                                      [NOBODY,   REFUSED,    REFUSED,   REFUSED]),
    ("keys/inspect_bundle",            "file=x&passphrase=x&numbers[0]=0",                         [NOBODY,   REFUSED,    REFUSED,   REFUSED]),
    ("keys/import_bundle",             "file=x&passphrase=x&choices[0][number]=0&choices[0][step]=add", [NOBODY, REFUSED, REFUSED,  REFUSED]),
    ("models/list",                    "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("models/prefer",                  "model={model}",                                            [NOBODY,   "200",      "200",     "200"]),
    ("notices/list",                   "",                                                         [NOBODY,   "200",      "200",     "200"]),
    ("notices/dismiss",                "notice={notice}",                                          [NOBODY,   NOT_THERE,  "200",     NOT_THERE]),
    ("notices/set_key_age",            "age=year",                                                 [NOBODY,   "200",      "200",     "200"]),
    ("keys/shut_all",                  "remove=false",                                              [NOBODY,   "200",      "200",     "200"]),
    ("accounts/delete",                "password=not+the+right+one",                                [NOBODY,   WRONG,      WRONG,     WRONG]),
    // The last one, since it ends the sessions that the others ask with.
    ("accounts/sign_out",              "",                                                         [NOBODY,   "200",      "200",     "200"]),
];

/// The owner asks last: what the others did must have left the thing in place.
const ORDER: [usize; 4] = [0, 1, 3, 2];

#[test]
fn no_function_is_missing_from_the_table() {
    let in_table: BTreeSet<String> = TABLE
        .iter()
        .map(|(function, ..)| (*function).to_owned())
        .collect();
    let declared: BTreeSet<String> = declared_functions().into_keys().collect();
    assert_eq!(in_table, declared);
}

async fn the_table_holds(place: Place) {
    let server = place.start().await;
    let methods = declared_functions();
    let scene = Scene::new(place, &server.anonymous()).await;
    let mut wrong = Vec::new();
    for (function, arguments, expected) in TABLE {
        let arguments = scene.fill(arguments).await;
        for column in ORDER {
            let person = &scene.people[column];
            let arguments = arguments.replace("{who}", &column.to_string());
            let fields: Vec<(String, String)> = url::form_urlencoded::parse(arguments.as_bytes())
                .into_owned()
                .collect();
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let answer = match methods[*function] {
                Method::GET => person.get(function, &fields).await,
                _ => person.post(function, &fields).await,
            };
            let outcome = answer.outcome();
            if outcome != expected[column] {
                let who = COLUMNS[column];
                wrong.push(format!(
                    "{function}, {who}: {outcome} instead of {}",
                    expected[column]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_table_holds_on_sqlite() {
    the_table_holds(Place::new().await).await;
}

#[tokio::test]
async fn the_table_holds_on_postgres() {
    on_postgres(|url| async move { the_table_holds(Place::new().await.with("DATABASE_URL", url)).await })
        .await;
}
