"""What finished texts state, and where they contradict each other or what was said before."""
