//! Connections that say nothing keep nobody out.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use kubewright_server::Limits;

use crate::client::{Served, TOKEN};

/// Far below the time after which a silent connection is given up, and far above
/// what an answer takes.
const BOUND: Duration = Duration::from_secs(60);

fn limits() -> Limits {
    Limits {
        connections: 8,
        arrival: Duration::from_secs(600),
        stopping: Duration::from_millis(50),
        ..Limits::default()
    }
}

fn request(served: &Served) -> String {
    format!(
        "GET /api/v1/version HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\r\n",
        served.address
    )
}

/// One answer of a connection that stays.
fn answered(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(BOUND)).expect("a time");
    let mut text = String::new();
    let mut part = [0; 4096];
    while !text.ends_with('}') {
        let length = stream.read(&mut part).expect("the server answers");
        assert_ne!(length, 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&part[..length]));
    }
    text
}

#[test]
fn many_that_never_ask_make_room() {
    let served = Served::with(limits());
    let silent: Vec<TcpStream> = (0..40)
        .map(|_| TcpStream::connect(served.address).unwrap())
        .collect();
    let start = Instant::now();
    for _ in 0..10 {
        assert_eq!(served.get("/api/v1/version").status, 200);
    }
    assert!(start.elapsed() < BOUND);
    drop(silent);
}

#[test]
fn many_that_asked_and_stay_make_room_when_their_answer_is_out() {
    let served = Served::with(limits());
    let start = Instant::now();
    let kept: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(served.address).unwrap();
            stream.write_all(request(&served).as_bytes()).unwrap();
            let answer = answered(&mut stream);
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            stream
        })
        .collect();
    assert!(start.elapsed() < BOUND);
    drop(kept);
}
