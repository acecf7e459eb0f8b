"""Plain data as JSON: with datetimes, lengths of time and numbers of numpy in it, as people have them."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

__all__ = ["as_json"]


def as_json(value: object) -> str:
    """JSON text of plain data with datetimes, lengths of time and numpy values in it."""
    return json.dumps(value, default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "as_integer_ratio"):  # decimals, as databases have them
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"text, numbers, moments, lists and dicts are expected, not {value!r}")
