"""Field-service dispatch: the right engineer at the right door in time.

Data frames go in, a plan comes out, and every answer explains itself:

>>> import fieldwright as fw
>>> engineers = [
...     {"id": "ada", "start": 0, "end": 28800, "lat": 52.52, "lon": 13.40, "skills": "boiler:3"},
...     {"id": "bob", "start": 0, "end": 28800, "lat": 52.50, "lon": 13.45},
... ]
>>> tickets = [
...     {"id": "leak", "lat": 52.51, "lon": 13.44, "service": 3600, "skills": "boiler:2"},
... ]
>>> problem = fw.Problem.from_frames(engineers, tickets)
>>> plan = fw.plan(problem, iterations=100)
>>> plan.visits.to_pandas()["engineer"].tolist()
['ada']

Times are whole seconds, lengths whole metres. Nothing happens on import.
"""

from . import _core
from .desk import Desk
from .errors import Cancelled, Conflict, InputError, Issues, JournalError, Refused
from .frames import Matrix
from .planning import assign, plan, what_if
from .problem import Problem, columns
from .progress import Progress
from .questions import Answer, Dispatcher, Recommendation, check, explain, recommend, why_not
from .result import Assignment, Page, Plan
from .running import Clock, WallClock
from .table import Table

__version__: str = _core.__version__
__all__ = [
    "Answer",
    "Assignment",
    "Cancelled",
    "Clock",
    "Conflict",
    "Desk",
    "Dispatcher",
    "InputError",
    "Issues",
    "JournalError",
    "Matrix",
    "Page",
    "Plan",
    "Problem",
    "Progress",
    "Recommendation",
    "Refused",
    "Table",
    "WallClock",
    "__version__",
    "assign",
    "check",
    "columns",
    "explain",
    "plan",
    "recommend",
    "what_if",
    "why_not",
]
