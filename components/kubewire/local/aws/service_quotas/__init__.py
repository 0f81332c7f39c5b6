"""Service Quotas: what the strict services hold an account to, as an account can look it up."""
