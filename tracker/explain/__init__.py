"""Why a status is what it is, and the ruling that can be quoted."""
