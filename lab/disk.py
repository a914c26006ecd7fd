# SPDX-License-Identifier: GPL-2.0-only
"""Banyan's own disk for the guests: scripts, modules, tools, tests. It is made anew at the lab's
start when one of them has changed; the large disks (scripts/image.sh) never depend on them.

	/opt/banyan/lab, tests, bin	from the source tree and $BUILD
	/usr/lib/modules/KVER		Banyan's modules and depmod's tables for them and the kernel's
"""

import fcntl
import glob
import io
import json
import os
import shutil
import subprocess
import tarfile

from vm import LabError

# Guest path, and where its files come from: {top} the source tree, {build} the build tree
TREES = (
    ("opt/banyan/lab", "{top}/lab"),
    ("opt/banyan/tests", "{top}/tests"),
    ("opt/banyan/tests", "{build}/tests"),
    ("opt/banyan/bin", "{build}/tools"),
)
LINKS = {"usr/local/bin/tenant": "/opt/banyan/lab/tenant"}
SKIPPED_DIRS = {"__pycache__", ".git"}
SKIPPED_SUFFIXES = (".o", ".d", ".tmp", ".cmd")


def module_files(directory):
    """Banyan's modules, as built there"""
    return sorted(glob.glob(f"{glob.escape(directory)}/**/*.ko", recursive=True))


def files(top, build):
    """Yields (path in the guest, path here) of everything but the modules"""
    for guest, source in TREES:
        source = source.format(top=top, build=build)
        for directory, subdirs, names in os.walk(source, followlinks=True):
            subdirs[:] = sorted(name for name in subdirs
                                if name not in SKIPPED_DIRS and not name.endswith(".d"))
            for name in sorted(names):
                path = os.path.join(directory, name)
                # an editor's lock is a link to nowhere
                if not name.endswith(SKIPPED_SUFFIXES) and os.path.isfile(path):
                    yield os.path.join(guest, os.path.relpath(path, source)), path


def fingerprint(paths):
    """What tells whether the disk is still up to date"""
    stats = [(path, os.stat(path)) for path in paths]
    return json.dumps([[path, stat.st_mtime_ns, stat.st_size, stat.st_mode]
                       for path, stat in stats])


def install_modules(tree, modules):
    """Put the modules beside the kernel's in @tree, with new tables; tables' and modules' paths"""
    kver, = os.listdir(f"{tree}/lib/modules")
    for module in modules:
        magic = subprocess.run(["modinfo", "-F", "vermagic", module], capture_output=True, text=True).stdout
        if magic.split(" ")[0] != kver:
            raise LabError(f"{module} is for Linux {magic.split(' ')[0]}, not {kver}: build it for that")
    base = f"{tree}/lib/modules/{kver}"
    shutil.rmtree(f"{base}/updates", ignore_errors=True)
    os.makedirs(f"{base}/updates")
    for module in modules:
        shutil.copy(module, f"{base}/updates")
    result = subprocess.run(["depmod", "-b", tree, kver], capture_output=True, text=True)
    if result.returncode:
        raise LabError(f"depmod failed: {result.stderr.strip()}")
    return [(f"usr/lib/modules/{kver}/{os.path.relpath(path, base)}", path)
            for path in sorted(glob.glob(f"{base}/modules.*") + glob.glob(f"{base}/updates/*"))]


def write(disk, members):
    """Squash (guest path, path here) pairs into the file @disk"""
    squash = subprocess.Popen(["tar2sqfs", "-q", "-f", "-c", "lz4", disk + ".tmp"],
                              stdin=subprocess.PIPE)
    made = set()

    def owned_by_root(info):
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        return info

    with squash.stdin, tarfile.open(fileobj=squash.stdin, mode="w|") as tar:
        def make_dirs(path):
            if not path or path in made:
                return
            make_dirs(os.path.dirname(path))
            made.add(path)
            info = tarfile.TarInfo(path)
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(info)

        written = set()
        for guest, path in members:
            if guest in written:
                continue
            written.add(guest)
            make_dirs(os.path.dirname(guest))
            with open(path, "rb") as file:
                data = file.read()
            info = owned_by_root(tarfile.TarInfo(guest))
            info.size, info.mode = len(data), os.stat(path).st_mode & 0o755 | 0o444
            tar.addfile(info, io.BytesIO(data))
        for guest, target in LINKS.items():
            make_dirs(os.path.dirname(guest))
            info = owned_by_root(tarfile.TarInfo(guest))
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
    if squash.wait():
        raise LabError("tar2sqfs failed")
    os.rename(disk + ".tmp", disk)


def make(top, build, kernel, module_dir):
    """The path of the disk for @kernel, with the modules below @module_dir, made anew if need be"""
    for tool in ("tar2sqfs", "depmod", "modinfo"):
        if not shutil.which(tool):
            raise LabError(f"{tool} is missing: run 'make setup', or install it by hand")
    image = f"{build}/image/{kernel}"
    disk = f"{image}/banyan.squashfs"
    with open(f"{image}/.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        members = list(files(top, build))
        modules = module_files(module_dir)
        state = fingerprint([path for _, path in members] + modules + [f"{image}/kernel.squashfs"])
        try:
            with open(disk + ".state") as file:
                if os.path.exists(disk) and file.read() == state:
                    return disk
        except FileNotFoundError:
            pass
        write(disk, members + install_modules(f"{image}/tree", modules))
        with open(disk + ".state", "w") as file:
            file.write(state)
    return disk
