import json

import numpy as np
import pytest
from pyarrow import parquet

from jtbd.analysis import open_source
from jtbd.analysis.archive import write_archive
from jtbd.ratings import parquet as files
from jtbd.settings import Settings


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from tests.cli.conftest import run_in

    folder = tmp_path_factory.mktemp("archive")
    call = run_in(folder)
    assert call("demo", "--no-serve", "--respondents", 80).returncode == 0
    done = call("--workspace", "demo", "archive", "revenue-modes", "kept")
    assert done.returncode == 0, done.stderr
    assert "80 responses" in done.stdout
    return folder, lambda *arguments: call("--workspace", "demo", *arguments)


@pytest.mark.parametrize("options", [[], ["--by", "mode"], ["--method", "unmet", "--where", "status=complete"]])
def test_an_archive_scores_as_the_survey_does(demo, options):
    run = demo[1]
    done = [run("score", one, *options, "--format", "json") for one in ("revenue-modes", "kept")]
    survey, kept = (json.loads(one.stdout) for one in done)
    assert kept["scores"] == survey["scores"]
    assert kept["provenance"]["simulated"] is True


def test_it_holds_the_wave_and_revision_of_each_response_and_no_partial_folder_stays(demo):
    folder = demo[0]
    names = parquet.read_schema(folder / "kept" / "part-00000.parquet").names
    assert {"wave", "revision", "status", "language", "mode"} <= set(names)
    assert not list(folder.glob(".*"))


def test_a_folder_in_use_is_refused_and_left_alone(demo):
    folder, run = demo
    before = {path: path.read_bytes() for path in (folder / "kept").iterdir()}
    done = run("archive", "revenue-modes", "kept")
    assert (done.returncode, done.stderr.split()[1]) == (1, "not-empty")
    assert {path: path.read_bytes() for path in (folder / "kept").iterdir()} == before


def test_what_people_wrote_in_their_own_words_goes_along_only_if_asked(demo, tmp_path):
    source = open_source("revenue-modes", Settings.read(demo[0] / "demo", {}))
    assert source.free_text
    for free_text in (False, True):
        folder = tmp_path / str(free_text)
        write_archive(source, folder, free_text=free_text)
        names = set(parquet.read_schema(folder / "part-00000.parquet").names)
        assert source.free_text <= names if free_text else not source.free_text & names


def test_nothing_is_left_of_an_archive_that_could_not_be_finished(demo, tmp_path, monkeypatch):
    source = open_source("revenue-modes", Settings.read(demo[0] / "demo", {}))
    monkeypatch.setattr(files, "FILE_ROWS", 30)
    write_archive(source, tmp_path / "whole")
    assert len(list((tmp_path / "whole").iterdir())) == 3
    read = open_source(str(tmp_path / "whole"), Settings.read(tmp_path, {})).ratings
    for scale, matrix in source.ratings.scales.items():
        np.testing.assert_array_equal(read.scales[scale], matrix)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", full)
    with pytest.raises(OSError, match="No space"):
        write_archive(source, tmp_path / "cut")
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]
