"""The live desk: who is asked when, and what is refused."""

import pickle
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import fieldwright as fw

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def person(name: str, lat: float) -> dict[str, Any]:
    """Somebody who repairs boilers from eight to six."""
    return {
        "id": name,
        "start": EIGHT,
        "end": EIGHT + 10 * HOUR,
        "lat": lat,
        "lon": 13.40,
        "skills": "boiler:2",
    }


STAFF = [person("ada", 52.52), person("bob", 52.50), person("cem", 52.40)]
"""Ada is nearest to the leak, then bob."""

LEAK = {
    "id": "leak",
    "lat": 52.53,
    "lon": 13.42,
    "service": HOUR,
    "skills": ["boiler:1"],
    "due": EIGHT + 4 * HOUR,
}


@pytest.fixture
def desk() -> fw.Desk:
    """A desk on which the leak has just been reported."""
    desk = fw.Desk(STAFF, at=EIGHT, seed=1)
    desk.open(LEAK, by="support:sue", at=EIGHT, key="call 4711")
    return desk


def asked(desk: fw.Desk) -> list[str]:
    """Who has a question on his phone."""
    return [offer["engineer"] for offer in desk.open_offers()]


def kinds(events: list[dict[str, Any]]) -> list[str]:
    """``offered`` of ``aftersales.dispatch.offered.v1``."""
    return [event["type"].split(".")[2] for event in events]


# What happens


def test_after_thirty_minutes_the_next_one_is_asked(desk: fw.Desk) -> None:
    assert asked(desk) == ["ada"]
    due = EIGHT + 30 * MINUTE
    assert desk.next_deadline() == due
    assert kinds(desk.advance(due - MINUTE)) == []
    assert kinds(desk.advance(due)) == ["expired", "offered"]
    (offer,) = desk.open_offers("leak", engineer="bob")
    assert kinds(desk.accept(offer, at=due + MINUTE)) == ["accepted"]
    assert desk.ticket("leak")["holder"]["engineer"] == "bob"
    assert desk.visits.to_pandas()["engineer"].tolist() == ["bob"]


def test_when_nobody_ever_answers_a_manager_is_called(desk: fw.Desk) -> None:
    silence = desk.branch()
    silence.play(EIGHT + 2 * HOUR)
    assert silence.offers.to_pandas()["engineer"].tolist() == ["ada", "bob", "cem"]
    assert silence.ticket("leak")["owner"] == "manager"
    assert asked(desk) == ["ada"]


def test_what_is_overdue_is_dealt_with_as_of_now(desk: fw.Desk) -> None:
    desk.advance(EIGHT + HOUR)
    assert desk.offers.to_pandas()["sent"].tolist() == [EIGHT, EIGHT + HOUR]


def test_a_late_yes_finds_the_ticket_gone(desk: fw.Desk) -> None:
    (first,) = desk.open_offers()
    desk.advance(EIGHT + 30 * MINUTE)
    desk.accept(desk.open_offers()[0], at=EIGHT + 31 * MINUTE)
    with pytest.raises(fw.Refused) as refused:
        desk.accept(first, at=EIGHT + 32 * MINUTE)
    assert (refused.value.code, refused.value.reason) == ("D502", "offer_over")
    assert refused.value.data == {"offer": 0, "holder": "bob"}


def test_who_falls_ill_is_not_asked_and_what_he_has_comes_back(desk: fw.Desk) -> None:
    desk.accept(desk.open_offers()[0], at=EIGHT + MINUTE)
    told = desk.ill("ada", "a cold", by="support:sue", at=EIGHT + 2 * MINUTE)
    assert kinds(told) == ["engineer_fell_ill", "plan_changed", "returned", "offered"]
    assert asked(desk) == ["bob"]


def test_a_whole_visit(desk: fw.Desk) -> None:
    ada, at = "engineer:ada", EIGHT + MINUTE
    desk.accept(desk.open_offers()[0], at=at)
    desk.depart("leak", by=ada, at=at)
    desk.report_position("ada", 52.525, 13.41, by=ada, at=at + 3 * MINUTE)
    desk.arrive("leak", by=ada, at=at + 5 * MINUTE)
    desk.start("leak", by=ada, at=at + 6 * MINUTE)
    desk.pause("leak", "a part from the van", by=ada, at=at + 20 * MINUTE)
    desk.start("leak", by=ada, at=at + 30 * MINUTE)
    desk.overrun("leak", at + 2 * HOUR, by=ada, at=at + 50 * MINUTE)
    assert desk.engineer("ada")["current"]["ticket"] == "leak"
    desk.finish("leak", by=ada, at=at + 90 * MINUTE)
    tickets = desk.tickets.to_pandas()
    assert tickets[["ticket", "phase"]].values.tolist() == [["leak", "done"]]


def test_the_manager_overrides_what_he_has_seen(desk: fw.Desk) -> None:
    seen = desk.ticket("leak")["version"]
    how: Any = {"by": "manager:max", "at": EIGHT + MINUTE, "version": seen}
    assert kinds(desk.assign("leak", "cem", "he knows the house", **how))[-1] == "assigned"
    with pytest.raises(fw.Conflict) as conflict:
        desk.assign("leak", "bob", "he is free", **how)
    found = conflict.value
    assert (found.ticket, found.holder) == ("leak", "cem")
    assert found.current > found.expected == seen


def test_an_engineer_may_propose_another_time(desk: fw.Desk) -> None:
    (offer,) = desk.open_offers()
    desk.counter_offer(offer, EIGHT + 5 * HOUR, EIGHT + 6 * HOUR, at=EIGHT + MINUTE)
    assert desk.ticket("leak")["owner"] == "support"
    desk.consent("leak", True, by="customer:kim", at=EIGHT + 2 * MINUTE)
    assert desk.tickets.to_pandas()["told"][0] == EIGHT + 5 * HOUR


def test_rules_that_are_not_named_stay_as_they_are(desk: fw.Desk) -> None:
    desk.set_policy({"expiry": 5 * MINUTE}, by="manager:max", at=EIGHT)
    desk.set_policy({"margin": 60}, by="manager:max", at=EIGHT)
    assert (desk.policy["expiry"], desk.policy["margin"]) == (300, 60)


def test_what_if_ada_stays_away(desk: fw.Desk) -> None:
    what_if = desk.branch()
    what_if.off_duty("ada", "a puncture", by="support:sue", at=EIGHT + MINUTE)
    assert (asked(what_if), asked(desk)) == (["bob"], ["ada"])
    assert what_if.events()[: len(desk.events())] == desk.events()
    assert what_if.offers.to_pandas()["answer"].tolist() == ["withdrawn", "open"]
    assert what_if.branch().events(3) == what_if.events(3)
    with pytest.raises(fw.JournalError, match="a branch has no journal"):
        what_if.verify()


def test_a_better_plan_is_proposed_and_committed(desk: fw.Desk) -> None:
    desk.accept(desk.open_offers()[0], at=EIGHT + MINUTE)
    proposal = desk.propose(["ada", "bob"], iterations=50, at=EIGHT + MINUTE)
    told = desk.commit_plan(proposal, by="manager:max", at=EIGHT + MINUTE)
    assert kinds(told) == ["plan_changed"]


def test_a_slice_calls_nobody_whom_it_may_not(desk: fw.Desk) -> None:
    desk.assign("leak", "cem", "he knows the house", by="manager:max", at=EIGHT, version=2)
    assert desk.improve(seed=1, calls=0, at=EIGHT) is None
    proposal = desk.improve(seed=1, calls=1, at=EIGHT)
    assert proposal is not None
    assert proposal["change"]["calls"] == ["leak"]
    desk.off_duty("ada", "a puncture", by="support:sue", at=EIGHT)
    with pytest.raises(fw.Refused) as refused:
        desk.commit_plan(proposal, by="system:rolling", at=EIGHT)
    assert refused.value.code == "D305"


def test_what_will_be_late_is_forecast_first(desk: fw.Desk) -> None:
    desk.accept(desk.open_offers()[0], at=EIGHT + MINUTE)
    soon = {**LEAK, "id": "soon", "due": EIGHT + 30 * MINUTE}
    desk.open(soon, by="support:sue", at=EIGHT + MINUTE)
    told = desk.forecast(at=EIGHT + HOUR).to_pandas()
    assert told[["ticket", "risk"]].values.tolist() == [["soon", "out_of_reach"], ["leak", "kept"]]
    assert told["due"].tolist() == [EIGHT + 30 * MINUTE, EIGHT + 4 * HOUR]
    assert told["engineer"][1] == "ada"


# Once, and by whom


def test_a_command_that_comes_twice_is_done_once(desk: fw.Desk) -> None:
    (offer,) = desk.open_offers()
    first = desk.accept(offer, at=EIGHT + MINUTE, key="phone 1")
    again = desk.accept(offer, at=EIGHT + 9 * MINUTE, key="phone 1")
    assert again == first == desk.events(since=first[0]["seq"])
    with pytest.raises(fw.Refused, match="D301"):
        desk.decline(offer, "too far", at=EIGHT + 9 * MINUTE, key="phone 1")


def test_who_may_not_do_it_is_refused(desk: fw.Desk) -> None:
    with pytest.raises(fw.Refused, match="customer may not `assign`") as refused:
        desk.assign("leak", "ada", "please", by="customer:kim", at=EIGHT, version=1)
    assert refused.value.code == "D101"
    assert "customer" not in fw.Desk.rights()["assign"]


def test_a_refusal_and_a_conflict_come_back_from_another_process(desk: fw.Desk) -> None:
    with pytest.raises(fw.Refused) as refused:
        desk.assign("leak", "ada", "please", by="customer:kim", at=EIGHT, version=1)
    with pytest.raises(fw.Conflict) as conflict:
        desk.assign("leak", "ada", "please", by="manager:max", at=EIGHT, version=99)
    for error in (refused.value, conflict.value):
        back = pickle.loads(pickle.dumps(error))
        assert (str(back), vars(back)) == (str(error), vars(error))


def test_there_is_a_method_for_each_command() -> None:
    missing = [name for name in fw.Desk.rights() if not callable(getattr(fw.Desk, name, None))]
    assert missing == []


def test_the_same_calls_give_the_same_journal() -> None:
    def day() -> str:
        desk = fw.Desk(STAFF, at=EIGHT, seed=7)
        desk.open(LEAK, by="support:sue", at=EIGHT)
        desk.advance(EIGHT + 30 * MINUTE)
        return str(desk.verify()["hash"])

    assert day() == day()


def test_threads_take_turns(desk: fw.Desk) -> None:
    def report(number: int) -> None:
        for step in range(10):
            row = {**LEAK, "id": f"T{number}-{step}"}
            desk.open(row, mode="recommend", by="support:sue", at=EIGHT)

    threads = [threading.Thread(target=report, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.tickets) == 41
    assert [event["seq"] for event in desk.events()] == list(range(len(desk.events())))


# Tables


def test_offers_and_events_are_tables(desk: fw.Desk) -> None:
    desk.advance(EIGHT + 30 * MINUTE)
    desk.decline(desk.open_offers()[0], "too far", at=EIGHT + 40 * MINUTE)
    offers = desk.offers.to_pandas()
    assert offers["engineer"].tolist() == ["ada", "bob", "cem"]
    assert offers["answer"].tolist() == ["expired", "declined", "open"]
    assert offers["answered"][0] == EIGHT + 30 * MINUTE
    log = desk.log.to_polars()
    assert log["event"].to_list()[-4:] == ["expired", "offered", "declined", "offered"]
    # The next is asked by the desk itself.
    assert log["by"].to_list()[-2:] == ["bob", None]
    assert len(log) == len(desk.events())
    assert "too far" in log["data"][-2]
    page = desk.timeline("leak")
    assert all(word in page.text for word in ["<svg", "expired", "declined", "08:30"])


def test_an_offer_of_the_table_is_answered_too(desk: fw.Desk) -> None:
    (offer,) = desk.offers
    assert kinds(desk.accept(offer, at=EIGHT + MINUTE)) == ["accepted"]


def test_what_is_no_offer_is_told(desk: fw.Desk) -> None:
    with pytest.raises(TypeError, match="an offer is a dict as `open_offers` tells it, not 'leak'"):
        desk.accept("leak", at=EIGHT + MINUTE)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="this one has no offer, epoch"):
        desk.accept({"ticket": "leak", "engineer": "ada"}, at=EIGHT + MINUTE)


def test_a_desk_without_a_calendar_counts_seconds() -> None:
    staff = [{"id": "ada", "start": 0, "end": 36_000, "lat": 52.5, "lon": 13.4}]
    desk = fw.Desk(staff, at=0)
    desk.open({"id": "a", "lat": 52.5, "lon": 13.4}, by="support:sue", at=0)
    assert desk.next_deadline() == 1_800
    assert desk.offers.to_pandas()["expires"].tolist() == [1_800]
    assert "1,800" in desk.timeline().text


def test_times_are_shown_in_the_zone_that_was_asked_for() -> None:
    desk = fw.Desk(STAFF, at=EIGHT, zone="America/New_York")
    desk.open(LEAK, by="support:sue", at=EIGHT)
    due = desk.next_deadline()
    assert isinstance(due, datetime)
    assert (due, due.hour) == (EIGHT + 30 * MINUTE, 3)
    assert str(desk.offers.to_pandas()["sent"].dt.tz) == "America/New_York"


# What comes in


def test_a_closed_desk_can_be_shown() -> None:
    desk = fw.Desk(STAFF, at=EIGHT)
    desk.close()
    assert repr(desk) == "<Desk: closed>"


@pytest.mark.parametrize(
    ("how", "match"),
    [
        ({"by": "sue", "at": EIGHT}, "`sue` is not `role:id`"),
        ({"by": "boss:max", "at": EIGHT}, "unknown name `boss`"),
        ({"by": "support:sue", "at": EIGHT.replace(tzinfo=None)}, "is not a time"),
        ({"by": "support:sue", "at": 1.5}, "1.5 is not whole seconds"),
        ({"by": "support:sue", "at": 10**40}, "E001 at at"),
        ({"by": "support:sue", "at": "noon"}, "`noon` is not a time"),
    ],
)
def test_whatever_else_is_wrong_is_told(desk: fw.Desk, how: Any, match: str) -> None:
    before = desk.events()
    with pytest.raises(fw.InputError, match=match):
        desk.cancel("leak", "it stopped", **how)
    assert desk.events() == before


def test_a_desk_needs_something_to_begin_with(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fw.Desk(path=tmp_path / "desk.db")
    with pytest.raises(fw.InputError, match="E102"):
        fw.Desk()
    with pytest.raises(ValueError, match="is told as `path=`"):
        fw.Desk("desk.db")
    with pytest.raises(fw.InputError, match="expiry is 0"):
        fw.Desk(STAFF, at=EIGHT, policy={"expiry": 0})
    with pytest.raises(fw.InputError, match="unknown field `expire`"):
        fw.Desk(STAFF, at=EIGHT, policy={"expire": 60})
    other = tmp_path / "notes.txt"
    other.write_text("not a journal" * 100)
    with pytest.raises(fw.JournalError, match="does not begin as an SQLite file"):
        fw.Desk(path=other)


def test_a_closed_desk_says_so(desk: fw.Desk) -> None:
    desk.close()
    desk.close()
    with pytest.raises(ValueError, match="the desk is closed"):
        desk.events()


AGREEMENT = {
    "calendars": [
        {
            "id": "office",
            "zone": "UTC",
            "week": [{"days": ["mon", "tue", "wed"], "windows": [["08:00", "17:00"]]}],
        }
    ],
    "commitments": [
        {
            "id": "gold",
            "for": {"contract": "gold"},
            "promise": {"clock": "arrival", "within": 4 * 3_600, "calendar": "office"},
        }
    ],
}


def test_due_is_what_was_promised_under_the_agreement() -> None:
    # Reported at four on Monday: an hour counts then, three on Tuesday.
    desk = fw.Desk([person("ada", 52.52)], at=EIGHT, agreement=AGREEMENT)
    rows = [{**LEAK, "contract": "gold", "due": None}, {**LEAK, "id": "own"}]
    for row in rows:
        desk.open(row, by="support:sue", at=EIGHT + 8 * HOUR)
    due = desk.tickets.to_pandas().set_index("ticket")["due"]
    assert due["leak"] == EIGHT + 27 * HOUR
    assert due["own"] == LEAK["due"]


def test_a_ledger_of_no_promise_is_empty_and_one_of_no_ticket_is_refused(desk: fw.Desk) -> None:
    desk.open({**LEAK, "id": "some day", "due": None}, by="support:sue", at=EIGHT)
    assert desk.ledger("some day", "resolution", at=EIGHT + HOUR) == []
    with pytest.raises(fw.Refused) as refused:
        desk.ledger("lake", at=EIGHT + HOUR)
    assert refused.value.reason == "unknown_ticket"
    with pytest.raises(fw.Refused):
        desk.branch().ledger("lake", at=EIGHT + HOUR)
