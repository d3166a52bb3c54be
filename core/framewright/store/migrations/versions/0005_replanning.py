"""A run takes a new plan from any process, and what an edit replaced can be taken up again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add where results go whose step was begun anew, and the plan a run is asked to take."""
    op.create_table(
        "past_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("outputs", sa.String(), nullable=False),
    )
    op.create_index("past_step_by_key", "past_step", ["tenant", "key"], unique=False)
    op.add_column("run", sa.Column("next_plan", sa.String(), nullable=True))
