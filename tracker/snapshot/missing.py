"""Something by its code, or a sentence that says that it is not there."""


class NotInRegistry(LookupError):
    """Nothing has this code. The message is a sentence for the page that says so."""


def found(records, code, noun):
    """The record of that code. Raises ``NotInRegistry`` with a sentence."""
    try:
        return records[code]
    except KeyError:
        raise NotInRegistry(f"There is no {noun} with the code {code}.") from None
