"""The house keeps its rules: small files, no mocks, documented flags, one-way imports."""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 400  # as CONTRIBUTING.md says
TEXT = {".py", ".md", ".toml", ".sh", ".txt", ".tsv", ".cfg", ".yml", ".json", ""}


def tracked() -> list[Path]:
    """Files of the repository, or of the folder where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if listed.returncode == 0:  # git refuses a checkout that another user owns
            names = listed.stdout.split("\0")
            return [p for name in names if name and (p := ROOT / name).is_file()]
    skip = {".git", "__pycache__", "build", "dist", "out", "data", "yozora.egg-info"}
    skip |= {".venv", ".hypothesis", ".import_linter_cache"}
    skip |= {".mypy_cache", ".pytest_cache", ".ruff_cache"}
    found = (p for p in ROOT.rglob("*") if p.is_file())
    return [p for p in found if not skip & set(p.relative_to(ROOT).parts)]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def documentation() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text() for page in pages if page.exists())


def test_files_stay_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert not long


def test_no_mocks_and_no_patching():
    banned = re.compile(r"\b(unittest\.mock|from unittest import mock|MagicMock|monkeypatch)\b")
    for path in python_files():
        if path != Path(__file__):
            assert not banned.search(path.read_text()), path


def test_no_unfinished_marks():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    for path in python_files():
        if path != Path(__file__):
            assert not marks.search(path.read_text()), path


def test_no_machine_paths_or_registry_hosts():
    """Text that is only true on one machine does not belong here."""
    banned = re.compile(
        r"(/root/|/home/\w+/|/opt/(wheels|pypi)|/work/|\.pyenv/"
        r"|(?<!\w)pypi\.org/simple|find-links|extra-index-url\s*=)"
    )
    for path in tracked():
        if path.suffix in TEXT and path != Path(__file__) and path.name != "LICENSE":
            hit = banned.search(path.read_text(errors="replace"))
            assert not hit, f"{path}: {hit and hit.group()}"


def test_public_functions_say_what_they_return():
    for path in (ROOT / "yozora").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert node.returns is not None, f"{path.name}: {node.name}"


def test_every_module_says_what_it_is():
    for path in (ROOT / "yozora").rglob("*.py"):
        text = path.read_text()
        assert not text.strip() or ast.get_docstring(ast.parse(text)), path


def flags(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from (name for name in action.option_strings if name not in ("-h", "--help"))
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield f"yozora {name}"
                yield from flags(command)


def test_docs_mention_every_command_and_flag():
    from yozora.cli.main import parser

    text = documentation()
    missing = sorted({flag for flag in flags(parser()) if f"`{flag}" not in text} - {"--version"})
    assert not missing


def test_docs_mention_every_error():
    from yozora.cli import errors

    names = re.findall(r"import (\w+Error|Cancelled)\b", Path(errors.__file__).read_text())
    assert len(names) >= 8
    text = documentation()
    assert not [name for name in names if f"`{name}`" not in text]


def test_every_error_type_has_an_exit_code():
    """A room's error that the command line does not know would end as our fault."""
    known = (ROOT / "yozora/cli/errors.py").read_text()
    for path in (ROOT / "yozora").rglob("errors.py"):
        classes = re.findall(r"^class (\w+)\((\w+)\)", path.read_text(), re.M)
        own = {name for name, _ in classes}
        for name in (name for name, parent in classes if parent not in own):
            assert name in known, f"{path}: {name}"


def test_make_help_has_a_sentence_for_every_target():
    text = (ROOT / "Makefile").read_text()
    told = dict(re.findall(r"^([a-z][a-z-]+):.*  ## ([A-Z].*\.)$", text, re.M))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.M)
    assert set(phony.split()) == set(told)


def test_training_model_and_world_import_without_pyav():
    rooms = ("model", "engine", "world", "prompts", "training")
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in rooms
        for path in sorted((ROOT / "yozora" / room).rglob("*.py"))
        if path.name != "__init__.py"
    ]
    code = (
        "import sys, importlib; sys.modules['av'] = None\n"
        f"for module in {modules}: importlib.import_module(module)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_imports_go_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run(
        [str(linter), "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name)
def test_examples_are_short(example):
    assert len(example.read_text().splitlines()) <= 25


EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("part", [0, 1])  # a process each: what is imported is imported once
def test_examples_run(part, tmp_path, tiny_weights):
    code = (
        "import os, pathlib, runpy, sys\n"
        "for path in sys.argv[1:]:\n"
        "    folder = pathlib.Path(path).stem\n"
        "    os.mkdir(folder)\n"
        "    os.chdir(folder)\n"
        "    print(path, flush=True)\n"
        "    runpy.run_path(path, run_name='__main__')\n"
        "    os.chdir('..')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, EXAMPLES[part::2])],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "YOZORA_WEIGHTS": str(tiny_weights)},
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-2000:]
