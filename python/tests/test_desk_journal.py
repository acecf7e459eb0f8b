"""The journal of a desk in a file: what outlives a killed process, and what is taken for a journal."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import fieldwright as fw
from test_desk import EIGHT, LEAK, MINUTE, STAFF, asked, kinds

KILLED = """
import signal, os, sys
from test_desk import EIGHT, LEAK, MINUTE, STAFF
import fieldwright as fw
desk = fw.Desk(STAFF, path=sys.argv[1], at=EIGHT)
desk.open(LEAK, by="support:sue", at=EIGHT, key="call 4711")
print(len(desk.events()), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_answered_outlives_a_killed_process(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    here = Path(__file__).parent
    killed = subprocess.run([sys.executable, "-c", KILLED, file], cwd=here, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with fw.Desk(path=file) as desk:
        assert len(desk.events()) == int(killed.stdout)
        assert asked(desk) == ["ada"]
        # The answer did not get through, so the call is entered again.
        desk.open(LEAK, by="support:sue", at=EIGHT + MINUTE, key="call 4711")
        assert len(desk.tickets) == 1
        assert kinds(desk.advance(EIGHT + 30 * MINUTE)) == ["expired", "offered"]
        assert desk.verify()["events"] == len(desk.events())


def test_opening_a_file_that_has_a_journal_goes_on_with_it(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    with fw.Desk(STAFF, path=file, at=EIGHT, policy={"expiry": 600}) as desk:
        desk.keep_snapshot()
        desk.open(LEAK, by="support:sue", at=EIGHT)
    with fw.Desk(STAFF[:1], path=file, at=EIGHT, policy={"expiry": 60}) as desk:
        assert desk.policy["expiry"] == 600
        assert len(desk.engineers) == 3
        assert desk.next_deadline() == EIGHT + 10 * MINUTE


def test_of_two_desks_on_one_file_each_knows_what_the_other_wrote(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    with fw.Desk(STAFF, path=file, at=EIGHT) as one, fw.Desk(path=file) as two:
        one.open(LEAK, by="support:sue", at=EIGHT)
        noise = {**LEAK, "id": "noise"}
        two.open(noise, by="support:tim", key="tim 1", at=EIGHT)
        assert two.ticket("leak")["phase"] == "offered"
        assert len(one.tickets) == 1
        one.catch_up()
        assert len(one.tickets) == 2
        with pytest.raises(fw.Conflict) as conflict:
            one.cancel("leak", "solved", by="support:sue", at=EIGHT, version=1)
        assert conflict.value.ticket == "leak"


def test_a_journal_that_was_tampered_with_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    with fw.Desk(STAFF, path=file, at=EIGHT) as desk:
        assert desk.verify()["events"] == 4
    with sqlite3.connect(file) as other:
        other.execute("UPDATE events SET data = replace(data, 'ada', 'eve') WHERE position = 2")
    other.close()
    with pytest.raises(fw.JournalError, match="position 2"):
        fw.Desk(path=file)


def test_a_journal_that_cannot_be_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no" / "desk.db"
    with pytest.raises(fw.JournalError) as caught:
        fw.Desk(STAFF, path=path, at=EIGHT)
    assert caught.value.__notes__ == [f"the file of the journal is {path}"]
    with pytest.raises(ValueError, match="a desk in memory is one without a path"):
        fw.Desk(STAFF, path=":memory:", at=EIGHT)


def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE orders (id)")
    other.close()
    # A file that was emptied may have been a journal: a new one begun in it would hide the loss.
    for name, content in [("emptied", b""), ("word", b"x"), ("notes", b"no journal" * 100)]:
        (tmp_path / name).write_bytes(content)
    for path in tmp_path.iterdir():
        before = path.read_bytes()
        with pytest.raises(fw.JournalError):
            fw.Desk(STAFF, path=path, at=EIGHT)
        assert path.read_bytes() == before
