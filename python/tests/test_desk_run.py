"""A desk that runs: it wakes up when somebody has to be asked next, on a clock that only the test moves."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

import fieldwright as fw
from test_desk import EIGHT, LEAK, MINUTE, STAFF, kinds


class Hands:
    """A clock whose hands are moved by hand."""

    def __init__(self) -> None:
        self.time = EIGHT.timestamp()
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleepers, (self.time + seconds, id(woken), woken))
        await woken

    async def asleep(self) -> None:
        """Until the desk sleeps."""
        while all(woken.done() for _, _, woken in self.sleepers):
            await asyncio.sleep(0.001)

    async def move(self, length: timedelta) -> None:
        """Lets time pass for who sleeps."""
        await self.asleep()
        self.time += length.total_seconds()
        while self.sleepers and self.sleepers[0][0] <= self.time:
            woken = heapq.heappop(self.sleepers)[2]
            if not woken.done():
                woken.set_result(None)


Told: TypeAlias = "asyncio.Queue[list[str]]"


def run(
    day: Callable[[fw.Desk, Hands, Told], Awaitable[None]], path: Path | None = None
) -> None:
    """A day on a desk that runs beside it and puts what happens on a queue."""

    async def whole() -> None:
        hands, told = Hands(), asyncio.Queue[list[str]]()
        desk = fw.Desk(STAFF, clock=hands, path=path)

        async def follow() -> None:
            async for events in desk.run():
                told.put_nowait(kinds(events))

        running = asyncio.create_task(follow())
        async with asyncio.timeout(60):
            await hands.asleep()
            await day(desk, hands, told)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not desk._wakers

    asyncio.run(whole())


def test_a_command_is_told_at_once_and_a_deadline_when_it_comes() -> None:
    async def day(desk: fw.Desk, hands: Hands, told: Told) -> None:
        desk.open(LEAK, by="support:sue")
        assert await told.get() == ["opened", "offered"]
        await hands.move(29 * MINUTE)
        await hands.asleep()
        assert told.empty()
        await hands.move(MINUTE)
        assert await told.get() == ["expired", "offered"]

    run(day)


def test_a_command_from_another_thread_sets_the_alarm_anew() -> None:
    async def day(desk: fw.Desk, hands: Hands, told: Told) -> None:
        desk.set_policy({"expiry": 60}, by="manager:max")
        assert await told.get() == ["policy_set"]
        await asyncio.to_thread(desk.open, LEAK, by="support:sue")
        assert await told.get() == ["opened", "offered"]
        await hands.move(MINUTE)
        assert await told.get() == ["expired", "offered"]

    run(day)


def test_nothing_is_lost_when_a_command_comes_after_a_deadline() -> None:
    async def day(desk: fw.Desk, hands: Hands, told: Told) -> None:
        desk.open(LEAK, by="support:sue")
        assert await told.get() == ["opened", "offered"]
        late = EIGHT + 31 * MINUTE
        desk.off_duty("cem", "lunch", by="support:sue", at=late)
        assert await told.get() == ["expired", "offered", "duty_ended"]

    run(day)


def test_what_another_process_writes_is_told_within_half_a_minute(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"

    async def day(desk: fw.Desk, hands: Hands, told: Told) -> None:
        with fw.Desk(path=file, clock=hands) as other:
            other.open(LEAK, by="support:sue")
        await hands.move(MINUTE / 2)
        assert await told.get() == ["opened", "offered"]

    run(day, file)


def test_who_follows_a_desk_that_is_closed_is_told_at_once() -> None:
    async def whole() -> None:
        hands = Hands()
        desk = fw.Desk(STAFF, clock=hands)

        async def follow() -> None:
            async for _ in desk.run():
                pass

        running = asyncio.ensure_future(follow())
        await hands.asleep()
        desk.close()
        with pytest.raises(ValueError, match="the desk is closed"):
            await asyncio.wait_for(running, 10)

    asyncio.run(whole())
