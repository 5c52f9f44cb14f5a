#!/usr/bin/env bash
# How fast access logs are read, and in how much memory: makes logs of several formats (Apache's combined and
# vhost_combined, nginx's JSON) and prints seconds, megabytes per second, the largest resident set, and the ratio to
# `grep -c` on the same files.
#
#   benches/access-log.sh [MEGABYTES]     (1000 unless told otherwise)
#
# Needs GNU time and python3, and target/release/spillcheck (or SPILLCHECK).
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
spillcheck=${SPILLCHECK:-$here/target/release/spillcheck}
megabytes=${1:-1000}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/app" "$scratch/logs"
printf 'FROM php:8.3-apache\nCOPY . /var/www/html\n' > "$scratch/app/Dockerfile"

python3 - "$scratch" "$megabytes" <<'PY'
import random, sys
scratch, megabytes = sys.argv[1], int(sys.argv[2])
random.seed(7)
# The credential is made here, so that none stands in this file.
digits = lambda count: "".join(random.choice("0123456789abcdef") for _ in range(count))
env = f"MAILGUN_SECRET={digits(32)}-{digits(8)}-{digits(8)}\n"
open(f"{scratch}/app/.env", "w").write(env)
visits = ["/", "/index.php", "/cart?id=%d", "/assets/app.%d.js", "/wp-login.php", "/api/v1/orders/%d"]
# One request in twenty looks for something that leaks: more than most sites see.
paths = visits * 19 + ["/.git/config", "/.env", "/phpinfo.php", "/wp-config.php.bak", "/backup.zip", "/api/.env"]
agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
def request(n):
    path = random.choice(paths)
    path = path % random.randrange(9999) if "%d" in path else path
    ip = f"203.0.{random.randrange(256)}.{random.randrange(256)}"
    at = f"{1 + n // 86400 % 28:02}/Nov/2026:{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02} +0000"
    status = 404 if path.startswith("/.") else 200
    return ip, at, path, status, random.randrange(200, 90000)
formats = {
    "access.log": lambda r: f'{r[0]} - - [{r[1]}] "GET {r[2]} HTTP/1.1" {r[3]} {r[4]} "-" "{agent}"\n',
    "other_vhosts_access.log": lambda r: f'shop.example.com:443 {r[0]} - - [{r[1]}] "GET {r[2]} HTTP/1.1" {r[3]} {r[4]} "-" "{agent}"\n',
    "nginx.access.json": lambda r: f'{{"time_local":"{r[1]}","remote_addr":"{r[0]}","request":"GET {r[2]} HTTP/1.1","status":{r[3]},"body_bytes_sent":{r[4]},"http_user_agent":"{agent}"}}\n',
}
for name, form in formats.items():
    block = "".join(form(request(n)) for n in range(40_000))
    with open(f"{scratch}/logs/{name}", "w") as log:
        for _ in range(max(1, megabytes * 1_000_000 // len(formats) // len(block))):
            log.write(block)
        log.write(form(("198.51.100.9", "28/Nov/2026:23:59:59 +0000", "/.env", 200, len(env))))
PY

bytes=$(cat "$scratch"/logs/* | wc -c)
cd "$scratch"
# Once before, so that both find the files in the cache.
grep -c 'no such line' logs/* > /dev/null || true
measure() { /usr/bin/time -f '%e %M' -o "$scratch/time" "$@" > "$scratch/out" || true; tail -1 "$scratch/time"; }
read -r grep_seconds _ < <(measure grep -c 'no such line' logs/access.log logs/other_vhosts_access.log logs/nginx.access.json)
read -r seconds kilobytes < <(measure "$spillcheck" app --isolated --access-log 'logs/*' --exit-zero --quiet)
python3 - "$bytes" "$grep_seconds" "$seconds" "$kilobytes" <<'PY'
import sys
size, grep, seconds, kilobytes = map(float, sys.argv[1:])
print(f"{size / 1e6:.0f} MB of logs: spillcheck {seconds:.2f} s ({size / 1e6 / seconds:.0f} MB/s), {kilobytes / 1024:.0f} MB resident; "
      f"grep -c {grep:.2f} s; ratio {seconds / max(grep, 0.01):.1f}")
PY
