"""The passphrase of a backup: from a file, because what stands in a command is seen by everybody on a machine."""

import getpass
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

SHORTEST = 12


def add_passphrase(parser: Any) -> None:
    """The option that names the file."""
    parser.add_argument("--passphrase-file", type=Path, help="file whose first line is the passphrase")


def passphrase_of(path: Path | None) -> str:
    """The passphrase in a file; without one, what the person at the terminal types. Raises ``CommandError``."""
    if path is None:
        if not sys.stdin.isatty():
            raise CommandError("It is encrypted: name the file of its passphrase with --passphrase-file.")
        return getpass.getpass("Passphrase: ")
    try:
        passphrase = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read.") from error
    if len(passphrase) < SHORTEST:
        raise CommandError(f"The first line of {path} is shorter than {SHORTEST} characters: choose a longer one.")
    return passphrase
