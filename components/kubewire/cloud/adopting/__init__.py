"""Load balancers of controllers, read to be taken over, and Services that their controllers let go of."""
