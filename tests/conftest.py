"""Only what must be so before anything is imported, and the profile of the property tests."""

import os

# Threads of the linear algebra fight over few cores: a hundred times slower than one thread.
os.environ["OMP_NUM_THREADS"] = "1"  # noqa: TID251
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # noqa: TID251
os.environ["LANGSMITH_TRACING"] = "false"  # noqa: TID251

from hypothesis import HealthCheck, settings

settings.register_profile(
    "gate", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")

pytest_plugins = ["tests.databases"]
