"""``jtbd change`` and ``jtbd plan`` as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import jtbd
from jtbd.errors import InputError
from tests.analysis.test_quality import straight_file

OUTCOMES = ("a", "b", "c", "d")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def ratings(wave: str, n: int, seed: int, *, better: float = 0.0) -> list[dict[str, object]]:
    """n people; outcome ``a`` is the more satisfying the larger ``better``."""
    rng = np.random.default_rng(seed)
    people = []
    for number in range(n):
        row: dict[str, object] = {"wave": wave, "person": f"p{number}", "sector": "xy"[number % 2]}
        for outcome in OUTCOMES:
            row[f"imp_{outcome}"] = 5 if rng.random() < 0.8 else 2
            row[f"sat_{outcome}"] = 5 if rng.random() < 0.2 + (better if outcome == "a" else 0) else 2
        people.append(row)
    return people


def write(path: Path, people: list[dict[str, object]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, people[0])
        writer.writeheader()
        writer.writerows(people)
    return path


@pytest.fixture
def waves(tmp_path: Path) -> Path:
    """A file of three waves; in the last one outcome ``a`` is served better."""
    people = [*ratings("9", 80, 1), *ratings("10", 150, 2), *ratings("11", 150, 3, better=0.5)]
    return write(tmp_path / "waves.csv", people)


def test_the_last_two_waves_are_compared_and_the_surest_change_comes_first(run, waves):
    done = run("change", waves, "--format", "csv")
    got = rows(done.stdout)
    assert {(row["wave_a"], row["wave_b"]) for row in got} == {("10", "11")}, "waves are ordered as numbers"
    assert got[0]["outcome"] == "a"
    assert float(got[0]["change"]) < -3
    assert float(got[0]["p_holm"]) < 0.001
    assert (got[0]["rank_b"], got[0]["rank_change_real"]) == ("4", "False"), "before, all four were tied"
    assert all(float(row["p_holm"]) > 0.05 for row in got[1:])


def test_the_text_says_what_is_real_and_what_could_have_been_seen(run, waves):
    told = " ".join(run("change", waves, "--from", "10", "--to", "11").stdout.split())
    assert "One change is real." in told
    assert "would have been found four times in five" in told
    assert "wave 10, 150 people, to wave 11, 150 people" in told


def test_two_files_give_what_one_file_with_a_column_gives(run, tmp_path):
    both = [*ratings("1", 90, 1), *ratings("2", 110, 2, better=0.3)]
    whole = write(tmp_path / "both.csv", both)
    before = write(tmp_path / "before.csv", both[:90])
    after = write(tmp_path / "after.csv", both[90:])
    apart = rows(run("change", "--before", before, "--after", after, "--format", "csv").stdout)
    together = rows(run("change", whole, "--format", "csv").stdout)
    assert apart[0]["wave_a"] == "before"
    for left, right in zip(apart, together, strict=True):
        assert {name: left[name] for name in left if "wave" not in name} == {
            name: right[name] for name in right if "wave" not in name
        }


def test_a_panel_names_its_persons_and_each_stands_once(run, tmp_path, waves):
    done = run("change", waves, "--panel", "person", "--format", "json")
    found = json.loads(done.stdout)
    assert found["provenance"]["panel"] == "person"
    assert "150 of them in both" in run("change", waves, "--panel", "person").stdout
    people = ratings("1", 20, 1) + ratings("2", 20, 2) + ratings("2", 1, 3)
    done = run("change", write(tmp_path / "twice.csv", people), "--panel", "person")
    assert done.returncode == 1
    assert "person-twice" in done.stderr


@pytest.mark.parametrize(
    "options", [{"rake": "targets.csv"}, {"rake": "targets.csv", "trim": 1.55}, {"weight": "worth", "trim": 2.0},
                {"value": "worth"}, {"value": "worth", "method": "mean"}]
)  # fmt: skip
def test_each_wave_is_weighted_by_itself(tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    people = [one for one in ratings("1", 100, 1) if one["sector"] == "x" or int(str(one["person"])[1:]) < 50]
    people += ratings("2", 100, 2)
    for number, one in enumerate(people):
        one["worth"] = 1 + number**2 % 7
    file = write(tmp_path / "waves.csv", people)
    (tmp_path / "targets.csv").write_text("variable,level,share\nsector,x,0.5\nsector,y,0.5\n")
    got = jtbd.changes(file, **options).set_index("outcome")
    score = "score" if "method" in options else "opportunity"
    for wave, side in (("1", "a"), ("2", "b")):
        part = write(tmp_path / f"{wave}.csv", [one for one in people if one["wave"] == wave])
        alone = jtbd.score(part, **options).set_index("outcome")
        assert got[f"score_{side}"].to_dict() == pytest.approx(alone[score].to_dict())
        assert got[f"n_eff_{side}"].to_dict() == pytest.approx(alone["n_eff"].to_dict())


def test_who_is_flagged_is_left_out_and_told_once(run, tmp_path):
    path = straight_file(tmp_path)
    people = pd.read_csv(path)
    people.assign(wave=1 + np.arange(len(people)) % 2).to_csv(path, index=False)
    done = run("change", path, "--exclude-flagged", "--format", "csv")
    assert done.stderr.count("flagged-left-out") == 1
    everybody = {row["outcome"]: int(row["n_a"]) for row in rows(run("change", path, "--format", "csv").stdout)}
    assert {row["outcome"]: int(row["n_a"]) + 1 for row in rows(done.stdout)} == everybody
    assert "flagged-left-out" in run("plan", "--source", path, "--exclude-flagged").stderr


@pytest.mark.parametrize("method", ["rank-sum", "all"])
def test_methods_that_are_made_of_ranks_are_refused(run, waves, method):
    for command in (["change", waves], ["plan", "--source", waves]):
        done = run(*command, "--method", method)
        assert (done.returncode, done.stdout) == (1, "")
        assert "bad-option" in done.stderr


def codes(call) -> set[str]:
    with pytest.raises(InputError) as caught:
        call()
    return {issue.code for issue in caught.value.issues}


def test_waves_that_cannot_be_compared_say_why(tmp_path, waves):
    assert codes(lambda: jtbd.changes(waves, first="7")) == {"unknown-wave"}
    assert codes(lambda: jtbd.changes(waves, first="9", last="9")) == {"one-wave"}
    assert codes(lambda: jtbd.changes(waves, waves="round")) == {"unknown-column"}
    assert codes(lambda: jtbd.changes(waves, panel="name")) == {"unknown-column"}
    few = write(tmp_path / "few.csv", ratings("1", 30, 1) + ratings("2", 3, 2))
    assert codes(lambda: jtbd.changes(few)) == {"small-group"}
    other = [{name.replace("_", "_x"): value for name, value in one.items()} for one in ratings("2", 30, 2)]
    other_file, first = write(tmp_path / "other.csv", other), write(tmp_path / "first.csv", ratings("1", 30, 1))
    assert codes(lambda: jtbd.changes(before=first, after=other_file)) == {"no-common-outcome"}


def test_outcomes_of_one_wave_only_are_left_out_and_counted(tmp_path):
    later = [{name: value for name, value in one.items() if not name.endswith("_d")} for one in ratings("2", 60, 2)]
    before, after = write(tmp_path / "1.csv", ratings("1", 60, 1)), write(tmp_path / "2.csv", later)
    got = jtbd.changes(before=before, after=after)
    assert sorted(got["outcome"]) == ["a", "b", "c"]
    assert got["rank_a"].max() <= 3
    assert "1 outcome was asked in one of the waves only" in got.attrs["notes"][0]


@pytest.mark.parametrize(
    "arguments", [["change"], ["change", "x.csv", "--before", "y.csv"], ["change", "--before", "y.csv"], ["plan"],
                  ["plan", "--outcomes", "5"], ["plan", "--source", "x.csv", "--outcomes", "5"],
                  ["plan", "--outcomes", "5", "--respondents", "50", "--where", "a=b"]]
)  # fmt: skip
def test_options_that_do_not_go_together_are_usage_errors(run, arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_plan_marks_the_study_asked_for_among_others(run):
    done = run("plan", "--outcomes", "40", "--respondents", "200", "--per-respondent", "20", "--format", "json")
    found = json.loads(done.stdout)
    (chosen,) = [row for row in found["plan"] if row["chosen"]]
    assert (chosen["respondents"], chosen["per_respondent"], chosen["ratings"]) == (200, 20, 100)
    assert found["provenance"]["importance"] == "Beta(6, 4) clipped to .05-.97"
    assert "With 200 respondents who rate 20 of 40 outcomes each" in run(
        "plan", "--outcomes", "40", "--respondents", "200", "--per-respondent", "20"
    ).stdout  # fmt: skip


@pytest.mark.parametrize("wrong", [["--per-respondent", "50"], ["--correlation", "2"], ["--groups", "1"]])
def test_a_plan_that_makes_no_study_is_refused(run, wrong):
    done = run("plan", "--outcomes", "40", "--respondents", "200", *wrong)
    assert (done.returncode, done.stdout) == (1, "")
    assert "bad-option" in done.stderr


def test_pictures_are_drawn_where_the_file_asks_for_one(run, waves, tmp_path):
    assert run("change", waves, "--output", "c.png").returncode == 0
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert run("plan", "--outcomes", "20", "--respondents", "100", "--output", "p.svg").returncode == 0
    assert "What a study of 20 outcomes can tell apart" in (tmp_path / "p.svg").read_text()


def test_after_fielding_a_plan_says_what_is_tied_around_the_cut(run, waves):
    got = rows(run("plan", "--source", waves, "--top", "2", "--around", "2", "--format", "csv").stdout)
    assert [row["rank"] for row in got] == ["1", "2", "3", "4"]
    for row in got:
        if row["separated"] == "True":
            assert row["n_needed"] == ""
        else:
            assert int(row["n_needed"]) > int(row["n"])
    assert "a tie may be real" in run("plan", "--source", waves, "--top", "2", "--around", "2").stdout
