"""Colour themes: dark, light, high contrast, and one that uses the terminal's own colours."""

from __future__ import annotations

from pathlib import Path

from textual.theme import BUILTIN_THEMES, Theme

STYLES = Path(__file__).parent.parent / "styles"
"""Where the stylesheets lie, in a checkout and in an installed program."""

DARK = Theme(
    name="boternity-dark",
    primary="#7aa2c8",
    secondary="#6d8aa5",
    accent="#8fc1e3",
    warning="#e0b060",
    error="#e07a73",
    success="#8cc084",
    foreground="#d6dae0",
    background="#15181d",
    surface="#15181d",
    panel="#20252d",
    dark=True,
    variables={
        "border": "#3a424e",
        "text-muted": "#8891a0",
        "block-cursor-background": "#2d3f52",
        "block-cursor-foreground": "#eef2f6",
        "block-cursor-blurred-background": "#232a33",
    },
)
LIGHT = Theme(
    name="boternity-light",
    primary="#2f6690",
    secondary="#56748c",
    accent="#1f6fa8",
    warning="#9a6700",
    error="#b3362c",
    success="#2e7d32",
    foreground="#23272e",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#eeece6",
    dark=False,
    variables={
        "border": "#c4c0b6",
        "text-muted": "#6c6f75",
        "block-cursor-background": "#cfe0ee",
        "block-cursor-foreground": "#10151b",
        "block-cursor-blurred-background": "#e8e6df",
    },
)
CONTRAST = Theme(
    name="boternity-contrast",
    primary="#ffffff",
    secondary="#d0d0d0",
    accent="#ffff00",
    warning="#ffd700",
    error="#ff6060",
    success="#60ff60",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
    variables={
        "border": "#ffffff",
        "text-muted": "#d0d0d0",
        "block-cursor-background": "#004080",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#303030",
    },
)
ANSI = Theme(
    name="boternity-ansi",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "border": "ansi_bright_black",
        "block-cursor-background": "ansi_blue",
        "block-cursor-foreground": "ansi_bright_white",
        "text-muted": "ansi_bright_black",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "block-cursor-blurred-background": "ansi_bright_black",
    },
)
THEMES = (DARK, LIGHT, CONTRAST, ANSI)
DEFAULT = DARK.name


def theme_problem(name: str) -> str | None:
    """Return why this cannot be the theme; None when it can. Textual's own can be, too."""
    ours = [theme.name for theme in THEMES]
    if name in ours or name in BUILTIN_THEMES:
        return None
    return f"There is no theme “{name}”: try {', '.join(ours)}."
