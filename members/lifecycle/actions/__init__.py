"""The only writers of 任意継続 and 年齢到達."""
