"""Addresses of people, applications, one's own account and the audit trail."""

from django.urls import path

from canglin.accounts.pages import applications, audit, own, people

app_name = "accounts"
urlpatterns = [
    path("people/", people.PeoplePage.as_view(), name="people"),
    path("people/new/", people.new, name="new_person"),
    path("people/of/<str:username>/", people.person, name="person"),
    path("people/of/<str:username>/state/", people.switch, name="switch_person"),
    path("people/of/<str:username>/unlock/", people.unlock, name="unlock_person"),
    path("people/of/<str:username>/reset/", people.reset, name="reset_password"),
    path("applications/", applications.ApplicationsPage.as_view(), name="applications"),
    path("applications/new/", applications.new, name="new_application"),
    path("applications/of/<slug:appid>/", applications.application, name="application"),
    path("applications/of/<slug:appid>/state/", applications.switch, name="switch_application"),
    path("applications/of/<slug:appid>/rotate/", applications.rotate, name="rotate_application"),
    path("audit/", audit.AuditPage.as_view(), name="audit"),
    path("audit/<int:number>/", audit.entry, name="audit_entry"),
    path("account/password/", own.password, name="password"),
    path("account/tokens/", own.tokens, name="tokens"),
    path("account/tokens/<int:number>/revoke/", own.revoke, name="revoke_token"),
]
