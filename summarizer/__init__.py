"""What was said: a transcript, and the items found in it, each with the words it comes from."""
