"""Stored conversations, feedback on them, and what is made of them to take away."""
