"""What it means for dates, people and money: arithmetic over a project's state."""
