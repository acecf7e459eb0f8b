"""Runs the code of every notebook of this folder, cell by cell, as a notebook would; needs no Jupyter."""

import ast
import json
import os
import sys
from pathlib import Path
from typing import Any


def run(path: Path) -> None:
    """Runs the cells in one namespace; the last expression of each is shown."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    os.chdir(path.parent)
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        where = f"{path.name} cell {number}"
        exec(compile(tree, where, "exec"), names)
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), where, "eval"), names)
            html = getattr(shown, "_repr_html_", None)
            print(f"--- {where}: {html()[:60] if html else shown!r}"[:200])


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    for name in sys.argv[1:] or sorted(path.name for path in here.glob("*.ipynb")):
        run(here / name)
