"""The prior for tenants without history: fitted on generated portfolios, held against ones it has not seen."""
