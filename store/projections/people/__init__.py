"""One person: contract, time off, allocations."""
