"""Reviews: read an export, see the wave, understand it, answer every one.

intake   any export -> `Review`s, one after the other, and what could not be read
topics   what a review is about, and in which language
wave     is this a wave, against the shop's own baseline
replies  a draft for this very review
"""
