"""Passages → draft → verified answer."""
