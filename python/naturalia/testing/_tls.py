"""A certificate authority nobody knows, for servers with TLS."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Authority", "authority"]


@dataclass(frozen=True)
class Authority:
    """A certificate authority; made by `authority`."""

    root: Any

    @property
    def pem(self) -> str:
        """Its own certificate as PEM: what a client has to trust, as through `SSL_CERT_FILE`."""
        text: str = self.root.cert_pem.bytes().decode()
        return text

    def context(self, host: str = "127.0.0.1", *, expires: datetime | None = None) -> ssl.SSLContext:
        """What `serve(tls=…)` wants: a certificate for this host, good until `expires`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.root.issue_cert(host, not_after=expires).configure_cert(context)
        return context


def authority() -> Authority:
    """A new certificate authority, which nothing trusts until told to. Needs the library trustme.

    Raises:
        naturalia.errors.MissingExtra: trustme is not installed.
    """
    try:
        import trustme
    except ImportError as error:
        from naturalia.errors import MissingExtra

        raise MissingExtra("trustme is not installed", hint="pip install trustme") from error
    return Authority(trustme.CA())
