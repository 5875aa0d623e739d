"""What may go wrong: features, detectors, scores."""
