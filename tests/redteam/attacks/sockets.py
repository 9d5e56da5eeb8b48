"""Sockets by less usual roads: listening, pairs, descriptors handed over, and all the families that a kernel may know."""

from __future__ import annotations

from tests.redteam.attack import Attack

SOCKETS: tuple[Attack, ...] = (
    Attack(
        number="49",
        name="listen for TCP",
        code="""
s = socket.create_server(('127.0.0.1', 0))
print('port', s.getsockname()[1])
""",
        makes_listener=True,
    ),
    Attack(
        number="49b",
        name="listen for TCP without saying where",
        code="""
s = socket.socket()
s.listen()
print('port', s.getsockname()[1])
""",
        makes_listener=True,
    ),
    Attack(
        number="49c",
        name="listen on an abstract socket",
        code="""
s = socket.socket(socket.AF_UNIX)
s.bind('\\0' + T.token)
s.listen()
print('abstract', T.token)
""",
        makes_listener=True,
    ),
    Attack(
        number="59",
        name="a datagram from one of a pair to a path",
        code="""
a, b = socket.socketpair(type=socket.SOCK_DGRAM)
a.sendto(b'x', T.unix_dgram)
""",
        may_lack="a pair keeps to itself",
    ),
    Attack(
        number="59b",
        name="a datagram from one of a pair, connected anew",
        code="""
a, b = socket.socketpair(type=socket.SOCK_DGRAM)
b.close()
a.connect(T.unix_dgram)
a.send(b'x')
""",
    ),
    Attack(
        number="60",
        name="hand a descriptor to another (SCM_RIGHTS)",
        code="""
a, b = socket.socketpair()
socket.send_fds(a, [b'x'], [os.open(T.package, os.O_RDONLY)])
if socket.recv_fds(b, 9, 1)[1]: print(WORKED)
""",
    ),
    Attack(
        number="60b",
        name="hand a descriptor to the engine, over its own pipes",
        code="""
for fd in range(256):
    try:
        s = socket.socket(fileno=os.dup(fd))
        socket.send_fds(s, [b""], [os.open(T.package, os.O_RDONLY)])
        print(WORKED)
    except OSError: pass
""",
        held_anyway="the protocol's pipes take no descriptors from this end",
        is_alone=True,
        may_end=True,
    ),
    Attack(
        number="220",
        name="who is at the other end of the protocol's pipe",
        code="""
for fd in range(3, 64):
    try:
        s = socket.socket(fileno=os.dup(fd))
        if s.family == socket.AF_UNIX and s.getpeername() is not None and s.connect_ex(T.unix) == 0: print(WORKED)
    except OSError: pass
""",
        held_anyway="a pipe that is connected stays so",
        is_alone=True,
        may_end=True,
    ),
    Attack(
        number="221",
        name="any family of sockets whatever",
        code="""
made = []
for family in range(46):
    for kind in (1, 2, 3, 5):
        try: socket.socket(family, kind).close()
        except OSError: continue
        made.append((family, kind))
if made: print(WORKED, made)
""",
    ),
    Attack(
        number="222",
        name="pairs of other kinds or families",
        code="""
made = []
for family, kind in ((1, 2), (1, 5), (2, 1), (30, 1), (40, 1)):
    try: made.append(socket.socketpair(family, kind) and (family, kind))
    except OSError: pass
if made: print(WORKED, made)
""",
    ),
    Attack(
        number="222b",
        name="give one of a pair a path",
        code="""
a, b = socket.socketpair()
a.bind(f'/tmp/{T.token}')
""",
    ),
    Attack(
        number="223",
        name="sendmmsg to a path",
        code="""
a = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = ctypes.create_string_buffer(struct.pack("<H", 1) + T.unix_dgram.encode())
data = ctypes.create_string_buffer(b"x")
part = ctypes.create_string_buffer(struct.pack("<QQ", ctypes.addressof(data), 1))
message = struct.pack("<QIIQQQQIIII", ctypes.addressof(name), len(name), 0, ctypes.addressof(part), 1, 0, 0, 0, 0, 0, 0)
ok(libc.sendmmsg(a.fileno(), message, 1, 0))
""",
    ),
)
