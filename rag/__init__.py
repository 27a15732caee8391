"""Grounded answers from China's 2025 policy paper on Latin America and the Caribbean."""

__version__ = "0.1.0"
