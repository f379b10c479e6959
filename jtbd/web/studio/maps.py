"""Job maps in the studio: one after the other, and side by side by mode."""

from __future__ import annotations

from flask import abort, render_template, request

from jtbd.jobmap.atlas import STAGES, Atlas, read_atlas
from jtbd.web.services import services
from jtbd.web.studio.blueprint import blueprint


def _atlas() -> Atlas:
    return read_atlas(services().settings)


@blueprint.get("/maps/")
def maps() -> str:
    """Every map, and what is wrong with those that cannot be read."""
    return render_template("studio/maps.html", atlas=_atlas())


@blueprint.get("/maps/<name>")
def job_map(name: str) -> str:
    """One map: its steps and outcomes, and where else an outcome is used."""
    atlas = _atlas()
    found = atlas.find(name)
    if found is None:
        abort(404)
    return render_template("studio/map.html", atlas=atlas, job_map=found)


@blueprint.get("/maps/-/side-by-side")
def side_by_side() -> str:
    """Maps beside each other: steps by universal stage, and the outcomes they share."""
    whole = _atlas()
    chosen = tuple(request.args.getlist("map")) or tuple(one.map for one in whole.maps)
    atlas = whole.only(chosen)
    stages = [stage for stage in STAGES if any(step.stage == stage for one in atlas.maps for step in one.steps)]
    return render_template("studio/side_by_side.html", whole=whole, atlas=atlas, stages=stages, chosen=chosen)
