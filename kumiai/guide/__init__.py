"""使い方: the clerks' guide of docs/guide, shown in the portal."""
