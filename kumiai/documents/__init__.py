"""PDF documents typeset by typst from templates and data."""
