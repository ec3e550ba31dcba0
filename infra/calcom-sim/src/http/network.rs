//! The listener that can stop listening, and connections that can be cut.
//! Cutting sends a reset, so a client sees a broken connection and never half a success.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// One accepted connection, for those who may cut it.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    cut: AtomicBool,
    /// Whether the next answer ends in the middle of its body.
    halve: AtomicBool,
    ended: AtomicBool,
    reader: Mutex<Option<Waker>>,
}

impl Connection {
    /// Breaks the connection; whatever is still to be written is lost.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        let waker = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Lets the next answer end in the middle of its body.
    pub(crate) fn halve(&self) {
        self.halve.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }
}

/// Whether the port is open, and all connections through it.
#[derive(Debug)]
pub(crate) struct Network {
    wanted: watch::Sender<bool>,
    listening: watch::Sender<bool>,
    connections: Mutex<Vec<Weak<Connection>>>,
}

impl Network {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            wanted: watch::Sender::new(true),
            listening: watch::Sender::new(true),
            connections: Mutex::default(),
        })
    }

    /// Opens or closes the port; returns when it is so.
    pub(crate) async fn set_open(&self, open: bool) {
        self.wanted.send_replace(open);
        if !open {
            self.cut_all();
        }
        let mut listening = self.listening.subscribe();
        let reached = listening.wait_for(|now| *now == open);
        let _ = tokio::time::timeout(Duration::from_secs(2), reached).await;
    }

    pub(crate) fn is_open(&self) -> bool {
        *self.wanted.borrow()
    }

    pub(crate) fn cut_all(&self) {
        let mut all = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        for connection in all.drain(..).filter_map(|weak| weak.upgrade()) {
            connection.cut();
        }
    }

    fn remember(&self, connection: &Arc<Connection>) {
        let mut all = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|weak| weak.strong_count() > 0);
        all.push(Arc::downgrade(connection));
    }
}

/// The listener given to the server.
pub(crate) struct Gate {
    address: SocketAddr,
    listener: Option<TcpListener>,
    wanted: watch::Receiver<bool>,
    network: Arc<Network>,
}

impl Gate {
    pub(crate) async fn bind(address: SocketAddr, network: Arc<Network>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let wanted = network.wanted.subscribe();
        Ok(Self { address, listener: Some(listener), wanted, network })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens or closes the socket as wanted; `None` while it is closed.
    async fn socket(&mut self) -> Option<&TcpListener> {
        let open = *self.wanted.borrow_and_update();
        if !open {
            self.listener = None;
            self.network.listening.send_replace(false);
            let _ = self.wanted.changed().await;
            return None;
        }
        if self.listener.is_none() {
            match TcpListener::bind(self.address).await {
                Ok(listener) => self.listener = Some(listener),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        if self.listener.is_some() {
            self.network.listening.send_replace(true);
        }
        self.listener.as_ref()
    }
}

impl Listener for Gate {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            let mut wanted = self.wanted.clone();
            let Some(listener) = self.socket().await else { continue };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = wanted.changed() => continue,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let _ = stream.set_nodelay(true);
                    let connection = Arc::new(Connection::default());
                    self.network.remember(&connection);
                    return (Wire { stream, connection }, peer);
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// A stream that fails once it was cut.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    connection: Arc<Connection>,
}

/// The head of an answer and half of what follows.
fn half(bytes: &[u8]) -> &[u8] {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
    let kept = head + (bytes.len() - head) / 2;
    bytes.get(..kept).unwrap_or(bytes)
}

fn reset() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionReset)
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.connection.is_cut() {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let waker = context.waker().clone();
        *self.connection.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker);
        if self.connection.is_cut() {
            return Poll::Ready(Err(reset()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.connection.is_cut() || self.connection.ended.load(Ordering::SeqCst) {
            return Poll::Ready(Err(reset()));
        }
        if self.connection.halve.load(Ordering::SeqCst) {
            let written = Pin::new(&mut self.stream).poll_write(context, half(bytes));
            if matches!(written, Poll::Ready(Ok(_))) {
                self.connection.ended.store(true, Ordering::SeqCst);
            }
            return written;
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Who is at the other end, and the means to hang up on him.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) connection: Arc<Connection>,
}

impl Connected<IncomingStream<'_, Gate>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        Self { address: *stream.remote_addr(), connection: Arc::clone(&stream.io().connection) }
    }
}
