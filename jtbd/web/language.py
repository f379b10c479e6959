"""In which language a visitor is spoken to: by link, then by browser, then as the survey was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.datastructures import LanguageAccept

from jtbd.errors import InputError
from jtbd.settings import Settings
from jtbd.survey.links import PARAMETER as PARAMETER
from jtbd.survey.model import Survey
from jtbd.translation.interface import SOURCE_LANGUAGE, interface_languages, load_interface

_RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}


@dataclass
class _Interface:
    """The interface's texts by language, each read when somebody is first spoken to in it."""

    settings: Settings
    languages: Sequence[str]
    texts: dict[str, NullTranslations] = field(default_factory=dict)

    def in_language(self, language: str) -> NullTranslations:
        if language not in self.texts:
            try:
                self.texts[language] = load_interface(self.settings, language)
            except InputError as error:
                current_app.logger.error("interface texts could not be read: %s", error)
                self.texts[language] = NullTranslations()
        return self.texts[language]


def speak_languages(app: Flask, settings: Settings) -> None:
    """Give every template the texts of the interface, and the language of its page."""
    app.extensions["jtbd-interface"] = _Interface(settings, interface_languages(settings))
    # not Jinja's own extension: it takes translations for safe HTML, and ours may come from anybody
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext)
    app.context_processor(lambda: {"language": spoken(), "direction": direction(spoken())})


def speak(language: str) -> None:
    """Speak `language` for the rest of the request."""
    g.language = language
    g.texts = None


def spoken() -> str:
    """The language of the page: a survey's, else one of the interface that visitor asks for; English in the studio."""
    if "language" not in g:
        offered = _interface().languages
        chosen = None if request.path.startswith("/studio") else _by_link(offered) or _by_browser(offered)
        g.language = chosen or SOURCE_LANGUAGE
    language: str = g.language
    return language


def in_visitors_language(plan: Survey, sent: str | None = None, stored: str | None = None) -> Survey:
    """The survey in the language of a visitor.

    It is the first that the survey offers of the one that a form sent, the one the link names, the one stored with
    the visitor's response, and those the browser asks for; else the one the survey was written in.
    """
    offered = [one.language for one in plan.languages]
    chosen = _like(sent, offered) or _by_link(offered) or _like(stored, offered) or _by_browser(offered)
    return plan.in_language(chosen or plan.language)


def gettext(message: str, **values: Any) -> str:
    """An interface text in the language spoken, `values` put in place of ``%(name)s``."""
    said = texts().gettext(message) if message else ""  # the empty message is a PO file's header
    return _filled(said, message, values) if values else said


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    """An interface text that depends on a number, ``%(number)s`` in it."""
    original = singular if number == 1 else plural
    return _filled(texts().ngettext(singular, plural, number), original, {"number": number, **values})


def pgettext(context: str, message: str) -> str:
    """An interface text that means different things in different places."""
    return texts().pgettext(context, message)


def digits(number: int) -> str:
    """A number with its thousands set apart as the language does."""
    return f"{number:,}".replace(",", pgettext("thousands separator", ","))


def direction(language: str) -> str:
    """Which way a language is written: ``ltr`` or ``rtl``."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def _filled(said: str, original: str, values: dict[str, Any]) -> str:
    """`said` with its values; the original, if a translation that nobody checked names others."""
    try:
        return said % values
    except (KeyError, TypeError, ValueError):
        return original % values


def _interface() -> _Interface:
    found: _Interface = current_app.extensions["jtbd-interface"]
    return found


def texts() -> NullTranslations:
    """The interface's texts in the language spoken: one object a language and application."""
    found: NullTranslations | None = g.get("texts")
    if found is None:
        found = g.texts = _interface().in_language(spoken())
    return found


def _by_link(offered: Sequence[str]) -> str | None:
    return _like(request.args.get(PARAMETER), offered)


def _like(wanted: str | None, offered: Sequence[str]) -> str | None:
    """The language offered that is most like the one wanted: ``de`` for ``de-AT``."""
    return LanguageAccept([(wanted, 1)]).best_match(offered) if wanted else None


def _by_browser(offered: Sequence[str]) -> str | None:
    return request.accept_languages.best_match(offered)
