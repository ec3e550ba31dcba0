//! Both servers, and their answers in a form that compares.
//!
//! Ids, receipts and instants are each server's own; everything else must be equal.

use std::collections::BTreeMap;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use crate::ministack::Ministack;
use crate::support::{QueueRig, sdk_config};

/// One server's client and the addresses of its two queues.
pub(crate) struct Side {
    pub(crate) client: Client,
    pub(crate) work: String,
    pub(crate) dead: String,
}

impl Side {
    pub(crate) fn url(&self, dead: bool) -> &str {
        if dead { &self.dead } else { &self.work }
    }

    pub(crate) async fn arn(&self, dead: bool) -> String {
        let name = QueueAttributeName::QueueArn;
        let ask = self.client.get_queue_attributes().queue_url(self.url(dead));
        let answer = ask.attribute_names(name.clone()).send().await.unwrap();
        answer.attributes.unwrap().remove(&name).unwrap()
    }
}

/// Both servers.
pub(crate) struct Servers {
    rig: QueueRig,
    other: Client,
    _process: Ministack,
}

impl Servers {
    /// `None`, said plainly, where the other server is not installed.
    pub(crate) async fn start() -> Option<Self> {
        let process = Ministack::start("sqs")?;
        let other = Client::new(&sdk_config("test", &process.url));
        Some(Self { rig: QueueRig::new().await, other, _process: process })
    }

    /// Two queues of this name on each, whose second takes what the first gives up.
    pub(crate) async fn queues(&self, name: &str, receives: u32) -> [Side; 2] {
        let ours = pair(&self.rig.client, name, receives).await;
        [ours, pair(&self.other, name, receives).await]
    }
}

async fn pair(client: &Client, name: &str, receives: u32) -> Side {
    let create = |name: String| client.create_queue().queue_name(name).send();
    let dead = create(format!("{name}-dead")).await.unwrap().queue_url.unwrap();
    let work = create(name.to_owned()).await.unwrap().queue_url.unwrap();
    let side = Side { client: client.clone(), work, dead };
    let policy = format!(
        r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":"{receives}"}}"#,
        side.arn(true).await
    );
    let set = client.set_queue_attributes().queue_url(&side.work);
    set.attributes(QueueAttributeName::RedrivePolicy, policy).send().await.unwrap();
    side
}

/// The code of a refusal, or the answer.
pub(crate) fn told<T, E, R>(result: Result<T, SdkError<E, R>>) -> Result<T, String>
where
    E: ProvideErrorMetadata + std::fmt::Debug,
    R: std::fmt::Debug,
{
    result.map_err(|error| match error.code() {
        Some(code) => code.to_owned(),
        None => panic!("no code: {error:?}"),
    })
}

/// What of a message must be equal.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) body: String,
    digest: String,
    digest_of_attributes: Option<String>,
    attributes: Vec<(String, String)>,
    pub(crate) system: BTreeMap<String, String>,
}

pub(crate) fn seen(message: &Message) -> Seen {
    let attributes = message.message_attributes().into_iter().flatten();
    let attributes = attributes.map(|(name, value)| (name.clone(), format!("{value:?}")));
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort();
    Seen {
        body: message.body().unwrap().to_owned(),
        digest: message.md5_of_body().unwrap().to_owned(),
        digest_of_attributes: message.md5_of_message_attributes().map(str::to_owned),
        attributes,
        system: message.attributes().into_iter().flatten().map(system).collect(),
    }
}

/// Counts as they are, names of queues without their place, of the rest only that it is there.
fn system((name, value): (&MessageSystemAttributeName, &String)) -> (String, String) {
    let value = match name.as_str() {
        "ApproximateReceiveCount" | "AWSTraceHeader" => value.clone(),
        "DeadLetterQueueSourceArn" => value.rsplit(':').next().unwrap().to_owned(),
        "SentTimestamp" | "ApproximateFirstReceiveTimestamp" => {
            // Milliseconds since 1970, as text.
            assert_eq!(value.parse::<u64>().unwrap().to_string().len(), 13);
            String::new()
        }
        _ => String::new(),
    };
    (name.as_str().to_owned(), value)
}

/// The attributes of a queue that count, waiting, hidden and delayed.
pub(crate) async fn depth(side: &Side, dead: bool) -> Vec<Option<String>> {
    let names = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        QueueAttributeName::ApproximateNumberOfMessagesDelayed,
    ];
    let ask = side.client.get_queue_attributes().queue_url(side.url(dead));
    let answer = ask.set_attribute_names(Some(names.to_vec())).send().await.unwrap();
    let all = answer.attributes.unwrap_or_default();
    names.iter().map(|name| all.get(name).cloned()).collect()
}
