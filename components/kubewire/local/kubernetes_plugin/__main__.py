"""The plugin's process: `pulumi-resource-kubernetes ENGINE_ADDRESS`."""

from kubewire.uncollected import uncollected

if __name__ == "__main__":
    with uncollected():
        from kubewire.local.kubernetes_plugin.provider import KubernetesProvider
        from kubewire.provider.launcher import serve
    serve(KubernetesProvider())
