"""What a ClusterNetwork is made of, one part a file, in the order in which `cluster_network` puts them together."""
