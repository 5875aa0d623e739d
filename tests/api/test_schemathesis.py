"""Whatever the OpenAPI document allows or forbids is sent; every answer must be as the document says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from api.app import create_app
from tests.api.office import Json, Office

# A cursor that another list made, a link that closes a circle, a date before another: no schema can say so.
SEMANTIC = ["2xx", "401", "403", "404", "409", "412", "422"]


def config(office: Office, examples: int) -> SchemathesisConfig:
    """All checks, the same cases in every run."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": {"Authorization": f"Bearer {office.keys['manager']}"},
            "generation": {"mode": "all", "deterministic": True, "max-examples": examples, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
            "checks": {"positive_data_acceptance": {"expected-statuses": SEMANTIC}},
        }
    )


@pytest.mark.parametrize(
    ("step", "examples"),
    [
        # Forty forms of facts make 2,500 cases of one operation; the gate takes every seventh.
        pytest.param(7, 8, id="some facts"),
        pytest.param(1, 100, id="every fact", marks=pytest.mark.slow),
    ],
)
def test_the_document_is_kept_word_for_word(new_office: Callable[[], Office], step: int, examples: int) -> None:
    office = new_office()
    app = create_app(office.ground)
    event: Json = app.openapi()["components"]["schemas"]["EventIn"]
    event["oneOf"] = event["oneOf"][::step]
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config(office, examples))
    done: Counter[str] = Counter()
    findings: list[str] = []
    for happening in from_schema(schema).execute():
        if isinstance(happening, (NonFatalError, FatalError)):
            findings.append(repr(happening))
        elif isinstance(happening, ScenarioFinished):
            for check in (check for checks in happening.recorder.checks.values() for check in checks):
                done[check.name] += 1
                if check.failure_info:
                    failure = check.failure_info
                    findings.append(
                        f"{happening.recorder.label} {check.name}: {failure.failure}\n{failure.code_sample}"
                    )
    assert not findings, "\n".join(findings)
    assert done["not_a_server_error"] > 300
