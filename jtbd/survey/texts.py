"""The texts of a survey file that respondents read, each under a place that stays the same when it is reworded."""

from __future__ import annotations

from collections.abc import Callable

from jtbd.survey.schema import QualityEntry, QuestionEntry, SurveyFile

_OF_SURVEY = ("title", "introduction", "consent", "thanks")


def reworded(entry: SurveyFile, say: Callable[[str, str], str]) -> SurveyFile:
    """The same survey file, ids and all, with what `say` gives for the original at each place.

    Text and options that a context question takes from a map are translated with the map.
    """
    texts = {key: original for key in _OF_SURVEY if (original := getattr(entry, key))}
    said = {key: say(f"survey:{key}", original) for key, original in texts.items()}
    return entry.model_copy(
        update={
            **said,
            "profile": [_question(one, say) for one in entry.profile],
            "quality": _quality(entry.quality, say) if entry.quality else None,
        }
    )


def texts_of(entry: SurveyFile) -> dict[str, str]:
    """Every text that :func:`reworded` asks for, by place, in the order of the file."""
    found: dict[str, str] = {}

    def note(place: str, original: str) -> str:
        return found.setdefault(place, original)

    reworded(entry, note)
    return found


def _quality(quality: QualityEntry, say: Callable[[str, str], str]) -> QualityEntry:
    items = [one.model_copy(update={"text": say(f"attention:{one.id}:text", one.text)}) for one in quality.attention]
    return quality.model_copy(update={"attention": items})


def _question(asked: QuestionEntry, say: Callable[[str, str], str]) -> QuestionEntry:
    place = f"question:{asked.id}"
    texts = {key: original for key in ("text", "hint") if (original := getattr(asked, key))}
    said = {key: say(f"{place}:{key}", original) for key, original in texts.items()}
    options = [one.model_copy(update={"text": say(f"{place}:option:{one.value}", one.text)}) for one in asked.options]
    return asked.model_copy(update={**said, "options": options})
