"""Why a status is what it is, the ruling that can be quoted, and what a page is called on other sites."""
