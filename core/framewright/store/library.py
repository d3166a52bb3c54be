"""Lists for people: the runs and the assets of a workspace, newest first."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, col, select

from framewright.domain.asset import Asset, Provenance
from framewright.domain.job import TERMINAL, JobResult, JobState, JobSummary, Phase, Wish
from framewright.domain.media import MediaInfo
from framewright.domain.run import RunState
from framewright.store.place import Place, PostgresUrl
from framewright.store.runs import RunRecord
from framewright.store.sqlite_engine import told_by_sqlite
from framewright.store.tables import AssetRow, JobRow, ProvenanceRow, RunRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Before = tuple[int, str]
"""Where the last page of a list ended: when its last entry was made, and what it is called."""


def list_runs(
    place: Place, tenant: str, most: int = 100, before: Before | None = None
) -> tuple[RunRecord, ...]:
    """Return the newest runs."""
    asked = select(RunRow).where(RunRow.tenant == tenant)
    if before is not None:
        asked = asked.where(tuple_(col(RunRow.created_ms), col(RunRow.id)) < before)
    asked = asked.order_by(col(RunRow.created_ms).desc(), col(RunRow.id).desc()).limit(most)
    with _session(place) as session:
        return tuple(
            RunRecord(
                row.id, row.plan, row.title, RunState(row.state), row.created_ms, row.ended_ms
            )
            for row in session.exec(asked)
        )


def list_jobs(
    place: Place,
    tenant: str,
    state: JobState | None = None,
    run: str | None = None,
    job: str | None = None,
    most: int = 100,
    before: Before | None = None,
) -> tuple[JobSummary, ...]:
    """Return the newest jobs: those in a state, of a run, or the one of an id."""
    asked = select(JobRow).where(JobRow.tenant == tenant)
    if state is not None:
        asked = asked.where(JobRow.state == state.value)
    if run is not None:
        asked = asked.where(JobRow.correlation == run)
    if job is not None:
        asked = asked.where(JobRow.id == job)
    if before is not None:
        asked = asked.where(tuple_(col(JobRow.created_ms), col(JobRow.id)) < before)
    asked = asked.order_by(col(JobRow.created_ms).desc(), col(JobRow.id).desc()).limit(most)
    with _session(place) as session:
        return tuple(_job(row) for row in session.exec(asked))


def _job(row: JobRow) -> JobSummary:
    ended = None if row.result is None else JobResult.model_validate_json(row.result)
    return JobSummary(
        id=row.id,
        key=row.key,
        correlation=row.correlation,
        provider=row.provider,
        model=row.model,
        state=JobState(row.state),
        phase=Phase(row.phase),
        created_ms=row.created_ms,
        started_ms=row.started_ms,
        updated_ms=row.updated_ms,
        remote_id=row.remote_id,
        called_off=row.wish == Wish.CANCEL and JobState(row.state) not in TERMINAL,
        cost=0.0 if ended is None else ended.cost,
        outputs=() if ended is None else ended.outputs,
        error=None if ended is None else ended.error,
        attempt=row.attempt,
        run_at_ms=row.run_at_ms,
    )


def list_assets(
    place: Place,
    tenant: str,
    most: int = 1_000,
    before: Before | None = None,
    asset: str | None = None,
) -> tuple[tuple[Asset, str], ...]:
    """Return the newest assets, or the one of a hash, each with its file name ending."""
    asked = select(AssetRow).where(AssetRow.tenant == tenant)
    if asset is not None:
        asked = asked.where(AssetRow.hash == asset)
    if before is not None:
        asked = asked.where(tuple_(col(AssetRow.created_ms), col(AssetRow.hash)) < before)
    asked = asked.order_by(col(AssetRow.created_ms).desc(), col(AssetRow.hash).desc()).limit(most)
    with _session(place) as session:
        rows = session.exec(asked).all()
        origins: dict[str, list[Provenance]] = {row.hash: [] for row in rows}
        found = session.exec(
            select(ProvenanceRow)
            .where(ProvenanceRow.tenant == tenant, col(ProvenanceRow.asset).in_(origins))
            .order_by(col(ProvenanceRow.id))
        )
        for row in found:
            origins[row.asset].append(Provenance.model_validate_json(row.body))
        return tuple(
            (
                Asset(
                    hash=row.hash,
                    info=MediaInfo.model_validate_json(row.info),
                    created_ms=row.created_ms,
                    provenance=tuple(origins[row.hash]),
                ),
                row.suffix,
            )
            for row in rows
        )


@contextmanager
def _session(place: Place) -> Iterator[Session]:
    """Open a database for reading; raises `StorageError`."""
    if isinstance(place, PostgresUrl):
        from framewright.store.postgres_connection import connect, told_by_postgres

        url, told = "postgresql+psycopg://", partial(told_by_postgres, place=place)
        creator: Callable[[], Any] = partial(connect, place, raw=False)
    else:
        url, told = "sqlite://", partial(told_by_sqlite, path=place)
        # As a URI the path may have any letters.
        uri = f"{place.absolute().as_uri()}?mode=ro"
        creator = partial(sqlite3.connect, uri, uri=True)
    engine = create_engine(url, creator=creator, poolclass=NullPool)
    try:
        with Session(engine) as session:
            yield session
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise told(error) from error
