"""`python -m yozora` is `yozora`."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Entry point of the console script too: Ctrl-C while it loads is no traceback."""
    try:
        from yozora.cli.main import main as begin

        begin()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
