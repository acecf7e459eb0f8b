"""vrp-cli, a program: found on the path, or where ``VRP_CLI`` says.

It measures the duration of a route from the departure of the moment, for a new one the opening of the
depot, so jobs with late windows find no new car where there is a limit, and may be left out.
"""

import json
import os
import shutil
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ..instance import Instance, Routes
from .engine import Effort, Engine

__all__ = ["ENGINE", "told"]


def program() -> str:
    """What to start."""
    return os.environ.get("VRP_CLI", "vrp-cli")


def version() -> str | None:
    if shutil.which(program()) is None:
        return None
    told = subprocess.run([program(), "--version"], capture_output=True, text=True)
    return told.stdout.split()[-1] if told.stdout.strip() else "?"


def lacks(instance: Instance) -> str | None:
    return "it weighs no way against what is left out" if instance.is_priced else None


def solve(instance: Instance, effort: Effort) -> Routes:
    ways = {
        "profile": "car",
        "travelTimes": instance.times.ravel().tolist(),
        "distances": instance.costs.ravel().tolist(),
    }
    with tempfile.TemporaryDirectory() as folder:
        given, table, found = (Path(folder, name) for name in ("given.json", "ways.json", "found.json"))
        given.write_text(json.dumps(told(instance)))
        table.write_text(json.dumps(ways))
        words = [program(), "solve", "pragmatic", str(given), "-m", str(table), "-o", str(found)]
        words += ["--max-time", str(max(1, round(effort.seconds)))]
        words += ["--parallelism", f"1,{effort.threads}"]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError((done.stderr + done.stdout).strip()[-500:])
        tours = json.loads(found.read_text())["tours"]
    return {
        int(tour["vehicleId"]): [
            int(activity["jobId"])
            for stop in tour["stops"]
            for activity in stop["activities"]
            if activity["type"] == "delivery"
        ]
        for tour in tours
    }


def told(instance: Instance) -> dict[str, Any]:
    """The problem in its words."""
    asked, owned = instance.skills
    levels = ["minimize-unassigned", "minimize-cost"]
    if not instance.is_complete:
        levels.insert(0, "maximize-value")
    jobs = [
        {
            "id": str(number),
            "skills": {"allOf": [str(asked[number])]},
            # It takes no values that no level counts.
            **({} if instance.is_complete else {"value": job.worth}),
            "deliveries": [
                {
                    "places": [
                        {
                            "location": {"index": job.row},
                            "duration": job.service,
                            # It refuses a job without a window, which nobody has the skill for anyway.
                            "times": [
                                [_moment(a), _moment(b)] for a, b in job.windows or [(0, instance.horizon)]
                            ],
                        }
                    ],
                    "demand": list(job.demand) or [0],
                }
            ],
        }
        for number, job in enumerate(instance.jobs)
    ]
    vehicles = [
        {
            "typeId": f"like {alike[0]}",
            "vehicleIds": list(map(str, alike)),
            "profile": {"matrix": "car"},
            "costs": {"fixed": 0, "distance": 1, "time": 0},
            "shifts": [
                {
                    "start": {"earliest": _moment(car.start), "location": {"index": car.row}},
                    "end": {"latest": _moment(car.end), "location": {"index": car.to}},
                }
            ],
            "capacity": list(car.capacity) or [0],
            "skills": [str(skill) for skill in sorted(owned[alike[0]])],
            **({} if car.limit is None else {"limits": {"maxDuration": car.limit}}),
        }
        for car, alike in instance.kinds.items()
    ]
    return {
        "plan": {"jobs": jobs},
        "fleet": {"vehicles": vehicles, "profiles": [{"name": "car"}]},
        "objectives": [{"type": level} for level in levels],
    }


def _moment(seconds: int) -> str:
    day = datetime(2026, 1, 5, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    return day.strftime("%Y-%m-%dT%H:%M:%SZ")


ENGINE = Engine(
    "vrp-cli", "cargo install vrp-cli", version, lacks, solve, is_random=True, is_threaded=True
)
