"""Why an action was refused."""


class Conflict(Exception):
    """Somebody else changed the draft in the meantime. The message is a sentence for people."""


class NotAllowed(Exception):
    """The action is not open to this person or in this state. The message is a sentence for people."""
