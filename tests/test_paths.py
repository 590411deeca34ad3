"""Paths come from the repository, never from the working directory."""

import helpers.paths as paths


def test_relative_paths_start_at_the_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert paths.from_repository("params/wine.yaml") == paths.repository() / "params" / "wine.yaml"
    assert paths.from_repository(tmp_path) == tmp_path
    assert (paths.repository() / "pyproject.toml").exists()


def test_reports_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("NIGHTBOOK_REPORTS", str(tmp_path / "x"))
    assert paths.reports_folder() == tmp_path / "x"
    monkeypatch.delenv("NIGHTBOOK_REPORTS")
    assert paths.reports_folder() == paths.repository() / "reports"


def test_paths_inside_the_repository_are_shown_from_it(tmp_path):
    assert paths.shown_path(paths.params_folder() / "wine.yaml") == "params/wine.yaml"
    assert paths.shown_path(tmp_path) == str(tmp_path)
