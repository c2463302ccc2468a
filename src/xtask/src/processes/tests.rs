//! What must hold for every program started: it ends with its handle, and its output is not lost.

use std::io::Write as _;
use std::net::TcpListener;

use super::*;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

fn is_alive(pid: &str) -> bool {
    Command::new("kill")
        .args(["-0", pid])
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

#[test]
fn a_dropped_handle_ends_grandchildren_too() {
    // The shell itself ends on SIGTERM only together with the child it waits for.
    let mut group = Group::start(shell("sleep 20 & echo $!; wait").stdout(Stdio::piped())).unwrap();
    let pid = group
        .wait_for_line(Duration::from_secs(10), |line| Some(line.to_owned()))
        .unwrap();
    assert!(is_alive(&pid));
    drop(group);
    let start = Instant::now();
    while is_alive(&pid) {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "the grandchild lives on"
        );
        thread::sleep(POLL);
    }
}

#[test]
fn failure_is_an_error_and_names_the_program() {
    let error = run(&mut shell("exit 3")).unwrap_err().to_string();
    assert!(error.contains("sh failed") && error.contains('3'), "{error}");
    let missing = run(&mut Command::new("no-such-program-here"))
        .unwrap_err()
        .to_string();
    assert!(missing.contains("not installed"), "{missing}");
}

#[test]
fn output_is_read_whole_even_from_a_program_that_fails() {
    let (success, text) = run_and_read(&mut shell("echo one; printf two; exit 1")).unwrap();
    assert_eq!((success, text.as_str()), (false, "one\ntwo"));
}

#[test]
fn a_program_that_ends_before_it_is_ready_is_an_error() {
    let mut group = Group::start(shell("exit 0").stdout(Stdio::piped())).unwrap();
    let error = group
        .wait_for_line(Duration::from_secs(10), |_| None)
        .unwrap_err()
        .to_string();
    assert!(error.contains("ended at once"), "{error}");
}

#[test]
fn healthy_is_status_200_and_nothing_else() {
    for (answer, healthy) in [
        ("HTTP/1.1 200 OK\r\n\r\n", true),
        ("HTTP/1.1 503 No\r\n\r\n", false),
        ("", false),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // To its end: closing with something unread would reset the connection and lose the answer.
            let lines: Vec<_> = BufReader::new(&stream)
                .lines()
                .map_while(Result::ok)
                .take_while(|l| !l.is_empty())
                .collect();
            assert_eq!(lines[0], "GET /health HTTP/1.1");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        assert_eq!(is_healthy(address), healthy, "{answer:?}");
        server.join().unwrap();
    }
}
