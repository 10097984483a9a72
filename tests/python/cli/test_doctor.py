"""`naturalia doctor`: what is wrong is named, with what to do; nothing secret is printed."""

import json
import subprocess
import sys

import naturalia as nat
import pytest
from naturalia._cli import diagnosis


def run(*arguments, **environment):
    import os

    done = subprocess.run(
        [sys.executable, "-c", "from naturalia._cli import main; main()", "doctor", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | environment,
        check=False,
        timeout=120,
    )
    return done, {row["subject"]: row for row in map(json.loads, done.stdout.splitlines())}


def test_a_sound_installation_passes(tmp_path):
    done, found = run(str(tmp_path), NATURALIA_CONTACT="me@museum.example", SSL_CERT_FILE=_pem(tmp_path))
    assert done.returncode == 0, done.stdout
    assert {row["state"] for row in found.values()} <= {"ok", "look"}
    assert found["naturalia"]["found"].startswith(nat.__version__)
    assert {"build", "pandas", "trust store", "proxy", "folder", "SQLite", "contact", "encoding"} <= set(
        found
    )


def _pem(folder):
    path = folder / "institution.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return str(path)


@pytest.mark.parametrize(("content", "words"), [(None, "No such file"), (b"\x30\x82", "holds no PEM")])
def test_a_trust_store_that_is_none_is_named(tmp_path, content, words):
    path = tmp_path / "certificates"
    if content is not None:
        path.write_bytes(content)
    done, found = run(str(tmp_path), SSL_CERT_FILE=str(path))
    assert done.returncode == 6
    assert words in found["trust store"]["found"]
    assert found["trust store"]["do"]


def test_a_password_of_a_proxy_is_not_printed(tmp_path):
    _, found = run(str(tmp_path), HTTPS_PROXY="http://anna:secret@proxy.example:3128")
    assert "proxy.example:3128" in found["proxy"]["found"]
    assert "secret" not in str(found)


def test_a_folder_that_is_not_there_is_named():
    done, found = run("/nowhere/at/all")
    assert done.returncode == 6
    assert found["folder"]["state"] == found["SQLite"]["state"] == "wrong"


def test_every_finding_that_is_not_ok_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("NATURALIA_CONTACT", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    for finding in diagnosis.examine(str(tmp_path)):
        assert finding.state == "ok" or finding.do, finding


def test_a_service_is_asked_only_when_told_to(tmp_path):
    with nat.testing.serve(3) as server:
        run(str(tmp_path))
        assert not server.requests
        _, found = run(str(tmp_path), "--live", "--url", server.url)
        assert found[server.url]["state"] == "ok"
        assert [request.arguments["verb"] for request in server.requests] == ["Identify"]


def test_a_service_that_is_not_there_is_named(tmp_path):
    done, found = run(str(tmp_path), "--live", "--url", "http://127.0.0.1:9/oai")
    assert done.returncode == 6
    assert found["http://127.0.0.1:9/oai"]["do"]
