"""Figures with their limits, as a small table for people or one JSON object for programs."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `limit` is what it must not exceed (or, `at_least`, fall below).

    `peer` is the same value of something else, measured in the same run; `note` says how.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    peer: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether the limit is kept; what has no limit always keeps it."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark found; `facts` are yes-or-no promises, each True when it was kept."""

    benchmark: str
    figures: Sequence[Figure]
    facts: dict[str, bool] = field(default_factory=dict)
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether every limit and every promise was kept."""
        return all(figure.is_met for figure in self.figures) and all(self.facts.values())


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with what every benchmark understands: --json."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def tell(report: Report, *, as_json: bool) -> int:
    """Print the report and return the exit code: 0 when everything was met, else 1."""
    print(_as_json(report) if as_json else _as_table(report))
    return 0 if report.is_met else 1


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which `part` (in [0, 1]) of the values lie, never interpolated."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def _as_json(report: Report) -> str:
    figures = {
        figure.name: {
            "value": round(figure.value, 5),
            "unit": figure.unit,
            "limit": figure.limit,
            "at_least": figure.at_least,
            "peer": None if figure.peer is None else round(figure.peer, 5),
            "met": figure.is_met,
            "note": figure.note,
        }
        for figure in report.figures
    }
    whole = {
        "benchmark": report.benchmark,
        "met": report.is_met,
        "figures": figures,
        "facts": report.facts,
        "note": report.note,
        "machine": _machine(),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _as_table(report: Report) -> str:
    rows = [("", "measured", "limit", "peer", "")]
    for figure in report.figures:
        sign = "≥" if figure.at_least else "≤"
        limit = "" if figure.limit is None else f"{sign} {_number(figure.limit)}"
        peer = "" if figure.peer is None else _number(figure.peer)
        verdict = "" if figure.limit is None else ("met" if figure.is_met else "NOT MET")
        words = " · ".join(part for part in (verdict, figure.note) if part)
        rows.append((figure.name, f"{_number(figure.value)} {figure.unit}", limit, peer, words))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [f"{report.benchmark}: {'met' if report.is_met else 'NOT MET'}"]
    lines += [
        "  ".join([row[0].ljust(widths[0])]
                  + [row[column].rjust(widths[column]) for column in (1, 2, 3)]
                  + [row[4]]).rstrip()
        for row in rows
    ]  # fmt: skip
    lines += [f"{'yes' if kept else 'NO':>4}  {promise}" for promise, kept in report.facts.items()]
    machine = _machine()
    lines.append(f"{machine['cpus']} CPUs, load {machine['load']}, Python {machine['python']}")
    if report.note:
        lines.append(report.note)
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _machine() -> dict[str, str | int | float]:
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }
