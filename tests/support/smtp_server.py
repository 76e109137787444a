"""A mail server for smtp_peer: smtp_server.py PORT CERTIFICATE; "me" may log in with "right"."""

import asyncio
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def judge(_server, _session, _envelope, _mechanism, data):
    return AuthResult(success=data == LoginPassword(b"me", b"right"), handled=False)


async def main(port, certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    def made():
        return SMTP(object(), hostname="mail.example.test", tls_context=tls, authenticator=judge,
                    auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", int(port))
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
