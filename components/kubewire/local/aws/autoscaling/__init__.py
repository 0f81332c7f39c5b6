"""EC2 Auto Scaling, as far as groups and load balancers' target groups are attached to each other."""
