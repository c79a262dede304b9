"""Unmodified clients from the registries against a running studio: every check of every one."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.compat.conftest import told

pytestmark = pytest.mark.acceptance

HERE = Path(__file__).parent
INSTALLED = Path(__file__).parents[2] / ".venv" / "compat"


def checks(*files: str) -> list[str]:
    """The names of all checks in some files."""
    text = "\n".join((HERE / name).read_text() for name in files)
    return re.findall(r"^def check_(\w+)", text, re.M)


MOST_S = 300


@dataclass(frozen=True)
class Client:
    manager: str
    package: str
    folder: str

    def command(self) -> tuple[list[str], dict[str, str]]:
        """What drives it, and the environment: nothing but the client itself can be imported."""
        path = {"PATH": os.environ["PATH"]}
        where = INSTALLED / self.folder
        if self.manager == "npm":
            return ["node", str(HERE / "drive.mjs")], path | {"CLIENT": str(where)}
        name = "drive_litellm.py" if "litellm" in self.package else "drive.py"
        command = [sys.executable, "-S", "-B", str(HERE / name)]
        return command, path | {"PYTHONPATH": str(where), "HOME": str(where)}


def clients() -> list[Client]:
    lines = (HERE / "clients.txt").read_text().splitlines()
    return [Client(*line.split()) for line in lines if line and not line.startswith("#")]


CLIENTS = {one.package: one for one in clients()}
OPENAI = [name for name in CLIENTS if name.startswith("openai")]
# What a version has no means for; all else must be there and pass.
ABSENT = {
    "openai==2.2.0": {"edit_id_beside_an_empty_file", "edit_file", "extend_file", "characters"},
    "openai==2.26.0": {"edit_id_beside_an_empty_file", "edit_file", "extend_file", "characters"},
    "openai@7.57.0": {
        "edit_id_beside_an_empty_file",
        "create_and_poll",
        "create_and_poll_async",
        "poll_as_the_studio_says",
        "guide",
    },
}


@pytest.fixture(scope="session")
def driven(served, material, tmp_path_factory):
    """What each client's driver said, by check; each is driven once."""
    running, hands = served

    @functools.cache
    def drive(name: str) -> dict[str, dict[str, str]]:
        client = CLIENTS[name]
        if not (INSTALLED / client.folder / ".installed").exists():
            pytest.skip(f"{name} is not installed: run scripts/compat.sh, and read what it says")
        if client.manager == "npm" and shutil.which("node") is None:
            pytest.skip("there is no node on this machine")
        command, environment = client.command()
        given = told(running, hands, material, tmp_path_factory.mktemp("drive"))
        run = subprocess.run(
            [*command, json.dumps(given)], env=environment, capture_output=True, text=True,
            timeout=MOST_S,
        )  # fmt: skip
        said = [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"check"')]
        assert said, run.stderr[-3000:]
        return {one["check"]: one for one in said}

    return drive


@pytest.mark.parametrize(
    "check", [*checks("checks_of_videos.py", "checks_of_errors.py"), "warnings"]
)
@pytest.mark.parametrize("client", OPENAI)
def test_openai(driven, client, check):
    said = driven(client)
    assert check in said, f"{client} was not asked for {check}"
    wanted = "absent" if check in ABSENT.get(client, ()) else "passed"
    assert said[check]["result"] == wanted, said[check]["said"]


@pytest.mark.parametrize("check", checks("drive_litellm.py"))
@pytest.mark.parametrize("client", [name for name in CLIENTS if name.startswith("litellm")])
def test_litellm(driven, client, check):
    said = driven(client)[check]
    assert said["result"] == "passed", said["said"]
