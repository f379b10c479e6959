"""A tiny workspace for tests of every room: two maps with a shared outcome, and a survey over both."""

from __future__ import annotations

from pathlib import Path

from jtbd.settings import Settings

ACQUIRE = """\
map: acquire
title: Acquire new customers
domain: revenue development
job: develop a qualified lead with organisations that are not customers yet
mode: acquire
executor: marketer
introduction: Work with organisations that have not bought before.
source: made up for tests
contexts:
  - id: deciders
    text: How many people take part in a typical buying decision?
    options:
      - {value: one, text: "1"}
      - {value: few, text: 2-4}
      - {value: many, text: 5 or more}
functions: [marketing, sales]
steps:
  - id: select-audience
    title: Select a target audience
    stage: define
    functions: [marketing]
    outcomes:
      - id: sample-audience-time
        outcome: Minimize the time it takes to agree which audience to pursue
        ability: agree which audience to pursue
      - id: sample-audience-missed
        outcome: Minimize the likelihood that an audience worth pursuing is left out
        ability: notice an audience worth pursuing
  - id: hand-over
    title: Hand over the lead
    stage: conclude
    functions: [marketing, sales]
    outcomes:
      - id: sample-handover-unanswered
        outcome: Minimize the likelihood that a lead handed over gets no follow-up
        ability: know which leads handed over got no follow-up
      - id: sample-handover-effort
        outcome: Minimize the effort it takes to pass on what is known of a lead
        ability: pass on what is known of a lead
"""

RETAIN = """\
map: retain
title: Retain defecting customers
domain: revenue development
job: develop a qualified lead with customers who are about to leave
mode: retain
executor: marketer
functions: [customer success, support]
steps:
  - id: notice-leaving
    title: Notice that a customer is leaving
    stage: locate
    functions: [customer success]
    outcomes:
      - id: sample-leaving-time
        outcome: Minimize the time it takes to learn that a customer is about to leave
        ability: learn that a customer is about to leave
        lifecycle: [dormancy, retention]
      - id: sample-leaving-cause
        outcome: Minimize the likelihood that the cause of leaving stays unknown
        ability: learn why a customer leaves
        lifecycle: [retention, departed]
  - id: hand-over
    title: Hand over to those who make the change
    stage: conclude
    functions: [customer success, support]
    outcomes:
      - use: sample-handover-unanswered
      - id: sample-change-promised
        outcome: Minimize the likelihood that a change promised to a customer is not made
        ability: keep what was promised to a customer
"""

TINY = """\
survey: tiny
title: A tiny survey
introduction: Two short pages about your work.
consent: Your answers are stored for this test.
maps: [acquire, retain]
profile:
  - id: function
    text: Which function do you work in?
    kind: single
    options:
      - {value: marketing, text: Marketing}
      - {value: sales, text: Sales}
      - {value: service, text: Service}
    as: function
  - id: solution
    text: What do you use today?
    kind: single
    required: true
    options:
      - {value: suite, text: One suite}
      - {value: separate, text: Separate tools}
      - {value: sheets, text: Spreadsheets}
    as: solution
  - id: organisation
    text: Where do you work?
    kind: text
    as: organisation
    hint: Leave blank if you would rather not say
  - id: mode
    text: Which work do you know best?
    kind: single
    options:
      - {value: acquire, text: Winning new customers}
      - {value: retain, text: Keeping customers who are about to leave}
    as: mode
thanks: Thank you.
"""


def small_workspace(folder: Path) -> Settings:
    """A workspace in `folder` with maps ``acquire`` and ``retain`` and the survey ``tiny`` over them."""
    write(folder, "maps/acquire.yaml", ACQUIRE)
    write(folder, "maps/retain.yaml", RETAIN)
    write(folder, "surveys/tiny.yaml", TINY)
    return Settings.read(folder, {})


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """`content` in the file `name` of the workspace `folder`."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


SCREENER = """\
profile:
  - id: does
    text: Does your work involve customers?
    kind: single
    as: screener
    options:
      - {value: daily, text: Every day}
      - {value: never, text: Never, screens_out: true}
"""

QUOTAS = """\
quotas:
  - {id: sales, where: {function: sales}, limit: 2}
  - {id: service-with-sheets, where: {function: service, solution: [sheets, separate]}, limit: 1}
end:
  complete: https://panel.example/done?who={id}&a=1
  screened_out: https://panel.example/out/{id}
  quota_full: https://panel.example/full
"""

GATED = TINY.replace("profile:\n", SCREENER).replace("thanks:", QUOTAS + "thanks:")
"""The survey ``tiny`` with a screener before everything, two quotas, and links at its ends."""
