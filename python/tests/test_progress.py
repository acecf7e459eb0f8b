"""The bar on a terminal, with tqdm and without."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import fieldwright as fw
from fieldwright.progress import counter


class Terminal(io.StringIO):
    """What a bar is written to."""

    def isatty(self) -> bool:
        return True


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal where tqdm is not installed. Not a fixture: pytest takes the screen back before a test runs."""
    screen = Terminal()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "tqdm.auto", None)
        patch.setattr(sys, "stderr", screen)
        yield screen


def test_without_tqdm_a_line_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen:
        fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=200, progress=True)
    text = screen.getvalue()
    assert text.startswith("\rplanning ") and text.endswith("\n")
    assert "100%  " in text and " unassigned, score [" in text
    assert "\n" not in text[:-1]


def test_counted_work_has_the_same_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen:
        tell, close = counter(True, "tasks")
        assert tell is not None
        assert not tell(1, 4)
        close()
    assert screen.getvalue() == f"\rtasks {'#' * 8}{'.' * 22}  25%  1 of 4\x1b[K\n"


def test_with_tqdm_the_bar_is_its(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    tell, close = counter(True, "tasks")
    assert tell is not None
    tell(2, 4)
    close()
    assert "tasks:  50%" in capsys.readouterr().err


def test_nobody_is_told_unless_he_asks() -> None:
    assert counter(False, "tasks")[0] is None
    assert fw.plan(fw.Problem.city(3, 8), iterations=10, progress=None).iterations  # type: ignore[arg-type]
    seen = []
    tell, _ = counter(lambda done, count: seen.append((done, count)), "tasks")
    assert tell is not None
    tell(1, 2)
    assert seen == [(1, 2)]


@pytest.mark.parametrize("watch", ["yes", 1, [print]])
def test_what_cannot_be_called_is_a_type_error(watch: Any) -> None:
    with pytest.raises(TypeError, match="progress is True, False or a function, not "):
        fw.plan(fw.Problem.city(3, 8), iterations=10, progress=watch)
