//! What is somebody else's looks like what does not exist, whatever is asked of it, and is unchanged afterwards.

use marshmallow_core::{
    ConversationId, ErrorCode, KeyId, KeyLife, MessageId, Millis, Provider, PublicError, UserId,
};
use marshmallow_service::ServiceError;

use crate::harness::{Server, TestRandom, World, model, on_both, refusal};

on_both!(every_id_of_another_person_is_not_found, lists_hold_ones_own_only);

/// An owner with a conversation and a key, and another person with a key of their own.
async fn two_people(server: &Server) -> (UserId, UserId, KeyId, ConversationId, MessageId) {
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    let key = server.key(ada, Provider::OpenAi, "simvalid").await.id;
    server.key(ben, Provider::OpenAi, "simvalid").await;
    let answer = server
        .ask(ada, model(Provider::OpenAi), "Hello #sim delay=0 words=5")
        .await;
    (ada, ben, key, answer.conversation(), answer.message())
}

async fn every_id_of_another_person_is_not_found(world: World) {
    let server = world.server().await;
    let (ada, ben, key, conversation, message) = two_people(&server).await;
    let no_key = KeyId::make(Millis(0), &TestRandom);
    let (no_conversation, no_message) = (
        ConversationId::make(Millis(0), &TestRandom),
        MessageId::make(Millis(0), &TestRandom),
    );
    let before = server.chat.conversation(ada, conversation).await.unwrap();
    let summary = server.keys_of(ada).await;
    let sent = world.chats().len();

    let theirs = tries(&server, ben, key, conversation, message).await;
    let nobodys = tries(&server, ben, no_key, no_conversation, no_message).await;
    for (number, error) in theirs.iter().enumerate() {
        assert_eq!(error.code, ErrorCode::NotFound, "try {number}: {error}");
    }
    assert_eq!(theirs, nobodys);
    assert_eq!(server.chat.conversation(ada, conversation).await.unwrap(), before);
    assert_eq!(server.keys_of(ada).await, summary);
    assert_eq!(world.chats().len(), sent);
}

/// Every method that takes the id of something.
async fn tries(
    server: &Server,
    user: UserId,
    key: KeyId,
    conversation: ConversationId,
    message: MessageId,
) -> Vec<PublicError> {
    let name = model(Provider::OpenAi);
    let outcomes: Vec<Result<(), ServiceError>> = vec![
        server.keys.recheck(user, key).await.map(drop),
        server.keys.set_active(user, key, false).await.map(drop),
        server.keys.set_life(user, key, KeyLife::Never).await.map(drop),
        server.keys.remove(user, key).await,
        server.chat.conversation(user, conversation).await.map(drop),
        server
            .chat
            .conversations(user, Some(conversation))
            .await
            .map(drop),
        server.chat.rename(user, conversation, "Mine now").await,
        server.chat.delete(user, conversation).await,
        server
            .send(user, Some(conversation), name, "Hello")
            .await
            .map(drop),
        server
            .chat
            .retry(user, message, name.parse().unwrap())
            .await
            .map(drop),
        server.chat.attach(user, message, None).await.map(drop),
        server.chat.stop(user, message).await,
    ];
    outcomes.into_iter().map(refusal).collect()
}

async fn lists_hold_ones_own_only(world: World) {
    let server = world.server().await;
    let (ada, ben, key, ..) = two_people(&server).await;
    assert!(server.keys_of(ben).await.iter().all(|found| found.id != key));
    assert!(
        server
            .chat
            .conversations(ben, None)
            .await
            .unwrap()
            .conversations
            .is_empty()
    );
    assert_eq!(
        server
            .chat
            .conversations(ada, None)
            .await
            .unwrap()
            .conversations
            .len(),
        1
    );
    assert!(
        server
            .audit(ben)
            .await
            .iter()
            .all(|entry| entry.subject != Some(key.to_string()))
    );
    let own: Vec<_> = server
        .keys_of(ben)
        .await
        .into_iter()
        .map(|key| Some(key.id))
        .collect();
    let choices = server.models.selection(ben).await.unwrap().choices;
    let served: Vec<_> = choices
        .into_iter()
        .filter_map(|choice| choice.credential)
        .collect();
    assert!(!served.is_empty() && served.iter().all(|credential| own.contains(&credential.key)));
}
