"""How much memory a process and its children took at most, as code for a process of a test's own."""

from __future__ import annotations

# In kilobytes.  Not ru_maxrss of the process itself: that one counts the memory of whoever started it (Linux keeps it
# over exec), and a test's process is large.
PEAK = """
import resource, re
from pathlib import Path
most = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
most = max(most, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(most)
"""
