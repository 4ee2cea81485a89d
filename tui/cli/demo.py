"""`boternity demo`: the dashboard on sample bots."""

from __future__ import annotations

import click

from tui.cli import open_dashboard
from tui.cli.base import Command


@click.command(
    cls=Command,
    on_home=False,
    examples=["boternity demo", "boternity demo --seed 7"],
)
@click.option("--seed", type=int, metavar="N", help="Another fleet; the same number, the same one.")
@click.pass_context
def demo(ctx: click.Context, seed: int | None) -> None:
    """Open the dashboard on five sample bots in a throwaway home.

    Nothing of it stays, and your own home is not touched.
    """
    ctx.exit(open_dashboard(None, demo=True, seed=seed))
