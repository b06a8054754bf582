"""Compare: two states of a report, or a file and what it should be; pure values in and out."""
