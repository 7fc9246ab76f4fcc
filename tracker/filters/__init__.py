"""What an address may ask of commitments and of baselines: declared once, for page, files, API and feeds."""
