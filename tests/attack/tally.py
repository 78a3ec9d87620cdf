"""What an attack counts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """How many cases were looked at, and each that was not as it should be."""

    checked: int = 0
    faults: list[str] = field(default_factory=list)

    def see(self, good: bool, what: str, text: str, got: object = "") -> None:
        """Count a case; keep it where it is a fault."""
        self.checked += 1
        if not good:
            self.faults.append(f"{what}: {text[:120]!r} became {str(got)[:160]!r}")

    def add(self, other: Tally) -> None:
        """Take over the cases of another."""
        self.checked += other.checked
        self.faults += other.faults
