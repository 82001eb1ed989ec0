"""Addresses of the rulebook."""

from django.urls import path

from canglin.rulebook import pages

app_name = "rulebook"
urlpatterns = [
    path("rulebook/", pages.RulePage.as_view(), name="rules"),
    path("rulebook/<str:code>/", pages.rule, name="rule"),
    path("rulebook/<str:code>/<int:number>/", pages.change, name="change"),
]
