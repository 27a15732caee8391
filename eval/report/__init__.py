"""What a run found: one report, written for a terminal, as Markdown, as JSON and as a page."""
