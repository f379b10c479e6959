"""Vega for the browser, from vl-convert's own bundle: no download, no package of JavaScript."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

_SNIPPET = "window.vegaEmbed = vegaEmbed;"
"""vegaEmbed brings Vega, Vega-Lite and the interpreter that its option ``ast`` uses: expressions without eval."""


def vegalite_version() -> str:
    """The version of Vega-Lite that Altair writes; vl-convert draws with the same."""
    import altair as alt  # takes .3 s to import, and no respondent needs it

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def bundle_name() -> str:
    """A file name that changes whenever the bundle would."""
    made_of = f"{version('vl-convert-python')} {vegalite_version()} {_SNIPPET}"
    return f"vega-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.js"


def vega_bundle(cache: Path | None) -> bytes:
    """The script that defines ``vegaEmbed``.

    It takes a second to make, so it is kept in the folder ``cache``, which is made if need be. The file appears
    there whole or not at all, whoever else makes it at the same time. Where nothing can be kept, or no folder is
    given, it is made anew.
    """
    path = cache / bundle_name() if cache else None
    with suppress(OSError):
        if path:
            return path.read_bytes()
    import vl_convert

    script = vl_convert.javascript_bundle(_SNIPPET, vl_version=vegalite_version()).encode()
    with suppress(OSError):
        if path:
            _keep(path, script)
    return script


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(partial).replace(path)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise
