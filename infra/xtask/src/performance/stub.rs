//! The least Runtime API that a function needs, with a clock at each of its doors.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What a function did, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It asked for work.
    Asked(Instant),
    /// It answered.
    Answered(Instant),
}

/// A listening stub.
pub(super) struct Stub {
    pub(super) address: String,
    pub(super) steps: Receiver<Step>,
    work: Sender<String>,
}

impl Stub {
    /// Listens on a free port.
    pub(super) fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?.to_string();
        let (tell, steps) = channel();
        let (work, given) = channel();
        let given = Arc::new(Mutex::new(given));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tell, given) = (tell.clone(), Arc::clone(&given));
                // One that hangs up has nothing more to tell.
                std::thread::spawn(move || serve(stream, &tell, &given));
            }
        });
        Ok(Self { address, steps, work })
    }

    /// Hands an event to whoever asks next.
    pub(super) fn give(&self, event: &str) -> Result<(), String> {
        self.work.send(event.to_owned()).map_err(|error| error.to_string())
    }
}

/// Answers a connection until it ends. Whatever is no runtime call is a service that knows
/// nothing: an empty object.
fn serve(stream: TcpStream, tell: &Sender<Step>, given: &Mutex<Receiver<String>>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let (line, length) = head(&mut reader)?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        if line.contains("/invocation/next") {
            tell.send(Step::Asked(Instant::now())).ok()?;
            let event = given.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()?;
            answer(&mut stream, "200 OK", &event)?;
        } else if line.contains("/response") || line.contains("/error") {
            tell.send(Step::Answered(Instant::now())).ok()?;
            answer(&mut stream, "202 Accepted", "{}")?;
        } else {
            answer(&mut stream, "200 OK", "{}")?;
        }
    }
}

/// The first line of a request and the length of its body.
fn head(reader: &mut BufReader<TcpStream>) -> Option<(String, usize)> {
    let mut first = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if first.is_empty() {
            first.clone_from(&line);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            return Some((first, length));
        }
    }
}

fn answer(stream: &mut TcpStream, status: &str, body: &str) -> Option<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Lambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 32503680000000\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:000000000000:function:f\r\n\
         Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok()
}
