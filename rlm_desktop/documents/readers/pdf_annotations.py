"""What was put onto the pages of a PDF document: the filled fields of its form, and remarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# Version 5.15 says nothing of its types.
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from rlm_desktop.documents.readers.pdf_file import Handle, string_of

_MAX_ON_PAGE: Final = 2_000
_NO_REMARKS: Final = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_WIDGET})
_BUTTONS: Final = frozenset({pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON})
_FILLED: Final = frozenset({pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX})


class Forms:
    """`form` is pdfium's handle of the form, false where the document has none."""

    def __init__(self, form: Handle) -> None:
        self._form = form

    def lines(self, page: Handle) -> list[str]:
        """Return a line for each field that holds something (`[Field Name: value]`) and each remark (`[Remark by Name: text]`)."""
        lines = []
        for number in range(min(_MAX_ON_PAGE, pdfium.FPDFPage_GetAnnotCount(page))):
            annotation = pdfium.FPDFPage_GetAnnot(page, number)
            if not annotation:
                continue
            try:
                lines.append(self._annotation(annotation))
            finally:
                pdfium.FPDFPage_CloseAnnot(annotation)
        return [line for line in lines if line]

    def _annotation(self, annotation: Handle) -> str:
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            return self._field(annotation) if self._form else ""
        if kind in _NO_REMARKS:
            return ""
        text = _line(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents")
        author = _line(pdfium.FPDFAnnot_GetStringValue, annotation, b"T")
        return f"[Remark{f' by {author}' if author else ''}: {text}]" if text else ""

    def _field(self, annotation: Handle) -> str:
        kind = pdfium.FPDFAnnot_GetFormFieldType(self._form, annotation)
        if kind in _BUTTONS:
            if not pdfium.FPDFAnnot_IsChecked(self._form, annotation):
                return ""
            value = _line(pdfium.FPDFAnnot_GetFormFieldExportValue, self._form, annotation) or "Yes"
        elif kind in _FILLED:
            value = _line(pdfium.FPDFAnnot_GetFormFieldValue, self._form, annotation)
        else:
            return ""
        name = _line(pdfium.FPDFAnnot_GetFormFieldAlternateName, self._form, annotation)
        name = name or _line(pdfium.FPDFAnnot_GetFormFieldName, self._form, annotation)
        return f"[Field {name}: {value}]" if value else ""


@contextmanager
def forms_of(document: Handle) -> Iterator[Forms]:
    """Make the form of a document known to pdfium, before its pages are loaded. Scripts in it never run: pdfium comes without them."""
    if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_NONE:
        yield Forms(None)
        return
    info = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, info)
    try:
        yield Forms(form)
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def _line(function: Callable[..., int], *arguments: object) -> str:
    return " ".join(string_of(function, *arguments).split())
