"""The USB side of the harness: umockdev's devices, one pseudo-terminal a unit, and the policy file.

Runs under umockdev-wrapper with Debian's Python. Reads one JSON command a line from standard input:
{"plug": "ttyACM0", "serial": "…"} and {"unplug": "ttyACM0"}; answers each with one JSON line. Of a
plugged unit the bytes go to the stream socket <name>.data in the directory given as argument 1.
Argument 2 is the page's origin, argument 3 the policy file: it exists only while this process
lives, and this process ends when its standard input does, so a killed test leaves nothing behind.
Knows nothing of the chip or of RFC 2217.
"""

import json
import os
import pathlib
import select
import shutil
import signal
import socket
import sys
import threading
import tty

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

# Chromium lists only character devices whose number /proc/tty/drivers gives to a serial driver;
# some kernels have just one such number. It tells devices apart by path, so all units bear it.
TTY_MAJOR, TTY_MINOR = 4, 64
# The USB-Serial-JTAG port of an ESP32-S3.
VENDOR, PRODUCT = "303a", "1001"


class Unit:
    """One plugged unit: a pseudo-terminal whose master is pumped to the data socket."""

    def __init__(self, directory: pathlib.Path, name: str) -> None:
        self.link = directory / name
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.peer.connect(str(directory / f"{name}.data"))
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self.slave))
        # written to when the unit is to be pulled: wakes the pump
        self.stop_read, self.stop_write = os.pipe()
        self.thread = threading.Thread(target=self.pump, daemon=True)
        self.thread.start()

    def pump(self) -> None:
        while True:
            ready, _, _ = select.select([self.master, self.peer, self.stop_read], [], [])
            if self.stop_read in ready:
                return
            try:
                if self.master in ready:
                    self.peer.sendall(os.read(self.master, 65536))
                if self.peer in ready:
                    data = self.peer.recv(65536)
                    if not data:
                        return
                    while data:
                        data = data[os.write(self.master, data) :]
            except OSError:
                return

    def pull(self) -> None:
        self.link.unlink(missing_ok=True)
        os.write(self.stop_write, b"x")
        self.thread.join(2)
        self.peer.close()
        for fd in (self.slave, self.master, self.stop_read, self.stop_write):
            os.close(fd)


class Testbed:
    """umockdev's tree of devices."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.testbed = UMockdev.Testbed.new()
        self.units: dict[str, tuple[Unit, list[str]]] = {}

    def plug(self, name: str, serial: str) -> None:
        unit = Unit(self.directory, name)
        usb = self.testbed.add_device(
            "usb",
            f"usb-{name}",
            None,
            ["idVendor", VENDOR, "idProduct", PRODUCT, "serial", serial],
            ["DEVTYPE", "usb_device", "ID_VENDOR_ID", VENDOR, "ID_MODEL_ID", PRODUCT],
        )
        terminal = self.testbed.add_device(
            "tty",
            name,
            usb,
            [],
            [
                *("DEVNAME", f"/dev/{name}"),
                *("MAJOR", str(TTY_MAJOR), "MINOR", str(TTY_MINOR)),
                *("ID_VENDOR_ID", VENDOR, "ID_MODEL_ID", PRODUCT, "ID_BUS", "usb"),
                *("ID_MODEL", "USB_JTAG_serial_debug_unit", "ID_SERIAL_SHORT", serial),
            ],
        )
        self.units[name] = (unit, [terminal, usb])

    def unplug(self, name: str) -> None:
        unit, paths = self.units.pop(name)
        for path in paths:
            self.testbed.uevent(path, "remove")
        unit.pull()
        for path in paths:
            self.testbed.remove_device(path)


def serve(testbed: Testbed) -> None:
    for line in sys.stdin:
        command = json.loads(line)
        try:
            if "plug" in command:
                testbed.plug(command["plug"], command.get("serial", ""))
            else:
                testbed.unplug(command["unplug"])
            print(json.dumps({"ok": True}), flush=True)
        except Exception as error:  # the answer carries it to the test
            print(json.dumps({"ok": False, "error": repr(error)}), flush=True)


def main() -> None:
    directory, origin, policy = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    testbed = Testbed(directory)
    policy.parent.mkdir(parents=True, exist_ok=True)
    policy.write_text(json.dumps({"SerialAllowAllPortsForUrls": [origin]}))
    try:
        print(json.dumps({"umockdev_dir": testbed.testbed.get_root_dir()}), flush=True)
        serve(testbed)
    finally:
        policy.unlink(missing_ok=True)
        shutil.rmtree(directory, ignore_errors=True)


main()
