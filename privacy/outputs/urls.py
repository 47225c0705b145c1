"""Addresses of the screens of ファイルの受け渡し."""

app_name = "outputs"

urlpatterns: list = []
