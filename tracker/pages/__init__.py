"""What each page shows, asked of a snapshot: one function a page, a dictionary for its template."""
