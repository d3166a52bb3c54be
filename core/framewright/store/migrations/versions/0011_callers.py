"""Keys of programs that ask over the network, and what they asked for once."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let callers be known, and a request that comes twice be one."""
    op.create_table(
        "api_key",
        sa.Column("id", WORDS, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("rate", WORDS, nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
        sa.Column("revoked_ms", WHOLE, nullable=True),
    )
    op.create_table(
        "submission",
        sa.Column("tenant", WORDS, primary_key=True),
        sa.Column("key", WORDS, primary_key=True),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run", WORDS, nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
    )
    op.create_index("submission_of_run", "submission", ["run"])
