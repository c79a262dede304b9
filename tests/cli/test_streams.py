"""Streams that take nothing, and those that close: told where it can be told, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.cli.test_cli import environment, refused


def into(args: tuple[str, ...], *streams: str) -> subprocess.CompletedProcess[str]:
    """`yozora ARGS` where each stream named takes nothing, and the others are pipes."""
    with open("/dev/full", "w") as full:
        told: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
        told |= dict.fromkeys(streams, full)
        return subprocess.run(
            [sys.executable, "-m", "yozora", *args],
            stdin=subprocess.DEVNULL, text=True, env=environment(None), timeout=60, **told,
        )  # fmt: skip


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("generate", "--help")])
def test_help_that_cannot_be_written_is_told(args):
    assert "output cannot be written" in refused(into(args, "stdout"))


def test_a_refusal_is_told_where_the_report_cannot_be():
    for args in (("generate", "--json", ""), ("generate", "--json"), ("nonsense", "--json")):
        assert "cannot be written" not in refused(into(args, "stdout"))


def test_a_refusal_that_cannot_be_told_is_a_code_and_a_report():
    for args in (("generate", "--json", ""), ("generate", "--json")):
        done = into(args, "stderr")
        assert done.returncode == 2 and json.loads(done.stdout)["exit_code"] == 2
    done = into(("generate", "--json", ""), "stdout", "stderr")
    assert done.returncode == 2


@pytest.mark.parametrize("args", ["--help", "generate ''", "generate --json ''"])
def test_a_reader_that_left_is_no_fault(args):
    line = f"{{ {sys.executable} -m yozora {args}; echo $? >&3; }} 3>&2 2>&1 | head -c 0"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, env=environment(None), timeout=60
    )
    assert done.stderr.strip() == ("0" if args == "--help" else "2")
