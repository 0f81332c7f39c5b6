"""The only package that talks to AWS (boto3) and to the Kubernetes API."""
