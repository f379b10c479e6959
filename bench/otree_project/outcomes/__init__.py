"""The survey of ``bench.submits`` as an oTree app: an introduction, then five pages of ten outcomes on two scales."""

from otree.api import BaseConstants, BaseGroup, BasePlayer, BaseSubsession, Page, models, widgets

SCALES = {"importance": "How important is it to you?", "satisfaction": "How satisfied are you?"}


class C(BaseConstants):
    NAME_IN_URL = "outcomes"
    PLAYERS_PER_GROUP = None
    NUM_ROUNDS = 1


class Subsession(BaseSubsession):
    pass


class Group(BaseGroup):
    pass


def fields(step: int) -> dict[str, object]:
    """The ratings of a page by name, all required, as fields of oTree are unless told otherwise."""
    return {
        f"{scale}_{step}_{j}": models.IntegerField(
            label=f"Minimize the time it takes to find thing {step} {j}. {question}",
            choices=[1, 2, 3, 4, 5],
            widget=widgets.RadioSelectHorizontal,
        )
        for j in range(10)
        for scale, question in SCALES.items()
    }


STEPS = [fields(step) for step in range(5)]


class Player(BasePlayer):
    locals().update(column for step in STEPS for column in step.items())


class Introduction(Page):
    pass


class Step(Page):
    form_model = "player"
    template_name = "outcomes/Step.html"


page_sequence = [Introduction, *(type(f"Step{k}", (Step,), {"form_fields": [*STEPS[k]]}) for k in range(5))]
