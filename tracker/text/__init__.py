"""Text as it is typed, stored, compared and shown. It knows nothing of the registry."""
