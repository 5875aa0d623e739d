"""Playbooks: templates that are read, checked, chosen from, dated, priced, started and compared with."""
