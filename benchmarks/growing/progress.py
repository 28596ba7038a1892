"""Words for whoever waits, on stderr."""

import sys
import time

BEGAN = time.monotonic()


def tell(words):
    print(f"{time.monotonic() - BEGAN:5.0f} s  {words}", file=sys.stderr, flush=True)
