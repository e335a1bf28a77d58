# SPDX-License-Identifier: MIT
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import result_files as files
from haggle_analysis.__main__ import main


@pytest.mark.parametrize("suffix, magic", [(".png", b"\x89PNG"), (".pdf", b"%PDF"), (".svg", b"<?xml")])
def test_the_suffix_chooses_the_format_and_the_path_is_printed(sweep, capsys, suffix, magic):
    picture = sweep.with_name("picture" + suffix)
    assert main([str(sweep), "-o", str(picture), "--at", "solution=nash"]) == 0
    assert picture.read_bytes().startswith(magic)
    assert capsys.readouterr().out == f"{picture}\n"


def test_without_a_name_the_picture_stands_beside_the_file(sweep, capsys):
    assert main([str(sweep), "--kind", "regimes"]) == 0
    assert sweep.with_name("sweep-regimes.png").exists()


def test_where_the_share_is_the_contract_the_base_performance_is_drawn(tmp_path, capsys):
    axes = {"c0": np.geomspace(0.1, 10, 5), "c1": np.geomspace(0.1, 10, 7)}
    path = files.write(tmp_path / "given.h5", axes, files.solve(axes))
    with h5py.File(path, "a") as file:
        file["c0"].attrs["symbol"] = "δ"
        file.move("performance", "base_performance")
    assert main([str(path)]) == 0
    assert path.with_name("given-base_performance.png").exists()


def test_a_picture_is_not_overwritten_without_force(sweep, capsys):
    picture = sweep.with_name("picture.png")
    picture.write_text("precious")
    assert main([str(sweep), "-o", str(picture)]) == 2
    assert picture.read_text() == "precious" and "--force" in capsys.readouterr().err
    assert main([str(sweep), "-o", str(picture), "--force"]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("arguments", [["--x", "nowhere"], ["--at", "weight"], ["--kind", "pie"], ["-o", "a.jpeg"],
                                       ["--at", "weight=9"]])
def test_a_wrong_request_is_exit_code_2_and_leaves_nothing(sweep, capsys, arguments):
    try:
        code = main([str(sweep), *arguments])
    except SystemExit as stop:  # argparse's own way out
        code = stop.code
    assert code == 2 and capsys.readouterr().err
    assert list(sweep.parent.glob("*.png")) == []


def test_a_bad_file_is_exit_code_4_and_one_line(tmp_path, capsys):
    (tmp_path / "bad.h5").write_text("nonsense")
    for name in ("bad.h5", "absent.h5"):
        assert main([str(tmp_path / name)]) == 4
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and name in said


def test_a_folder_that_is_not_there_is_exit_code_4(sweep, capsys):
    assert main([str(sweep), "-o", str(sweep.parent / "nowhere" / "p.png")]) == 4
    assert "nowhere" in capsys.readouterr().err


def test_list_prints_axes_and_outputs_and_draws_nothing(zipped, capsys):
    assert main([str(zipped), "--list"]) == 0
    out = capsys.readouterr().out
    for text in ("market", "market_size", "along market", "share", "Generalist's revenue share", "free_rider"):
        assert text in out
    assert list(zipped.parent.glob("*.png")) == []


def test_the_module_runs_as_a_program(sweep):
    root = str(Path(__file__).parents[1])
    done = subprocess.run([sys.executable, "-W", "error::UserWarning", "-m", "haggle_analysis", str(sweep)],
                          env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout.strip()).exists()


def test_what_matplotlib_cannot_set_is_one_line_and_no_traceback(sweep, tmp_path, capsys):
    picture = tmp_path / "picture.png"
    assert main([str(sweep), "-o", str(picture), "--title", r"$\frac{"]) == 2
    said = capsys.readouterr().err
    assert "cannot be drawn" in said and "Traceback" not in said
    assert not picture.exists()
