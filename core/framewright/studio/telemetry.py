"""Whether somebody wants metrics: OpenTelemetry's own environment variables, or a setting."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from framewright.router.metrics import Metrics, TelemetryMetrics

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED_BY = (
    "OTEL_METRICS_EXPORTER",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_PYTHON_METER_PROVIDER",
)
"""Variables of OpenTelemetry's specification that only somebody sets who wants metrics."""
_log = logging.getLogger("framewright.telemetry")


def asked_metrics(environment: Mapping[str, str], *, setting: bool) -> Metrics:
    """Return metrics that tell OpenTelemetry where that is asked for, and else nobody."""
    if not _is_asked(environment, setting=setting):
        return Metrics()
    try:
        return TelemetryMetrics()
    except ImportError:
        _log.warning("Metrics are asked for, and need: pip install 'framewright[telemetry]'")
        return Metrics()


def _is_asked(environment: Mapping[str, str], *, setting: bool) -> bool:
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_METRICS_EXPORTER", "").strip().lower() == "none":
        return False
    return setting or any(environment.get(name, "").strip() for name in ASKED_BY)
