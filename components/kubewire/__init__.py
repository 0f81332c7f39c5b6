"""A Kubernetes network and its Services, declared in typed Python."""
