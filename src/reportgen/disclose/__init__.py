"""Disclose: leave out what the audience may not see, before anything is composed (D8)."""
