"""Where staff work through their day: what waits, what is due, messages. Forms and registry stand in admin/."""
