"""Every colour of the dashboard, once. ``.streamlit/config.toml`` repeats the ones Streamlit needs; a test
compares the two files and computes the contrasts.

Verdicts differ in four ways, so that none rests on colour alone: hue (safe for red-green blindness),
lightness (at least ten steps of L* apart, so a grey print still tells them apart), shape on the map and icon
in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]
Rgba = list[int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one verdict looks: fill per theme, shape on the map, icon and Streamlit colour word in text."""

    fill: dict[ThemeName, str]
    shape: Literal["star", "circle", "triangle", "square", "ring"]
    icon: str
    word_colour: str
    glyph: str
    """The shape as a letter, for plain text."""

    def badge(self, word: str) -> str:
        """The word with icon and colour as Streamlit markdown; the word must be safe text."""
        return f":{self.word_colour}-badge[{self.icon} {word}]"


VERDICTS: dict[str, Verdict] = {
    "reached": Verdict({"light": "#0B3A66", "dark": "#6F9FE8"}, "star", ":material/star:", "blue", "★"),
    "on_pace": Verdict(
        {"light": "#2E8C9E", "dark": "#5CCBC4"}, "circle", ":material/check_circle:", "green", "●"
    ),
    "behind": Verdict(
        {"light": "#F0BA3E", "dark": "#FFDF8A"}, "triangle", ":material/change_history:", "yellow", "▲"
    ),
    "far_behind": Verdict({"light": "#A8321A", "dark": "#D2573A"}, "square", ":material/square:", "red", "■"),
    "not_assessed": Verdict(
        {"light": "#6B7785", "dark": "#93A3B0"}, "ring", ":material/circle:", "gray", "○"
    ),
}
"""In the order in which they are shown everywhere: best first, not assessed last."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme."""

    background: str
    surface: str
    text: str
    muted: str
    line: str
    primary: str
    sea: str
    land: str
    border: str
    outline: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    categorical: tuple[str, ...]
    text_words: dict[str, str]


LIGHT = Palette(
    background="#FFFFFF",
    surface="#F4F6F8",
    text="#16212B",
    muted="#55636F",
    line="#D5DCE3",
    primary="#0B5F7A",
    sea="#F1F6F9",
    land="#E1E7EB",
    border="#B9C4CD",
    outline="#1F2B36",
    sequential=("#D9EEF0", "#9CCFD6", "#57A5B8", "#2A7391", "#123F66"),
    diverging=("#0B3A66", "#2E8C9E", "#9CCFD6", "#E8EAEC", "#F3C98B", "#D07A3E", "#8C2A15"),
    categorical=("#0B5F7A", "#C9700B", "#5B4B9A", "#4F7A28", "#A8321A", "#2E8C9E", "#8A6D1F", "#6B7785"),
    text_words={
        "blue": "#0B3A66",
        "green": "#0F6B7C",
        "yellow": "#7A5200",
        "red": "#9A2C16",
        "gray": "#55636F",
        "orange": "#8A4A08",
        "violet": "#5B4B9A",
    },
)

DARK = Palette(
    background="#10171D",
    surface="#19232B",
    text="#E9EEF2",
    muted="#A9B7C2",
    line="#34424E",
    primary="#7CCBE3",
    sea="#10171D",
    land="#26323C",
    border="#455460",
    outline="#05090C",
    sequential=("#2F5566", "#3E7F94", "#57ABB8", "#8FD3CF", "#DDF5E6"),
    diverging=("#9CC1F5", "#5CA9C9", "#3A6F80", "#45505A", "#8A6A3C", "#C98A4A", "#F2A283"),
    categorical=("#7CCBE3", "#F2B36B", "#B9A7F0", "#A4CE78", "#F09A80", "#5CCBC4", "#E3CB7A", "#A9B7C2"),
    text_words={
        "blue": "#9CC1F5",
        "green": "#7BDAD3",
        "yellow": "#FFDF8A",
        "red": "#F09A80",
        "gray": "#A9B7C2",
        "orange": "#F2B36B",
        "violet": "#B9A7F0",
    },
)

PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK}


def palette(theme: ThemeName) -> Palette:
    """The colours of a theme."""
    return PALETTES[theme]


def verdict_colour(verdict_id: str, theme: ThemeName) -> str:
    """The fill of a verdict in a theme."""
    return VERDICTS[verdict_id].fill[theme]


def rgba(colour: str, alpha: int = 255) -> Rgba:
    """#RRGGBB as the list of four numbers that deck.gl wants."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)] + [alpha]


def classes(theme: ThemeName, count: int) -> Sequence[str]:
    """`count` (1 to 5) sequential colours, low to high, as far apart as the scale allows."""
    scale = palette(theme).sequential
    if count <= 1:
        return (scale[-2],)
    return tuple(scale[round(step * (len(scale) - 1) / (count - 1))] for step in range(count))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 to 1."""
    parts = []
    for value in rgba(colour)[:3]:
        share = value / 255
        parts.append(share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    """CIE L*, 0 to 100: what a grey print keeps of a colour."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y
