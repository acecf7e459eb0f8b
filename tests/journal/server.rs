//! A PostgreSQL server that a test starts for itself.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server in a folder of its own, without a network port; gone when dropped.
pub struct Server {
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
    /// Starts a server; none where no binaries are installed.
    pub fn start() -> Option<Self> {
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

    /// The connection string of a log.
    pub fn address(&self, schema: &str) -> String {
        let folder = self.folder.path().display();
        format!("host={folder} user=desk dbname=postgres options='-c search_path={schema}'")
    }

    pub fn client(&self, schema: &str) -> postgres::Client {
        postgres::Client::connect(&self.address(schema), postgres::NoTls).expect("it answers")
    }

    /// A log of its own: another schema.
    pub fn make(&self, schema: &str) {
        let text = format!("CREATE SCHEMA {schema}");
        self.client(schema).batch_execute(&text).expect("a new schema");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = command(&self.binaries, "pg_ctl", self.folder.path());
        let _ = stop.args(["stop", "-D", "data", "-m", "immediate"]).status();
        let _ = self.process.wait();
    }
}
