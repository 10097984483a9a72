"""Providers as they are met: behind TLS, written by others, and asked from the command line."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import faults
from support.answering import answering, identify, provider
from support.peers import oai_repo_provider, oaipmh_provider, real_items

ASK = "import naturalia as nat, sys; print(nat.OaiPmh(sys.argv[1], contact='a@b').identify().repositoryName)"


def run(*command, **environment):
    command = [sys.executable, *command]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def info(*arguments, **environment):
    return run("-c", "from naturalia._cli import main; main()", "info", *arguments, **environment)


# TLS


@pytest.fixture(scope="module")
def authority():
    pytest.importorskip("trustme")
    return nat.testing.authority()


def test_a_certificate_of_an_unknown_authority_is_refused_and_the_error_says_what_helps(authority):
    with nat.testing.serve(3, tls=authority.context()) as server:
        with pytest.raises(errors.TLSError, match="nobody this machine trusts") as raised:
            provider(server).identify()
        assert "SSL_CERT_FILE" in raised.value.hint
        assert "naturalia doctor" in raised.value.hint
        assert raised.value.source == f"{server.url}?verb=Identify"
        assert provider(server, verify=False).identify().repositoryName == "Museum of Examples"


def test_ssl_cert_file_names_an_authority_to_trust(authority, tmp_path):
    trusted = tmp_path / "museum.pem"
    trusted.write_text(authority.pem)
    with nat.testing.serve(3, tls=authority.context()) as server:
        done = run("-c", ASK, server.url, SSL_CERT_FILE=str(trusted))
        assert done.stdout == "Museum of Examples\n", done.stderr
        done = run("-c", ASK, server.url, SSL_CERT_FILE=str(tmp_path / "none.pem"))
        assert f"SSL_CERT_FILE names {tmp_path / 'none.pem'}, which is no file" in done.stderr


def test_a_certificate_for_another_host_or_of_yesterday_is_refused(authority, tmp_path):
    trusted = tmp_path / "museum.pem"
    trusted.write_text(authority.pem)
    old = authority.context(expires=datetime(2020, 1, 1, tzinfo=UTC))
    for context, said in ((authority.context("museum.example"), "for another host"), (old, "has expired")):
        with nat.testing.serve(3, tls=context) as server:
            assert said in run("-c", ASK, server.url, SSL_CERT_FILE=str(trusted)).stderr


def test_a_machine_without_authorities_still_asks_where_none_is_needed(tmp_path):
    nowhere = {"SSL_CERT_FILE": str(tmp_path / "none"), "SSL_CERT_DIR": str(tmp_path / "none")}
    with nat.testing.serve(3) as server:
        assert run("-c", ASK, server.url, **nowhere).stdout == "Museum of Examples\n"
        done = run("-c", ASK, server.url.replace("http:", "https:"), **nowhere)
        assert "TLSError" in done.stderr
        assert "may be one of http" in done.stderr


# Proxies


def test_requests_go_through_the_proxy_that_is_named():
    with answering(lambda _, __: identify()) as proxy:
        address = proxy.url.removesuffix("/oai")
        nat.OaiPmh("http://oai.museum.example/oai", contact="a@b", proxy=address, rate=None).identify()
        done = run("-c", ASK, "http://oai.museum.example/oai", http_proxy=address, no_proxy="")
        assert done.stdout == "X\n", done.stderr
    assert [path for path, _, _ in proxy.heard] == ["http://oai.museum.example/oai?verb=Identify"] * 2


def test_a_proxy_that_is_gone_is_named_in_the_error():
    with pytest.raises(errors.NetworkError, match="the proxy that proxy= names"):
        nat.OaiPmh(
            "http://oai.museum.example/", contact="a@b", proxy="http://127.0.0.1:9", retries=0
        ).identify()
    with pytest.raises(ValueError, match="no address of"):
        nat.OaiPmh("http://oai.museum.example/", contact="a@b", proxy="me:secret@h")


# Providers written by others


@pytest.mark.corpus
@pytest.mark.parametrize("serve", [oaipmh_provider, oai_repo_provider])
def test_other_implementations_are_read_whole(serve):
    pytest.importorskip("oaipmh" if serve is oaipmh_provider else "oai_repo")
    items = real_items()
    living = {item.identifier for item in items if not item.deleted}
    with serve(items, page_size=200) as server:
        oi = provider(server)
        assert "oai_dc" in oi.formats()["metadataPrefix"]
        records, headers = oi.records().collect(), oi.identifiers().collect()
        assert living <= set(records["identifier"]) <= {item.identifier for item in items}
        assert records["identifier"] == headers["identifier"]
        assert len(set(records["identifier"])) == len(records)
        one = min(living)
        assert oi.record(one).identifier == one
        with pytest.raises(errors.IdDoesNotExist):
            oi.record("oai:none:1")


# The command line


def test_info_tells_what_a_service_offers_and_what_a_harvest_costs():
    with nat.testing.serve(2500, granularity="days", deleted_record="no") as server:
        done = info(server.url)
        assert done.returncode == 0, done.stderr
        for line in (
            "name       Museum of Examples",
            "dates      YYYY-MM-DD: from and until are days",
            "deletions  no: never announced",
            "sets       3: birds, birds:gulls, films",
            "records    2,500 by its own account, 100 a page",
            "harvest    25 requests, about 3.1 MB, 12 s at least",
        ):
            assert line in done.stdout
        assert len(server.requests) == 4
        known = json.loads(info(server.url, "--format", "json", "--prefix", "oai_oi").stdout)
        assert (known["records"], known["requests"], known["prefix"]) == (2500, 25, "oai_oi")


def test_info_tells_of_what_a_service_does_not_have():
    with nat.testing.serve(5, sets={}, sizes=False, page_size=2) as server:
        done = info(server.url)
        assert "sets       none" in done.stdout
        assert "records    not said; 2 a page" in done.stdout
        done = info(server.url, "--prefix", "marc")
        assert (
            done.returncode,
            "problem    the provider answered cannotDisseminateFormat" in done.stdout,
        ) == (4, True)


def test_info_ends_with_the_code_of_what_went_wrong():
    done = info("http://127.0.0.1:9/oai")
    assert done.returncode == 3
    assert "refuses connections" in done.stderr
    with nat.testing.serve(5, faults=[faults.Html()]) as server:
        done = info(server.url)
        assert done.returncode == 4
        assert "no OAI-PMH reply" in done.stderr
        assert done.stdout == ""
