"""One project: its frame, tasks, conversation, time and money."""
