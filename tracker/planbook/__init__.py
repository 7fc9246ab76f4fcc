"""A plan as a spreadsheet: a file to start from, read with every problem by sheet and cell, and written again."""
