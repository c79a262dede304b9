"""The script that tries an integration of Sora says what holds, and what does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "migrate_from_sora.py"


def tried(base: str, *words: str, key: str = "any") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OPENAI_BASE_URL": base, "OPENAI_API_KEY": key}
    command = [sys.executable, "-S", str(SCRIPT), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_an_integration_comes_over(running, tmp_path):
    done = tried(f"{running.url}/v1", "--size", "256x144", "--seconds", "1", "--out", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BROKEN" not in done.stdout and "differs  films have no sound" in done.stdout
    assert {path.suffix for path in tmp_path.iterdir()} == {".mp4", ".webp", ".jpg"}
    with running.client() as http:
        assert not http.get("/v1/videos").json()["data"]


def test_what_does_not_hold_is_said(running):
    for words, key, said in (
        (("--model", "gpt-9"), "any", "there is no gpt-9"),
        (("--size", "9x9"), "any", "stopped  400"),
        ((), "yz_wrong", "the key is refused"),
    ):
        done = tried(f"{running.url}/v1", *words, key=key)
        assert done.returncode == 1 and said in done.stderr, done.stdout + done.stderr


def test_nothing_is_sent_where_sora_is_gone_or_nothing_answers():
    for base, said in (
        ("https://api.openai.com/v1", "Sora is gone"),
        ("http://127.0.0.1:9/v1", "does not answer"),
        ("no address", "does not answer"),
    ):
        done = tried(base)
        assert done.returncode == 2 and said in done.stderr, done.stderr
