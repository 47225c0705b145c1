"""The one door out: every file passes it. How to declare one: `privacy.outputs.kinds`; people: `privacy.outputs.people`."""
