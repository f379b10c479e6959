"""QR codes of a survey's links, for posters and slides."""

from __future__ import annotations

import io

QUIET_MODULES = 4
"""Blank margin on every side: the least that ISO/IEC 18004 asks for."""

PIXELS = 10
"""Pixels of a module in a PNG: sharp when printed 5 cm wide."""


def qr_svg(url: str) -> str:
    """The code as an SVG file that scales: black on white, on dark pages too, as scanners want it."""
    return _written(url, "svg", svgversion=1.1, omitsize=True, nl=True).decode()


def qr_png(url: str) -> bytes:
    """The code as a PNG file, black on white."""
    return _written(url, "png", scale=PIXELS)


def _written(url: str, kind: str, **options: object) -> bytes:
    import segno

    # level M: readable with 15% of it hidden or worn
    code = segno.make_qr(url, error="m", boost_error=False)
    file = io.BytesIO()
    code.save(file, kind=kind, border=QUIET_MODULES, dark="#000", light="#fff", **options)
    return file.getvalue()
