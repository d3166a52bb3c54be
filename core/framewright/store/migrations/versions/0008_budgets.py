"""What jobs may cost and did, and the sums of it by day and by run."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_HELD = sa.text("reserved IS NOT NULL")


def upgrade() -> None:
    """Keep account of money; what was spent before is not counted."""
    op.create_table(
        "charge",
        sa.Column("job", WORDS, primary_key=True),
        sa.Column("day", WHOLE, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("run", WORDS, nullable=False),
        sa.Column("reserved", WHOLE, nullable=True),
        sa.Column("spent", WHOLE, nullable=False),
    )
    op.create_index("charge_of_run", "charge", ["tenant", "run"])
    op.create_index("charge_by_day", "charge", ["day"])
    op.create_index("charge_held", "charge", ["job"], sqlite_where=_HELD, postgresql_where=_HELD)
    op.create_table(
        "account",
        sa.Column("tenant", WORDS, primary_key=True),
        sa.Column("run", WORDS, primary_key=True),
        sa.Column("day", WHOLE, primary_key=True),
        sa.Column("most", WHOLE, nullable=True),
        sa.Column("reserved", WHOLE, nullable=False),
        sa.Column("spent", WHOLE, nullable=False),
        sa.Column("gone", WHOLE, nullable=False),
    )
