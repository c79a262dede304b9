"""Shared by all tests: no test may depend on chance, the network, or the weights that ship."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Two test processes share two cores; the same examples on every run.
os.environ.setdefault("OMP_NUM_THREADS", "1")
settings.register_profile(
    "house",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of untrained weights on a small grid: noise to watch, everything else real."""
    from tests.fakes.weights import write_tiny_weights

    folder = tmp_path_factory.mktemp("weights")
    write_tiny_weights(folder)
    return folder
