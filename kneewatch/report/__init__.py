"""Findings and facts to terminal, HTML, Markdown, JSON, PNG; matplotlib lives here alone."""
