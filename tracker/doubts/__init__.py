"""What is asked before something is handed in or registered, and what the questions compare."""
