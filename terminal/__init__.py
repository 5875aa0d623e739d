"""The terminal's door: what the `leeway` command says and how long work shows that it goes on."""
