"""Reports: data first, then words, Markdown and JSON."""
