"""The architect as a graph: one run per finding, no checkpoints, no loop, no model.

gather -> propose -> (something to sell?) -> phrase -> emit
                          no: escalate ----------^
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.architect import nodes
from agents.architect.state import Review, Surroundings
from agents.world import World
from risk.findings import Finding

AGENT = "architect"


@cache
def compiled() -> CompiledStateGraph[Review, Surroundings, Review, Review]:
    """The graph, built once per process."""
    graph = StateGraph(Review, context_schema=Surroundings)
    for node in (nodes.gather, nodes.propose, nodes.escalate, nodes.phrase, nodes.emit):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "gather")
    graph.add_edge("gather", "propose")
    graph.add_conditional_edges("propose", nodes.is_there_something_to_sell)
    graph.add_edge("escalate", "phrase")
    graph.add_edge("phrase", "emit")
    graph.add_edge("emit", END)
    return graph.compile()


def work_up(world: World, finding: Finding) -> dict[str, Any]:
    """The alert that the finding deserves, as plain data: claim, figures, evidence, proposals with effects."""
    given: Review = {"finding": msgspec.to_builtins(finding)}
    result = compiled().invoke(given, context=Surroundings(world))
    alert: dict[str, Any] = result["alert"]
    return alert
