"""Workers to be killed: `python -m tests.agents.kill_worker APP_URL OWNER_URL SEALER_URL`.

Reads one JSON list of orders per line, does all of them at once, each in a process of its own, and answers
with how they ended and which steps they passed. A process that is told to dies of SIGKILL at the n-th step;
nothing of this is known to the code that is killed: the interpreter's own profile hook counts.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType
from typing import Any

import msgspec

from agents.architect import graph as architect
from agents.finance import graph as finance
from agents.resource import graph as resource
from agents.rewording import graph as rewording
from agents.rewording.run import Rewording
from agents.runner import Runner
from agents.thinkers import THINKERS
from agents.wording import Words
from api.bodies import DecisionIn
from api.reviewing import review
from outside.model import ModelReply, ModelRequest
from store.clock import FixedClock
from store.connections import Connections
from store.ground import Ground, Urls, ground_at
from store.ids import TenantId
from store.log_sql import SqlLog
from tests.agents.scenes import NINE

GRAPHS: dict[str, Any] = {
    "architect": architect,
    "resource": resource,
    "finance": finance,
    "rewording": rewording,
}


class Order(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What one process does (`think`, `words` or `approve`), whose steps count, and at which one it dies."""

    do: str
    watch: str = ""
    die_at: int | None = None
    says: tuple[str | None, ...] = ()
    tenant_id: str = ""
    alert_id: str = ""
    proposal_id: str = ""
    key: str = ""


class Says:
    """A model with a script: "clearer" for words that say the same, other texts as they stand, None for no answer."""

    def __init__(self, *script: str | None) -> None:
        self._script = script
        self._count = 0

    def complete(self, request: ModelRequest[Any]) -> ModelReply[Any] | None:
        claim = request.material.split("\n")[1]
        said = self._script[min(self._count, len(self._script) - 1)]
        self._count += 1
        words = claim.replace("is booked", "has been booked") if said == "clearer" else said
        return None if words is None else ModelReply(Words(words), "says")


def watched(name: str) -> dict[CodeType, str]:
    """The functions whose entry and end are steps: a graph's nodes and the append, or what deciding is made of."""
    steps: list[Callable[..., Any]] = [SqlLog.append]
    if name in GRAPHS:
        module = GRAPHS[name].nodes
        nodes = GRAPHS[name].compiled().get_graph().nodes
        steps += [getattr(module, node) for node in nodes if not node.startswith("__")]
    else:
        steps += [review, Connections.call, Ground.settle]
    return {step.__code__: step.__name__ for step in steps}


def hook(steps: dict[CodeType, str], die_at: int | None, say: Callable[[str], None]) -> None:
    """Counts the steps from here on."""
    passed = 0

    def count(frame: FrameType, event: str, _arg: object) -> None:
        nonlocal passed
        name = steps.get(frame.f_code)
        if name is None or event not in {"call", "return"}:
            return
        if passed == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1
        say(f"{'in' if event == 'call' else 'out'}:{name}")

    threading.setprofile(count)
    sys.setprofile(count)


def carry_out(urls: Urls, order: Order, say: Callable[[str], None]) -> None:
    """Does it, on a ground of its own."""
    ground = ground_at(urls, clock=FixedClock(NINE), may_be_unsafe=True)
    if order.watch:
        hook(watched(order.watch), order.die_at, say)
    if order.do == "think":
        Runner(ground, THINKERS).run_until_idle()
    elif order.do == "words":
        rewording_step = Rewording(ground, Says(*order.says)).step
        while rewording_step():
            pass
    else:
        tenant = ground.tenants.find(TenantId(order.tenant_id))
        decision = DecisionIn(verb="approve", proposal_id=order.proposal_id)
        review(ground, tenant, order.alert_id, decision, actor_id="reviewer", key=order.key)
    sys.setprofile(None)
    ground.close()


def tell(writing: int, step: str) -> None:
    """Says at once which step was passed: what dies says nothing later."""
    os.write(writing, f"{step}\n".encode())


def fork(urls: Urls, order: Order) -> tuple[int, int]:
    """A process for the order: its id, and where its steps can be read."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    # The answers are the parent's to give; whatever is logged goes beside them.
    os.dup2(2, 1)
    try:
        carry_out(urls, order, partial(tell, writing))
    except BaseException:  # noqa: BLE001 - whatever it was, the parent must not go on twice
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(pid: int, reading: int) -> dict[str, Any]:
    """How it ended: 0, or minus the signal, and the steps it passed."""
    with os.fdopen(reading, "rb") as pipe:
        steps = pipe.read().decode().split()
    _, status = os.waitpid(pid, 0)
    return {"exit": os.waitstatus_to_exitcode(status), "steps": steps}


def main() -> None:
    urls = Urls(app=sys.argv[1], owner=sys.argv[2], sealer=sys.argv[3])
    for module in GRAPHS.values():
        module.compiled()
    for line in sys.stdin:
        orders = msgspec.json.decode(line, type=list[Order])
        processes = [fork(urls, order) for order in orders]
        sys.stdout.write(json.dumps([ended(*process) for process in processes]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
