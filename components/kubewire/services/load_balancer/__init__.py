"""The LoadBalancer Service: network load balancers, a Service's own or shared, in front of nodes or pods."""
