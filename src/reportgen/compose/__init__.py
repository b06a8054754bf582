"""Compose: fill the pack's body and forms with what is disclosed, giving one Document."""
