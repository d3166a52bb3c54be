"""Jobs wait in a fair queue and belong to one process at a time."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each job say whose turn it is and who carries it; those from before are over."""
    op.add_column("job", sa.Column("model", WORDS, nullable=False, server_default=""))
    op.add_column("job", sa.Column("rank", WHOLE, nullable=False, server_default="0"))
    op.add_column("job", sa.Column("epoch", WHOLE, nullable=False, server_default="0"))
    op.add_column("job", sa.Column("owner", WORDS, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _mend_jobs_of_before()
    else:
        _tell_others()
    op.create_index(
        "job_ready",
        "job",
        ["owner", "tenant", "provider", "model", "rank", "id"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "job_live",
        "job",
        ["provider", "model", "tenant"],
        sqlite_where=sa.text("state IN ('leased', 'unknown')"),
        postgresql_where=sa.text("state IN ('leased', 'unknown')"),
    )
    op.create_table(
        "tenant_share",
        sa.Column("tenant", WORDS, primary_key=True),
        sa.Column("finish", sa.Float(), nullable=False),
    )


def _mend_jobs_of_before() -> None:
    op.execute("UPDATE job SET model = json_extract(request, '$.model'), rank = created_ms")
    # No process of before can be at work: what it did itself ended with it.
    op.execute("UPDATE job SET state = 'queued' WHERE state = 'leased' AND phase = 'none'")
    op.execute(
        "UPDATE job SET owner = 'before' WHERE state NOT IN ('succeeded', 'dead', 'cancelled')"
    )


def _tell_others() -> None:
    """Let replicas hear when a job gives its place up, and of events; once for each commit."""
    op.execute("""
        CREATE FUNCTION tell_others() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('framewright_' || md5(TG_TABLE_SCHEMA), TG_ARGV[0]);
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER job_makes_room AFTER UPDATE OF state ON job FOR EACH ROW
        WHEN (OLD.state IN ('leased', 'unknown') AND NEW.state NOT IN ('leased', 'unknown'))
        EXECUTE FUNCTION tell_others('room')""")
    op.execute("""
        CREATE TRIGGER event_is_news AFTER INSERT ON event FOR EACH STATEMENT
        EXECUTE FUNCTION tell_others('news')""")
