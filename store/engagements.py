"""Which projects belong to which engagement, read from the stored states of the projects."""

from __future__ import annotations

from store.ground import Ground
from store.ids import TenantId

# The states are canonical JSON: an id stands there in exactly this form, and nowhere else under this name.
_QUERY = """
    select found.engagement_id, found.subject_id from (
        select subject_id, substring(convert_from(state, 'UTF8') from '"engagement_id":"([^"]+)"') as engagement_id
        from snapshots where tenant_id = %s and projection = 'projects'
    ) found
    where found.engagement_id is not null
    order by found.engagement_id, found.subject_id
"""


def projects_by_engagement(ground: Ground, tenant_id: TenantId) -> dict[str, list[str]]:
    """Engagement -> the ids of its projects, in order. Looks at every project's state once."""
    found: dict[str, list[str]] = {}
    for engagement_id, project_id in ground.log.connections.ask(tenant_id, _QUERY, (tenant_id,)):
        found.setdefault(str(engagement_id), []).append(str(project_id))
    return found
