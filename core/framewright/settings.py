"""Settings of a workspace: `settings.toml`, which holds no secrets, and the environment; typed."""

from __future__ import annotations

import os
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from framewright.errors import SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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
# [providers.comfyui]   # settings of a provider's own; never its key: see `framewright keys`
# url = "http://127.0.0.1:8188"
#
# [store]              # several machines share one PostgreSQL database instead of workspace.db;
#                      # its password is for $PGPASSWORD or ~/.pgpass
# url = "postgresql://user@host/database"
"""
STORE_VARIABLE = "FRAMEWRIGHT_STORE_URL"
"""Environment variable that says where the store is; it wins over the file."""


PASSWORD = re.compile(r"(//[^:/?@]*:)[^/?]*(?=@)|([?&](?:ssl)?password=)[^&]*")
"""A password in a URL: before the last @ of the authority, or in a parameter."""


RATE = r"^[1-9][0-9]{0,5}/(second|minute|hour|day)$"
"""How often something may be done."""
Rate = Annotated[str, Field(pattern=RATE)]


TENANT = r"^[a-z0-9][a-z0-9_-]{0,63}$"
"""What a tenant may be called."""


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
    tenant: Annotated[str, Field(pattern=TENANT)] = "local"
    """Who works here, where several share one store: each sees their own and has a share of it."""
    limits: LimitSettings = Field(default_factory=LimitSettings)
    budgets: BudgetSettings = Field(default_factory=BudgetSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    providers: dict[str, dict[str, str | int | float | bool]] = Field(default_factory=dict)
    """Settings of a provider's own, by its name; never a key."""


def load_settings(workspace: Path) -> Settings:
    """Read the workspace's settings; a missing file means the defaults.

    `FRAMEWRIGHT_MAX_PARALLEL_STEPS` and `FRAMEWRIGHT_TENANT` in the environment win over the file.
    """
    path = workspace / FILE_NAME
    found = _read(path)
    variables = {key: name for key, name in VARIABLES.items() if os.environ.get(name)}
    found |= {key: os.environ[name] for key, name in variables.items()}
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        wrong = [_problem(each, path, variables) for each in error.errors(include_url=False)]
        message = " ".join(dict.fromkeys(sentence for sentence, _ in wrong))
        raise SettingsError(message, action=wrong[0][1]) from error
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


def _read(path: Path) -> dict[str, Any]:
    """Return what a settings file says; nothing where there is none."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        message = f"{path} can not be read: {error.strerror}."
        raise SettingsError(message, action="See that it is a file that you may read.") from error
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text (byte {error.start + 1})."
        raise SettingsError(message, action="Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not TOML: {error}."
        raise SettingsError(message, action="Correct that line, or delete the file.") from error


# ---- what is wrong with them, in words

VARIABLES = {
    "tenant": "FRAMEWRIGHT_TENANT",
    "max_parallel_steps": "FRAMEWRIGHT_MAX_PARALLEL_STEPS",
}
"""Environment variables that win over a key of the file."""
_JOBS = "a whole number of jobs, 1 or more"
_DOLLARS = "an amount in US dollars, 0 or more, such as 50.0"
ALLOWED = {
    "catalogs": 'a list of catalog files, such as ["models.json"]',
    "catalogs.*": 'the name of a file, such as "models.json"',
    "max_parallel_steps": "a whole number from 1 to 10000",
    "telemetry": "true or false",
    "tenant": "a name of small letters, digits, - and _, with at most 64 of them",
    "providers": "a table, such as [providers.comfyui]",
    "providers.*": 'a table, such as { url = "http://127.0.0.1:8188" }',
    "providers.*.*": "a text, a number, true or false",
    "limits": "a table: [limits]",
    "limits.providers": "a table, such as { replicate = 8 }",
    "limits.providers.*": _JOBS,
    "limits.models": 'a table, such as { "local/music" = 1 }',
    "limits.models.*": _JOBS,
    "limits.tenants": "a table, such as { ann = { most = 8 } }",
    "limits.tenants.*": "a table, such as { most = 8, weight = 2.0 }",
    "limits.tenants.*.most": _JOBS,
    "limits.tenants.*.weight": "a number above 0 and under a million, such as 2.0",
    "limits.tenants.*.models": 'a table, such as { "local/music" = 1 }',
    "limits.tenants.*.models.*": _JOBS,
    "limits.rates": 'a table, such as { replicate = "600/minute" }',
    "limits.rates.*": "a number of jobs up to 999999 in a second, minute, hour or day, such as"
    ' "600/minute"',
    "limits.hours": "a number of hours above 0, at most 720",
    "limits.keep_days": "a number of days from 1 to 36500",
    "budgets": "a table: [budgets]",
    "budgets.per": '"day", "month" or "total"',
    "budgets.project": _DOLLARS,
    "budgets.tenants": "a table, such as { ann = 10.0 }",
    "budgets.tenants.*": _DOLLARS,
    "store": "a table: [store]",
    "store.url": 'a text, such as "postgresql://user@host/database"',
}
"""What each setting may be; a star stands for a name that a person chose."""
_SHOWN = 40
"""How much of a wrong value is repeated."""


def _problem(error: ErrorDetails, path: Path, variables: dict[str, str]) -> tuple[str, str]:
    """Return what is wrong with one setting, and what to do about it."""
    place = tuple(map(str, error["loc"]))
    written = ".".join(f'"{part}"' if "/" in part else part for part in place)
    if error["type"] == "extra_forbidden":
        known = [name.rpartition(".")[2] for name in _siblings(place)]
        near = get_close_matches(place[-1], known, 1)
        action = f"Write {near[0]}." if near else f"Known there are: {', '.join(known)}."
        return f"{path}: nothing is set by {written}.", action
    allowed = ALLOWED[_pattern(place)]
    # A URL may hold a password.
    shown = "" if place[0] == "store" else f", and not {_shown(error['input'])}"
    if variable := variables.get(place[0]):
        return f"{variable}: {written} is {allowed}{shown}.", f"Change or unset {variable}."
    return f"{path}: {written} is {allowed}{shown}.", f"Correct {written} in {path}."


def _pattern(place: tuple[str, ...]) -> str:
    """Return how `ALLOWED` names a place in the settings."""
    found = ""
    for part in place:
        name = f"{found}.{part}".removeprefix(".")
        found = name if name in ALLOWED else f"{found}.*"
    return found


def _siblings(place: tuple[str, ...]) -> list[str]:
    """Return what could stand where something unknown stands."""
    start = f"{_pattern(place[:-1])}.".removeprefix(".")
    rest = (name for name in ALLOWED if name.startswith(start))
    return [name for name in rest if "." not in name.removeprefix(start)]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    words = f'"{value}"' if isinstance(value, str) else str(value)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
