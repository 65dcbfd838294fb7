# Small, without a domain unless you name one, and easy to throw away.
environment                = "dev"
database_tier              = "db-custom-1-3840"
database_high_availability = false
database_max_connections   = 250
deletion_protection        = false
monthly_budget             = 4500
