"""The part of each language that timelines use: grammar, names of states, an event a line."""
