"""The nouns: frozen values without I/O, known by every stage and knowing none."""
