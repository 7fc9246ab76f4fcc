"""Where staff work. Everything is saved through ``tracker.actions``; nothing is deleted."""

from . import accounts, progress, registry  # noqa: F401  (registers the pages)
