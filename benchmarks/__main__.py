"""`make bench`: every figure in one run, each beside the work that it is compared with."""

from benchmarks import advance, papers, sheets_reading, sheets_writing, startup, sweep, web
from benchmarks.pairs import figure
from benchmarks.places import CASES, Place, places, prepare

#: Open deadlines of the small and of the large office; PostgreSQL fills its million slowly.
_SMALL, _LARGE = 10_000, 1_000_000


def main() -> None:
    _startup()
    _papers()
    sheets_writing.main()
    sheets_reading.main()
    with places() as found:
        for place in found.values():
            template = prepare(place, "bench")
            _advance(place, template)
            _sweep(place, template)
            _web(place)


def _startup() -> None:
    print("启动：minecase status（十三座矿山）所用时间 / 只导入 sqlmodel、transitions、jinja2 所用时间（目标 < 1.5）")
    figure("startup_status", startup.run())


def _papers() -> None:
    print(
        f"\n承诺书（两页），{papers.BATCH} 份一批：docxtpl、纯 typst、LibreOffice 所用时间 / 我们所用时间"
        "（目标：docx ≥ 3，PDF ≥ 0.6，LibreOffice 逐份 ≥ 50、成批 ≥ 10；千份峰值内存 < 400 MB）"
    )
    for name, value in papers.run().items():
        figure(name, value)


def _advance(place: Place, template: str) -> None:
    print(
        f"\n办理一步（{place.kind}）：手写 SQL 所用时间 / advance 所用时间，语句、数据、哈希和写入的行完全相同，"
        f"每步一个持久事务，交替分片计时取中位数（目标：SQLite FULL ≥ 0.40，PostgreSQL ≥ 0.80）"
    )
    full = advance.run(place, template)
    figure("advance_sqlite_full" if place.kind == "sqlite" else "advance_postgresql", full["single"])
    if place.kind == "sqlite":
        figure("advance_sqlite_normal", advance.run(place, template, "NORMAL", batches=False)["single"])
    print(f"{CASES} 件一批：手写 SQL 逐件 {CASES} 个事务 / advance_many 一个事务（目标 ≥ 1.5）")
    figure(f"batch_{CASES}_{place.kind}", full["batch"])


def _sweep(place: Place, template: str) -> None:
    found = sweep.run(place, template, _SMALL, _LARGE)
    print(f"\n扫描（{place.kind}）：无到期时 {_LARGE:,} 条未办结期限所用时间 / {_SMALL:,} 条所用时间（目标 ≤ 2）")
    figure(f"sweep_million_vs_10k_{place.kind}", found["none"])
    print(
        f"{sweep.DUE:,} 条到期：{_LARGE:,} 条中 / {_SMALL:,} 条中（应接近 1），每条微秒数，以及与只写不判的整批 SQL 相比的倍数"
    )
    figure(f"sweep_1000_due_growth_{place.kind}", found["due"])
    figure(f"sweep_1000_due_microseconds_each_{place.kind}", found["each"])
    figure(f"sweep_1000_due_over_sets_{place.kind}", found["sets"])


def _web(place: Place) -> None:
    print(
        f"\n网页（{place.kind}）：台账首页 {web.MANY:,} 个案件 / 13 个案件，平时和刚有新记录之后；案件页 200 条记录 / 1 条"
        "（目标 ≤ 1.5）；程序启动后第一次打开（全部重新计数，没有目标）"
    )
    for name, value in web.growth(place).items():
        figure(f"web_{name}_growth_{place.kind}", value)
    if place.kind == "sqlite":
        print(
            "台账页每秒页数：我们 / 同一页用 Django ORM 和模板直接写（各一个进程，目标 ≥ 1.3）；uncounted：我们每页也重新计数"
        )
        for name, value in web.beside_django(place).items():
            figure(f"web_ledger_over_django{name}", value)


if __name__ == "__main__":
    main()
