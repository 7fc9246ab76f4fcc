"""Numbers as people write them: exact, without trailing zeros."""

from decimal import Decimal


def plain_number(value):
    """A decimal without trailing zeros and without an exponent: 88.000000 and 88 are the same number."""
    value = Decimal(value).normalize() or Decimal(0)  # and 0 has no sign
    return value.quantize(Decimal(1)) if value == value.to_integral() else value
