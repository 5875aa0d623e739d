"""What other systems say: each parser turns bytes into facts."""
