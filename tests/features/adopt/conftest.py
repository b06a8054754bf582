from __future__ import annotations

import pytest

from round_trip import REPORTS, built, empty_project

HUAIHUA = next(report for report in REPORTS if str(report) == "huaihua/2023/department")


@pytest.fixture(scope="session")
def files_of(tmp_path_factory):
    """Return a function that gives the files of a report, built once a session."""
    known = {}

    def files(report):
        if report not in known:
            known[report] = built(report, tmp_path_factory.mktemp("built"))
        return known[report]

    return files


@pytest.fixture
def empty(tmp_path):
    """Return an empty project: packs, and no unit."""
    return empty_project(tmp_path)
