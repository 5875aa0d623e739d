"""The resource agent as a graph: one run per finding, no checkpoints, no loop, no model.

gather -> propose or relax -> (a way out?) -> phrase -> emit
                                  no: admit ----^

An over-allocation asks who else and when (propose), an impossible date asks when else or how much less (relax).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.resource import nodes
from agents.resource.state import Review, Surroundings
from agents.world import World
from risk.findings import Finding


@cache
def compiled() -> CompiledStateGraph[Review, Surroundings, Review, Review]:
    """The graph, built once per process."""
    graph = StateGraph(Review, context_schema=Surroundings)
    for node in (nodes.gather, nodes.propose, nodes.relax, nodes.admit, nodes.phrase, nodes.emit):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "gather")
    graph.add_conditional_edges("gather", nodes.what_is_asked)
    graph.add_conditional_edges("propose", nodes.is_there_a_way)
    graph.add_conditional_edges("relax", nodes.is_there_a_way)
    graph.add_edge("admit", "phrase")
    graph.add_edge("phrase", "emit")
    graph.add_edge("emit", END)
    return graph.compile()


def work_up(world: World, finding: Finding) -> dict[str, Any]:
    """The alert that the finding deserves, as plain data: claim, figures, evidence, proposals with effects."""
    result = compiled().invoke({"finding": msgspec.to_builtins(finding)}, context=Surroundings(world))
    alert: dict[str, Any] = result["alert"]
    return alert
