//! A relay that hears one conversation: in the clear, with TLS from the start, or with TLS when it
//! is asked for.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// When TLS begins.
#[derive(Clone)]
pub(crate) enum Cover {
    Never,
    AtOnce(TlsAcceptor),
    WhenAsked(TlsAcceptor),
}

pub(crate) struct Relay {
    pub(crate) url: String,
    hearing: JoinHandle<Vec<String>>,
}

impl Relay {
    /// A letter gets this answer.
    pub(crate) async fn answering(word: &'static str, cover: Cover) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = match &cover {
            Cover::Never => format!("smtp://127.0.0.1:{port}"),
            Cover::AtOnce(_) => format!("smtps://127.0.0.1:{port}"),
            Cover::WhenAsked(_) => format!("smtp://127.0.0.1:{port}?tls=required"),
        };
        #[expect(clippy::disallowed_methods, reason = "a relay of the test's own, beside it")]
        let hearing = tokio::spawn(hear(listener, word, cover));
        Self { url, hearing }
    }

    /// Everything that it was told, once whoever talked has gone.
    pub(crate) async fn heard(self) -> Vec<String> {
        self.hearing.await.unwrap()
    }
}

async fn hear(listener: TcpListener, word: &'static str, cover: Cover) -> Vec<String> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut heard = Vec::new();
    match cover {
        Cover::Never => talk(greeted(stream).await, word, "", &mut heard).await,
        Cover::AtOnce(tls) => {
            // Whoever trusts another authority ends the handshake, and says nothing.
            if let Ok(stream) = tls.accept(stream).await {
                talk(greeted(stream).await, word, "", &mut heard).await;
            }
        }
        Cover::WhenAsked(tls) => {
            let bare = greeted(&mut stream).await;
            talk(bare, word, "250-STARTTLS\r\n", &mut heard).await;
            if let Ok(stream) = tls.accept(stream).await {
                talk(stream, word, "", &mut heard).await;
            }
        }
    }
    heard
}

async fn greeted<S: AsyncWrite + Unpin>(mut stream: S) -> S {
    stream.write_all(b"220 relay\r\n").await.unwrap();
    stream
}

/// Until the other side goes, or wants TLS.
async fn talk<S>(stream: S, word: &str, offer: &str, heard: &mut Vec<String>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    let mut in_data = false;
    while let Some(line) = next(&mut stream).await {
        let answer = match line.as_str() {
            "." if in_data => {
                in_data = false;
                word.to_owned()
            }
            _ if in_data => String::new(),
            "DATA" => {
                in_data = true;
                "354 go on\r\n".to_owned()
            }
            "QUIT" => "221 bye\r\n".to_owned(),
            _ if line.starts_with("EHLO") => format!("250-relay\r\n{offer}250 AUTH PLAIN\r\n"),
            _ if line.starts_with("AUTH") => "535 5.7.8 no\r\n".to_owned(),
            _ => "250 fine\r\n".to_owned(),
        };
        let over = line == "QUIT" || line == "STARTTLS";
        heard.push(line);
        if stream.write_all(answer.as_bytes()).await.is_err() || over {
            break;
        }
    }
}

async fn next(stream: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.unwrap_or(0);
    (read > 0).then(|| line.trim_end().to_owned())
}
