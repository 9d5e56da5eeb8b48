"""What only Windows has: other names of a file, the engine's process, credentials, the clipboard, its loaders and starters."""

from __future__ import annotations

from tests.redteam.foreign_attack import ForeignAttack

_OPEN_PARENT = "import _winapi\n_winapi.CloseHandle(_winapi.OpenProcess({access}, False, parent))\nprint(WORKED)"
_CTYPES = "import ctypes\n"

WINDOWS = (
    ForeignAttack(
        number="15",
        name="the folder of programs that start with the session",
        system="win32",
        code="import os\nhome = secret[:secret.index('\\\\', len('C:\\\\Users\\\\'))]\n"
        "path = home + r'\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\rlm-desktop-try.cmd'\n"
        "open(path, 'x').close()\nos.unlink(path)\nprint(WORKED)",
    ),
    ForeignAttack(
        number="15b",
        name="the key of programs that start with the session",
        system="win32",
        code="import winreg\npath = r'Software\\Microsoft\\Windows\\CurrentVersion\\Run'\n"
        "with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE): print(WORKED)",
    ),
    ForeignAttack(
        number="26", name="a stream beside the file", system="win32", code="open(secret + ':beside', 'w').write('x')\nprint(WORKED)"
    ),
    ForeignAttack(number="26b", name="the path unchecked", system="win32", code="print(open('\\\\\\\\?\\\\' + secret).read())"),
    ForeignAttack(
        number="26c",
        name="the path as a device's",
        system="win32",
        code="print(open('\\\\\\\\?\\\\GLOBALROOT\\\\GLOBAL??\\\\' + secret).read())",
    ),
    ForeignAttack(
        number="26d",
        name="the path by way of the network",
        system="win32",
        code="print(open('\\\\\\\\127.0.0.1\\\\' + secret[0] + '$' + secret[2:]).read())",
        fails_anyway="an account without administrative shares",
    ),
    ForeignAttack(
        number="26e",
        name="a share elsewhere, which is told the person's name",
        system="win32",
        code="import os\nos.listdir(f'\\\\\\\\127.0.0.1@{port}\\\\share')",
        fails_anyway="a Windows whose WebClient service does not run",
    ),
    ForeignAttack(
        number="26f",
        name="the path in short names",
        system="win32",
        code=_CTYPES + "room = ctypes.create_unicode_buffer(1024)\n"
        "if ctypes.WinDLL('kernel32').GetShortPathNameW(secret, room, 1024): print(open(room.value).read())",
    ),
    ForeignAttack(
        number="26g",
        name="the disk itself",
        system="win32",
        code="open('\\\\\\\\.\\\\PhysicalDrive0', 'rb').close()\nprint(WORKED)",
        fails_anyway="an ordinary account",
    ),
    ForeignAttack(
        number="26h", name="the console of another", system="win32", code="open('CONIN$').close()\nprint(WORKED)", fails_anyway="no console"
    ),
    ForeignAttack(number="27", name="the path in other letters", system="win32", code="print(open(secret.upper()).read())"),
    ForeignAttack(number="27b", name="the path with a dot after it", system="win32", code="print(open(secret + '. .').read())"),
    ForeignAttack(number="41", name="the engine's memory", system="win32", code=_OPEN_PARENT.format(access=0x10)),
    ForeignAttack(number="41b", name="the engine's handles", system="win32", code=_OPEN_PARENT.format(access=0x40)),
    ForeignAttack(number="41c", name="the engine ended", system="win32", code=_OPEN_PARENT.format(access=0x1)),
    ForeignAttack(number="41d", name="a thread in the engine", system="win32", code=_OPEN_PARENT.format(access=0x2 | 0x8 | 0x20)),
    ForeignAttack(
        number="41e",
        name="the list of processes",
        system="win32",
        code=_CTYPES + "numbers = (ctypes.c_uint32 * 4096)()\nused = ctypes.c_uint32()\n"
        "ctypes.WinDLL('psapi').EnumProcesses(numbers, ctypes.sizeof(numbers), ctypes.byref(used))\n"
        "if parent in numbers[: used.value // 4]: print(WORKED)",
    ),
    ForeignAttack(
        number="43",
        name="stored credentials",
        system="win32",
        code=_CTYPES + "count, found = ctypes.c_uint32(), ctypes.c_void_p()\n"
        "if ctypes.WinDLL('advapi32').CredEnumerateW(None, 1, ctypes.byref(count), ctypes.byref(found)): print(WORKED)",
    ),
    ForeignAttack(
        number="44",
        name="the clipboard",
        system="win32",
        code=_CTYPES + "user32 = ctypes.WinDLL('user32')\nif user32.OpenClipboard(None):\n"
        "    is_there = user32.EnumClipboardFormats(0)\n    user32.CloseClipboard()\n    if is_there: print(WORKED)",
        fails_anyway="an empty clipboard",
    ),
    ForeignAttack(
        number="61",
        name="a page by WinINet",
        system="win32",
        code=_CTYPES + "net = ctypes.WinDLL('wininet')\nnet.InternetOpenW.restype = net.InternetOpenUrlW.restype = ctypes.c_void_p\n"
        "made = ctypes.c_void_p(net.InternetOpenW('try', 1, None, None, 0))\n"
        "if net.InternetOpenUrlW(made, f'http://127.0.0.1:{port}/', None, 0, 0, None): print(WORKED)",
    ),
    ForeignAttack(
        number="61b",
        name="a page by WinHTTP",
        system="win32",
        code=_CTYPES + "http = ctypes.WinDLL('winhttp')\nfor name in ('WinHttpOpen', 'WinHttpConnect', 'WinHttpOpenRequest'):\n"
        "    getattr(http, name).restype = ctypes.c_void_p\nmade = ctypes.c_void_p(http.WinHttpOpen('try', 1, None, None, 0))\n"
        "there = ctypes.c_void_p(http.WinHttpConnect(made, '127.0.0.1', port, 0))\n"
        "asked = ctypes.c_void_p(http.WinHttpOpenRequest(there, 'GET', '/', None, None, None, 0))\n"
        "if http.WinHttpSendRequest(asked, None, 0, None, 0, 0, None): print(WORKED)",
    ),
    ForeignAttack(
        number="61c",
        name="a file by the system's downloader",
        system="win32",
        code=_CTYPES + "ctypes.WinDLL('urlmon').URLDownloadToFileW(None, f'http://127.0.0.1:{port}/', token, 0, None)",
    ),
    ForeignAttack(
        number="61d",
        name="pipes of other processes",
        system="win32",
        code="import os\nif os.listdir('\\\\\\\\.\\\\pipe\\\\'): print(WORKED)",
    ),
    ForeignAttack(
        number="76",
        name="a task for later",
        system="win32",
        code="import subprocess\nname = 'rlm-desktop-try'\n"
        "subprocess.run(['schtasks', '/create', '/f', '/tn', name, '/sc', 'once', '/st', '23:59', '/tr', 'where'], check=True)\n"
        "subprocess.run(['schtasks', '/delete', '/f', '/tn', name])\nprint(WORKED)",
    ),
    ForeignAttack(
        number="76b",
        name="a download in the background",
        system="win32",
        code="import subprocess\nsubprocess.run(['bitsadmin', '/create', 'rlm-desktop-try'], check=True)\n"
        "subprocess.run(['bitsadmin', '/cancel', 'rlm-desktop-try'])\nprint(WORKED)",
    ),
    ForeignAttack(
        number="76c",
        name="a COM server in a process of its own",
        system="win32",
        code=_CTYPES
        + "ole = ctypes.WinDLL('ole32')\nole.CoInitialize(None)\nclass_id, wanted = (ctypes.create_string_buffer(16) for _ in '12')\n"
        "ole.CLSIDFromProgID('Shell.Application', class_id)\nole.IIDFromString('{00000000-0000-0000-C000-000000000046}', wanted)\n"
        "found = ctypes.c_void_p()\nif ole.CoCreateInstance(class_id, None, 4, wanted, ctypes.byref(found)) == 0: print(WORKED)",
        fails_anyway="a class that is served in the process",
    ),
    ForeignAttack(number="76d", name="a child of another's (parent spoofing)", system="win32", code=_OPEN_PARENT.format(access=0x80)),
    ForeignAttack(
        number="76e",
        name="a program started by the shell",
        system="win32",
        code="import os\nos.startfile('where.exe')\nprint(WORKED)",
    ),
    ForeignAttack(
        number="76f",
        name="a program started by the management service",
        system="win32",
        code="import subprocess\nsubprocess.run(['wmic', 'process', 'call', 'create', 'where.exe'], check=True)\nprint(WORKED)",
        fails_anyway="a Windows without wmic",
    ),
)
