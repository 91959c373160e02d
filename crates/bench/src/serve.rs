//! A running `kubewright serve`, and a client that keeps its connection.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::measure::Failure;

/// The longest answer that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server for a folder; it ends with this value.
pub(crate) struct Served {
    child: Child,
    address: String,
    token: String,
}

impl Served {
    /// Starts one at any port. What it says goes to `messages`.
    pub(crate) fn start(binary: &Path, folder: &Path, messages: &Path) -> Result<Self, Failure> {
        let messages = File::create(messages).map_err(Failure::io("cannot write", messages))?;
        let mut child = Command::new(binary)
            .arg("serve")
            .arg(folder)
            .args(["--port", "0", "--json"])
            .env_remove("KUBEWRIGHT_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(messages)
            .spawn()
            .map_err(Failure::io("cannot start", binary))?;
        let mut line = String::new();
        let said = child.stdout.take().map(BufReader::new);
        let read = said.map(|mut said| said.read_line(&mut line));
        let hello: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |key: &str| hello[key].as_str().unwrap_or_default().to_owned();
        let (address, token) = (text("address"), text("token"));
        let served = Self {
            child,
            address,
            token,
        };
        match read {
            Some(Ok(_)) if !served.address.is_empty() => Ok(served),
            Some(_) | None => Err(told("`kubewright serve` did not say where it is")),
        }
    }

    /// A new connection.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let stream = TcpStream::connect(&self.address).map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
        let head = format!(
            "HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n",
            self.address, self.token
        );
        Ok(Client {
            stream: BufReader::new(stream),
            head,
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection, used again and again.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Client {
    /// Sends a document and gives back how long the answer is, in bytes. Any
    /// status but 200 is a failure.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Result<usize, Failure> {
        let head = format!(
            "POST {path} {}content-length: {}\r\n\r\n",
            self.head,
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body.as_bytes());
        self.stream.get_mut().write_all(&request).map_err(broken)?;
        let (status, length) = self.read_head()?;
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).map_err(broken)?;
        match status.as_str() {
            "200" => Ok(length),
            status => {
                let answer = String::from_utf8_lossy(&answer);
                let short: String = answer.chars().take(300).collect();
                Err(told(&format!("{path} answered {status}: {short}")))
            }
        }
    }

    fn read_head(&mut self) -> Result<(String, usize), Failure> {
        let (mut status, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).map_err(broken)? == 0 {
                return Err(told("the server hung up"));
            }
            let line = line.trim_end();
            if line.is_empty() {
                return Ok((status, length));
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.chars().take(3).collect();
            }
            if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().unwrap_or(0);
            }
        }
    }
}

fn broken(cause: io::Error) -> Failure {
    Failure::Io {
        what: "cannot speak to the server".to_owned(),
        cause,
    }
}

fn told(what: &str) -> Failure {
    broken(io::Error::other(what.to_owned()))
}
