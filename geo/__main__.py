"""``python -m geo``: the command line."""

import os
import sys

from geo.cli import main


def leave(code: int) -> None:
    """End the process with a code.

    A cluster's libraries leave threads behind that an interpreter on its way out can abort on, when all is done and on
    disk (seen in one run of ten): a command that used one ends at once.
    """
    if "distributed" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":  # worker processes of ``bulk`` import this module and must not start again
    leave(main())
