"""What each family of Linux calls what RLM Desktop needs of it. Tables only.

On systems of RPM packages (Fedora, RHEL, openSUSE) every library can be asked for by its own name, so they need no table.
"""

from __future__ import annotations

from typing import NamedTuple

A_FONT = "a font"
ENSUREPIP = "Python's ensurepip"

# What Qt's widgets link to on any platform, and what its two kinds of window need.
COMMON = (
    "libEGL.so.1",
    "libGL.so.1",
    "libX11.so.6",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libgcc_s.so.1",
    "libglib-2.0.so.0",
    "libgthread-2.0.so.0",
    "libstdc++.so.6",
    "libxkbcommon.so.0",
    "libz.so.1",
    "libzstd.so.1",
)
OF_A_WINDOW = {
    "xcb": (
        "libX11-xcb.so.1",
        "libxcb.so.1",
        "libxcb-cursor.so.0",
        "libxcb-icccm.so.4",
        "libxcb-image.so.0",
        "libxcb-keysyms.so.1",
        "libxcb-randr.so.0",
        "libxcb-render-util.so.0",
        "libxcb-render.so.0",
        "libxcb-shape.so.0",
        "libxcb-shm.so.0",
        "libxcb-sync.so.1",
        "libxcb-util.so.1",
        "libxcb-xfixes.so.0",
        "libxcb-xkb.so.1",
        "libxkbcommon-x11.so.0",
    ),
    "wayland": ("libdrm.so.2", "libwayland-client.so.0", "libwayland-cursor.so.0", "libwayland-egl.so.1"),
}

# Library -> its package.
DEBIAN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdrm.so.2": "libdrm2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    A_FONT: "fonts-dejavu-core",
    ENSUREPIP: "python{major}.{minor}-venv",
}
ARCH = {
    "libEGL.so.1": "libglvnd",
    "libGL.so.1": "libglvnd",
    "libX11.so.6": "libx11",
    "libdbus-1.so.3": "dbus",
    "libfontconfig.so.1": "fontconfig",
    "libfreetype.so.6": "freetype2",
    "libgcc_s.so.1": "gcc-libs",
    "libglib-2.0.so.0": "glib2",
    "libgthread-2.0.so.0": "glib2",
    "libstdc++.so.6": "gcc-libs",
    "libxkbcommon.so.0": "libxkbcommon",
    "libz.so.1": "zlib",
    "libzstd.so.1": "zstd",
    "libX11-xcb.so.1": "libx11",
    "libxcb.so.1": "libxcb",
    "libxcb-cursor.so.0": "xcb-util-cursor",
    "libxcb-icccm.so.4": "xcb-util-wm",
    "libxcb-image.so.0": "xcb-util-image",
    "libxcb-keysyms.so.1": "xcb-util-keysyms",
    "libxcb-randr.so.0": "libxcb",
    "libxcb-render-util.so.0": "xcb-util-renderutil",
    "libxcb-render.so.0": "libxcb",
    "libxcb-shape.so.0": "libxcb",
    "libxcb-shm.so.0": "libxcb",
    "libxcb-sync.so.1": "libxcb",
    "libxcb-util.so.1": "xcb-util",
    "libxcb-xfixes.so.0": "libxcb",
    "libxcb-xkb.so.1": "libxcb",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11",
    "libdrm.so.2": "libdrm",
    "libwayland-client.so.0": "wayland",
    "libwayland-cursor.so.0": "wayland",
    "libwayland-egl.so.1": "wayland",
    A_FONT: "ttf-dejavu",
    ENSUREPIP: "python",
}
FEDORA = {A_FONT: "dejavu-sans-fonts", ENSUREPIP: "python3-libs"}
SUSE = {A_FONT: "dejavu-fonts", ENSUREPIP: "python3-base"}


class Family(NamedTuple):
    """One family of systems: its package manager, and how that is told to install without asking.

    A library that `packages` does not name is asked for as `library`. `refresh` comes before, where that alone changes nothing that is
    installed: on Arch a fresh list of packages asks for the upgrade of the whole system, which is the person's to decide.
    """

    manager: str
    install: tuple[str, ...]
    packages: dict[str, str]
    refresh: tuple[str, ...] = ()
    library: str = "{library}()(64bit)"


APT = Family(
    "apt-get",
    ("install", "-y", "--no-install-recommends"),
    DEBIAN,
    refresh=("update", "-q"),
)
DNF = Family("dnf", ("install", "-y"), FEDORA)
ZYPPER = Family("zypper", ("--non-interactive", "install", "--no-recommends"), SUSE)
PACMAN = Family("pacman", ("-S", "--needed", "--noconfirm"), ARCH)

# What /etc/os-release calls itself, or says that it is like.
FAMILIES = {
    "debian": APT,
    "ubuntu": APT,
    "fedora": DNF,
    "rhel": DNF,
    "centos": DNF,
    "suse": ZYPPER,
    "opensuse": ZYPPER,
    "arch": PACMAN,
}
