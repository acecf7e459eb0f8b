//! The same rules and races on a real server, which the test starts for itself.

use super::{races, rules, whole};
use fieldwright::journal::{Postgres, Store};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server in a folder of its own, without a network port; gone when dropped.
struct Server {
    binaries: PathBuf,
    folder: TempDir,
    process: Child,
}

/// Where Debian, Homebrew and the `PATH` keep the server.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    places.extend(std::env::split_paths(&on_path));
    places
        .into_iter()
        .find(|place| place.join("initdb").exists() && place.join("postgres").exists())
}

/// The server refuses to run as root; there it runs as one of these.
fn servant() -> Option<(u32, u32)> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    if root { ids("postgres").or_else(|| ids("nobody")) } else { None }
}

fn command(binaries: &Path, name: &str, folder: &Path) -> Command {
    let mut command = Command::new(binaries.join(name));
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some((user, group)) = servant() {
        command.uid(user).gid(group);
    }
    command
}

impl Server {
    fn start() -> Option<Self> {
        let binaries = binaries()?;
        let folder = tempfile::tempdir().expect("a folder");
        if let Some((user, group)) = servant() {
            chown(folder.path(), Some(user), Some(group)).expect("root may");
        }
        let made = command(&binaries, "initdb", folder.path())
            .args(["-D", "data", "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C"])
            .status();
        assert!(made.expect("initdb runs").success());
        let process = command(&binaries, "postgres", folder.path())
            .args(["-D", "data", "-c", "listen_addresses=", "-k"])
            .arg(folder.path())
            .spawn()
            .expect("the server starts");
        let server = Self { binaries, folder, process };
        let patience = Instant::now() + Duration::from_secs(60);
        while postgres::Client::connect(&server.address("public"), postgres::NoTls).is_err() {
            assert!(Instant::now() < patience, "the server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }

    fn address(&self, schema: &str) -> String {
        let folder = self.folder.path().display();
        format!("host={folder} user=desk dbname=postgres options='-c search_path={schema}'")
    }

    fn client(&self, schema: &str) -> postgres::Client {
        postgres::Client::connect(&self.address(schema), postgres::NoTls).expect("it answers")
    }

    /// A log of its own: another schema.
    fn make(&self, schema: &str) {
        let text = format!("CREATE SCHEMA {schema}");
        self.client(schema).batch_execute(&text).expect("a new schema");
    }

    fn open(&self, schema: &str) -> Box<dyn Store> {
        Box::new(Postgres::connect(&self.address(schema)).expect("the log opens"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = command(&self.binaries, "pg_ctl", self.folder.path());
        let _ = stop.args(["stop", "-D", "data", "-m", "immediate"]).status();
        let _ = self.process.wait();
    }
}

#[test]
fn a_log_on_a_server_keeps_every_rule_in_every_race() {
    let Some(server) = Server::start() else {
        eprintln!("skipped: no PostgreSQL binaries");
        return;
    };
    let mut number = 0;
    rules::hold(&mut || {
        number += 1;
        let schema = format!("rule{number}");
        server.make(&schema);
        server.open(&schema)
    });

    server.make("race");
    races::one_of_two_managers_wins(&|| server.open("race"));

    server.make("queue");
    std::thread::scope(|threads| {
        for name in ["ada", "bob", "cem"] {
            let server = &server;
            threads.spawn(move || {
                races::append_on_top(&mut *server.open("queue"), name, 10, &mut |_| {});
            });
        }
    });
    for name in ["ada", "bob", "cem"] {
        let numbers = races::numbers_of(&mut *server.open("queue"), name);
        assert_eq!(numbers, Vec::from_iter(1..=10), "{name}");
    }

    a_writer_that_does_not_queue_cannot_take_a_number_twice(&server);
    a_lost_tail_is_noticed(&server);
}

fn a_writer_that_does_not_queue_cannot_take_a_number_twice(server: &Server) {
    let copies = [
        "position, subject, seq + 100", // the position is taken
        "position + 100, subject, seq", // the number of the subject is taken
    ];
    for copy in copies {
        let others = "id, type, occurred_at, recorded_at, actor, role, idempotency_key, request, \
            visibility, data, prev_hash, hash";
        let text = format!(
            "INSERT INTO journal_events (position, subject, seq, {others}) \
             SELECT {copy}, {others} FROM journal_events WHERE position = 1"
        );
        let refused = server.client("queue").execute(&text, &[]).expect_err("taken");
        assert_eq!(refused.code(), Some(&postgres::error::SqlState::UNIQUE_VIOLATION), "{copy}");
    }
}

fn a_lost_tail_is_noticed(server: &Server) {
    let length = whole(&mut *server.open("queue")).len() as u64;
    let cut =
        "DELETE FROM journal_events WHERE position = (SELECT max(position) FROM journal_events)";
    server.client("queue").execute(cut, &[]).expect("deleted");
    let Err(error) = Postgres::connect(&server.address("queue")) else { panic!("it opened") };
    let expected = format!("the log ends at position {} of {length}", length - 1);
    assert!(error.to_string().starts_with(&expected), "{error}");
}
