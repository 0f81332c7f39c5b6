"""What the annotations of other load balancer and DNS controllers are in typed fields."""
