"""Maps made up for tests, and every map hypothesis can think of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from jtbd.jobmap.atlas import STAGES
from jtbd.jobmap.model import Context, ContextOption, JobMap, Outcome, Step

_IDS = st.sampled_from([f"{letter}-{number}" for letter in "abcd" for number in range(4)])
_CHARS = st.characters(exclude_categories=("C", "Z"), exclude_characters="\x7f")
_WORDS = st.text(_CHARS | st.sampled_from("<&>\"' "), min_size=1, max_size=12)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=14).map(lambda words: " ".join(" ".join(words).split()) or "x")
_LISTS = st.lists(st.sampled_from(["marketing", "sales", "support", "finance"]), unique=True).map(tuple)


@st.composite
def job_maps(draw: st.DrawFn, most_steps: int = 5, texts: st.SearchStrategy[str] = _TEXTS) -> JobMap:
    """A map whose ids come from a few, so that two have many in common."""
    steps = draw(st.lists(st.integers(0, 99), unique=True, min_size=1, max_size=most_steps))
    outcomes = draw(st.lists(_IDS, unique=True, max_size=12))
    held = [draw(st.integers(0, len(steps) - 1)) for _ in outcomes]
    return JobMap(
        map=draw(st.sampled_from(["acquire", "retain"])),
        title=draw(texts),
        domain="d",
        job=draw(texts),
        mode=draw(st.sampled_from(["acquire", "retain"])),
        executor="e",
        source=draw(st.sampled_from(["", "own"])),
        introduction="",
        contexts=tuple(
            Context(one, "?", (ContextOption("a", "A"), ContextOption("b", draw(st.sampled_from("BC")))))
            for one in draw(st.lists(st.sampled_from(["size", "market", "speed"]), unique=True))
        ),
        functions=draw(_LISTS),
        steps=tuple(
            Step(
                f"step-{step}",
                draw(texts),
                draw(st.sampled_from(STAGES)),
                draw(_LISTS),
                tuple(
                    Outcome(one, draw(texts), draw(texts), draw(_LISTS))
                    for one, place in zip(outcomes, held, strict=True)
                    if place == number
                ),
            )
            for number, step in enumerate(steps)
        ),
    )


def outcome(name: str, text: str = "do it") -> Outcome:
    """An outcome in both phrasings."""
    return Outcome(name, f"Minimize the time it takes to {text}", text)


def a_map(**steps: list[str]) -> JobMap:
    """A map with these steps and ids of outcomes."""
    return JobMap(
        map="mine",
        title="My map",
        domain="d",
        job="do the job",
        mode="acquire",
        executor="doer",
        source="own",
        introduction="",
        contexts=(),
        functions=("marketing", "sales"),
        steps=tuple(
            Step(name, f"Step {name}", "define", ("marketing",), tuple(outcome(one) for one in held))
            for name, held in steps.items()
        ),
    )


def with_titles(job_map: JobMap, *titles: str) -> JobMap:
    """The map with as many steps as there are `titles`, its own over and over."""
    steps = job_map.steps
    return replace(
        job_map,
        steps=tuple(
            replace(steps[n % len(steps)], id=f"step-{n}", title=title, stage=STAGES[n * len(STAGES) // len(titles)])
            for n, title in enumerate(titles)
        ),
    )
