"""Floor 5: activity points of a printed map: a circle for each district with activities, its area their number."""

from __future__ import annotations

from functools import cache

import pyproj

from geo import boundaries, crs
from geo.colours import INK
from geo.svgmap import Drawing

Points = tuple[tuple[str, int], ...]  # activities by district
LEAST, MOST = 1.9, 9.0  # radius in points: of one activity, and of the most where it would be larger


def circles(points: Points, drawing: Drawing, share: float) -> str:
    """Return the circles as SVG, the largest below; ``share`` scales them with the map."""
    if not points:
        return ""
    scale = min(LEAST, MOST / max(count for _pcode, count in points) ** 0.5) * share
    frame, where = drawing.frame, _places()
    found = []
    for pcode, count in sorted(points, key=lambda one: (-one[1], one[0])):
        x, y = where[pcode]
        place = f'cx="{(x - frame.left) / frame.metres:.2f}" cy="{(frame.top - y) / frame.metres:.2f}"'
        found.append(f'<circle {place} r="{scale * count**0.5:.2f}"/>')
    stroke = f'stroke="{INK}" stroke-width="{0.7 * share:.2f}"'
    return f'<g class="points" fill="#FFFFFF" {stroke}>{"".join(found)}</g>'


@cache
def _places() -> dict[str, tuple[float, float]]:
    """Return a place within each district on the plane, in metres."""
    to_plane = pyproj.Transformer.from_crs(crs.GEOGRAPHIC, crs.projected(), always_xy=True)
    return {code: to_plane.transform(*spot) for code, spot in boundaries.label_points("adm2").items()}
