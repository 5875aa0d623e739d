"""Whether every cue, time and speaker of real Zoom transcripts is read, and how fast."""
