"""Every detector, one module each; they do not know each other."""

from risk.detectors import over_allocation
from risk.detectors.view import ProjectDetector

DETECTORS = (over_allocation,)
"""Those that look at a person."""

PROJECT_DETECTORS: tuple[ProjectDetector, ...] = ()
"""Those that look at a project, as (kind, rule_id, detect): one line each."""
