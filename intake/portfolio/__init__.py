"""Portfolio files: a whole portfolio with its history, in and out. Pure; `intake.commands` touches the files."""
