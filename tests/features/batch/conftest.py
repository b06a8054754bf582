"""What the tests of a cluster have in common."""

from __future__ import annotations

import pytest

from real_cluster import RealCluster


@pytest.fixture
def real(tmp_path):
    (tmp_path / "cluster").mkdir()
    made = RealCluster(tmp_path / "cluster")
    yield made
    made.end()
