"""Addresses of the posts."""

from django.urls import path

from vardnara.apps.staffing.views import files, posts

app_name = "staffing"
urlpatterns = [
    path("tjanster/", posts.posts, name="posts"),
    path("tjanster/lista.<str:kind>", files.export, name="export"),
    path("tjanster/mall.csv", files.template, name="template"),
    path("tjanster/inlasning/", files.imports, name="imports"),
    path("tjanster/ny/", posts.post_new, name="post_new"),
    path("tjanster/<int:post_id>/", posts.post, name="post"),
    path("tjanster/<int:post_id>/andra/", posts.post_change, name="post_change"),
    path("tjanster/<int:post_id>/avsluta/", posts.post_end, name="post_end"),
    path("tjanster/<int:post_id>/finansiering/", posts.funding, name="funding"),
]
