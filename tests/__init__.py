"""Tests: one file per page, action and command."""
