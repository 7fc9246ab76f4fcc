"""Signing in, the second factor, one's own account, and what an administrator sees and does of the others'."""
