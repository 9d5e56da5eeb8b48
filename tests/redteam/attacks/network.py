"""Reaching others over the network, and over the sockets of this machine."""

from __future__ import annotations

from tests.redteam.attack import Attack

NETWORK: tuple[Attack, ...] = (
    Attack(number="46", name="TCP on this machine", code="print(socket.create_connection(('127.0.0.1', T.tcp), 9).recv(99))"),
    Attack(
        number="46b",
        name="TCP by the C library, without waiting",
        code="""
s = ok(libc.socket(2, 0o4001, 0))
a = struct.pack('<H', 2) + struct.pack('>H', T.tcp) + socket.inet_aton('127.0.0.1') + bytes(8)
libc.connect(s, a, 16)
os.close(s)
""",
    ),
    Attack(
        number="46c",
        name="TCP over IPv6",
        code="""
s = socket.socket(socket.AF_INET6)
s.settimeout(9)
s.connect(('::ffff:127.0.0.1', T.tcp))
print(s.recv(99))
""",
        may_lack="no IPv6",
    ),
    Attack(number="47", name="UDP", code="socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', T.udp))"),
    Attack(
        number="47b",
        name="UDP, connected first",
        code="""
s = socket.socket(type=socket.SOCK_DGRAM)
s.settimeout(9)
s.connect(('127.0.0.1', T.udp))
s.send(b'x')
print(s.recv(99))
""",
    ),
    Attack(
        number="48",
        name="a question to a name server",
        code="""
q = b'\\x12\\x34\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\6secret\\7example\\0\\0\\1\\0\\1'
socket.socket(type=socket.SOCK_DGRAM).sendto(q, ('127.0.0.1', T.udp))
""",
    ),
    Attack(
        number="48b",
        name="resolve a name",
        code="if socket.getaddrinfo('localhost', 80): print(WORKED)",
        may_lack="a machine without a hosts file",
    ),
    Attack(
        number="50",
        name="a socket with a path, as Docker's",
        code="""
s = socket.socket(socket.AF_UNIX)
s.connect(T.unix)
print(s.recv(99))
""",
    ),
    Attack(
        number="50b",
        name="a datagram to a socket with a path, as the system's log",
        code="socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', T.unix_dgram)",
    ),
    Attack(
        number="50c",
        name="a sequence to a socket with a path",
        code="""
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(T.unix_seqpacket)
print(s.recv(99))
""",
    ),
    Attack(
        number="51",
        name="an abstract socket",
        code="""
s = socket.socket(socket.AF_UNIX)
s.connect(T.abstract)
print(s.recv(99))
""",
    ),
    Attack(
        number="51b",
        name="a datagram to an abstract socket",
        code="socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', T.abstract_dgram)",
    ),
    Attack(
        number="52",
        name="ask the kernel for network interfaces (netlink)",
        code="""
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
s.settimeout(9)
s.send(struct.pack('<IHHIIB3x', 20, 18, 0x301, 1, 0, 0))
if s.recv(65536): print(WORKED)
""",
        may_lack="a kernel without netlink",
    ),
    Attack(
        number="53",
        name="raw packets",
        code="""
socket.socket(17, socket.SOCK_RAW, 0x300)
print(WORKED)
""",
        may_lack="only root sends raw packets",
    ),
    Attack(
        number="53b",
        name="raw IP",
        code="""
socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
print(WORKED)
""",
        may_lack="only root sends raw packets",
    ),
    Attack(
        number="53c",
        name="a ping",
        code="""
socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1).sendto(b'\\x08' + bytes(7), ('127.0.0.1', 1))
print(WORKED)
""",
        may_lack="pings are for root only here",
    ),
    Attack(
        number="54",
        name="vsock, to the machine around",
        code="""
socket.socket(40, socket.SOCK_STREAM)
print(WORKED)
""",
        may_lack="a kernel without vsock",
    ),
    Attack(
        number="55",
        name="the kernel's cryptography (AF_ALG)",
        code="""
s = socket.socket(38, 5)
s.bind(('hash', 'sha256'))
print(WORKED)
""",
        may_lack="a kernel without AF_ALG",
    ),
    Attack(
        number="56",
        name="urllib",
        code="""
import urllib.request
urllib.request.urlopen(f'http://127.0.0.1:{T.tcp}/', timeout=9)
""",
    ),
    Attack(
        number="56b",
        name="read a file by urllib",
        code="""
import urllib.request
print(urllib.request.urlopen('file://' + T.ssh).read())
""",
    ),
    Attack(
        number="56c",
        name="asyncio",
        code="""
async def go():
    r, w = await asyncio.open_connection('127.0.0.1', T.tcp)
    print(await r.read(99))
asyncio.run(go())
""",
    ),
    Attack(
        number="57",
        name="MPTCP",
        code="""
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
s.settimeout(9)
s.connect(('127.0.0.1', T.tcp))
print(s.recv(99))
""",
        may_lack="a kernel without MPTCP",
    ),
    Attack(
        number="58",
        name="TCP Fast Open: sending instead of connecting",
        code="""
s = socket.socket()
s.settimeout(9)
s.sendto(b'x', 0x20000000, ('127.0.0.1', T.tcp))
print(s.recv(99))
""",
        may_lack="TCP Fast Open is off",
    ),
)
