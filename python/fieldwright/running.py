"""A desk that runs as a task of asyncio, on a clock that its caller chooses."""

import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .commands import Event

if TYPE_CHECKING:
    import asyncio

    from .desk import Desk

__all__ = ["Clock", "WallClock", "follow", "seconds"]

LOOK: float = 30.0
"""A running desk looks at its clock at least so often (s): clocks on walls are set, and machines sleep."""


class Clock(Protocol):
    """What a desk takes the time from: bring your own to try a day in a second.

    >>> import fieldwright as fw
    >>> class Quick:
    ...     seconds = 0.0
    ...     def now(self):
    ...         return self.seconds
    ...     async def sleep(self, seconds):
    ...         self.seconds += seconds
    >>> engineers = [{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}]
    >>> desk = fw.Desk(engineers, clock=Quick())
    >>> events = desk.open({"id": "leak", "lat": 52.53, "lon": 13.42}, by="support:sue")
    >>> desk.next_deadline()
    1800
    """

    def now(self) -> datetime | float:
        """The time; of seconds since 1970 the fraction is cut off."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Returns when so many seconds have passed."""
        ...


class WallClock:
    """The clock of the machine.

    >>> import fieldwright as fw
    >>> fw.WallClock().now() > 1_700_000_000
    True
    """

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Sleeps, and lets others run."""
        import asyncio

        await asyncio.sleep(seconds)


async def follow(desk: "Desk", since: int | None) -> AsyncIterator[list[Event]]:
    """Keeps the deadlines of a desk, and yields its events from a number on."""
    import asyncio

    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # Commands come from whatever thread.
        loop.call_soon_threadsafe(changed.set)

    seen = desk._core.counts()[2] if since is None else since
    desk._wakers.add(wake)
    try:
        while True:
            changed.clear()
            # Writing waits for the disk, and the loop should not.
            events = await asyncio.to_thread(_news, desk, seen)
            if events:
                seen = events[-1]["seq"] + 1
                yield events
            else:
                await _until_due(desk, changed)
    finally:
        desk._wakers.discard(wake)


def seconds(moment: datetime | float) -> float:
    """Seconds since 1970, or since whatever a desk without a calendar counts from."""
    return moment.timestamp() if isinstance(moment, datetime) else moment


def _news(desk: "Desk", seen: int) -> list[Event]:
    desk.advance()
    # What other processes did is among them.
    return desk.events(seen)


async def _until_due(desk: "Desk", changed: "asyncio.Event") -> None:
    import asyncio

    due = desk.next_deadline()
    left = LOOK if due is None else seconds(due) - seconds(desk._clock.now())
    tasks = [
        asyncio.ensure_future(changed.wait()),
        asyncio.ensure_future(desk._clock.sleep(min(max(left, 0.0), LOOK))),
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
