"""How much the tests ask that draw their questions at random: few, the same each time; with PROFILE=nightly many more.

``make test PROFILE=nightly`` draws other ones each time and prints how to ask again what failed.
"""

import os

from hypothesis import HealthCheck, settings

NIGHTLY = os.environ.get("PROFILE") == "nightly"


def examples(count):
    """Settings of hypothesis for so many examples, twenty times as many at night."""
    return settings(
        max_examples=20 * count if NIGHTLY else count,
        derandomize=not NIGHTLY,
        print_blob=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
    )


def some(choices, most=4):
    """So many of the choices, from first to last; all of them at night."""
    choices = list(choices)
    last = len(choices) - 1
    return choices if NIGHTLY or last < most else [choices[n * last // (most - 1)] for n in range(most)]
