"""No models of its own: this module lets Django send post_migrate for the app, which builds the wall."""
