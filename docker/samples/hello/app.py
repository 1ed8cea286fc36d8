"""A small web application for DINP's gunicorn base: it says who answers."""

import os
import socket
import time
from pathlib import Path

VERSION = Path(__file__).with_name("VERSION").read_text(encoding="utf-8").strip()


def hello():
    return f"Hello from {os.environ.get('APP_NAME', 'hello')} {VERSION} on {socket.gethostname()}\n"


def slow():
    """A request that takes its time: watch it survive a deploy."""
    time.sleep(2)
    return "done\n"


PAGES = {"/": hello, "/health": lambda: "ok\n", "/slow": slow}


def application(environ, start_response):
    page = PAGES.get(environ.get("PATH_INFO") or "/")
    status = "200 OK" if page else "404 Not Found"
    body = (page() if page else "no such page\n").encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
