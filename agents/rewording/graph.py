"""Rewording as a graph: one run per try, no checkpoints. What a run waits for is a fact between two runs.

ask -> (what came?) -> keep
  |         |--------> repair -> (what came then?) -> keep, leave or wait
  |         |--------> leave
  |         '--------> wait
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.rewording import nodes
from agents.rewording.state import Attempt, Surroundings
from outside.model import Model


@cache
def compiled() -> CompiledStateGraph[Attempt, Surroundings, Attempt, Attempt]:
    """The graph, built once per process."""
    graph = StateGraph(Attempt, context_schema=Surroundings)
    for node in (nodes.ask, nodes.repair, nodes.keep, nodes.leave, nodes.wait):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "ask")
    graph.add_conditional_edges("ask", nodes.what_came)
    graph.add_conditional_edges("repair", nodes.what_came_then)
    for last in ("keep", "leave", "wait"):
        graph.add_edge(last, END)
    return graph.compile()


def attempt(claim: str, values: Sequence[str], model: Model) -> Attempt:
    """What came of asking: `outcome`, and `wording` that may be shown. Takes as long as the model does."""
    result = compiled().invoke({"claim": claim, "values": list(values)}, context=Surroundings(model))
    return Attempt(outcome=result["outcome"], wording=result["wording"])
