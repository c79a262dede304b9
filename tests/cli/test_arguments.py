"""Values on the command line: what is refused is refused in one short sentence."""

from __future__ import annotations

import argparse

import pytest

from tests.cli.test_cli import refused, yozora
from yozora.cli import arguments as read


def test_whole_numbers_have_19_digits_at_most():
    assert read.whole(" +" + "9" * 19) == 10**19 - 1
    assert read.whole("-" + "9" * 19) == 1 - 10**19
    for text in ("1" * 20, "-" + "1" * 20):
        with pytest.raises(argparse.ArgumentTypeError, match="at most 19"):
            read.whole(text)


@pytest.mark.parametrize("name", ["x" * 5000, "a b " * 1250, "folder/" * 700, "\u65e5" * 86])
def test_names_that_no_file_has_are_refused_and_not_printed_whole(name):
    with pytest.raises(argparse.ArgumentTypeError, match="shorter name") as caught:
        read.file(name)
    assert len(str(caught.value)) < 100


def test_a_name_as_long_as_may_be_is_taken():
    assert read.file("x" * 255).name == "x" * 255


@pytest.mark.parametrize("before", [("inspect",), ("generate", "--from")])
def test_a_long_name_gets_a_short_sentence(before, tmp_path):
    told = refused(yozora(*before, "x" * 5000, cwd=tmp_path))
    assert len(told) < 200
