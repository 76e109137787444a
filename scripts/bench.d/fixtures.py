"""What several groups need: plugins built from the SDK alone, certificates, pieces of configuration."""

import pathlib
import subprocess

from running_agent import compile_plugin

HERE = pathlib.Path(__file__).resolve().parent
HOST_METRICS = ("loadavg", "cpu", "memory", "disk", "filesystem", "interface")


def build_plugin(name, folder):
    """Compiles NAME.c beside this file into a shared object; its path."""
    target = pathlib.Path(folder) / f"{name}.so"
    compile_plugin(HERE / f"{name}.c", target)
    return target


def without_host_metrics():
    return "".join(f"[host_metrics.{name}]\nenabled = false\n" for name in HOST_METRICS)


def trusted_certificate(folder):
    """A certificate for the loopback address: (certificate, key, folder that makes it trusted)."""
    folder = pathlib.Path(folder)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    # As the system's own folder of certificates is laid out: found by the hash of the name.
    name = subprocess.run(["openssl", "x509", "-noout", "-hash", "-in", certificate], check=True,
                          capture_output=True, text=True).stdout.strip()
    trust = folder / "trusted"
    trust.mkdir()
    (trust / f"{name}.0").write_text(certificate.read_text())
    return certificate, key, trust
