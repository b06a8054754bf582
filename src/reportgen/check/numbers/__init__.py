"""Numbers typed by hand: where they stand in texts, what each is, and where a figure belongs."""
