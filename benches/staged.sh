#!/usr/bin/env bash
# How long a commit waits for the hook in a repository as large as Linux's: makes one of 70,000 files with ten of them
# staged, and prints the milliseconds of the hook's command, from start to exit: the median and the worst of some runs.
#
#   benches/staged.sh [FILES]     (70000 unless told otherwise)
#
# Needs git, python3, and target/release/spillcheck (or SPILLCHECK).
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
spillcheck=${SPILLCHECK:-$here/target/release/spillcheck}
files=${1:-70000}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init -q -b main "$scratch"
cd "$scratch"

# Linux has about 15 files in a directory, and paths of about 40 bytes.
python3 - "$files" <<'PY' | git fast-import --quiet
import random, sys
random.seed(7)
out = sys.stdout
out.write("commit refs/heads/main\ncommitter A U Thor <author@example.com> 1700000000 +0000\ndata 5\nfirst\n")
for n in range(int(sys.argv[1])):
    directory = n // 15
    path = f"drivers{directory % 40}/subsystem{directory // 40 % 30}/vendor{directory // 1200}/source_file_{n}.c"
    lines = "".join(f"#define REGISTER_{random.randrange(9999)} 0x{random.randrange(1 << 16):04x}\n" for _ in range(20))
    out.write(f"M 100644 inline {path}\ndata {len(lines)}\n{lines}\n")
PY
git reset -q --hard
for n in $(seq 0 777 6999); do
  path=$(git ls-files "*source_file_$n.c")
  printf 'static const char *name = "bakery";\n' >> "$path"
  git add "$path"
done

python3 - "$spillcheck" <<'PY'
import statistics, subprocess, sys, time
def run(args):
    times = []
    for _ in range(21):
        start = time.perf_counter()
        done = subprocess.run(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
        if done.returncode not in (0, 1):
            sys.exit(f"{args}: exit code {done.returncode}")
    return f"median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms"
print("spillcheck --staged --quiet:", run([sys.argv[1], "--staged", "--quiet"]))
print("git diff --cached --name-only:", run(["git", "diff", "--cached", "--name-only"]))
PY
