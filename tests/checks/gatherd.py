"""The real program in a directory of its own, for checks that need it to post."""

import pathlib
import subprocess
import tempfile


class Gatherd:
    """A configuration and a database, driven through the program as a shell would."""

    def __init__(self, program: str, channel: str, more: str = "") -> None:
        self.program = str(pathlib.Path(program).resolve())
        self._place = tempfile.TemporaryDirectory(prefix="gatherd-check-")
        self.place = pathlib.Path(self._place.name)
        self.configure(channel, more)

    def configure(self, channel: str, more: str = "") -> None:
        (self.place / "gatherd.toml").write_text(f"{more}\n{channel}\n", encoding="utf-8")

    def run(self, *words: str, code: int = 0) -> str:
        ran = subprocess.run(
            [self.program, *words], cwd=self.place, capture_output=True, text=True, timeout=300, check=False
        )
        said = ran.stdout + ran.stderr
        assert ran.returncode == code, f"gatherd {' '.join(words)} exited {ran.returncode}:\n{said}"
        return said

    def demo(self) -> "Demo":
        return Demo(self)


class Demo:
    """The simulated Meetup of `gatherd demo`, served while this is open."""

    def __init__(self, gatherd: Gatherd) -> None:
        words = [gatherd.program, "demo", "--groups", "40", "--database", str(gatherd.place / "demo.db")]
        self.process = subprocess.Popen(
            words, cwd=gatherd.place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> str:
        """The part of a configuration that names it."""
        line = self.process.stdout.readline()
        endpoint = next(word for word in line.split() if word.startswith("http")).rstrip(".")
        return (
            f'[meetup]\nendpoint = "{endpoint}"\naccess_token = "trial-access-token"\n'
            'points_per_minute = 100000\n[[network]]\nurlname = "lanternfish"\n'
        )

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.stdout.close()
        self.process.wait(timeout=60)
