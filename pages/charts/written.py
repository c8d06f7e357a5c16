"""A Plotly figure that is finished: turned into plain lists once, however often it is shown. No streamlit."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


class WrittenFigure(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A copy of a figure that is not changed any more. Copying all its values was most of what showing it
    took."""

    _plain: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The figure as Plotly's own plain form. Keys may be taken out of it, but not out of its parts."""
        if self._plain is None:
            self._plain = super().to_dict()
        return {**self._plain, "data": [dict(trace) for trace in self._plain["data"]]}
