"""Ledger: a region's year of 2 million lines read in from SIE and from CSV, and forecast, durably.

40 units, 60 accounts, 12 months. The floor of the same run is a bare COPY of the very lines that were stored, into a
table of the same columns and indexes: the least that the database can take for them. Lines of assets, the other side of
each voucher, come on top in the SIE file and are checked, not stored.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from _hospital import COMMAND, Hospital, environment, folder_temporary, machine, vardnara

UNITS, ACCOUNTS, VOUCHER_LINES = 40, 60, 4
YEAR = 2025
NEEDED = {"sie_seconds": 60.0, "csv_seconds": 60.0, "forecast_seconds": 5.0}  # issue: a region's year


def files_write(folder: Path, n_lines: int, seed: int) -> tuple[Path, Path]:
    """The same year as SIE, and as CSV for the year after, so that neither replaces the other."""
    draw = random.Random(seed)
    units = [f"{1000 + 10 * number}" for number in range(UNITS)]
    accounts = [f"{4000 + 50 * number}" for number in range(ACCOUNTS)]
    sie, table = folder / "year.se", folder / "ledger.csv"
    with (
        sie.open("w", encoding="cp437", newline="\r\n") as one,
        table.open("w", encoding="utf-8", newline="\n") as two,
    ):
        one.write('#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#FNAMN "Påhittade regionen"\n')
        one.write(f'#RAR 0 {YEAR}0101 {YEAR}1231\n#KONTO 1930 "Bank"\n')
        one.writelines(f'#KONTO {code} "Konto {code}"\n' for code in accounts)
        one.writelines(f'#OBJEKT 1 "{code}" "Enhet {code}"\n' for code in units)
        two.write("unit;account;booked_on;amount;voucher;text\n")
        for number in range(n_lines // VOUCHER_LINES):
            month, day, total = number * 12 * VOUCHER_LINES // n_lines + 1, draw.randrange(1, 29), 0
            one.write(f'#VER "A" "{number}" {YEAR}{month:02}{day:02} "Städ och förbrukning"\n{{\n')
            for _ in range(VOUCHER_LINES):
                unit, account, ore = draw.choice(units), draw.choice(accounts), draw.randrange(100, 5_000_000)
                total += ore
                one.write(f'   #TRANS {account} {{1 "{unit}"}} {ore // 100}.{ore % 100:02} "" "Påhittad rad"\n')
                amount = f"{ore // 100},{ore % 100:02}"
                two.write(f"{unit};{account};{YEAR + 1}-{month:02}-{day:02};{amount};A {number};Påhittad rad\n")
            one.write(f"   #TRANS 1930 {{}} -{total // 100}.{total % 100:02}\n}}\n")
    return sie, table


def copy_floor(url: str) -> float:
    """Seconds to copy the stored lines once more, without reading, checking or summing anything."""
    columns = "ledger_id, unit_id, account_id, month, booked_on, amount_sek, file_line, voucher, text"
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bench_floor (LIKE economy_ledgerline INCLUDING ALL)")
        connection.commit()
        with connection.cursor().copy(
            f"COPY (SELECT {columns} FROM economy_ledgerline WHERE ledger_id ="
            " (SELECT min(id) FROM economy_ledgerimport WHERE n_lines > 100000)) TO STDOUT"
        ) as out:
            rows = b"".join(out)
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY bench_floor ({columns}) FROM STDIN") as copy:
            copy.write(rows)
        connection.commit()
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE bench_floor")
        connection.commit()
    return seconds


def imported(data: Path, file: Path) -> dict[str, Any]:
    """Read a file in by the command; its own account of what it did, and the seconds until it had ended."""
    began = time.perf_counter()
    line = [*COMMAND, "import", str(file), "--data", str(data), "--json"]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-1000:])
    return {**json.loads(done.stdout)["imports"][0], "seconds": time.perf_counter() - began}


def forecast_seconds(url: str) -> tuple[float, int]:
    """The slowest of the three methods with everything read from the database, and how many lines it forecast."""
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "vardnara.config.settings"}
    import django

    django.setup()
    from vardnara.apps.economy.queries.following import year_forecast
    from vardnara.apps.hospital.queries.reach import hospital_by_code
    from vardnara.engines.followup import Method

    hospital, slowest, n = hospital_by_code(""), 0.0, 0
    for method in Method:
        began = time.perf_counter()
        shown = year_forecast(actor=None, hospital_id=hospital, year=YEAR + 1, method=method, through_month=8)
        slowest, n = max(slowest, time.perf_counter() - began), len(shown.found.lines)
    return slowest, n


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=2_000_000, help="costs and incomes in each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, Any] = {"lines": args.lines, "units": UNITS, "accounts": ACCOUNTS}
    with folder_temporary() as folder:
        place = Path(__file__).resolve().parents[1] / "src/vardnara/apps/hospital/demo"
        sie, table = files_write(folder, args.lines, args.seed)
        with Hospital(folder, "--no-demo") as hospital:
            vardnara("import", str(place), "--data", str(hospital.data))
            one, two = imported(hospital.data, sie), imported(hospital.data, table)
            url = str(hospital.state["database_url"])
            result["copy_floor_seconds"] = round(copy_floor(url), 2)
            forecast, n = forecast_seconds(url)
    assert one["n_lines"] == two["n_lines"] == args.lines, "lines were lost"
    assert one["total_sek"] == two["total_sek"], "the two files do not hold the same money"
    result["sie_left_out"] = one["n_left_out"]
    result |= {
        "sie_seconds": round(one["seconds"], 1),
        "csv_seconds": round(two["seconds"], 1),
        "sie_times_floor": round(one["seconds"] / result["copy_floor_seconds"], 2),
        "csv_times_floor": round(two["seconds"] / result["copy_floor_seconds"], 2),
        "forecast_seconds": round(forecast, 2),
        "forecast_lines": n,
        "needed": NEEDED,
        "machine": machine(),
    }
    result["reached"] = all(result[name] < needed for name, needed in NEEDED.items())
    print(json.dumps(result) if args.json else "\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
