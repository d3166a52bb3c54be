"""Turns that one process gives to the jobs of another."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a turn stand on record until the process that waits for it hears of it."""
    op.create_table(
        "turn",
        sa.Column("job", WORDS, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("owner", WORDS, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
    )
    op.create_index("turn_by_owner", "turn", ["owner"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("""
            CREATE TRIGGER turn_is_given AFTER INSERT ON turn FOR EACH STATEMENT
            EXECUTE FUNCTION tell_others('room')""")
