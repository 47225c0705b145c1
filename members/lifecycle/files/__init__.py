"""What the letters of 任意継続 and 年齢到達 say."""
