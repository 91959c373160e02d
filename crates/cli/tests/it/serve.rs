//! `kubewright serve` as a process; what it answers is tested where it is made.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_kubewright");

fn serve(arguments: &[&str], token: Option<&str>) -> Child {
    let mut command = Command::new(BINARY);
    command.arg("serve").args(arguments).args(["--port", "0"]);
    command.env_remove("KUBEWRIGHT_TOKEN");
    if let Some(token) = token {
        command.env("KUBEWRIGHT_TOKEN", token);
    }
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    piped.spawn().expect("the command starts")
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let stdout = child.stdout.as_mut().expect("it is piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    line
}

fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status();
    assert!(sent.expect("kill is there").success());
}

#[test]
fn it_says_where_it_is_answers_and_stops_with_ctrl_c() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let mut child = serve(&[path, "--json"], None);
    let hello: Value = serde_json::from_str(&first_line(&mut child)).expect("JSON");
    let text = |key: &str| hello[key].as_str().expect(key).to_owned();
    let (address, token) = (text("address"), text("token"));
    assert_eq!(text("url"), format!("http://{address}/?token={token}"));
    let mut stream = TcpStream::connect(&address).expect("it listens");
    let request = format!(
        "GET /api/v1/version HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn the_token_of_the_environment_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let mut child = serve(&[path, "--json"], Some("a-token-of-the-tests"));
    let line = first_line(&mut child);
    interrupt(&child);
    assert!(line.contains("a-token-of-the-tests"), "{line}");
    child.wait().expect("it ends");
}

#[test]
fn what_cannot_be_served_is_told() {
    let rows: [(&[&str], i32, &str); 4] = [
        (&["no-such-folder"], 2, "serve-folder"),
        (&["--address", "0.0.0.0"], 2, "only this machine"),
        (&["--host", "192.168.0.1"], 2, "only this machine"),
        (&["--token", "short"], 2, "16 to 256 characters"),
    ];
    for (arguments, code, expected) in rows {
        let done = serve(arguments, None).wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(code), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let done = Command::new(BINARY)
        .args(["serve", "--port", &port])
        .output()
        .expect("it ends");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(
        said.contains("serve-address") && said.contains("--port 0"),
        "{said}"
    );
}
