"""How much one reader may ask for: so many requests in a minute, so that there is room for everybody."""

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

from tracker.middleware import client_address


class PerClient(SimpleRateThrottle):
    """Requests by the address that they come from. Each process of the server counts those that reach it."""

    scope = "client"

    def get_rate(self):
        """The setting ``API_RATE``, such as 600/minute; ``None`` lets everything through."""
        return settings.API_RATE

    def get_cache_key(self, request, view):
        """The client in the cache."""
        return self.cache_format % {"scope": self.scope, "ident": client_address(request)}
