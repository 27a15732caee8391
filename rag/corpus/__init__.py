"""The document: source text → repaired outline → sections → sentences → passages."""
