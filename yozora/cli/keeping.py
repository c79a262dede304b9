"""The stretches of a re-cut: `--at` and `--speed` are said of the `--keep` before them."""

from __future__ import annotations

import argparse
from typing import Any


class Keeps(argparse.Action):
    """Rows of what was said of each `--keep`, in the order of the command line."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        flag = str(option_string)
        rows: list[dict[str, Any]] = getattr(namespace, self.dest) or []
        if flag == "--keep":
            rows = [*rows, {flag: values}]
        elif not rows:
            parser.error(f"{flag} comes before any --keep, write it after the one that it is for")
        elif flag in rows[-1]:
            parser.error(f"{flag} is given twice for one --keep, leave one out")
        else:
            rows[-1][flag] = values
        setattr(namespace, self.dest, rows)
