//! A server that is told to stop finishes what it began.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use kubewright_server::Limits;

use crate::client::{Served, TOKEN};
use crate::flow::STATE;

#[test]
fn a_request_that_has_begun_is_answered_and_no_other_is_taken() {
    let mut served = Served::new();
    let mut stream = TcpStream::connect(served.address).unwrap();
    let head = format!(
        "POST /api/k8s/generate/from-state HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        served.address,
        STATE.len()
    );
    let (first, rest) = STATE.split_at(10);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(first.as_bytes()).unwrap();
    // The server is at it when it has answered another.
    assert_eq!(served.get("/api/v1/version").status, 200);
    served.stop();
    while TcpStream::connect(served.address).is_ok() {
        std::thread::sleep(Duration::from_millis(5));
    }
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    served.join();
    assert!(served.path("deploy/k8s/api-deployment.yaml").exists());
}

#[test]
fn connections_that_say_nothing_do_not_keep_it() {
    let mut served = Served::with(Limits {
        stopping: Duration::from_millis(50),
        ..Limits::default()
    });
    let _silent = TcpStream::connect(served.address).unwrap();
    assert_eq!(served.get("/api/v1/version").status, 200);
    served.stop();
    served.join();
}
