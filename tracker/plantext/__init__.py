"""The text of a plan read from a file, cut into chapters and paragraphs, and what its words might promise."""
