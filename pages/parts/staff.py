"""Staff on the pages: who this visitor is, the state of a page they may not use, and signing in and out.

who = staff.check("upload")
if who is None:
    return
"""

from __future__ import annotations

import streamlit as st

from pages import access
from pages.charts.text import markdown_safe
from pages.door import COOKIE
from pages.language import N_
from pages.parts import session
from pipeline import staff as people
from pipeline import staff_admin
from pipeline.staff import Claim, Person, Refused

ROLE_WORDS = {
    "viewer": N_("viewer"),
    "editor": N_("editor"),
    "reviewer": N_("reviewer"),
    "admin": N_("administrator"),
}

REFUSED_WORDS: dict[str, tuple[str, str]] = {
    "not_signed_in": (
        N_("This page is for staff."),
        N_("Sign in and open it again. All public pages work without signing in."),
    ),
    "too_old": (
        N_("Your sign-in is more than 8 hours old."),
        N_("Sign in again and go on where you were: nothing you uploaded is lost."),
    ),
    "revoked": (
        N_("Your sign-in was ended."),
        N_("Somebody signed out with it, or an administrator ended it. Sign in again."),
    ),
    "email_not_verified": (
        N_("Your e-mail address is not verified."),
        N_(
            "The identity provider has not verified it, so no invitation counts. An administrator can give a "
            "role to your sign-in number below."
        ),
    ),
    "no_role": (
        N_("You are signed in, but have no role here."),
        N_("Ask an administrator of this dashboard for one and give them your sign-in number below."),
    ),
    "role_too_low": (
        N_("Your role does not allow this."),
        N_("An administrator of this dashboard can give you another role."),
    ),
    "other_city": (
        N_("Your role does not cover this city."),
        N_("An administrator of this dashboard can change which cities you look after."),
    ),
    "other_indicator": (
        N_("Your role does not cover this indicator."),
        N_("An administrator of this dashboard can change which indicators you look after."),
    ),
    "roles_unreadable": (
        N_("The table of roles cannot be read."),
        N_("So nobody is let in until it is repaired. The public pages are not affected."),
    ),
    "unknown_act": (N_("This is nothing anybody may do here."), N_("Go back to where you came from.")),
}
"""What a refused person reads, by the code of the refusal: what is the matter, and what to do."""


def claim() -> Claim | None:
    """What this visit's sign-in says; None for an anonymous visitor. Says nothing about roles."""
    mode = access.mode()
    if mode.kind == "provider":
        info = st.user.to_dict()
        return people.claim_from_token(info) if info.get("is_logged_in") is True else None
    if mode.door is not None:
        return mode.door.claim(st.context.cookies.get(COOKIE))
    return None


def found(who: Claim | None = None) -> Person | Refused:
    """The person on this page as they are now, or why they are refused. Looked up anew at each call."""
    return people.resolve(session.settings(), who or claim())


def person() -> Person | None:
    """The person on this page when they have a role at this moment; None for everybody else."""
    who = found()
    return who if isinstance(who, Person) else None


def check(act: str) -> Person | None:
    """The first line of every staff page: the person when their role allows `act`; else None, and why is
    shown."""
    who = found()
    if isinstance(who, Refused):
        refused(who.code)
        return None
    if not who.may(act):
        refused("role_too_low")
        return None
    return who


def foot(who: Person | Refused) -> None:
    """The foot of every page where people can sign in: one quiet link, which tells staff who they are."""
    if not access.mode().is_open:
        return
    _ = session.language().gettext
    word = _("Staff: {name}", name=name_of(who)) if isinstance(who, Person) else _("Staff sign-in")
    st.page_link(session.page("staff"), label=f":small[:gray[{markdown_safe(word)}]]", query_params=kept())


def name_of(who: Person) -> str:
    """What to call a person: name, else e-mail address; whoever came by the one-time address has neither."""
    return who.name or who.email or session.language().gettext("this machine")


def kept() -> dict[str, list[str]]:
    """The language for links to staff pages; filters mean nothing there."""
    params = session.link()
    return {"lang": params["lang"]} if "lang" in params else {}


def refused(code: str = "not_signed_in") -> None:
    """The state of a page this visitor may not use: why, and what to do."""
    _ = session.language().gettext
    title, text = REFUSED_WORDS.get(code, REFUSED_WORDS["not_signed_in"])
    st.title(_(title), anchor=False)
    with st.container(border=True):
        st.markdown(f":material/lock: {_(text)}")
        who = claim()
        if who is not None and code in ("no_role", "email_not_verified"):
            st.code(who.person_id, language=None, wrap_lines=True)


def door() -> None:
    """The page behind the link at the foot: sign in, or who is signed in and what they may do; sign out."""
    mode = access.mode()
    _ = session.language().gettext
    who = found()
    if isinstance(who, Person):
        _welcome(who)
    elif who.code == "not_signed_in":
        st.title(_("Staff sign-in"), anchor=False)
        st.markdown(
            _(
                "For city staff who upload figures. All public pages work without signing in, and nothing is "
                "hidden."
            )
        )
    else:
        refused(who.code)
    if "signin" in st.query_params and not isinstance(who, Person):
        _unreachable()
    if isinstance(who, Person):
        st.button(_("Sign out"), icon=":material/logout:", on_click=_leave, args=(who.claim,))
    elif mode.kind == "provider":
        st.button(
            _("Sign in"),
            icon=":material/login:",
            type="primary",
            on_click=st.login,
            args=() if mode.provider is None else (mode.provider,),
        )
    else:
        st.info(
            _(
                "Whoever started this dashboard finds a one-time address in the window where it was started. "
                "Opening it on the same machine signs you in."
            ),
            icon=":material/terminal:",
        )


def _leave(who: Claim) -> None:
    """Sign out: this sign-in counts no longer anywhere, whoever keeps its cookie."""
    staff_admin.leave(session.settings(), who)
    if access.mode().kind == "provider":
        st.logout()


def _unreachable() -> None:
    _ = session.language().gettext
    st.warning(
        _(
            "The sign-in did not succeed: the identity provider did not answer or refused it. There is no "
            "other way in; try again in a few minutes. The public pages are not affected."
        ),
        icon=":material/cloud_off:",
    )


def _welcome(who: Person) -> None:
    lang = session.language()
    _ = lang.gettext
    st.title(_("Signed in as {name}", name=name_of(who)), anchor=False)
    names = session.city_names()
    cities = (
        _("all cities")
        if who.cities is None
        else lang.listed(sorted(names.get(city, city) for city in who.cities))
    )
    st.markdown(
        markdown_safe(
            _("Your role: {role}. It covers {cities}.", role=_(ROLE_WORDS[who.role]), cities=cities)
        )
    )
    st.caption(_("Your sign-in number: {number}", number=markdown_safe(who.person_id)))
    st.caption(
        _(
            "A sign-in lasts 8 hours. What you upload, publish or take back is recorded with your name and "
            "the number of your sign-in."
        )
    )
