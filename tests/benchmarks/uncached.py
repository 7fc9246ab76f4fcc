"""The site's settings without the store of pages: each answer is made anew, which is what most figures are about."""

from hrplan.settings import *  # noqa: F403

del CACHES["pages"]  # noqa: F405
APART = False
