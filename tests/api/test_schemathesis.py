"""Whatever the OpenAPI document allows or forbids is sent; every answer must be as the document says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from api.app import create_app
from tests.api.office import Office

EXAMPLES = 8
# A cursor that another list made, a link that closes a circle, a date before another: no schema can say so.
SEMANTIC = ["2xx", "401", "403", "404", "409", "412", "422"]


def test_the_document_is_kept_word_for_word(new_office: Callable[[], Office]) -> None:
    office = new_office()
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": {"Authorization": f"Bearer {office.keys['manager']}"},
            "generation": {"mode": "all", "deterministic": True, "max-examples": EXAMPLES, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
            "checks": {"positive_data_acceptance": {"expected-statuses": SEMANTIC}},
        }
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(office.ground), config=config)
    done: Counter[str] = Counter()
    findings: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, (NonFatalError, FatalError)):
            findings.append(repr(event))
        elif isinstance(event, ScenarioFinished):
            for check in (check for checks in event.recorder.checks.values() for check in checks):
                done[check.name] += 1
                if check.failure_info:
                    failure = check.failure_info
                    findings.append(f"{event.recorder.label} {check.name}: {failure.failure}\n{failure.code_sample}")
    assert not findings, "\n".join(findings)
    assert done["not_a_server_error"] > 300
