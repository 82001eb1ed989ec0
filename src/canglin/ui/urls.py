"""Addresses of the ui room."""

from django.urls import path
from django.views.i18n import set_language

from canglin.ui import pages

app_name = "ui"
urlpatterns = [
    path("ui/", pages.gallery, name="gallery"),
    path("ui/job/", pages.job, name="job"),
    path("ui/language/", set_language, name="set_language"),
]
