"""Numbers as chapters and promises bear them: in Roman numerals, and in letters. Pure."""

NUMERALS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def as_roman(number: int) -> str:
    """A number below 400 as a chapter bears it: 4 as “IV”; blank for 0."""
    numeral = ""
    for value, letters in NUMERALS:
        numeral += letters * (number // value)
        number %= value
    return numeral


def as_letters(number: int) -> str:
    """1 as “a”, 26 as “z”, 27 as “aa”; blank for 0."""
    word = ""
    while number:
        number, digit = divmod(number - 1, 26)
        word = chr(97 + digit) + word
    return word
