"""A virtual machine whose screen can be saved and whose serial line is a root shell."""
import json, re, socket, subprocess, sys, time

# Fused multiplication and AVX2 are emulated so slowly that photos never get done; a processor with BMI2 or the wide
# AES instructions but without AVX2 does not exist, and libgcrypt's SHA-1 runs into an illegal instruction on one.
CPU = "max,fma=off,avx2=off,bmi2=off,vaes=off,vpclmulqdq=off"


def connect(path):
    deadline = time.monotonic() + 30
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
            return line
        except OSError:
            line.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


class Machine:
    """Boots `disk.img` in the folder `out` with `vmlinuz` and `initrd` from there; `patience` is in seconds."""

    def __init__(self, out, patience):
        self.out, self.patience = out, patience
        for name in ("qmp", "serial"):
            (out / name).unlink(missing_ok=True)
        self.qemu = subprocess.Popen([
            "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", CPU, "-smp", "2", "-m", "2560",
            "-nodefaults", "-kernel", out / "vmlinuz", "-initrd", out / "initrd",
            "-append", "root=/dev/vda rw quiet console=ttyS0 systemd.show_status=false",
            "-drive", f"file={out / 'disk.img'},format=raw,if=virtio,cache=writeback",
            "-nic", "user,model=virtio-net-pci", "-device", "qemu-xhci",
            "-device", "virtio-vga,xres=1280,yres=800", "-display", "none",
            "-qmp", f"unix:{out / 'qmp'},server=on,wait=off",
            "-serial", f"unix:{out / 'serial'},server=on,wait=off"])
        self.qmp = connect(out / "qmp").makefile("rw")
        self.qmp.readline()
        self.monitor("qmp_capabilities")
        self.serial = connect(out / "serial")
        self.serial.settimeout(2)
        self.seen = 0

    def end(self):
        self.qemu.kill()
        self.qemu.wait()

    def monitor(self, command, **arguments):
        self.qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.qmp.flush()
        while True:
            answer = json.loads(self.qmp.readline())
            if "return" in answer or "error" in answer:
                return answer

    def plug_in(self, image):
        """A USB stick with this image on it."""
        self.monitor("blockdev-add", **{"node-name": "stick", "driver": "raw",
                                        "file": {"driver": "file", "filename": str(image)}})
        answer = self.monitor("device_add", driver="usb-storage", id="stick", drive="stick")
        assert "return" in answer, answer

    def pull_out(self):
        self.monitor("device_del", id="stick")

    def screen(self, name):
        self.monitor("screendump", filename=str(self.out / f"{name}.png"), format="png")

    def shell(self, command, patience=60):
        """The output of a command on the guest's serial line, or None when nothing answers."""
        self.seen += 1
        mark = f"mark{self.seen}"
        self.serial.sendall(f"{command}; echo {mark}''end\n".encode())
        text, deadline = "", time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                text += self.serial.recv(65536).decode(errors="replace")
            except TimeoutError:
                continue
            if f"{mark}end" in text:
                # Without the echo of what was typed.
                return text.split(f"{mark}end")[0].split(f"{mark}''end", 1)[-1]
        return None

    def until(self, what, command, pattern, pause=3):
        started = time.monotonic()
        answer = None
        while time.monotonic() - started < self.patience:
            answer = self.shell(command)
            if answer and re.search(pattern, answer):
                print(f"ok: {what}, {time.monotonic() - started:.0f} s under emulation", flush=True)
                return answer
            time.sleep(pause)
        self.screen("failed")
        print(self.shell("systemctl --no-pager --full status szz-kiosk; journalctl -b --no-pager | tail -n 60"))
        sys.exit(f"FAILED: {what}: {answer}")
