"""Names of Services in Route53: what describes them, what they must not share, and their records."""
