"""Stored values in words, and what each word means."""
