"""Settings of a workspace: `settings.toml`, which holds no secrets, and the environment; typed."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from framewright.errors import SettingsError

FILE_NAME = "settings.toml"
TEMPLATE = """\
# Settings of this Framewright workspace. Every line is optional; what is shown is the default.
# catalogs = []        # more catalog files, relative to this folder
# max_parallel_steps = 64
# telemetry = false    # metrics through OpenTelemetry, also where none of its variables is set
# tenant = "local"     # who works here, where several share one store
#
# [limits]             # how many jobs may run at once, of all processes together
# models = { "local/music" = 1 }
# providers = { local = 2 }
# tenants = { ann = { most = 8, weight = 2.0, models = { "local/music" = 1 } } }
# rates = { replicate = "600/minute" }
# hours = 6            # how long a remote provider may work on one job
# keep_days = 90       # how long jobs that are over stay on record; else for ever
#
# [budgets]            # in US dollars; without one there is no limit
# per = "month"        # or "day", or "total"; days and months are those of UTC
# project = 50.0       # all that is spent in this workspace
# tenants = { local = 10.0 }
#
# [store]              # several machines share one PostgreSQL database instead of workspace.db;
#                      # its password is for $PGPASSWORD or ~/.pgpass
# url = "postgresql://user@host/database"
"""
STORE_VARIABLE = "FRAMEWRIGHT_STORE_URL"
"""Environment variable that says where the store is; it wins over the file."""


PASSWORD = re.compile(r"(//[^:/?@]*:)[^/?]*(?=@)|([?&](?:ssl)?password=)[^&]*")
"""A password in a URL: before the last @ of the authority, or in a parameter."""


Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}/(second|minute|hour|day)$")]


class TenantSettings(BaseModel):
    """What one tenant may have of the workspace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: int | None = Field(default=None, ge=1)
    """How many of its jobs may run at once."""
    weight: float = Field(default=1.0, gt=0, lt=1e6)
    """Its share, where others want some too; one with 2 gets twice as much as one with 1."""
    models: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """How many of its jobs may run at once on a model, by id."""


class LimitSettings(BaseModel):
    """How many jobs may run at once on a workspace, whichever process asks for them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    providers: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """By name; a provider never takes more than it says itself."""
    models: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """By id."""
    tenants: dict[str, TenantSettings] = Field(default_factory=dict)
    """By name."""
    rates: dict[str, Rate] = Field(default_factory=dict)
    """How many jobs are handed over in a time, by the name of a provider or id of a model."""
    hours: float = Field(default=6.0, gt=0, le=720, allow_inf_nan=False)
    """How long a remote provider may work on one job."""
    keep_days: float | None = Field(default=None, ge=1, le=36_500)
    """How long jobs that are over stay on record, the dead ones excepted; None for ever."""


Dollars = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


class BudgetSettings(BaseModel):
    """How much may be spent on a workspace, whichever process and whichever run spends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per: Literal["day", "month", "total"] = "month"
    """Over what time it is counted."""
    project: Dollars | None = None
    """By all together, in US dollars."""
    tenants: dict[str, Dollars] = Field(default_factory=dict)
    """By each, in US dollars."""


class StoreSettings(BaseModel):
    """Where jobs, runs and events are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = None
    """A PostgreSQL database, as libpq names it; None for `workspace.db` in the workspace."""


class Settings(BaseModel):
    """What a person can change about a workspace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    catalogs: tuple[Path, ...] = ()
    """More catalog files; relative paths count from the workspace folder."""
    max_parallel_steps: int = Field(default=64, ge=1, le=10_000)
    """How many steps of one run may be in the router's hands at once."""
    telemetry: bool = False
    """Whether there are metrics also where no variable of OpenTelemetry's asks for them."""
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = "local"
    """Who works here, where several share one store: each sees their own and has a share of it."""
    limits: LimitSettings = Field(default_factory=LimitSettings)
    budgets: BudgetSettings = Field(default_factory=BudgetSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)


def load_settings(workspace: Path) -> Settings:
    """Read the workspace's settings; a missing file means the defaults.

    `FRAMEWRIGHT_MAX_PARALLEL_STEPS` and `FRAMEWRIGHT_TENANT` in the environment win over the file.
    """
    path = workspace / FILE_NAME
    try:
        found = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        if tenant := os.environ.get("FRAMEWRIGHT_TENANT"):
            found["tenant"] = tenant
        if limit := os.environ.get("FRAMEWRIGHT_MAX_PARALLEL_STEPS"):
            found["max_parallel_steps"] = limit
        settings = Settings.model_validate(found)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        message = f"The settings in {path} can not be read: {_reason(error)}."
        raise SettingsError(message, action=f"Correct or delete {path}.") from error
    return settings.model_copy(
        update={"catalogs": tuple(workspace / each for each in settings.catalogs)}
    )


def store_url(workspace: Path) -> str | None:
    """Return where the settings say the store is; None for a file of the workspace.

    Raises `SettingsError` where the settings can not be read, or hold a password.
    """
    if url := os.environ.get(STORE_VARIABLE):
        return url
    path = workspace / FILE_NAME
    url = load_settings(workspace).store.url
    if url is not None and PASSWORD.search(url):
        message = f"A password stands in {path}, where it would be copied and shared."
        raise SettingsError(message, action="Give it as PGPASSWORD, or in ~/.pgpass, instead.")
    return url


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
