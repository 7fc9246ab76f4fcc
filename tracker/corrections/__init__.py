"""Where readers answer back: the form, the address that tells a sender what became of it, and the public list."""
