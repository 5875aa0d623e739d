"""Lists say which source a project's external id is from. Rows from before get it when they are next folded."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table project_rows add column source text not null default ''")


def downgrade() -> None:
    raise NotImplementedError("The tables are derived from the log; dropping them is a migration of its own.")
