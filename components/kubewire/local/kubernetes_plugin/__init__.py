"""A stand-in for Pulumi's official kubernetes plugin, where that one cannot be had.

Programs use the official SDK, pulumi-kubernetes, and don't know the difference: the same types, inputs, outputs, state
and annotations. It knows Namespaces, Nodes and Services only, and talks to a real API server by server-side apply.
"""

from kubewire.local.kubernetes_plugin.installer import Installed, install

__all__ = ["Installed", "install"]
