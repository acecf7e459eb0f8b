__version__: str

def plan_json(
    world: str,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    threads: int | None,
) -> str: ...
def check_json(world: str, plan: str) -> str: ...
