"""check/disk on this host's root, and on a small file system of the test's own, filled and emptied."""

import os
import pathlib
import subprocess
import unittest

from check_case import CheckCase, check, is_root, samples

# Mounts the file system in a namespace of its own, so that nothing is left behind.
ENTER = """#!/bin/sh
[ "$1" = run ] || exec {shoal} "$@"
exec unshare {flags} sh -c 'mount -t tmpfs -o size=4m,nr_inodes=100 none {disk} && exec {shoal} "$@"' \
  shoal "$@"
"""
FLAGS = "--mount" if is_root() else "--mount --map-root-user"


class Root(CheckCase):
    def test_has_four_states(self):
        self.run_checks(check("fine", "disk", mount_points=["/"], warning="1B", critical="~:100%"),
                        check("low", "disk", mount_points=["/"], warning="100.1%"),
                        check("full", "disk", mount_points=["/"], critical="100.1%:"),
                        check("gone", "disk", mount_points=["/nonexistent"], critical="1%"),
                        check("all", "disk", critical="1B"))

        fine = self.becomes("fine", "OK", "/: ")
        root = os.statvfs("/")
        self.assertAlmostEqual(samples(fine)["disk.fine.free"], root.f_bavail * root.f_frsize,
                               delta=1 << 30)
        self.assertEqual(fine["samples"][0]["labels"], {"mount_point": "/"})
        self.becomes("low", "WARNING")
        self.becomes("full", "CRITICAL")
        self.becomes("gone", "UNKNOWN", "/nonexistent: nothing is mounted there")
        self.assertIn("/: ", self.result("all")["text"])

    def test_is_refused_with_a_threshold_that_cannot_be_read(self):
        self.assert_refused(check("bad", "disk", warning="5"),
                            'options.warning: expected a part like "10%", a size like "5GiB" or a '
                            'range of them, got "5"')


class SmallDisk(CheckCase):
    def setUp(self):
        super().setUp()
        answer = subprocess.run(["unshare", *FLAGS.split(), "mount", "-t", "tmpfs", "none", "/mnt"],
                                capture_output=True, text=True)
        if answer.returncode != 0:
            self.skipTest(f"this host lets nobody mount in a namespace: {answer.stderr}")

    def run_on_small_disk(self, *sections):
        disk = self.folder / "disk"
        disk.mkdir()
        enter = self.write("enter", "")
        agent = self.agent(starts=False)
        enter.write_text(ENTER.format(shoal=agent.shoal, flags=FLAGS, disk=disk))
        enter.chmod(0o755)
        self.run_checks(*(section.replace("DISK", str(disk)) for section in sections),
                        program=enter)
        return pathlib.Path(f"/proc/{self.running.process.pid}/root{disk}")

    def test_changes_with_what_is_on_it(self):
        disk = self.run_on_small_disk(
            check("space", "disk", mount_points=["DISK"], warning="2MiB", critical="25%"),
            check("inodes", "disk", mount_points=["DISK"], warning_inodes="50%",
                  critical_inodes="10%:"))

        self.becomes("space", "OK", "100.0% free (4.0 MiB of 4.0 MiB)")
        self.becomes("inodes", "OK")
        (disk / "some").write_bytes(bytes(2_500_000))
        self.becomes("space", "WARNING")
        (disk / "more").write_bytes(bytes(1_000_000))
        self.becomes("space", "CRITICAL")
        (disk / "some").unlink()
        self.becomes("space", "OK")

        for number in range(60):
            (disk / f"empty{number}").touch()
        self.becomes("inodes", "WARNING")
        for number in range(60, 95):
            (disk / f"empty{number}").touch()
        self.becomes("inodes", "CRITICAL")
        self.becomes("space", "OK")


if __name__ == "__main__":
    unittest.main()
