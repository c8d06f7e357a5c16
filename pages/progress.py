"""Who is cutting emissions fast enough? One city against its path, or a group with its ranks and reasons."""

from __future__ import annotations

from pages.parts import session
from pages.sections import progress_group, progress_one


def main() -> None:
    """One chosen city gets the detailed view, everything else the group view."""
    chosen = session.filters()
    if len(chosen.cities) == 1:
        progress_one.draw(chosen.cities[0], chosen)
    else:
        progress_group.draw(chosen)


main()
