"""A page of ratings, as it is shown.

It is no form of WTForms: a hundred radio fields take twenty times as long to make and show as one macro, and even one
field for all of them took a tenth of the time of a page. It has the same token, and the same questions can be asked of
it as of :class:`~jtbd.web.respond.forms.QuestionsForm`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from gettext import NullTranslations

from flask import current_app
from markupsafe import Markup

from jtbd.survey.answers import NOT_APPLICABLE, PREFIXES, FieldProblem
from jtbd.survey.model import Page, RatedOutcome
from jtbd.web.forms import is_genuine, new_token
from jtbd.web.language import texts
from jtbd.web.respond.visit import Visit
from jtbd.web.respond.words import ScaleWords, ShownProblem, said, scale_words


class RatingLines:
    """The lines of a page with what was chosen.

    Parameters
    ----------
    data : mapping
        What was chosen, by the name of the form field.
    token : str, optional
        What a form that was sent brought back.

    Attributes
    ----------
    problems : dict
        What is wrong, by the name of the field.
    skipped : dict
        The fields a reminder leads to, and what their lines say.
    outside : dict
        The names, by line, of the fields that say that it does not apply.
    """

    questions = ()

    def __init__(self, visit: Visit, page: Page, data: Mapping[str, str], token: str = "") -> None:
        self.outcomes = page.lines
        self.scales = tuple(scale_words(scale) for scale in visit.plan.scales)
        self.data = data
        self.outside = {one.id: NOT_APPLICABLE + one.id for one in page.outcomes} if visit.plan.not_applicable else {}
        self.problems: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self._sent_token = token

    @property
    def token(self) -> str:
        """What the form's hidden field ``csrf_token`` has to bring back."""
        return new_token()

    def validate(self) -> bool:
        """Whether what was sent came from a page of this visitor's."""
        return is_genuine(self._sent_token)

    def say(self, problems: Iterable[FieldProblem]) -> list[ShownProblem]:
        """Put each problem at its field; returns the summary."""
        self.problems = {one.field: said(one) for one in problems}
        asked = {
            scale.prefix + outcome.id: f"{outcome.statement}: {scale.legend}"
            for outcome in self.outcomes
            for scale in self.scales
        }
        return [ShownProblem(name, asked[name], message) for name, message in self.problems.items()]

    def remind(self) -> list[tuple[str, str]]:
        """The lines that are not fully rated: the first field left blank, and the statement of each."""
        for outcome in self.outcomes:
            if self.outside and self.data.get(self.outside.get(outcome.id, "")):
                continue
            for scale in self.scales:
                if not self.data.get(name := scale.prefix + outcome.id):
                    self.skipped[name] = outcome.statement
                    break
        return [*self.skipped.items()]

    def lines(self) -> Markup:
        """The lines, in their order. Of most only what was chosen is put together anew: they are always alike."""
        spoken = texts()
        html = [self._line(outcome, spoken) for outcome in self.outcomes]
        return Markup("\n".join(html))  # noqa: S704 - escaped where it was put together; ids and values need no escaping

    def _line(self, outcome: RatedOutcome, spoken: NullTranslations) -> str:
        names = [scale.prefix + outcome.id for scale in self.scales]
        if (self.problems or self.skipped) and any(name in self.problems or name in self.skipped for name in names):
            return _written(self, outcome)
        outside = self.outside.get(outcome.id, "")
        html = _blank_line(outcome, self.scales, spoken, outside)
        for name in (*names, outside):
            if name in self.data:
                chosen = f'name="{name}" value="{self.data[name]}"'  # a value that is not offered is not there
                html = html.replace(chosen, f"{chosen} checked", 1)
        return html


def shown_lines(visit: Visit, page: Page) -> RatingLines:
    """A page with what is stored."""
    stored = {
        prefix + outcome.id: str(value)
        for outcome in page.lines
        if (rating := visit.ratings.get(outcome.id))
        for scale, prefix in PREFIXES.items()
        if (value := getattr(rating, scale)) is not None
    }
    outside = {NOT_APPLICABLE + one.id: "yes" for one in page.outcomes if one.id in visit.not_applicable}
    return RatingLines(visit, page, stored | outside)


def sent_lines(visit: Visit, page: Page, sent: Mapping[str, str]) -> RatingLines:
    """A page with what was sent."""
    return RatingLines(visit, page, sent, sent.get("csrf_token", ""))


class _Blank:
    """A line on which nothing was chosen."""

    def __init__(self, scales: tuple[ScaleWords, ...], outside: dict[str, str]) -> None:
        self.scales, self.outside = scales, outside
        self.data: dict[str, str] = {}
        self.problems: dict[str, str] = {}
        self.skipped: dict[str, str] = {}


def _written(shown: RatingLines | _Blank, outcome: RatedOutcome) -> str:
    macro = current_app.jinja_env.get_template("respond/line.html").module.line  # type: ignore[attr-defined]
    return str(macro(shown, outcome))


@lru_cache(maxsize=5000)
def _blank_line(outcome: RatedOutcome, scales: tuple[ScaleWords, ...], spoken: NullTranslations, outside: str) -> str:
    del spoken  # what is written is in that language
    return _written(_Blank(scales, {outcome.id: outside} if outside else {}), outcome)
