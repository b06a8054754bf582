from __future__ import annotations

import pytest

from round_trip import REPORTS, adopted, built, empty_project

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


@pytest.fixture(scope="session")
def adopted_once(files_of, tmp_path_factory):
    """Return a function that gives a report's adoption into an empty project, and where this is.

    It is made once a session: nobody may change the project.
    """
    known = {}

    def once(report, form="docx"):
        if (report, form) not in known:
            root = empty_project(tmp_path_factory.mktemp("adopted"))
            known[report, form] = adopted(files_of(report)[form], report, root), root
        return known[report, form]

    return once


@pytest.fixture
def empty(tmp_path):
    """Return an empty project: packs, and no unit."""
    return empty_project(tmp_path)
