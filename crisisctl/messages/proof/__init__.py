"""Proofread a text: tone, what it must say, register, fairness, secrets; in five languages."""
