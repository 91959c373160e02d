//! Whoever hangs up gets nothing, and keeps nobody waiting.

use std::fs::File;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use kubewright_server::Limits;

use crate::client::{Served, TOKEN};
use crate::flow::STATE;

/// The only worker waits for the lock of the folder, which is never given; it is
/// free for the next request as soon as nobody waits for the first one's answer.
#[test]
fn what_nobody_waits_for_keeps_nobody_and_is_not_written() {
    let forever = Duration::from_secs(24 * 60 * 60);
    let served = Served::with(Limits {
        workers: 1,
        busy: forever,
        time: forever,
        ..Limits::default()
    });
    let folder = File::open(served.folder.path()).unwrap();
    folder.lock().unwrap();

    let state = STATE.replace("deploy/k8s/", "nobodys");
    let mut stream = TcpStream::connect(served.address).unwrap();
    let head = format!(
        "POST /api/k8s/generate/from-state HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        served.address,
        state.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(state.as_bytes()).unwrap();
    assert_eq!(served.get("/api/v1/version").status, 200);
    drop(stream);

    let preview = format!("{{\"inputs\":[{{\"document\":{STATE}}}]}}");
    assert_eq!(served.post("/api/v1/preview", &preview).status, 200);
    folder.unlock().unwrap();
    let answer = served.post("/api/k8s/generate/from-state", STATE);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(served.path("deploy/k8s/api-deployment.yaml").exists());
    assert!(!served.path("nobodys").exists());
}
