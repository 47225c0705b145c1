"""How the screens of this app say what they hold."""
