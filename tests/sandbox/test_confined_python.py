"""What an analysis of texts needs of Python works in a confined process, and what does not says so in a sentence or an error."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.sandbox.box import execute, in_sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this is Linux's confinement")

WORKS = {
    "regular expressions": """
import re
assert re.findall(r'(\\w)x', 'axbx') == ['a', 'b']
""",
    "JSON": """
import json
assert json.loads(json.dumps({'a': [1, None]}, indent=1)) == {'a': [1, None]}
""",
    "CSV": """
import csv, io
assert list(csv.DictReader(io.StringIO('a,b\\n1,2\\n'))) == [{'a': '1', 'b': '2'}]
""",
    "a database in memory": """
import sqlite3
c = sqlite3.connect(':memory:')
c.execute('create virtual table t using fts5(x)')
c.execute('insert into t values (?)', ('a word',))
assert c.execute('select * from t(?)', ('word',)).fetchall() == [('a word',)]
""",
    "a sort in a database": """
import sqlite3
c = sqlite3.connect(':memory:')
c.execute('create table t (x)')
c.executemany('insert into t values (?)', ((str(n % 997) * 50,) for n in range(2_000)))
assert c.execute('select x from t order by x desc, rowid limit 1').fetchone() == ('99' * 50,)
""",
    "statistics": """
import statistics
assert statistics.median([1, 5, 9]) == 5
""",
    "time zones": """
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones
assert datetime(2024, 7, 1, 12, tzinfo=ZoneInfo('Europe/Berlin')).utcoffset().seconds == 7200
assert 'Asia/Tokyo' in available_timezones()
""",
    "decimal numbers and fractions": """
from decimal import Decimal
from fractions import Fraction
assert Decimal('0.1') + Decimal('0.2') == Decimal('0.3') and Fraction(1, 3) * 3 == 1
""",
    "hashes": """
import hashlib, hmac
assert hashlib.sha256(b'').hexdigest().startswith('e3b0c442')
assert hmac.new(b'k', b'm', 'sha1').hexdigest() and hashlib.blake2b(b'').digest()
""",
    "chance": """
import random, secrets, os, uuid
assert random.Random(1).random() == random.Random(1).random()
assert len(os.urandom(9)) == 9 and secrets.token_hex(4) and uuid.uuid4() != uuid.uuid4() and uuid.uuid1()
""",
    "the kernel's own chance, as a file": "assert len(open('/dev/urandom', 'rb').read(9)) == 9",
    "wrapping and comparing texts": """
import difflib, textwrap
assert textwrap.fill('a b', 1) == 'a\\nb'
assert difflib.get_close_matches('appel', ['apple', 'pear']) == ['apple'] and list(difflib.unified_diff(['a'], ['b']))
""",
    "collections and iterators": """
import bisect, collections, functools, heapq, itertools
assert collections.Counter('aab').most_common(1) == [('a', 2)] and heapq.nlargest(1, [1, 3]) == [3]
assert list(itertools.batched('abc', 2) if hasattr(itertools, 'batched') else 'ab') and bisect.bisect([1, 3], 2) == 1
assert functools.reduce(int.__add__, [1, 2]) == 3
""",
    "data classes and types": """
import dataclasses, enum, typing
@dataclasses.dataclass(frozen=True)
class P:
    x: int
assert P(1) == P(1) and typing.get_type_hints(P) == {'x': int} and enum.Enum('E', 'A B').A.value == 1
""",
    "paths as names": """
from pathlib import Path, PurePath
assert PurePath('a/b.txt').suffix == '.txt' and str(Path('a') / 'b') == 'a/b'
""",
    "the characters of Unicode": """
import unicodedata
assert unicodedata.normalize('NFKD', 'é')[0] == 'e' and unicodedata.name('ß')
""",
    "compressing in memory": """
import bz2, gzip, io, lzma, tarfile, zipfile, zlib
for m in (bz2, gzip, lzma, zlib): assert m.decompress(m.compress(b'abc')) == b'abc'
b = io.BytesIO()
with zipfile.ZipFile(b, 'w') as z: z.writestr('a', 'text')
assert zipfile.ZipFile(b).read('a') == b'text'
tarfile.open(fileobj=io.BytesIO(), mode='w').close()
""",
    "XML": """
import xml.etree.ElementTree as e, xml.dom.minidom as d
assert e.fromstring('<a><b>x</b></a>').findtext('b') == 'x'
assert d.parseString('<a/>').documentElement.tagName == 'a'
""",
    "HTML": """
import html, html.parser
assert html.unescape('&auml;') == 'ä'
p = html.parser.HTMLParser()
p.feed('<p>x</p>')
""",
    "mail and addresses": """
import base64, email, email.policy, mimetypes, quopri, struct, urllib.parse
assert email.message_from_string('Subject: x\\n\\nbody', policy=email.policy.default)['subject'] == 'x'
assert base64.b64decode('YQ==') == b'a' and struct.pack('<H', 1) and urllib.parse.urlparse('https://a/b').netloc == 'a'
assert mimetypes.guess_type('a.html')[0] == 'text/html'
""",
    "logging and printing": """
import io, locale, logging, pprint, traceback, warnings
s = io.StringIO()
logging.basicConfig(stream=s)
logging.warning('heard')
assert 'heard' in s.getvalue() and pprint.pformat({1: 2})
try: 1 / 0
except ZeroDivisionError: assert 'ZeroDivisionError' in traceback.format_exc()
locale.getlocale()
locale.setlocale(locale.LC_ALL, 'C')
""",
    "looking at code": """
import ast, dis, inspect, textwrap, tokenize
assert 'def fill' in inspect.getsource(textwrap.fill)
assert ast.parse('1 + 1') and inspect.signature(textwrap.fill)
""",
    "help": """
import pydoc
assert 'wrap' in pydoc.render_doc('textwrap.wrap')
""",
    "numbers and complex numbers": """
import array, cmath, math, operator
assert math.comb(4, 2) == 6 and cmath.sqrt(-1) == 1j
assert array.array('i', [1])[0] == 1 and operator.itemgetter(0)('a') == 'a'
""",
    "copies and pickles": """
import copy, marshal, pickle
assert pickle.loads(pickle.dumps({1: [2]})) == copy.deepcopy({1: [2]})
""",
    "how many processors": """
import multiprocessing, os
assert multiprocessing.cpu_count() >= 1 and os.cpu_count() >= 1
""",
    "what machine": """
import os, platform, sys
assert platform.system() == 'Linux' and os.uname().sysname and platform.python_version()
assert os.getpid() and os.getcwd() == '/' and sys.platform == 'linux'
""",
    "time": """
import calendar, time
t = time.monotonic()
time.sleep(0.001)
assert time.monotonic() > t and time.process_time() >= 0
assert time.thread_time() >= 0 and time.strftime('%Y') and calendar.isleap(2024) and time.get_clock_info('time').resolution
""",
    "timeit and profiling": """
import cProfile, timeit
assert timeit.timeit('pass', number=1) >= 0
p = cProfile.Profile()
p.runcall(len, 'a')
""",
    "an alarm": """
import signal, time
class Rang(Exception): pass
def ring(*_): raise Rang
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.01)
try:
    time.sleep(5)
    raise AssertionError
except Rang: pass
""",
    "nowhere to write to": """
import os
with open(os.devnull, 'w') as f: print('x', file=f)
assert open(os.devnull).read() == ''
""",
    "files in memory": """
import io, mmap
assert io.TextIOWrapper(io.BytesIO(b'a\\nb')).readlines() == ['a\\n', 'b']
m = mmap.mmap(-1, 99)
m[:2] = b'ab'
""",
    "threads": """
import queue, threading
q = queue.Queue()
ts = [threading.Thread(target=q.put, args=(n,)) for n in range(20)]
for t in ts: t.start()
for t in ts: t.join()
assert sorted(q.queue) == list(range(20))
e = threading.Event()
threading.Timer(0.001, e.set).start()
assert e.wait(5)
assert not threading.Condition().acquire(timeout=1) is None
""",
    "a pool of threads": """
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor(8) as pool:
    assert list(pool.map(str, range(50))) == list(map(str, range(50)))
    assert len(list(as_completed([pool.submit(len, 'ab')]))) == 1
""",
    "asyncio": """
import asyncio
async def one(n):
    await asyncio.sleep(0.001)
    return n
async def main():
    async with asyncio.timeout(5), asyncio.TaskGroup() as g: t = g.create_task(one(1))
    a = await asyncio.gather(*map(one, range(5)))
    return t.result(), a, await asyncio.to_thread(len, 'abc')
assert asyncio.run(main()) == (1, [0, 1, 2, 3, 4], 3)
""",
    "pipes and selectors": """
import os, selectors, socket
r, w = os.pipe()
os.write(w, b'x')
s = selectors.DefaultSelector()
s.register(r, selectors.EVENT_READ)
assert s.select(1) and os.read(r, 1) == b'x'
a, b = socket.socketpair()
a.sendall(b'y')
assert b.recv(1) == b'y'
""",
    "native functions": """
import ctypes
assert ctypes.CDLL(None).abs(-3) == 3 and ctypes.sizeof(ctypes.c_int) == 4
""",
    "packages that the interpreter brings": """
import importlib, importlib.metadata, importlib.resources, pkgutil
assert {m.name for m in pkgutil.iter_modules()} >= {'json', 'email'}
""",
    "shelves of the library that are seldom asked": """
import argparse, cmd, code, codecs, colorsys, configparser, contextlib, contextvars, copyreg, curses.ascii
import encodings.idna, fileinput, filecmp, fnmatch, getopt, gettext, glob, graphlib, imaplib, ipaddress
import linecache, mailbox, multiprocessing, netrc, numbers, optparse, pickletools, plistlib, poplib, profile
import pstats, pyclbr, sched, selectors, shelve, shlex, shutil, smtplib, socketserver, ssl, stat, string
import stringprep, subprocess, symtable, sysconfig, tempfile, timeit, token, tomllib, trace, types
import unittest, urllib.request, urllib.robotparser, venv, wave, weakref, webbrowser, wsgiref, xmlrpc.client
import zipapp, zipimport
assert 'ä'.encode('idna') and ipaddress.ip_address('::1').is_loopback and 'x'.encode('cp437')
""",
}
REFUSED = {
    "a file of the person": ("open('/etc/passwd')", "PermissionError", "FileNotFoundError"),
    "a folder": ("import os; os.listdir('/')", "PermissionError"),
    "a new file": ("open('/tmp/new', 'w')", "PermissionError", "FileNotFoundError"),
    "a temporary file": ("import tempfile; tempfile.TemporaryFile()", "FileNotFoundError"),
    "the network": ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')", "URLError"),
    "a socket": ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
    "a program": ("import subprocess; subprocess.run(['true'])", "PermissionError"),
    "a shell": ("import os; assert os.system('true') == 0", "AssertionError"),
    "a program, by asyncio": (
        "import asyncio\nasync def main(): await asyncio.create_subprocess_exec('/bin/true')\nasyncio.run(main())",
        "PermissionError",
    ),
    "a copy of itself": ("import os; os.fork()", "PermissionError"),
    "a process": ("import multiprocessing; multiprocessing.Process(target=print).start()", "PermissionError"),
    "multiprocessing's pool of threads, which wants a semaphore that others could see": (
        "from multiprocessing.dummy import Pool\nPool(2)",
        "PermissionError", "FileNotFoundError", "OSError",
    ),
    "processes in a pool": (
        "from concurrent.futures import ProcessPoolExecutor\nlist(ProcessPoolExecutor(1).map(abs, [1]))",
        "PermissionError", "FileNotFoundError", "OSError", "NotImplementedError", "ImportError",
    ),
}  # fmt: skip


@cache
def outcomes() -> dict[str, tuple[str | None, str]]:
    """Run every block in one sandbox and return name -> (type of its error, what it printed)."""
    codes = list(WORKS.values()) + [code for code, *_ in REFUSED.values()]
    done = in_sandbox(lambda sandbox: execute(sandbox, *codes))
    return {name: (one.error_type, one.stderr) for name, one in zip([*WORKS, *REFUSED], done, strict=True)}


@pytest.mark.parametrize("name", WORKS)
def test_works(name: str) -> None:
    assert outcomes()[name] == (None, "")


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_an_error_that_says_so(name: str) -> None:
    error_type, text = outcomes()[name]
    assert error_type in REFUSED[name][1:], text


def test_a_database_that_wants_a_file_says_what_keeps_it_in_memory() -> None:
    rows = "c.executemany('insert into t values (?)', ((str(n * 7919 % 100_003) * 50,) for n in range(60_000)))"
    setup = f"import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t (x)')\n{rows}"
    sort = "assert len(c.execute('select x from t order by x').fetchall()) == 60_000"
    codes = (setup, sort, f"c.execute('pragma temp_store = memory')\n{sort}", "sqlite3.connect('/tmp/new').execute('create table t (x)')")
    _, wants, works, refused = in_sandbox(lambda sandbox: execute(sandbox, *codes))
    assert wants.error_type == refused.error_type == "OperationalError"
    assert "pragma temp_store = memory" in wants.stderr and "no files here" in refused.stderr
    assert not works.is_error


LIBRARIES = {
    "numpy": """
a = numpy.arange(1_000_000.0).reshape(1000, 1000)
assert (a @ a).shape == (1000, 1000)
assert numpy.linalg.svd(numpy.eye(3))[1].sum() == 3 and numpy.random.default_rng(1).random() and abs(numpy.fft.fft([1, 0])).sum() == 2
""",
    "networkx": """
g = networkx.path_graph(4)
assert networkx.shortest_path(g, 0, 3) == [0, 1, 2, 3] and networkx.betweenness_centrality(g)
""",
    "lxml.html": "assert lxml.html.fromstring('<p>x<b>y</b></p>').text_content() == 'xy'",
    "pygments": """
import pygments.lexers
assert list(pygments.lex('x = 1', pygments.lexers.PythonLexer()))
""",
    "charset_normalizer": "assert charset_normalizer.from_bytes('Größe, Straße'.encode()).best()",
    "msgspec": "assert msgspec.json.decode(b'[1]') == [1]",
    "pandas": """
f = pandas.DataFrame({'a': [1, 1, 2], 'b': [1.0, 2.0, 3.0]})
assert f.groupby('a').b.sum().tolist() == [3.0, 3.0]
assert pandas.read_csv(__import__('io').StringIO('x\\n1')).x[0] == 1
""",
}


@cache
def libraries() -> dict[str, str]:
    codes = [f"import {name}\n{code}" for name, code in LIBRARIES.items()]
    done = in_sandbox(lambda sandbox: execute(sandbox, *codes))
    return {name: one.stderr for name, one in zip(LIBRARIES, done, strict=True)}


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_of_the_programs_environment_works(name: str) -> None:
    top = find_spec(name.partition(".")[0])
    if top is None or top.origin is None or not Path(top.origin).is_relative_to(sys.prefix):
        pytest.skip(f"{name} is not installed in this environment")
    assert libraries()[name] == ""
