"""A run takes a new plan from any process, and what an edit replaced can be taken up again."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add where results go whose step was begun anew, and the plan a run is asked to take."""
    op.create_table(
        "past_step",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("outputs", WORDS, nullable=False),
    )
    op.create_index("past_step_by_key", "past_step", ["tenant", "key"], unique=False)
    op.add_column("run", sa.Column("next_plan", WORDS, nullable=True))
