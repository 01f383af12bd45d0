"""`python -m app.worker`: wait for jobs and do them. `--once`: train whatever is missing now, and end."""

from __future__ import annotations

import argparse
import logging
import sys

from app.worker import environment


def main() -> int:
    """Returns the exit code: 0, or 2 with one line for what a user can put right."""
    parser = argparse.ArgumentParser(prog="python -m app.worker", description="Train and measure Marquee's models.")
    parser.add_argument("--once", action="store_true", help="train every model that is not ready yet, and end")
    options = parser.parse_args()
    environment.prepare()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("huey").setLevel(logging.CRITICAL)

    from db import DatabaseError
    from recommender.errors import MarqueeError

    try:
        if options.once:
            from app.worker import ahead

            return ahead.main()
        from app.worker import consumer

        return consumer.main()
    except (DatabaseError, MarqueeError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
