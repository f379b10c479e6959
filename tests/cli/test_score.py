import csv
import io
import json

import pytest

from tests.reference import DATA, TARGETS


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_goes_to_stdout_in_rank_order_and_full_precision(run):
    done = run("score", DATA, "--format", "csv")
    assert done.returncode == 0
    got = rows(done.stdout)
    assert [int(row["rank"]) for row in got] == list(range(1, 13))
    assert len(got[0]["opportunity_se"]) > 12


def test_json_carries_its_provenance(run):
    done = run("score", DATA, "--weight", "base_weight", "--rake", TARGETS, "--seed", "5", "--format", "json")
    got = json.loads(done.stdout)
    assert got["provenance"]["seed"] == 5
    assert len(got["provenance"]["data_hash"]) == len(got["provenance"]["rake"]) == 64
    assert len(got["scores"]) == 12


def test_the_table_says_what_one_may_conclude(run):
    done = run("score", DATA)
    assert "clearly underserved" in done.stdout
    assert "320 respondents" in done.stdout
    assert done.stderr == ""


def test_the_same_seed_gives_the_same_output(run):
    assert run("score", DATA, "--format", "csv").stdout == run("score", DATA, "--format", "csv").stdout


def test_output_goes_to_a_file_and_nothing_to_stdout(run, tmp_path):
    done = run("score", DATA, "--format", "csv", "--output", "out.csv")
    assert (done.stdout, done.returncode) == ("", 0)
    assert len(rows((tmp_path / "out.csv").read_text())) == 12
    assert not list(tmp_path.glob("*.part"))


def test_bad_input_leaves_no_output_file_and_exits_1(run, tmp_path):
    (tmp_path / "bad.csv").write_text("imp_a,sat_a\n6,n/a\n")
    done = run("score", "bad.csv", "--output", "out.csv")
    assert done.returncode == 1
    assert [line.split(" ")[0] for line in done.stderr.splitlines()] == ["bad.csv:2:1", "bad.csv:2:2"]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["score"], 2),
        (["score", DATA, "--nothing"], 2),
        (["compare", DATA], 2),
        (["score", "nothing.csv"], 1),
        (["score", DATA, "--method", "nothing"], 1),
        (["score", "no-such-survey"], 1),
        (["score", DATA, "--output", "no/such/folder/x.csv"], 3),
        (["nothing"], 2),
        (["--help"], 0),
        (["--version"], 0),
    ],
)
def test_exit_codes_follow_the_contract(run, arguments, code):
    done = run(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["score"], ["chart", "landscape"], ["roadmap", "vendor"], ["change"]])
def test_conditions_that_few_people_meet_are_refused_unless_the_minimum_is_lowered(run, tmp_path, command):
    people = [f"{'few' if number < 4 else 'many'},suite,{number % 2 + 1},5,1,4,2" for number in range(40)]
    (tmp_path / "x.csv").write_text("\n".join(["size,solution,wave,imp_a,sat_a,imp_b,sat_b", *people]) + "\n")
    name, *kind = command
    more = {"chart": ["--output", "x.svg"], "roadmap": ["--solution", "suite"], "change": []}.get(name, [])
    kind, source = (kind, "x.csv") if name == "roadmap" else ([], "x.csv")
    asked = [name, *kind, source, *command[1:] * (name == "chart"), "--where", "size=few", *more]
    done = run(*asked)
    assert (done.returncode, done.stdout) == (1, "")
    assert " small-group " in done.stderr
    assert "the minimum is 5; " in done.stderr
    assert "lower --min-group" in done.stderr
    assert not (tmp_path / "x.svg").exists()
    assert run(*asked, "--min-group", "1").returncode == 0
    assert run(*["many" if one == "few" else one.replace("few", "many") for one in asked]).returncode == 0


def test_compare_writes_every_pair(run):
    got = rows(run("compare", DATA, "--by", "segment", "--format", "csv").stdout)
    assert {(row["group_a"], row["group_b"]) for row in got} == {("A", "B"), ("A", "C"), ("B", "C")}


def test_text_that_a_spreadsheet_would_run_is_quoted(run, tmp_path):
    (tmp_path / "evil.csv").write_text("g,imp_=1+1,sat_=1+1\n" + "=cmd,5,1\n" * 6)
    got = run("score", "evil.csv", "--by", "g", "--format", "csv").stdout
    assert "\n'=cmd,'=1+1," in got


def test_help_starts_without_heavy_imports(run):
    import subprocess
    import sys

    code = (
        "import sys; from jtbd.cli.main import exit_code, cli; "
        "exit_code(lambda: cli.main(['--help'], standalone_mode=False)); "
        "print(sorted({'pandas', 'scipy', 'numpy', 'sqlalchemy', 'flask', 'altair'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_chart_of_one_respondent_is_drawn(run, tmp_path):
    (tmp_path / "one.csv").write_text("imp_a,sat_a\n5,1\n")
    assert run("chart", "one.csv", "landscape", "--output", "x.svg").returncode == 0


def test_no_text_can_leave_the_script_of_a_page(run, tmp_path):
    (tmp_path / "evil.csv").write_text("imp_</script><b>,sat_</script><b>\n" + "5,1\n" * 6)
    assert run("chart", "evil.csv", "landscape", "--output", "x.html").returncode == 0
    page = (tmp_path / "x.html").read_text()
    assert "</script><b>" not in page
    assert page.count("</script>") == 2


def test_output_to_a_device_is_written_not_replaced(run, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert run("score", DATA, "--format", "csv", "--output", "/dev/null").returncode == 0
    assert run("score", DATA, "--format", "csv", "--output", "link.csv").returncode == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert len(rows((tmp_path / "real.csv").read_text())) == 12
    from pathlib import Path

    assert not Path("/dev/null").is_file()


def test_roadmaps_and_exports_refuse_options_that_change_nothing(run, tmp_path):
    assert run("roadmap", "vendor", DATA, "--solution", "x", "--method", "gap").returncode == 2
    assert run("export", "s", "ratings", "--where", "a=b", "--output", "x.csv").returncode == 2


def test_the_ending_of_the_file_says_the_format(run, tmp_path):
    assert run("score", DATA, "--output", "out.json").returncode == 0
    assert len(json.loads((tmp_path / "out.json").read_text())["scores"]) == 12
    refused = run("score", DATA, "--output", "out.svg")
    assert refused.returncode == 2
    assert "writes no .svg" in refused.stderr
    assert not (tmp_path / "out.svg").exists()


def test_a_workbook_and_a_column_without_numbers_are_named_once(run, tmp_path):
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\x14\x00")
    assert "Excel workbook" in run("score", "book.csv").stderr
    (tmp_path / "few.csv").write_text("imp_a,sat_a,who\n5,2,ann\n4,2,bob\n")
    refused = run("score", "few.csv", "--weight", "who")
    assert refused.stderr.count("\n") == 1
    assert "no numbers" in refused.stderr


def test_options_that_change_nothing_are_named(run, tmp_path):
    done = run("score", DATA, "--trim", "3", "--top", "30", "--format", "csv")
    assert "nothing-to-trim" in done.stderr
    assert "top-lowered" in done.stderr
    assert "nothing-to-trim" not in run("score", DATA, "--trim", "3", "--rake", TARGETS).stderr
