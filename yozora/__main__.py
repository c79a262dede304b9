"""`python -m yozora` is `yozora`."""

from yozora.cli.main import main

main()
