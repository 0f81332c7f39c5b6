"""The Pulumi plugin: it speaks the engine's protocol and runs the verbs of `kubewire.resources`."""
