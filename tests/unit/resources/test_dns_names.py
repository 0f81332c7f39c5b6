from __future__ import annotations

import pytest

from kubewire.errors import InvalidInputError
from kubewire.resources.dns_names import host_name, is_within, listed, record_name


@pytest.mark.parametrize(
    "name", ["example.com", "Example.COM.", "xn--bcher-kva.example", "a" * 63 + ".b", "127.in-addr.arpa"]
)
def test_host_names_get_their_one_form(name: str) -> None:
    assert host_name(name) == name.lower().removesuffix(".")


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", "-a.b", "a-.b", "a b", "bücher.example", "_dmarc.example.com", "*.a", "a" * 64, "a." * 128],
)
def test_what_is_no_host_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        host_name(name)


@pytest.mark.parametrize("name", ["*.example.com", "_dmarc.example.com", "0/25.2.0.192.in-addr.arpa", "www"])
def test_records_have_more_names_than_hosts(name: str) -> None:
    assert record_name(name) == name


@pytest.mark.parametrize("name", ["*", "a.*.b", "*a.b", "*."])
def test_a_wildcard_is_a_whole_first_label(name: str) -> None:
    with pytest.raises(InvalidInputError):
        record_name(name)


def test_listed_names_are_read_without_codes() -> None:
    assert listed("\\052.Example.com.") == "*.example.com"
    assert listed("0\\05725.example.com.") == "0/25.example.com"
    assert listed("f\\374bar.example.com.") == "f\\374bar.example.com"


def test_within_is_by_labels() -> None:
    assert is_within("example.com", "example.com")
    assert is_within("a.example.com", "example.com")
    assert not is_within("an-example.com", "example.com")
