"""The plugin's process: `pulumi-resource-kubernetes ENGINE_ADDRESS`."""

from kubewire.local.kubernetes_plugin.provider import KubernetesProvider
from kubewire.provider.launcher import serve

if __name__ == "__main__":
    serve(KubernetesProvider())
