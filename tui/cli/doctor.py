"""`boternity doctor`: is everything sound, and mend what is not."""

from __future__ import annotations

import click

from backend.types import Check, Corrupt, HealthReport, HomeUnusable
from tui.cli.base import INDEX_PATIENCE, Command, act_on_home, session
from tui.cli.output import Column, json_out, note, table


@click.command(
    cls=Command,
    examples=["boternity doctor", "boternity doctor --repair --json"],
)
@click.option("--repair", is_flag=True, help="Mend what can be mended from what is certain.")
@click.pass_context
def doctor(ctx: click.Context, repair: bool) -> None:
    """Check everything, and mend what can be mended.

    The database, the journal, the words, the vectors and what waits for them. The exit code is 1
    while something is wrong.
    """
    try:
        report = act_on_home(
            lambda backend: backend.health.check(repair=repair),
            wait_for_index=INDEX_PATIENCE,
            busy="Checking",
        )
    except (Corrupt, HomeUnusable) as error:  # too broken to be opened is a finding as well
        check = Check(name="home", ok=False, found=str(error))
        report = HealthReport(ok=False, checks=(check,))
    if session().json:
        json_out(report.model_dump(mode="json"))
    else:
        _print(report)
    if not report.ok:
        note(
            "Something is wrong." if repair else "Something is wrong: “--repair” mends what it can."
        )
        ctx.exit(1)


def _print(report: HealthReport) -> None:
    rows = [
        (
            "ok" if check.ok else "WRONG",
            check.name,
            f"{check.found}; {check.repaired}" if check.repaired else check.found,
        )
        for check in report.checks
    ]
    table([Column("STATE"), Column("CHECK"), Column("FOUND")], rows)
