"""One playbook: its published versions, and whether it is retired."""
