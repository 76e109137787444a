"""dnsmasq as a name server that knows one zone and asks nobody."""

from real_peers import Peer, program

BIG = [f"{number:02}" + "x" * 100 for number in range(12)]  # more than a UDP packet of old holds

CONF = """
port={port}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
pid-file={folder}/pid
log-facility=-
local=/shoal.test/
host-record=www.shoal.test,192.0.2.1
host-record=www.shoal.test,192.0.2.2
host-record=six.shoal.test,2001:db8::1
cname=alias.shoal.test,www.shoal.test
mx-host=shoal.test,mail.shoal.test,10
srv-host=_sip._tcp.shoal.test,sip.shoal.test,5060,10,5
ptr-record=1.2.0.192.in-addr.arpa,www.shoal.test
caa-record=shoal.test,0,issue,ca.example
dns-rr=shoal.test,2,{ns}
dns-rr=shoal.test,6,{soa}
"""


def name(text):
    """A name as it stands in a message, in hex."""
    return "".join(f"{len(label):02x}" + label.encode().hex() for label in text.split(".")) + "00"


NS = name("ns.shoal.test")
# The serial, and four times in seconds.
SOA = NS + name("admin.shoal.test") + "".join(f"{n:08x}" for n in (7, 7200, 3600, 1209600, 300))


class Dnsmasq(Peer):
    def prepare(self):
        lines = CONF.format(port=self.port, folder=self.folder, ns=NS, soa=SOA)
        big = "".join(f"txt-record=big.shoal.test,{text}\n" for text in BIG)
        (self.folder / "conf").write_text(lines + big)

    def command(self):
        return [program("dnsmasq"), "--keep-in-foreground", f"--conf-file={self.folder}/conf"]
