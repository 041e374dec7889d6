"""The path prover: every walk through choices, decisions and conditions, without walking each."""
