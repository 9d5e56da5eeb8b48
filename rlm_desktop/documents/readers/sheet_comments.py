"""What people remarked on the cells of an Excel workbook, which calamine does not read."""

from __future__ import annotations

from rlm_desktop.documents.readers.openxml import Package
from rlm_desktop.documents.readers.xml_tree import child, inside, number, text_of


def sheet_comments(package: Package, sheet: str) -> tuple[str, ...]:
    """Return the comments on a sheet's cells, such as `B2 Ann: Sure?`, by the name of the sheet's part."""
    found: dict[str, list[str]] = {}
    threads: dict[str, list[str]] = {}
    for relation in package.relations(sheet).values():
        if relation.part not in package:
            continue
        if relation.kind == "comments":
            root = package.tree(relation.part)
            authors = [text_of(author) for author in inside(root, "author")]
            for comment in inside(root, "comment"):
                at, text = number(comment.get("authorId"), -1), child(comment, "text")
                author = authors[at] if 0 <= at < len(authors) and authors[at] else "Somebody"
                if text is not None:
                    place = comment.get("ref") or ""
                    found.setdefault(place, []).append(f"{place} {author}: {text_of(text)}")
        elif relation.kind == "threadedComment":
            for comment in inside(package.tree(relation.part), "threadedComment"):
                text, place = child(comment, "text"), comment.get("ref") or ""
                threads.setdefault(place, []).append(f"{place}: {text_of(text) if text is not None else ''}")
    # For programs that know no threads each has a comment too, which begins with a word to their users.
    return tuple(line for lines in (found | threads).values() for line in lines)
