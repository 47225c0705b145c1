"""XML of strangers: read without entities, DTD, network or huge trees, in UTF-8 or Shift_JIS, or a reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from health_programs.checkups.files.documents import Problem

MOST_BYTES = 5_000_000
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]{0,200}?\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_DOCTYPE = re.compile(rb"<!\s*(doctype|entity)", re.IGNORECASE)
_CP932 = {"shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms_kanji", "ms932"}
_UTF8 = {"utf-8", "utf8", "us-ascii", "ascii"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Tree:
    """The root, or None where a fatal problem stands."""

    root: etree._Element | None
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, name: str) -> Tree:
    """The tree of one file. name: for the words. Nothing raises."""
    if len(data) > MOST_BYTES:
        return _stop("too_large", name, "ファイルが大きすぎます。", "1件ずつのファイルか、送付元に確かめてください。")
    if not data.strip():
        return _stop("empty", name, "中身がありません。", "送付元に、もう一度送るように頼んでください。")
    # A UTF-16 text hides <!DOCTYPE behind zero bytes.
    if _DOCTYPE.search(data.replace(b"\x00", b"")):
        return _stop(
            "dtd", name, "文書型宣言か実体宣言があります。", "安全のため読みません。送付元に確かめてください。"
        )
    text, problems = _decoded(data, name)
    if text is None:
        return Tree(None, problems)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        return Tree(None, (*problems, _broken(name, line)))
    except (ValueError, UnicodeError, RecursionError):
        return Tree(None, (*problems, _broken(name, None)))
    # Undeclared entities stay as nodes of their own; a document has none.
    if next(root.iter(etree.Entity), None) is not None:
        return _stop("dtd", name, "実体の参照があります。", "安全のため読みません。送付元に確かめてください。")
    return Tree(root, problems)


def _decoded(data: bytes, name: str) -> tuple[str | None, tuple[Problem, ...]]:
    marked = data.startswith(_BOM)
    body = data[len(_BOM) :] if marked else data
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in body[:200]:
        return None, (_encoding(name, "UTF-16 など、UTF-8 でない文字コードです。"),)
    head = _DECLARATION.match(body)
    found = _ENCODING.search(head.group()) if head else None
    declared = found.group(1).decode().lower() if found else "utf-8"
    if head:  # Line numbers stay: only line breaks are left of the declaration.
        body = b"\n" * head.group().count(b"\n") + body[head.end() :]
    if declared in _CP932:
        if marked or _non_ascii_utf8(body):
            return None, (_encoding(name, "Shift_JIS と書いてありますが、中身は UTF-8 です。"),)
        codec = "cp932"
    elif declared in _UTF8:
        codec = "utf-8"
    else:
        return None, (_encoding(name, "決められていない文字コードが書いてあります。"),)
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return None, (_encoding(name, "書いてある文字コードでは読めない文字があります。", line),)
    if codec == "cp932":
        note = Problem(
            "encoding_note", name, "文字コードが Shift_JIS です（決まりは UTF-8）。", "読み取りました。送付元に知らせてください。",
            fatal=False,
        )  # fmt: skip
        return text, (note,)
    return text, ()


def _non_ascii_utf8(body: bytes) -> bool:
    try:
        return not body.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _stop(code: str, name: str, what: str, remedy: str) -> Tree:
    return Tree(None, (Problem(code, name, what, remedy),))


def _broken(name: str, line: int | None) -> Problem:
    return Problem(
        "broken", name, "XML として読めません。", "途中で切れていないか、送付元に確かめてください。", line or None
    )


def _encoding(name: str, what: str, line: int | None = None) -> Problem:
    return Problem("encoding", name, what, "UTF-8 で作り直すように、送付元に頼んでください。", line)


def local(element: etree._Element) -> tuple[str, str]:
    """(namespace, name) of an element."""
    found = etree.QName(element)
    return found.namespace or "", found.localname


def squeezed(element: etree._Element | None) -> str:
    """Text of an element and everything in it, spaces at the ends dropped, runs of them one."""
    if element is None:
        return ""
    return " ".join("".join(str(part) for part in element.itertext()).split())
