"""The notebooks run from top to bottom and show what their cells give, as text alone.

After a wanted change, write their outputs anew with ``KNEEWATCH_WRITE_GOLDEN=1 pytest
tests/test_notebooks.py`` and read the difference before committing it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def test_there_are_notebooks() -> None:
    assert [path.name for path in NOTEBOOKS] == [
        "01_first_look.ipynb",
        "02_downhill.ipynb",
        "03_load.ipynb",
    ]


@each
def test_nothing_from_memory_is_printed(path: Path) -> None:
    """That the zones of the ratio come from team sports nobody here has read (EVIDENCE 14)."""
    assert "team sport" not in path.read_text("utf-8").lower()


def shown(cell: Any) -> list[dict[str, Any]]:
    """Outputs of a cell as they are kept: what it prints, and its value in plain text."""
    kept = []
    for out in cell.outputs:
        if out.output_type == "stream" and out.name == "stdout":
            kept.append({"output_type": "stream", "name": "stdout", "text": out.text})
        elif out.output_type == "execute_result":
            told = {"text/plain": out.data["text/plain"]}
            kept.append(
                {
                    "output_type": "execute_result",
                    "data": told,
                    "execution_count": cell.execution_count,
                    "metadata": {},
                }
            )
    return kept


@pytest.mark.filterwarnings("default")  # the kernel's own libraries warn
@each
def test_runs_from_top_to_bottom_and_shows_what_it_gives(path: Path) -> None:
    written = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}})
    client.execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert any("image/png" in out.get("data", {}) for cell in code for out in cell.outputs)
    for before, cell in zip(written.cells, notebook.cells, strict=True):
        if cell.cell_type == "code":
            before.outputs = [nbformat.from_dict(out) for out in shown(cell)]
            before.execution_count = cell.execution_count
    if os.environ.get("KNEEWATCH_WRITE_GOLDEN"):
        nbformat.write(written, path)
    assert nbformat.read(path, as_version=4).cells == written.cells


@each
def test_outputs_are_small_and_of_no_machine(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    outputs = [out for cell in cells for out in cell.get("outputs", ())]
    assert len(outputs) >= 5
    text = "\n".join(str(out) for out in outputs)
    assert "image/png" not in text
    assert "text/html" not in text
    assert not re.search(r"(^|[\s'\"(])/(?!km\b)\w+/|[A-Z]:\\\\|\b0x[0-9a-f]{6}", text)
    assert path.stat().st_size < 40_000
