//! The same rules and races on a real server, which the test starts for itself.

use super::server::Server;
use super::{races, rules, whole};
use fieldwright::journal::{Error, Postgres, Store};

fn open(server: &Server, schema: &str) -> Box<dyn Store> {
    Box::new(Postgres::connect(&server.address(schema)).expect("the log opens"))
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
        open(&server, &schema)
    });

    server.make("race");
    races::one_of_two_managers_wins(&|| open(&server, "race"));

    server.make("queue");
    std::thread::scope(|threads| {
        for name in ["ada", "bob", "cem"] {
            let server = &server;
            threads.spawn(move || {
                races::append_on_top(&mut *open(server, "queue"), name, 10, &mut |_| {});
            });
        }
    });
    for name in ["ada", "bob", "cem"] {
        let numbers = races::numbers_of(&mut *open(&server, "queue"), name);
        assert_eq!(numbers, Vec::from_iter(1..=10), "{name}");
    }

    a_writer_that_does_not_queue_cannot_take_a_number_twice(&server);
    a_lost_tail_is_noticed(&server);
    a_database_of_a_newer_release_is_refused_and_left_alone(&server);
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
    let length = whole(&mut *open(server, "queue")).len() as u64;
    let cut =
        "DELETE FROM journal_events WHERE position = (SELECT max(position) FROM journal_events)";
    server.client("queue").execute(cut, &[]).expect("deleted");
    let Err(error) = Postgres::connect(&server.address("queue")) else { panic!("it opened") };
    let expected = format!("the log ends at position {} of {length}", length - 1);
    assert!(error.to_string().starts_with(&expected), "{error}");
}

fn a_database_of_a_newer_release_is_refused_and_left_alone(server: &Server) {
    server.make("newer");
    drop(open(server, "newer"));
    let mut client = server.client("newer");
    // Version 2 has another table instead of the snapshots.
    let raised = "UPDATE journal_version SET version = 2; \
        ALTER TABLE journal_snapshots RENAME TO journal_states";
    client.batch_execute(raised).expect("changed");
    let Err(error) = Postgres::connect(&server.address("newer")) else { panic!("it opened") };
    assert!(matches!(error, Error::Schema { found: 2, known: 1, .. }), "{error}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'newer'";
    let tables: i64 = client.query_one(tables, &[]).expect("a number").get(0);
    assert_eq!(tables, 4, "none was made");
    let version = "SELECT version FROM journal_version";
    let versions: Vec<i32> =
        client.query(version, &[]).expect("readable").iter().map(|row| row.get(0)).collect();
    assert_eq!(versions, [2]);
}
