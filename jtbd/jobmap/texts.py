"""The texts of maps that respondents read, each under a place that stays the same when it is reworded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from jtbd.jobmap.fields import one_line, paragraphs
from jtbd.jobmap.model import Context, JobMap, Outcome

Say = Callable[[str, str], str]
"""What to say at a place instead of the original there: the translation, or the original again."""

_OF_MAP = ("title", "job", "introduction")


def reworded(job_map: JobMap, say: Say) -> JobMap:
    """The same map, ids and all, with what `say` gives for each of its texts.

    Domain, executor, functions and source are shown to strategists only, and stay.
    """
    return replace(
        job_map,
        title=say("map:title", job_map.title),
        job=say("map:job", job_map.job),
        introduction=say("map:introduction", job_map.introduction) if job_map.introduction else "",
        contexts=tuple(_context(one, say) for one in job_map.contexts),
        steps=tuple(
            replace(
                step,
                title=say(f"step:{step.id}:title", step.title),
                outcomes=tuple(_outcome(one, say) for one in step.outcomes),
            )
            for step in job_map.steps
        ),
    )


def texts_of(job_map: JobMap) -> dict[str, str]:
    """Every text that :func:`reworded` asks for, by place, in the order of the map."""
    found: dict[str, str] = {}

    def note(place: str, original: str) -> str:
        return found.setdefault(place, original)

    reworded(job_map, note)
    return found


def texts_in(data: dict[str, Any]) -> dict[str, str]:
    """The texts that the file of a map or of shared outcomes itself holds, by place, in its order.

    Outcomes and contexts taken with ``use:`` are not among them: they are translated where they are defined.
    """
    found = {f"map:{key}": paragraphs(data[key]) for key in _OF_MAP if "map" in data and isinstance(data.get(key), str)}
    for context in _entries(data, "contexts"):
        found[f"context:{context.get('id')}:text"] = one_line(context.get("text"))
        for option in _entries(context, "options"):
            found[f"context:{context.get('id')}:option:{option.get('value')}"] = one_line(option.get("text"))
    for step in _entries(data, "steps"):
        found[f"step:{step.get('id')}:title"] = one_line(step.get("title"))
        found |= _outcome_texts(step)
    found |= _outcome_texts(data)
    return {place: text for place, text in found.items() if isinstance(text, str) and text}


def headings(texts: dict[str, str]) -> dict[str, str]:
    """A note for the translator at each place that does not explain itself."""
    said = {
        "outcome": "how people judge success: direction, measure, object",
        "ability": "completes: to be able to …",
        "job": "completes: When you …, how important is it to you …",
        "title": "the heading of a page",
        "option": "an answer offered",
    }
    return {place: note for place in texts for part in _kinds(place) if (note := said.get(part))}


def _kinds(place: str) -> Iterator[str]:
    """What kind of text stands at a place: its last word, and ``option`` before an option's value."""
    parts = place.split(":")
    yield "option" if "option" in parts[2:3] else parts[-1]


def _outcome_texts(holder: dict[str, Any]) -> dict[str, Any]:
    return {
        f"outcome:{outcome.get('id')}:{form}": one_line(outcome.get(form))
        for outcome in _entries(holder, "outcomes")
        for form in ("outcome", "ability")
    }


def _entries(holder: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    entries = holder.get(key)
    return (one for one in (entries if isinstance(entries, list) else ()) if isinstance(one, dict))


def _context(context: Context, say: Say) -> Context:
    place = f"context:{context.id}"
    options = (replace(one, text=say(f"{place}:option:{one.value}", one.text)) for one in context.options)
    return replace(context, text=say(f"{place}:text", context.text), options=tuple(options))


def _outcome(outcome: Outcome, say: Say) -> Outcome:
    place = f"outcome:{outcome.id}"
    return replace(
        outcome,
        outcome=say(f"{place}:outcome", outcome.outcome),
        ability=say(f"{place}:ability", outcome.ability),
    )
