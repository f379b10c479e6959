"""Attention items: checked against the survey, and spread over its pages of ratings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jtbd.errors import Issue, warning
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.resolve import repeated
from jtbd.jobmap.source import Source, Steps
from jtbd.plural import counted
from jtbd.survey.model import AttentionItem, Page
from jtbd.survey.schema import AttentionEntry


def attention_issues(items: Sequence[AttentionEntry], maps: Sequence[JobMap], source: Source) -> Iterator[Issue]:
    """Items of one name, items without a page of their own, and texts that name another answer than is expected."""
    paths: list[Steps] = [("quality", "attention", number) for number in range(len(items))]
    ids: list[Steps] = [(*path, "id") for path in paths]
    yield from repeated([one.id for one in items], ids, "duplicate-attention", "attention item", source)
    for job_map in maps:
        if len(job_map.steps) < len(items):
            pages = counted(len(job_map.steps), "page")
            message = f"the map `{job_map.map}` has {pages} of ratings for {len(items)} items"
            remedy = f"a page holds one at most: keep {len(job_map.steps)} or fewer"
            yield source.issue("attention-crowded", message, remedy, ("quality", "attention"), key=True)
    for one, path in zip(items, paths, strict=True):
        named = re.findall(r"\b[1-5]\b", one.text)
        if named and str(one.expect) not in named:
            line, column = source.place((*path, "expect"))
            message = f"the text speaks of {' and '.join(named)}, and {one.expect} is expected"
            remedy = "say in the text which answer to choose"
            yield warning("attention-differs", message, remedy, file=source.file, line=line, column=column)


def with_attention(pages: Sequence[Page], items: Sequence[AttentionEntry]) -> tuple[Page, ...]:
    """The pages of ratings of one map, with the items on pages that lie as far apart as can be, amid the outcomes."""
    placed = list(pages)
    for number, one in enumerate(items):
        at = (2 * number + 1) * len(pages) // (2 * len(items))
        item = AttentionItem(one.id, one.text, one.expect, (len(pages[at].outcomes) + 1) // 2)
        placed[at] = replace(pages[at], attention=item)
    return tuple(placed)
