"""Standing here, this file lets every test import `strategies`; it also keeps golden files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from repository import ALONE, Repository
from small_project import SmallProject

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

GOLDEN = Path(__file__).resolve().parent / "golden"
MOST_BYTES = 300_000
"""A golden file beyond this is no longer read by anybody."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update", action="store_true", help="write what comes out into tests/golden/"
    )


@pytest.fixture(scope="session", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what commands keep for their user out of the home of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a check that a text is what the golden file of that name holds."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        assert len(text.encode()) <= MOST_BYTES
        if request.config.getoption("--golden-update"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.is_file(), f"{name} is missing: run pytest --golden-update and read the diff"
        # By lines, pytest shows those that differ.
        assert text.split("\n") == path.read_text("utf-8").split("\n"), "see pytest --golden-update"

    return check


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return the small project in a git repository that a test may spoil."""
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    return Repository.made(tmp_path / "库 one")


@pytest.fixture
def small(tmp_path: Path) -> SmallProject:
    """Return a copy of the small project that a test may spoil."""
    return SmallProject.copied(tmp_path / "project")
