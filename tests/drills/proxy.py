"""What ``slow`` does without a proxy, behind each that ships: ``python -m tests.drills.proxy [caddy|nginx]``."""

import sys

from tests.drills.slow import hold
from tests.drills.stage import Drill, needs

if __name__ == "__main__":
    needs("ip", "wrk", "caddy", "nginx")
    with Drill("Strangers at the door, behind the proxies that ship") as drill:
        for proxy in sys.argv[1:] or ("caddy", "nginx"):
            print(f"\nBehind {proxy}", flush=True)
            hold(drill, proxy)
