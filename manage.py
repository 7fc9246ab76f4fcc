#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

WANTED = ("DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_EMAIL", "DJANGO_SUPERUSER_PASSWORD")


def without_a_terminal(arguments):
    """The arguments for createsuperuser where nobody can be asked: what it needs is set, or it fails and says so.

    Django's own word for that is “skipped”, with an exit code that calls it a success.
    """
    if arguments[1:2] != ["createsuperuser"] or sys.stdin.isatty() or "--noinput" in arguments:
        return arguments
    if {"--help", "-h", "--no-input"} & set(arguments):
        return arguments
    if missing := [name for name in WANTED if not os.environ.get(name)]:
        sys.exit(f"Error: no administrator was made, because there is no terminal to ask in: set {', '.join(missing)}.")
    return [*arguments, "--noinput"]


def main():
    """Run a command; a setting that makes no sense, or a database that is away, ends with a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrplan.settings")
    try:
        execute_from_command_line(without_a_terminal(sys.argv))
    except ImproperlyConfigured as error:
        sys.exit(f"Error: {error}")
    except Exception as error:
        from tracker.serving.middleware import is_away, reason_of  # which know the database once there are settings

        if "--traceback" in sys.argv or not is_away(error):
            raise
        sys.exit(f"Error: the database cannot be used now ({reason_of(error)}).")


if __name__ == "__main__":
    main()
