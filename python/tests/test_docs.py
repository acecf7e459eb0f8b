"""Every example of the package and of its README runs, and everything public says what it is."""

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fieldwright as fw
from fieldwright.commands import Commands

APART = {"fieldwright.ray"}
"""Modules that need an optional library."""

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(fw.__path__, "fieldwright.")
    if name not in APART and "peers" not in name
]


@pytest.mark.parametrize("name", ["fieldwright", *MODULES])
def test_examples_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def members(thing: Any) -> dict[str, Any]:
    """What a class has of its own and of those of this package that it is made of."""
    made = reversed(thing.__mro__) if inspect.isclass(thing) else ()
    own = [vars(of) for of in made if of.__module__.startswith("fieldwright.")]
    return {name: value for of in own for name, value in of.items()}


def test_everything_public_says_what_it_is() -> None:
    silent = []
    for name in fw.__all__:
        thing = getattr(fw, name)
        for member, value in [(name, thing), *members(thing).items()]:
            documented = callable(value) or isinstance(value, property)
            if documented and not member.startswith("_") and not inspect.getdoc(value):
                silent.append(f"{name}.{member}")
    assert silent == []


README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize(
    "snippet", re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
)
def test_the_readme_runs_as_pasted(snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "README.md", "exec"), {"__name__": "__main__"})


def test_everything_public_is_in_an_example_that_runs() -> None:
    finder = doctest.DocTestFinder()
    modules = [importlib.import_module(name) for name in ["fieldwright", *MODULES]]
    tests = [test for module in modules for test in finder.find(module)]
    shown = "".join(example.source for test in tests for example in test.examples)
    shown += "".join(re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S))
    hidden = []
    for name in fw.__all__:
        thing = getattr(fw, name)
        # Of commands there are many that are alike; `Desk.rights` lists them.
        public = [m for m in members(thing) if not (m.startswith("_") or hasattr(Commands, m))]
        hidden += [f"{name}.{m}" for m in public if not re.search(rf"\b{m}\b", shown)]
        is_shown = re.search(rf"\b{name}\b", shown) or ">>>" in (inspect.getdoc(thing) or "")
        hidden += [] if is_shown or name == "__version__" else [name]
    assert hidden == []


def test_the_readme_of_the_crate_runs_too(
    engineers: list[dict[str, Any]],
    tickets: list[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", text, re.S)
    quick = snippet.replace("seconds=10", "seconds=0.1")
    exec(compile(quick, "README.md", "exec"), {"engineers": engineers, "tickets": tickets})
    assert "boiler" in capsys.readouterr().out


def test_import_is_quick_and_has_no_side_effects() -> None:
    program = (
        "import sys, time; before = set(sys.modules); start = time.perf_counter(); "
        "import fieldwright; took = time.perf_counter() - start; "
        "heavy = {'numpy', 'pandas', 'pyarrow', 'polars', 'ray', 'tqdm', 'matplotlib'}; "
        "heavy |= {'asyncio', 'dataclasses', 'html', 'pathlib'}; "
        "loaded = heavy & set(sys.modules) - before; assert not loaded, loaded; print(took)"
    )
    took = [
        float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout)
        for _ in range(3)
    ]
    # The goal is 50 ms on a quiet machine.
    assert min(took) < 0.5
