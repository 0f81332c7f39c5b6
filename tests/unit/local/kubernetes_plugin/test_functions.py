from __future__ import annotations

from pathlib import Path

import pytest

from kubewire.errors import InvalidInputError
from kubewire.local.kubernetes_plugin.provider import KubernetesProvider


def test_the_stand_in_says_that_it_has_no_functions(tmp_path: Path) -> None:
    provider = KubernetesProvider({"KUBECONFIG": str(tmp_path / "missing")})
    with pytest.raises(InvalidInputError, match="kubernetes:yaml:decode") as caught:
        provider.invoke("kubernetes:yaml:decode", {"text": ""})
    assert "official plugin" in caught.value.detail
