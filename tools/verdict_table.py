"""Write `docs/verdict.md` anew, after the decision table changed."""

import sys

from helpers.files import write_text
from helpers.paths import repository
from helpers.summary.verdict_page import verdict_page


def main() -> int:
    """Write the page; return the exit status."""
    write_text(repository() / "docs" / "verdict.md", verdict_page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
