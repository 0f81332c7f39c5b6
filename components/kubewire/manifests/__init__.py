"""Services out of Kubernetes YAML: manifests as people write them, tools render them and clusters give them."""
