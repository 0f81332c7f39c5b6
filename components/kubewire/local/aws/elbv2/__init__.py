"""Load balancers, listeners, target groups and the health of targets: one file each, one function a rule."""
