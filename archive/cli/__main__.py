"""`python -m archive.cli`: the command line where nothing is installed, as in `make demo`."""

import sys

from archive.cli import main

if __name__ == "__main__":
    sys.exit(main())
