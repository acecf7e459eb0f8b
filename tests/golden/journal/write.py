"""Writes v1.jsonl and v1.sqlite: the log of version 1 by an implementation of its own (Python's json, hashlib
and sqlite3). Run once; the files never follow the code, a version that changes gets files of its own.

    python3 tests/golden/journal/write.py
"""

import hashlib
import json
import sqlite3
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE.parents[2] / "src/journal/tables/sqlite.1.sql"
START = 1_772_438_400  # 2026-03-02T08:00:00Z


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def uuid7(number):
    return f"{START * 1000:012x}{0x7000 + number:04x}{0x8000:04x}{number:012x}"


def dashed(digits):
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


# type, subject, data, and what else is not as usual
TOLD = [
    ("ticket.opened", "T1", {"priority": 2, "title": "Kühlschrank \"tropft\" 漏水 \U0001f4a7\n"}, {"visibility": "customer"}),
    ("offer.sent", "T1/1", {"engineer": "eve", "minutes": 30, "ticket": "T1"}, {}),
    ("offer.declined", "T1/1", {"reason": None, "tags": [], "\U0001f600": 1, "\ufb33": -9007199254740991}, {"device_seq": 0}),
    ("offer.sent", "T1/2", {"engineer": "fay", "minutes": 45, "ticket": "T1"}, {"causation": 3}),
    ("offer.accepted", "T1/2", {"at": {"lat": "52.52", "lon": "13.40"}}, {"correlation": "T1", "on_behalf_of": "fay"}),
    ("ticket.assigned", "T1", {"engineer": "fay", "told": True}, {"correlation": "T1"}),
]


def events():
    previous, seqs = "0" * 64, {}
    for position, (kind, subject, data, more) in enumerate(TOLD, 1):
        seqs[subject] = seqs.get(subject, 0) + 1
        event = {
            "id": dashed(uuid7(position)),
            "type": f"aftersales.{kind}.v1",
            "subject": subject,
            "seq": seqs[subject],
            "position": position,
            "occurred_at": START + 60 * position - 5,
            "recorded_at": START + 60 * position,
            "actor": {"id": "desk", "role": "system"},
            "idempotency_key": f"key {position}",
            "request": sha256(f"request {position}"),
            "visibility": more.get("visibility", "internal"),
            "data": data,
            "prev_hash": previous,
        }
        event |= {name: more[name] for name in ("device_seq", "correlation") if name in more}
        if "causation" in more:
            event["causation"] = dashed(uuid7(more["causation"]))
        if "on_behalf_of" in more:
            event["actor"]["on_behalf_of"] = more["on_behalf_of"]
        # All keys but two are ASCII, where Python's order is that of RFC 8785; those two are put right.
        text = canonical(event).replace('"\ufb33":-9007199254740991,"\U0001f600":1', '"\U0001f600":1,"\ufb33":-9007199254740991')
        previous = event["hash"] = sha256(text)
        yield event, text.replace(',"id":"' + event["id"], f',"hash":"{previous}","id":"{event["id"]}')


def columns(event, line):
    data = line[line.index('"data":') + 7 :]
    data = data[: min(at for at in (data.find(',"device_seq":'), data.find(',"hash":')) if at >= 0)]
    blob = lambda name: bytes.fromhex(event[name].replace("-", "")) if name in event else None
    actor = event["actor"]
    return (
        event["position"], blob("id"), event["type"], event["subject"], event["seq"], event["occurred_at"],
        event["recorded_at"], event.get("device_seq"), actor["id"], actor["role"], actor.get("on_behalf_of"),
        event["idempotency_key"], blob("request"), blob("causation"), event.get("correlation"), event["visibility"],
        data, blob("prev_hash"), blob("hash"),
    )


told = list(events())
(HERE / "v1.jsonl").write_text("".join(f"{line}\n" for _, line in told), encoding="utf-8")

path = HERE / "v1.sqlite"
path.unlink(missing_ok=True)
file = sqlite3.connect(path)
file.executescript(TABLES.read_text(encoding="utf-8"))
file.execute(f"PRAGMA application_id = {0x46574A4C}")
file.execute("PRAGMA user_version = 1")
file.executemany(f"INSERT INTO events VALUES ({', '.join('?' * 19)})", [columns(*one) for one in told])
last = told[-1][0]
file.execute("INSERT INTO head VALUES (1, ?, ?, ?)", (last["position"], bytes.fromhex(last["hash"]), last["recorded_at"]))
file.commit()
file.close()
