"""How text that gives orders, and a model that obeys anybody, fare here."""
