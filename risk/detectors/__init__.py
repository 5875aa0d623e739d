"""Every detector, one module each; they do not know each other."""

from risk.detectors import (
    approval_ageing,
    blocker,
    customer_silent,
    go_live_slipped,
    late_risk,
    over_allocation,
    overdue_critical,
)
from risk.detectors.view import ProjectDetector

DETECTORS = (over_allocation,)
"""Those that look at a person."""

PROJECT_DETECTORS: tuple[ProjectDetector, ...] = (
    ProjectDetector(customer_silent.KIND, customer_silent.RULE_ID, customer_silent.detect),
    ProjectDetector(approval_ageing.KIND, approval_ageing.RULE_ID, approval_ageing.detect),
    ProjectDetector(blocker.KIND, blocker.RULE_ID, blocker.detect),
    ProjectDetector(overdue_critical.KIND, overdue_critical.RULE_ID, overdue_critical.detect),
    ProjectDetector(go_live_slipped.KIND, go_live_slipped.RULE_ID, go_live_slipped.detect),
    ProjectDetector(late_risk.KIND, late_risk.RULE_ID, late_risk.detect),
)
"""Those that look at a project, as (kind, rule_id, detect): one line each."""
