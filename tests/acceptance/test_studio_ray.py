"""Workers on two nodes of a Ray cluster, one of which is lost: every job is done."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance
ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")
@pytest.mark.skipif(
    shutil.which("unshare") is None or os.geteuid() != 0,
    reason="Ray listens on every interface: it is only run in a network of its own (root, unshare)",
)
def test_a_lost_node_loses_no_job(tiny_weights):
    environment = {
        **os.environ, "YOZORA_WEIGHTS": str(tiny_weights), "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="y") as temp:  # short: Ray's sockets lie in it
        command = [
            "unshare",
            "--net",
            sys.executable,
            str(ROOT / "tests/acceptance/ray_cluster.py"),
        ]
        done = subprocess.run(
            [*command, temp], env=environment, capture_output=True, text=True, timeout=900,
            cwd=temp, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["states"] == ["completed"] * 8, told
    assert all(size > 1000 for size in told["sizes"])
    assert "is lost" in told["log"], "the node was lost while it worked"
