"""What only macOS has: other names of a file, other processes, the keychain, the clipboard, its services and starters."""

from __future__ import annotations

from tests.redteam.foreign_attack import ForeignAttack

_OBJC = """
import ctypes
objc = ctypes.CDLL("/usr/lib/libobjc.A.dylib")
objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
ctypes.CDLL("/System/Library/Frameworks/AppKit.framework/AppKit")
def send(to, name, *values):
    kinds = [ctypes.c_void_p] * (2 + len(values))
    call = ctypes.CFUNCTYPE(ctypes.c_void_p, *kinds)(("objc_msgSend", objc))
    return call(to, objc.sel_registerName(name), *values)
def text(value):
    return send(objc.objc_getClass(b"NSString"), b"stringWithUTF8String:", ctypes.cast(ctypes.c_char_p(value.encode()), ctypes.c_void_p))
"""
_LIBC = "import ctypes\nlibc = ctypes.CDLL(None)\n"

MACOS = (
    ForeignAttack(
        number="15",
        name="a launch agent",
        system="darwin",
        code="import os\nfolder = os.path.expanduser('~/Library/LaunchAgents')\npath = f'{folder}/{os.path.basename(token)}.plist'\n"
        "open(path, 'x').close()\nos.unlink(path)\nprint(WORKED)",
    ),
    ForeignAttack(
        number="25",
        name="a folder above the denied one is moved, then read",
        system="darwin",
        code="import os\nouter = os.path.dirname(os.path.dirname(secret))\nos.rename(outer, outer + '-moved')\n"
        "try: print(open(outer + '-moved' + secret[len(outer):]).read())\nfinally: os.rename(outer + '-moved', outer)",
    ),
    ForeignAttack(
        number="27",
        name="the path in other letters",
        system="darwin",
        code="print(open(secret.swapcase()).read())",
        fails_anyway="a volume that tells letters apart",
    ),
    ForeignAttack(
        number="27b",
        name="the path in other forms of its accents",
        system="darwin",
        code="import unicodedata\nfor form in ('NFC', 'NFD'):\n    try: print(open(unicodedata.normalize(form, secret)).read())\n"
        "    except OSError as error: print(error)",
    ),
    ForeignAttack(
        number="27c",
        name="the path by way of the volume",
        system="darwin",
        code="print(open('/System/Volumes/Data' + secret).read())",
    ),
    ForeignAttack(
        number="27d",
        name="the file by its number",
        system="darwin",
        code="import os\nfound = os.stat(secret)\nprint(open(f'/.vol/{found.st_dev}/{found.st_ino}').read())",
    ),
    ForeignAttack(
        number="42",
        name="the engine's task port",
        system="darwin",
        code=_LIBC + "task = ctypes.c_uint()\nme = ctypes.c_uint.in_dll(libc, 'mach_task_self_')\n"
        "if libc.task_for_pid(me, parent, ctypes.byref(task)) == 0: print(WORKED)",
        fails_anyway="the system gives it to debuggers alone",
    ),
    ForeignAttack(
        number="42b",
        name="the engine's arguments and environment",
        system="darwin",
        code=_LIBC
        + "asked = (ctypes.c_int * 3)(1, 49, parent)\nsize = ctypes.c_size_t(1 << 20)\nroom = ctypes.create_string_buffer(1 << 20)\n"
        "if libc.sysctl(asked, 3, room, ctypes.byref(size), None, ctypes.c_size_t(0)) == 0 and size.value: print(WORKED)",
    ),
    ForeignAttack(
        number="42c",
        name="where the engine's program lies",
        system="darwin",
        code=_LIBC + "room = ctypes.create_string_buffer(4096)\nif libc.proc_pidpath(parent, room, 4096) > 0: print(WORKED)",
    ),
    ForeignAttack(
        number="43",
        name="the keychain by its program",
        system="darwin",
        code="import subprocess\nsubprocess.run(['/usr/bin/security', 'list-keychains'], check=True)\nprint(WORKED)",
    ),
    ForeignAttack(
        number="43b",
        name="the keychain by its library",
        system="darwin",
        code="import ctypes\nsecurity = ctypes.CDLL('/System/Library/Frameworks/Security.framework/Security')\nstatus = ctypes.c_uint()\n"
        "if security.SecKeychainGetStatus(None, ctypes.byref(status)) == 0: print(WORKED)",
    ),
    ForeignAttack(
        number="44",
        name="the clipboard by its program",
        system="darwin",
        code="import subprocess\nsubprocess.run(['/usr/bin/pbpaste'], check=True)\nprint(WORKED)",
    ),
    ForeignAttack(
        number="44b",
        name="the clipboard by its library",
        system="darwin",
        code=_OBJC + "board = send(objc.objc_getClass(b'NSPasteboard'), b'generalPasteboard')\n"
        "if board and send(board, b'setString:forType:', text('x'), text('public.utf8-plain-text')): print(WORKED)",
    ),
    ForeignAttack(
        number="62",
        name="a service that would do it",
        system="darwin",
        code=_LIBC + "found = ctypes.c_uint()\nroot = ctypes.c_uint.in_dll(libc, 'bootstrap_port')\n"
        "for name in (b'com.apple.SecurityServer', b'com.apple.coreservices.launchservicesd', b'com.apple.nsurlsessiond',\n"
        "             b'com.apple.pasteboard.1', b'com.apple.cfprefsd.agent', b'com.apple.dnssd.service'):\n"
        "    if libc.bootstrap_look_up(root, name, ctypes.byref(found)) == 0: print(name, WORKED)",
    ),
    ForeignAttack(
        number="62b",
        name="a page by the system's own loader",
        system="darwin",
        code=_OBJC + "address = send(objc.objc_getClass(b'NSURL'), b'URLWithString:', text(f'http://127.0.0.1:{port}/'))\n"
        "data = send(objc.objc_getClass(b'NSData'), b'dataWithContentsOfURL:', address)\nif data: print(WORKED)",
    ),
    ForeignAttack(
        number="62c",
        name="a name by the system's resolver",
        system="darwin",
        code="import socket\nmade = socket.socket(socket.AF_UNIX)\nmade.connect('/var/run/mDNSResponder')\nprint(WORKED)",
    ),
    ForeignAttack(
        number="77",
        name="open",
        system="darwin",
        code="import subprocess\nsubprocess.run(['/usr/bin/open', '-g', '-a', 'Calculator'], check=True)\nprint(WORKED)",
    ),
    ForeignAttack(
        number="77b",
        name="osascript",
        system="darwin",
        code="import subprocess\nsubprocess.run(['/usr/bin/osascript', '-e', f'do shell script \"touch {token}\"'], check=True)",
    ),
    ForeignAttack(
        number="77c",
        name="a job of launchd's",
        system="darwin",
        code="import subprocess, time\nlabel = 'rlm-desktop-try'\n"
        "subprocess.run(['/bin/launchctl', 'submit', '-l', label, '--', '/usr/bin/touch', token], check=True)\n"
        "time.sleep(2)\nsubprocess.run(['/bin/launchctl', 'remove', label])",
    ),
    ForeignAttack(
        number="77d",
        name="another program in its place",
        system="darwin",
        code="import os\nos.execv('/usr/bin/touch', ['touch', token])",
    ),
)
