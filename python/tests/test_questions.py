"""Who should go, why not somebody else, and what would change it."""

import json
import pickle
from typing import Any, cast

import pandas as pd
import pytest

import fieldwright as fw

Rows = list[dict[str, Any]]


def test_the_best_engineer_is_recommended(problem: fw.Problem) -> None:
    best = fw.recommend(problem, "leak")
    assert best.best == "ada"
    assert best.to_pandas()["engineer"].tolist() == ["ada"]
    assert "ada as visit 1" in str(best)


def test_a_recommendation_shows_itself_and_a_dispatcher_travels(problem: fw.Problem) -> None:
    dispatcher = pickle.loads(pickle.dumps(fw.Dispatcher(problem)))
    assert "ada as visit 1" in repr(dispatcher.recommend("leak"))


def test_a_single_change_need_not_be_a_list(problem: fw.Problem) -> None:
    change = {"change": "extend_shift", "shift": "ada/1", "seconds": 1_800}
    assert fw.what_if(problem, change).to_json() == fw.what_if(problem, [change]).to_json()


def test_a_column_of_tickets_is_one_call(city: fw.Problem, plan: fw.Plan) -> None:
    dispatcher = fw.Dispatcher(city, plan)
    column = pd.Series(city.tickets[:20])
    table = dispatcher.recommend(column, top=3).to_pandas()
    for ticket in column:
        one = dispatcher.recommend(ticket, top=3).to_pandas()
        same = table[table["ticket"] == ticket].reset_index(drop=True)
        pd.testing.assert_frame_equal(same, one)


def test_contributions_sum_to_the_score(city: fw.Problem, plan: fw.Plan) -> None:
    for answer in fw.Dispatcher(city, plan).recommend(city.tickets[:20]).data:
        for candidate in answer["candidates"]:
            explanation = candidate["explanation"]
            levels = [0] * len(explanation["score"])
            for part in explanation["contributions"]:
                levels[part["level"]] += part["points"]
            assert levels == explanation["score"]


def test_nobody_is_an_answer_with_a_reason(problem: fw.Problem) -> None:
    world = json.loads(problem.to_json())
    world["tickets"][0]["skills"]["all"][0]["level"] = 9
    nobody = fw.Problem.from_json(world)
    assert fw.recommend(nobody, "leak").best is None
    answer = fw.Dispatcher(nobody).why_nobody("leak")
    assert answer.changes[0] == {
        "change": "raise_skill",
        "engineer": "ada",
        "skill": "boiler",
        "from": 3,
        "to": 9,
    }
    assert fw.recommend(fw.what_if(nobody, answer.changes), "leak").best == "ada"


def test_what_is_proposed_makes_it_fit(city: fw.Problem, plan: fw.Plan) -> None:
    tried = 0
    for ticket in plan.unassigned.to_pandas()["ticket"]:
        answer = fw.explain(city, plan, ticket)
        if isinstance(answer, fw.Answer) and answer.changes:
            changed = fw.what_if(city, answer.changes)
            assert fw.recommend(changed, ticket, plan=plan, everybody=True).best is not None
            tried += 1
    assert tried > 0


def test_an_explanation_is_of_whoever_has_the_ticket(city: fw.Problem, plan: fw.Plan) -> None:
    visit = plan.visits.to_pandas().iloc[0]
    assert visit["ticket"] in plan
    answer = fw.explain(city, plan, visit["ticket"])
    assert isinstance(answer, fw.Recommendation)
    assert answer.data[0]["holder"] == visit["engineer"]
    other = next(e for e in city.engineers if e != visit["engineer"])
    assert isinstance(fw.explain(city, plan, visit["ticket"], other), fw.Answer)


def test_who_is_hired_works(city: fw.Problem, plan: fw.Plan) -> None:
    more = fw.what_if(city, hire=city.engineers)
    assert len(more.engineers) == 2 * len(city.engineers)
    assert fw.plan(more, iterations=2_000).score < plan.score


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda problem: fw.recommend(problem, "nothing"), "E508"),
        (lambda problem: fw.recommend(problem, ["leak", "nothing"]), "E508"),
        (lambda problem: fw.why_not(problem, "leak", "nobody"), "E505"),
        (lambda problem: fw.what_if(problem, [{"change": "magic"}]), "E001"),
        (lambda problem: fw.what_if(problem, hire="nobody"), "E505"),
        (lambda problem: fw.assign(problem, method=cast(Any, "luck")), "E002"),
    ],
)
def test_what_is_not_there_is_an_input_error(problem: fw.Problem, ask: Any, code: str) -> None:
    with pytest.raises(fw.InputError) as caught:
        ask(problem)
    assert [issue["code"] for issue in caught.value.issues] == [code]


def test_an_assignment_is_proven(city: fw.Problem) -> None:
    answer = fw.assign(city)
    assert len(answer.pairs) + len(answer.unassigned) == len(city)
    assert answer.data["bound"]["cost"] >= answer.data["bound"]["at_least"]
    assert answer.score <= fw.assign(city, method="greedy").score
