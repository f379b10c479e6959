"""What the store refuses although the database is well: each says in one sentence why."""

from __future__ import annotations

from collections.abc import Sequence

MOST_LISTED = 12
"""Of names to choose from, so many are listed."""


class Refusal(Exception):  # noqa: N818  what it refuses is no error of the program
    """The request makes no sense in the state the stored data is in; its text is fit for a user."""


class SurveyUnknown(Refusal):
    """No survey of this name has been published; `known` are the names of those that have."""

    def __init__(self, slug: str, known: Sequence[str] = ()) -> None:
        there_are = f"; there {'is' if len(known) == 1 else 'are'} {_listed(known)}" if known else ""
        super().__init__(f"no survey called “{slug}” has been published here{there_are}")


class SurveyClosed(Refusal):
    """The survey takes no new responses."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"the survey “{slug}” is closed and takes no new responses")


class SurveyPaused(SurveyClosed):
    """The survey takes no new responses for a while."""

    def __init__(self, slug: str) -> None:
        Refusal.__init__(self, f"the survey “{slug}” is paused and takes no new responses for now")


class FieldingBegun(Refusal):
    """What was answered is no pilot any more: a wave has been closed."""

    def __init__(self, slug: str, number: int) -> None:
        super().__init__(
            f"wave {number} of “{slug}” has been closed: answers are results by now, not those of a pilot; single ones "
            f"can be left out with: jtbd quality {slug} --exclude"
        )


class PilotChanged(Refusal):
    """Answers arrived, or were erased, since somebody looked at how many there are."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"there are {found:,} real answers by now, not {expected:,}: nothing was changed; pause the survey, look "
            "again and repeat it"
        )


class ResponseUnknown(Refusal):
    """There is no such response, or it has been erased."""

    def __init__(self, response_id: int) -> None:
        super().__init__(f"there is no response {response_id}")


class ResponseFinished(Refusal):
    """The response has ended and can no longer change."""

    def __init__(self, response_id: int) -> None:
        super().__init__(f"response {response_id} is finished and can no longer change")


class PageSavedSince(Refusal):
    """The page was saved after what was sent had been begun: that is newer."""

    def __init__(self, response_id: int) -> None:
        super().__init__(f"a page of response {response_id} was saved since")


class ReasonMissing(Refusal):
    """Excluding and including need a reason."""

    def __init__(self) -> None:
        super().__init__("say why: a reason is kept with every exclusion and inclusion")


class WaveOpen(Refusal):
    """A wave is open already; one wave at a time."""

    def __init__(self, slug: str, number: int) -> None:
        super().__init__(f"wave {number} of “{slug}” is still open; close it first")


class WaveUnknown(Refusal):
    """The survey has no such wave; `known` are those it has, as people call them."""

    def __init__(self, slug: str, wanted: str, known: Sequence[str]) -> None:
        self.wanted = wanted
        self.known = tuple(known)
        there_are = f"it has {_listed(self.known)}" if known else "it has none"
        super().__init__(f"“{slug}” has no wave {wanted}; {there_are}")


class NoWaveOpen(Refusal):
    """There is no open wave to close."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"no wave of “{slug}” is open")


class AccountDisabled(Refusal):
    """The account may not be used, so nothing is done that would let its owner in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the account “{name}” is disabled; let it in again with `jtbd user enable {name}`")


class AccountExists(Refusal):
    """The name is taken; capitals make no difference."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is already an account called “{name}”")


class AccountUnknown(Refusal):
    """There is no account of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no account called “{name}”")


class AccountNameMissing(Refusal):
    """An account needs a name."""

    def __init__(self) -> None:
        super().__init__("an account needs a name")


class PasswordTooShort(Refusal):
    """The password is shorter than the minimum."""

    def __init__(self, minimum: int) -> None:
        super().__init__(f"a password needs at least {minimum} characters")


class LoginLinkInvalid(Refusal):
    """The login link is unknown, used or too old; which of them is nobody's business."""

    def __init__(self) -> None:
        super().__init__("this login link is not valid any more; ask for a new one")


class PanelIdUsed(Refusal):
    """Somebody began a response under this id of a panel."""

    def __init__(self) -> None:
        super().__init__("this panel id has been used")


class InvitationNeeded(Refusal):
    """Only people who were invited may begin."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"the survey “{slug}” is for people with an invitation")


class InvitationUnknown(Refusal):
    """There is no such invitation: replaced by another, erased, or never given out."""

    def __init__(self) -> None:
        super().__init__("there is no such invitation")


class InvitationUsed(Refusal):
    """The invitation was used, and nothing tells for which response."""

    def __init__(self) -> None:
        super().__init__("this invitation has been used")


class InvitationOver(Refusal):
    """The invitation is for a wave that is over."""

    def __init__(self) -> None:
        super().__init__("this invitation was for an earlier wave")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more
