"""The graphs in the docs are those in the code."""

from __future__ import annotations

from tests.agents.drawings import PAGE, agents_on, up_to_date
from tests.house.test_features import AGENTS


def test_the_docs_show_every_graph_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert agents_on(page) == set(AGENTS)
    assert page == up_to_date(page), "mend it: python -m tests.agents.drawings"


def test_a_graph_drawn_otherwise_is_noticed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert up_to_date(page.replace("-.-> phrase", "--> phrase")) == page
