"""The tree of the plan: complete, in our own words."""

import pytest

from states.clauses import CLAUSES, exists, gist
from states.plan_text import normalise, parse
from tests.official_plan import official_text

#: Longest run of characters that counts as a term, not as a copied sentence.
LONGEST_TERM = 12


def test_it_has_every_clause_of_the_official_text_and_no_other() -> None:
    plan = parse(official_text())
    rows = {f"附件2#{row.cells['row']}" for row in plan.annex2} | {f"附件3#{row.cells['row']}" for row in plan.annex3}
    assert set(CLAUSES) == set(plan.clauses) | rows


def test_it_is_in_the_order_of_the_official_text() -> None:
    lines = parse(official_text()).lines
    ours = [lines[place] for place in CLAUSES if place in lines]
    assert ours == sorted(ours)


@pytest.mark.parametrize("place", ["一—4", "三(二)1(5)", "四(二)6¶2", "五(二)¶8", "附件2#5", "附件3#8"])
def test_places_are_cited_as_on_step_cards(place: str) -> None:
    assert exists(place)


@pytest.mark.parametrize("place", ["", "六", "三(二)1(6)", "三（二）1", "附件2#6", "矿产资源法第七十一条"])
def test_what_the_plan_does_not_have_does_not_exist(place: str) -> None:
    assert not exists(place)
    with pytest.raises(KeyError):
        gist(place)


def test_every_clause_has_a_heading_and_a_gist() -> None:
    assert all(clause.heading and clause.gist and clause.id == place for place, clause in CLAUSES.items())


def test_no_gist_copies_more_than_a_term_of_the_official_text() -> None:
    text = normalise(official_text())
    for clause in CLAUSES.values():
        ours = normalise(clause.gist)
        runs = [ours[i : i + LONGEST_TERM] for i in range(len(ours) - LONGEST_TERM + 1)]
        assert not [run for run in runs if run in text], clause.id
