# SPDX-License-Identifier: MIT
"""The gallery's command, with an engine that only copies a result file that is there already."""

import os
import sys
from pathlib import Path

import pytest
from haggle_analysis import gallery
from haggle_analysis.__main__ import main


@pytest.fixture
def engine(sweep, tmp_path):
    """Copies `sweep` to where the result is wanted, and notes each spec that it was given."""
    command = tmp_path / "engine"
    command.write_text(f"""#!{sys.executable}
import pathlib, shutil, sys
run, spec, o, result, *rest = sys.argv[1:]
assert (run, o) == ("run", "-o") and "--force" in rest
if not pathlib.Path(spec).exists():
    sys.exit(f"{{spec}}: no such spec")
shutil.copy({str(sweep)!r}, result)
with open({str(tmp_path / "solved")!r}, "a") as log:
    print(pathlib.Path(spec).stem, file=log)
""")
    command.chmod(0o755)
    return command


@pytest.fixture
def pictures(monkeypatch):
    how = {"output": "share", "x": "c0", "y": "c1"}
    chosen = (gallery.Picture("one", "quickstart", how), gallery.Picture("two", "quickstart", {**how, "kind": "contour"}),
              gallery.Picture("three", "elasticity_weight", {"kind": "regimes"}))
    monkeypatch.setattr(gallery, "PICTURES", chosen)


def test_each_picture_is_drawn_and_each_sweep_solved_once(engine, pictures, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["gallery", "--haggle", str(engine), "-o", str(out)]) == 0
    assert capsys.readouterr().out.split() == [str(out / f"{name}.png") for name in ("one", "two", "three")]
    assert all((out / f"{name}.png").read_bytes().startswith(b"\x89PNG") for name in ("one", "two", "three"))
    assert (tmp_path / "solved").read_text().split() == ["quickstart", "elasticity_weight"]
    assert sorted(os.listdir(out)) == ["one.png", "three.png", "two.png"]


def test_result_files_are_kept_where_that_is_asked_for(engine, pictures, tmp_path):
    results = tmp_path / "results"
    assert main(["gallery", "--haggle", str(engine), "-o", str(tmp_path), "--only", "two", "--results", str(results)]) == 0
    assert os.listdir(results) == ["quickstart.h5"] and not (tmp_path / "one.png").exists()


def test_a_picture_is_not_overwritten_without_force(engine, pictures, tmp_path, capsys):
    (tmp_path / "two.png").write_text("precious")
    assert main(["gallery", "--haggle", str(engine), "-o", str(tmp_path)]) == 2
    assert (tmp_path / "two.png").read_text() == "precious" and "--force" in capsys.readouterr().err
    assert not (tmp_path / "one.png").exists() and not (tmp_path / "solved").exists()
    assert main(["gallery", "--haggle", str(engine), "-o", str(tmp_path), "--force"]) == 0


def test_what_the_engine_says_of_a_sweep_is_passed_on(engine, pictures, tmp_path, capsys):
    assert main(["gallery", "--haggle", str(engine), "-o", str(tmp_path / "out"), "--sweeps", str(tmp_path)]) == 4
    assert "no such spec" in capsys.readouterr().err
    assert main(["gallery", "--haggle", str(tmp_path / "none"), "-o", str(tmp_path / "out")]) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_every_picture_shows_a_shipped_sweep_and_stands_in_a_page():
    pages = "".join(Path(gallery.ROOT, page).read_text() for page in ("README.md", "analysis/README.md"))
    for picture in gallery.PICTURES:
        assert (gallery.SWEEPS / f"{picture.sweep}.yaml").exists()
        assert f"gallery/{picture.name}.png" in pages
