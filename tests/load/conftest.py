from __future__ import annotations

import pytest

from small_project import SmallProject


@pytest.fixture
def small(tmp_path):
    return SmallProject.copied(tmp_path / "project")
