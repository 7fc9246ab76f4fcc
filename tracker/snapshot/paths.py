"""Addresses of what a plan holds."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=32)
def _path_before(name, plan):
    return reverse(name, args=[plan, "0"]).removesuffix("0/")


def path_of(name, plan, code):
    """Address of something in a plan: like ``reverse``, for thousands of them."""
    return f"{_path_before(name, plan)}{code}/"
