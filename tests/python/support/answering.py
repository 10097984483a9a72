"""A provider of OAI-PMH that says what a test tells it to, word for word."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import naturalia as nat

HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{}</responseDate><request/>'


def provider(server, **options):
    return nat.OaiPmh(
        server.url, **{"rate": None, "backoff": 0.01, "contact": "me@museum.example", **options}
    )


def asked(server):
    return [dict(request.arguments) for request in server.requests]


def record(number, day="2010-01-01", sets=(), deleted=False):
    specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in sets)
    status = ' status="deleted"' if deleted else ""
    head = (
        f"<header{status}><identifier>oai:x:{number}</identifier><datestamp>{day}</datestamp>{specs}</header>"
    )
    return f"<record>{head}</record>" if deleted else f"<record>{head}{payload(number)}</record>"


def payload(number):
    oai_dc = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    title = f'<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">no. {number}</dc:title>'
    return f"<metadata><oai_dc:dc {oai_dc}>{title}</oai_dc:dc></metadata>"


def page(*records, token=None, size=None, verb="ListRecords", date="2011-01-01T00:00:00Z"):
    size = f' completeListSize="{size}"' if size is not None else ""
    tail = "" if token is None else f"<resumptionToken{size}>{token}</resumptionToken>"
    return f"{HEAD.format(date)}<{verb}>{''.join(records)}{tail}</{verb}></OAI-PMH>".encode()


def refusal(code):
    return f'{HEAD.format("2011-01-01T00:00:00Z")}<error code="{code}">no</error></OAI-PMH>'.encode()


def identify(granularity="YYYY-MM-DD"):
    says = f"<repositoryName>X</repositoryName><granularity>{granularity}</granularity>"
    return f"{HEAD.format('2011-01-01T00:00:00Z')}<Identify>{says}</Identify></OAI-PMH>".encode()


@contextmanager
def answering(answer):
    """A server that replies with `answer(arguments, number)`: a body, or status, headers and body."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            query = urlsplit(self.path).query
            if self.command == "POST":
                query = self.rfile.read(int(self.headers["Content-Length"])).decode()
            arguments = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
            heard.append((self.path, arguments, dict(self.headers)))
            reply = answer(arguments, len(heard))
            status, headers, body = reply if isinstance(reply, tuple) else (200, {}, reply)
            self.send_response(status)
            for name, value in {"Content-Type": "text/xml", "Content-Length": len(body), **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name http.server looks for

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.url = f"http://127.0.0.1:{server.server_address[1]}/oai"
        server.heard = heard
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def listing(*pages, **more):
    """An answer that gives pages by their token: the first for none, then 1, 2 …"""

    def answer(arguments, number):
        if arguments["verb"] in more:
            return more[arguments["verb"]](arguments, number)
        if arguments["verb"] == "Identify":
            return identify()
        return pages[int(arguments.get("resumptionToken", 0))]

    return answer


def identifiers(table):
    return [identifier.rpartition(":")[2] for identifier in table["identifier"]]
