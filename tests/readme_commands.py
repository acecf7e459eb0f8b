"""Runs every command of the README's `sh` blocks as pasted, in a copy of nothing: the clone itself.

`make test` is left out: it is what runs this.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEFT_OUT = ("make test",)


def commands(text: str) -> list[str]:
    """The command lines of all `sh` blocks, continued lines joined, comments dropped."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.M | re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def main() -> int:
    ran = 0
    for command in commands((ROOT / "README.md").read_text()):
        if command.startswith(LEFT_OUT):
            print(f"skipped: {command}")
            continue
        print(f"$ {command}", flush=True)
        done = subprocess.run(command, shell=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            print(done.stdout, f"exit code {done.returncode}", sep="\n")
            return 1
        ran += 1
    print(f"{ran} commands of the README work")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main())
