"""Formats: bytes in, documents and problems out; documents in, bytes out. Pure; no Django."""
