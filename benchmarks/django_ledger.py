"""The ledger page as a Django programmer would plainly write it: its ORM, its templates, the same database, the same rows.

Served with `uvicorn --interface wsgi`; `LEDGER_DATABASE` names the SQLite file.
"""

import os
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import django
from django.conf import settings

_HERE = Path(__file__).resolve().parent
settings.configure(
    DEBUG=False, SECRET_KEY="figures-only",  # noqa: S106 (signs nothing)
    ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True,
    INSTALLED_APPS=["heroicons", "benchmarks.django_app.LedgerConfig"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware",
                "django.middleware.clickjacking.XFrameOptionsMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["LEDGER_DATABASE"],
                           "CONN_MAX_AGE": None}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [_HERE / "django_templates"],
                "OPTIONS": {"libraries": {"ledger": f"{__name__}"}}}],
)  # fmt: skip
django.setup()

from django import template  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Min, Q  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import redirect, render  # noqa: E402
from django.urls import path  # noqa: E402

from office.cases.case_filter import DUES, leads  # noqa: E402
from states import parties as p  # noqa: E402
from states.registry import PROCEDURES  # noqa: E402
from web.frame import NAVIGATION  # noqa: E402
from web.pages.all_cases import COLUMNS, SIZES, USUAL  # noqa: E402
from workflow import clock  # noqa: E402

register = template.Library()


class Organ(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        app_label, managed, db_table = "ledger", False, "organ"


class Account(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    organ = models.ForeignKey(Organ, models.DO_NOTHING)

    class Meta:
        app_label, managed, db_table = "ledger", False, "account"


class SignIn(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    account = models.ForeignKey(Account, models.DO_NOTHING)
    csrf = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label, managed, db_table = "ledger", False, "sign_in"


class Mine(models.Model):
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    holder = models.CharField(max_length=200)
    mineral = models.CharField(max_length=60)
    township_id = models.CharField(max_length=60)
    facts = models.JSONField()
    demo = models.BooleanField()

    class Meta:
        app_label, managed, db_table = "ledger", False, "mine"


class Permit(models.Model):
    mine = models.ForeignKey(Mine, models.DO_NOTHING)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)

    class Meta:
        app_label, managed, db_table = "ledger", False, "permit"


class Case(models.Model):
    number = models.CharField(max_length=60)
    mine = models.ForeignKey(Mine, models.DO_NOTHING)
    procedure = models.CharField(max_length=60)
    state = models.CharField(max_length=60)
    facts = models.JSONField()
    subject = models.CharField(max_length=60)
    opened_on = models.DateField()
    entered_on = models.DateField()
    closed_on = models.DateField(null=True)
    suspended_on = models.DateField(null=True)

    class Meta:
        app_label, managed, db_table = "ledger", False, "proceeding"


class Deadline(models.Model):
    case = models.ForeignKey(Case, models.DO_NOTHING)
    due_on = models.DateField(null=True)
    provisional = models.BooleanField()
    status = models.CharField(max_length=20)

    class Meta:
        app_label, managed, db_table = "ledger", False, "deadline"


class Opinion(models.Model):
    organ_id = models.CharField(max_length=60)
    answer = models.CharField(max_length=60, null=True)

    class Meta:
        app_label, managed, db_table = "ledger", False, "opinion"


class OpenValue(models.Model):
    value = models.CharField(max_length=200, null=True)

    class Meta:
        app_label, managed, db_table = "ledger", False, "open_value"


class Notice(models.Model):
    status = models.CharField(max_length=20)

    class Meta:
        app_label, managed, db_table = "ledger", False, "notice"


class Setting(models.Model):
    name = models.CharField(primary_key=True, max_length=60)
    value = models.JSONField()

    class Meta:
        app_label, managed, db_table = "ledger", False, "setting"


@register.filter
def tone(days: int | None) -> str:
    if days is None:
        return "plain"
    return "late" if days < 0 else "soon" if days <= 30 else "fine"


@register.filter(name="days")
def days_words(days: int) -> str:
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"剩余 {days} 天"


def ledger(request: HttpRequest) -> HttpResponse:
    """Sign-in, counts beside the navigation, and fifty rows with their mines, deadlines and permits."""
    key = sha256(request.COOKIES.get("minecase", "").encode()).hexdigest()
    signed_in = SignIn.objects.select_related("account__organ").filter(id=key, ended_at=None).first()
    if signed_in is None:
        return redirect("/sign-in")
    today = clock.today()
    open_cases = Case.objects.filter(closed_on=None).annotate(
        due_on=Min("deadline__due_on", filter=Q(deadline__status="open"))
    )
    found = (
        open_cases.select_related("mine").prefetch_related("deadline_set", "mine__permit_set")
        .order_by("due_on", "id")[:50]
    )  # fmt: skip
    organs = dict(Organ.objects.values_list("id", "name"))
    plan = Setting.objects.get(name="plan").value
    counts = _counts(signed_in.account)
    return render(request, "ledger.html", {
        "rows": [_row(case, today, organs, plan) for case in found], "plan": plan, "today": today, "weekday": "星期一",
        "person": signed_in.account, "csrf": signed_in.csrf, "path": "/cases", "counts": counts,
        "navigation": _navigation(counts), "choosers": _choosers(organs), "columns": set(USUAL),
        "all_columns": COLUMNS.items(), "sizes": SIZES, "total": Case.objects.filter(closed_on=None).count(),
        "late": open_cases.filter(due_on__lt=today, suspended_on=None).count(),
        "soon": open_cases.filter(due_on__range=(today, today + timedelta(days=30)), suspended_on=None).count(),
    })  # fmt: skip


def _counts(account: Account) -> dict[str, int]:
    waiting = Q(procedure="intake", state="registered") | Q(procedure__in=("closure", "guided_exit"), state="restored")
    return {
        "todo": Case.objects.filter(waiting, closed_on=None).count(),
        "opinions": Opinion.objects.filter(organ_id=account.organ_id, answer=None).count(),
        "open_values": OpenValue.objects.filter(value=None).count(),
        "doubtful": Notice.objects.filter(status__in=("doubtful", "dead", "no_contact")).count(),
    }


def _navigation(counts: dict[str, int]) -> list[tuple[str, list[SimpleNamespace]]]:
    return [
        (title, [SimpleNamespace(url=e.url, label=e.label, icon=e.icon, number=counts.get(e.count)) for e in entries
                 if "office" in e.roles])
        for title, entries in NAVIGATION
    ]  # fmt: skip


def _choosers(organs: dict[str, str]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    townships = [(key, name) for key, name in organs.items() if key.startswith("township_")]
    return [
        ("procedure", "整治方式", [(procedure.id, procedure.title) for procedure in PROCEDURES.values()]),
        ("township", "乡镇", townships), ("due", "期限状态", list(DUES.items())),
        ("year", "年度", [(str(year), f"{year}年") for year in range(2025, 2029)]),
        ("lead", "责任单位", [*((key, p.BY_ID[key].name) for key in leads()), *townships]),
    ]  # fmt: skip


def _row(case: Case, today: object, organs: dict[str, str], plan: dict[str, str]) -> Case:
    """The case with what its line shows beside its own columns."""
    procedure, mine = PROCEDURES[case.procedure], case.mine
    state = procedure.state(case.state)
    case.label, case.state_label, case.is_track = procedure.title, state.label, procedure.kind == "track"
    case.url = f"/cases/{quote(case.number.replace('/', '~'))}"
    case.days_left = (case.due_on - today).days if case.due_on else None
    running = [deadline for deadline in case.deadline_set.all() if deadline.status == "open"]
    case.provisional = any(deadline.provisional for deadline in running if deadline.due_on == case.due_on)
    case.permit = next((permit.number for permit in mine.permit_set.all() if permit.kind == "mining"), "")
    case.scale = f"{mine.facts['scale']} 万吨/年" if mine.facts.get("scale") else ""
    case.township = organs.get(mine.township_id, "").removeprefix(plan["county"]).removesuffix("人民政府")
    lead = state.lead
    case.lead = "" if lead is None else f"{lead.name}{mine.holder}" if lead is p.HOLDER else lead.name
    return case


urlpatterns = [path("cases", ledger)]
application = get_wsgi_application()
sys.modules.setdefault("ledger", sys.modules[__name__])
