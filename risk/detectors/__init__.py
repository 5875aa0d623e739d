"""Every detector, one module each; they do not know each other."""

from risk.detectors import (
    approval_ageing,
    blocker,
    customer_silent,
    eac_over_budget,
    forecast_not_credible,
    go_live_slipped,
    impossible_timeline,
    late_risk,
    margin_drift,
    over_allocation,
    overdue_critical,
    scope_drift,
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
    ProjectDetector(impossible_timeline.KIND, impossible_timeline.RULE_ID, impossible_timeline.detect),
    ProjectDetector(forecast_not_credible.KIND, forecast_not_credible.RULE_ID, forecast_not_credible.detect),
    ProjectDetector(eac_over_budget.KIND, eac_over_budget.RULE_ID, eac_over_budget.detect),
    ProjectDetector(scope_drift.KIND, scope_drift.RULE_ID, scope_drift.detect),
    ProjectDetector(margin_drift.KIND, margin_drift.RULE_ID, margin_drift.detect),
)
"""Those that look at a project, as (kind, rule_id, detect): one line each."""
