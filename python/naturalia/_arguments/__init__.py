"""How the arguments of a call are read: names, dates, rows, optional libraries."""
