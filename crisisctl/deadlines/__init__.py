"""What is due when: what we owe by the playbook and by promise, and the regulators' clocks."""
