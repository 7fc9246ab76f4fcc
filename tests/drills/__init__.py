"""Bad days, rehearsed."""
