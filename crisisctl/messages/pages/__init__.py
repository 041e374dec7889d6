"""The status site: pages, feeds and summaries made of what customers were told."""
