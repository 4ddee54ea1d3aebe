"""Serves the screens until the process is told to stop."""

import signal
import socket

import uvicorn

from office.running.installation import Office
from web.app import create_app
from workflow.errors import BadInput, os_reason


def bind(host: str, port: int) -> socket.socket:
    """Takes the port before anything else is done. Raises BadInput when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise BadInput(f"端口 {port} 用不了（{os_reason(error)}）：请用 --port 换一个端口。") from None
    return taken


def serve(office: Office, taken: socket.socket, hosts: tuple[str, ...]) -> None:
    """Answers until Ctrl-C or the service manager's stop; what is under way is finished."""
    config = uvicorn.Config(
        create_app(office, hosts=hosts), log_config=None, access_log=False, server_header=False, date_header=True,
        timeout_graceful_shutdown=10, proxy_headers=bool(office.settings.proxy), forwarded_allow_ips=office.settings.proxy,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # When it has stopped, uvicorn raises the signal again for whoever listened before: that is the server, too, so
    # that our own caller goes on and finishes what is under way.
    before = {number: signal.signal(number, server.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[taken])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
