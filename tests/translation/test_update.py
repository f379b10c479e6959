"""Files for translators: nothing that was translated is lost, nothing that is out of date is taken for current."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jtbd.errors import InputError
from jtbd.translation.catalogue import TranslationFile, language_name, read_translations
from jtbd.translation.check import translate, unknown
from jtbd.translation.update import Counts, template, updated
from tests.translation.samples import save

TEXTS = {"step:a:title": "Notice that a customer leaves", "survey:introduction": "One.\n\nTwo."}


class Work:
    """A translator's file, brought up to date and filled in."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def update(self, texts: dict[str, str]) -> Counts:
        old = read_translations(self.path, "de") if self.path.exists() else None
        content, counts = updated(template(texts, {}), old, "de", "Test")
        self.path.write_bytes(content)
        return counts

    def say(self, original: str, translation: str) -> None:
        text = self.path.read_text()
        assert text.count(f'msgid "{original}"\nmsgstr ""') == 1
        self.path.write_text(
            text.replace(f'msgid "{original}"\nmsgstr ""', f'msgid "{original}"\nmsgstr "{translation}"')
        )

    @property
    def file(self) -> TranslationFile:
        return read_translations(self.path, "de")

    def shown(self, texts: dict[str, str]) -> dict[str, str]:
        return translate(texts, self.file)[0]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path / "x.de.po")
    work.update(TEXTS)
    work.say("Notice that a customer leaves", "Merken, dass ein Kunde geht")
    return work


def test_an_update_keeps_translations_and_counts_the_rest(work: Work) -> None:
    assert work.update(TEXTS) == Counts(done=1, outdated=0, missing=1)
    assert work.shown(TEXTS) == {"step:a:title": "Merken, dass ein Kunde geht"}


def test_updating_twice_changes_nothing(work: Work) -> None:
    work.update(TEXTS | {"step:a:title": "Notice who leaves"})
    once = work.path.read_text()
    work.update(TEXTS | {"step:a:title": "Notice who leaves"})
    assert [line for line in work.path.read_text().splitlines() if "Date" not in line] == [
        line for line in once.splitlines() if "Date" not in line
    ]


def test_a_reworded_text_keeps_its_translation_as_fuzzy_with_the_original_it_was_made_of(work: Work) -> None:
    for reworded in ("Notice who leaves", "Notice who is leaving"):
        texts = TEXTS | {"step:a:title": reworded}
        assert work.update(texts).outdated == 1
        assert work.shown(texts) == {}
        assert (
            f'#, fuzzy\n#| msgid "Notice that a customer leaves"\nmsgctxt "step:a:title"\nmsgid "{reworded}"\n'
            'msgstr "Merken, dass ein Kunde geht"\n'
        ) in work.path.read_text()
    work.path.write_text(work.path.read_text().replace("#, fuzzy\n", ""))
    assert work.shown(texts) == {"step:a:title": "Merken, dass ein Kunde geht"}
    work.update(texts)
    assert "#|" not in work.path.read_text()


def test_a_text_that_goes_is_set_aside_and_comes_back_marked(work: Work) -> None:
    without = {"survey:introduction": TEXTS["survey:introduction"]}
    work.update(without)
    assert '#~ msgstr "Merken, dass ein Kunde geht"' in work.path.read_text()
    assert unknown(without, work.file) == []
    assert work.update(TEXTS) == Counts(done=0, outdated=1, missing=1)
    assert work.shown(TEXTS) == {}


def test_comments_of_the_translator_stay(work: Work) -> None:
    text = work.path.read_text().replace('msgctxt "step:a', '# asked the client: "gehen"\nmsgctxt "step:a')
    work.path.write_text(text)
    work.update(TEXTS | {"step:a:title": "Notice who leaves"})
    assert '# asked the client: "gehen"' in work.path.read_text()


def test_what_is_wrong_is_said_with_its_line(work: Work) -> None:
    text = work.path.read_text().replace("ein Kunde geht", "{name} geht, siehe https://example.org/de")
    text += '\nmsgctxt "step:gone:title"\nmsgid "Gone"\nmsgstr "Weg"\n'
    work.path.write_text(text)
    texts = TEXTS | {"survey:thanks": "Thanks, {name}"}
    issues = translate(texts, work.file)[1] + unknown(texts, work.file)
    lines = text.splitlines()
    assert [(one.code, one.level) for one in issues] == [
        ("translation-placeholder", "error"), ("translation-missing", "error"), ("translation-unknown", "warning"),
    ]  # fmt: skip
    assert [lines[one.line - 1] for one in issues[::2]] == ['msgid "Notice that a customer leaves"', 'msgid "Gone"']
    assert "2 of 3 texts" in issues[1].message


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'msgid "a"\nmsgstr "b"\n\nmsgid unquoted\n', 4),
        (b'msgid "a"\nmsgstr "\xfc"\n', 2),
        (b'msgid ""\nmsgstr "Plural-Forms: nplurals=x; plural=__import__(1);\\n"\n', 0),
        (b"\x00\x01\xff", 1),
        (b'msgid "a"\nmsgstr "b\n', 2),
        (b'msgid "a"\nmsgstr "b" c"\n', 2),
    ],
)
def test_a_file_that_cannot_be_read_is_an_issue_never_a_traceback(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "x.de.po"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_translations(path, "de")
    (issue,) = caught.value.issues
    assert (issue.code, issue.file, issue.line) == ("translation-unreadable", str(path), line)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("po") / "x.de.po"
    path.write_bytes(content)
    try:
        read_translations(path, "de")
    except InputError as error:
        assert {one.code for one in error.issues} == {"translation-unreadable"}  # noqa: PT017 - or none is raised


WORDING = st.text("abc é“\n", min_size=1, max_size=6).map(lambda text: "\n\n".join(text.split())).filter(bool)


@settings(max_examples=60)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["step:a:title", "step:b:title", "survey:title"]), WORDING, min_size=1),
        min_size=1,
        max_size=4,
    )
)
def test_only_translations_of_the_very_original_are_ever_shown(
    tmp_path_factory: pytest.TempPathFactory, versions: list[dict[str, str]]
) -> None:
    """Whatever happens to the originals, what is shown at a place was made of the text that stands there."""
    work = Work(tmp_path_factory.mktemp("po") / "x.de.po")
    for texts in versions:
        work.update(texts)
        assert all(said == texts[place].upper() for place, said in work.shown(texts).items())
        catalog = work.file.catalog
        for entry in catalog:
            if entry.id and not entry.string:
                entry.string = str(entry.id).upper()
        save(work.path, catalog)


@pytest.mark.parametrize(
    ("code", "name"), [("de", "Deutsch"), ("es", "Español"), ("pt-BR", "Português (Brasil)"), ("tlh", "tlh")]
)
def test_languages_are_named_in_their_own_words(code: str, name: str) -> None:
    assert language_name(code) == name
