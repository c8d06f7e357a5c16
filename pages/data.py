"""What the figures are, where they come from, what is missing, where they disagree, and how they were
checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pages.parts import address, frame, session
from pages.sections import data_builds, data_coverage, data_methods, data_registry
from pipeline.query import catalogue


def main() -> None:
    """One section at a time, chosen by the reader and kept in the address."""
    lang = session.language()
    _ = lang.gettext
    counts = session.data(catalogue.totals)
    frame.open(
        _("What do we know, and what is missing?"),
        answer=_(
            "{figures} figures on {cities} cities from {sources} sources; every gap and every "
            "contradiction is listed.",
            figures=lang.number(counts["figures"]),
            cities=lang.number(counts["cities"]),
            sources=lang.number(counts["sources"]),
        ),
    )
    sections: Mapping[str, tuple[str, Callable[[], None]]] = {
        "indicators": (_("Indicators"), data_registry.indicators),
        "sources": (_("Sources"), data_registry.sources),
        "coverage": (_("Coverage"), data_coverage.draw),
        "conflicts": (_("Conflicts"), data_coverage.conflicts),
        "methods": (_("Methods"), data_methods.draw),
        "checks": (_("Checks"), data_builds.checks),
        "builds": (_("Published versions"), data_builds.history),
        "downloads": (_("Downloads"), data_builds.downloads),
    }
    words = {key: title for key, (title, _draw) in sections.items()}
    chosen = address.pick(
        "d_s",
        _("Section"),
        list(sections),
        words,
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )
    sections[chosen][1]()


main()
