"""Floor 0: coordinate reference systems.  Geometry is in WGS 84; lengths and areas are taken in the projected CRS."""

from __future__ import annotations

from geo.pack import settings

GEOGRAPHIC = "EPSG:4326"  # WGS 84 longitude, latitude in degrees; the CRS of GeoJSON (RFC 7946)


def projected() -> str:
    """Return the pack's projected CRS, in metres (for Lao PDR, UTM zone 48N, EPSG:32648)."""
    return settings().projected_crs
