"""The agents' graphs drawn into docs/agents.md from the code: `python -m tests.agents.drawings` mends it."""

from __future__ import annotations

import re
import sys
from importlib import import_module

from tests.house.source import ROOT

PAGE = ROOT / "docs" / "agents.md"
_PLACE = re.compile(r"(<!-- graph: (\w+) -->\n```mermaid\n).*?(```\n)", re.DOTALL)


def drawn(agent: str) -> str:
    """The compiled graph in Mermaid's words: a dotted line is a way that code chooses."""
    graph = import_module(f"agents.{agent}.graph").compiled().get_graph()
    ends = {"__start__": "start([start])", "__end__": "finish([end])"}
    lines = [
        f"    {ends.get(edge.source, edge.source)} {'-.->' if edge.conditional else '-->'}"
        f" {ends.get(edge.target, edge.target)}"
        for edge in graph.edges
    ]
    return "\n".join(["flowchart LR", *sorted(lines)]) + "\n"


def up_to_date(page: str) -> str:
    """The page with every graph as it is now."""
    return _PLACE.sub(lambda found: f"{found[1]}{drawn(found[2])}{found[3]}", page)


def agents_on(page: str) -> set[str]:
    """Whose graphs the page shows."""
    return {found[2] for found in _PLACE.finditer(page)}


if __name__ == "__main__":
    PAGE.write_text(up_to_date(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(agents_on(PAGE.read_text(encoding='utf-8')))} graphs\n")
